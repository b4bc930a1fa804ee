//! Search over everything on the site.

use serde::{Deserialize, Serialize};

use crate::{Endpoint, Locale, is_slug, pairs, query, term::TermCount};

/// Asks for what fits some words or a question, a page of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchSite {
    /// The language of the texts.
    pub locale: Locale,
    /// What is looked for, and which page of it.
    pub search: SiteSearch,
}

impl SearchSite {
    /// How many results a page holds unless the request says otherwise.
    pub const LIMIT: u32 = 20;
    /// How many it holds at most.
    pub const MOST: u32 = 100;
}

impl Endpoint for SearchSite {
    const PATH: &'static str = "/api/v1/search";
    type Response = SearchResults;

    fn path_and_query(&self) -> String {
        [&query(Self::PATH, &[("locale", self.locale.tag())]), "&", &self.search.query()].concat()
    }
}

/// What somebody looks for, as it stands in an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SiteSearch {
    /// The words as they were typed.
    pub text: String,
    /// A kind of result.
    pub kind: Option<String>,
    /// The page, from 1; 0 reads as 1.
    pub page: u32,
}

impl SiteSearch {
    /// How many characters of a text are looked at.
    pub const TEXT_LIMIT: usize = 100;
    /// The last page that can be asked for.
    pub const PAGE_LIMIT: u32 = 10_000;

    /// What a query asks for, as far as it can be understood.
    pub fn parse(query: &str) -> Self {
        let mut search = Self { page: 1, ..Self::default() };
        for (name, value) in pairs(query) {
            match name.as_str() {
                "q" => search.text = value.trim().chars().take(Self::TEXT_LIMIT).collect(),
                "kind" => search.kind = Some(value).filter(|value| is_slug(value)),
                "page" => search.page = value.parse().unwrap_or(1).clamp(1, Self::PAGE_LIMIT),
                _ => {}
            }
        }
        search
    }

    /// The query that asks for exactly this; empty where nothing is looked for.
    pub fn query(&self) -> String {
        if self.text.is_empty() {
            return String::new();
        }
        let page = self.page.to_string();
        let parts = [
            Some(("q", self.text.as_str())),
            self.kind.as_deref().map(|kind| ("kind", kind)),
            (self.page > 1).then_some(("page", page.as_str())),
        ];
        let parts: Vec<(&str, &str)> = parts.into_iter().flatten().collect();
        query("", &parts).trim_start_matches('?').to_owned()
    }
}

/// A page of results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchResults {
    /// How many results there are on all pages together.
    pub total: u32,
    /// How many pages they fill; 0 where there are none.
    pub pages: u32,
    /// The page's results, those that fit best first.
    pub results: Vec<SearchResult>,
    /// The kinds, with how many results each would leave.
    pub kinds: Vec<TermCount>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchResult {
    /// What kind of thing it is, such as news or a course.
    pub kind: String,
    /// Its address on the site, in the language asked for.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// What it says, in a sentence or two.
    pub summary: String,
}

#[cfg(test)]
mod tests {
    use super::SiteSearch;

    #[test]
    fn one_writing_stands_for_all_that_mean_the_same() {
        let search = SiteSearch::parse("?page=2&q=+safety+rep&kind=course&x=y");
        assert_eq!(search.query(), "q=safety%20rep&kind=course&page=2");
        assert_eq!(SiteSearch::parse(&search.query()), search);
        assert_eq!(SiteSearch::parse("kind=news").query(), "");
    }
}
