//! Search over everything on the site.

use serde::{Deserialize, Serialize};

use crate::{Endpoint, Locale, is_slug, pairs, query, term::TermCount};

/// Fetches a page of the results for a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchSite {
    /// The language of the texts.
    pub locale: Locale,
    /// The search, and the page number.
    pub search: SiteSearch,
}

impl SearchSite {
    /// The default page size.
    pub const LIMIT: u32 = 20;
    /// The maximum page size.
    pub const MAX_LIMIT: u32 = 100;
}

impl Endpoint for SearchSite {
    const PATH: &'static str = "/api/v1/search";
    type Response = SearchResults;

    fn path_and_query(&self) -> String {
        [&query(Self::PATH, &[("locale", self.locale.tag())]), "&", &self.search.query()].concat()
    }
}

/// What a visitor searches for, as in a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SiteSearch {
    /// The text as typed.
    pub text: String,
    /// A type of result.
    pub kind: Option<String>,
    /// The page number, starting at 1; 0 is read as 1.
    pub page: u32,
}

impl SiteSearch {
    /// The maximum length of the text; the rest is ignored.
    pub const TEXT_LIMIT: usize = 100;
    /// The highest page number that can be requested.
    pub const PAGE_LIMIT: u32 = 10_000;

    /// Reads a query string. Anything it does not understand is ignored.
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

    /// The query string for exactly this search; empty if there is nothing to search for.
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
    /// The total number of results on all pages.
    pub total: u32,
    /// The number of pages; 0 if there are no results.
    pub pages: u32,
    /// The page's results, the best match first.
    pub results: Vec<SearchResult>,
    /// The types, with the number of results for each.
    pub kinds: Vec<TermCount>,
}

/// A search result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchResult {
    /// Its type, such as news or a course.
    pub kind: String,
    /// Its URL path, in the language asked for.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Its summary, in a sentence or two.
    pub summary: String,
}

#[cfg(test)]
mod tests {
    use super::SiteSearch;

    #[test]
    fn equivalent_queries_have_one_canonical_form() {
        let search = SiteSearch::parse("?page=2&q=+safety+rep&kind=course&x=y");
        assert_eq!(search.query(), "q=safety%20rep&kind=course&page=2");
        assert_eq!(SiteSearch::parse(&search.query()), search);
        assert_eq!(SiteSearch::parse("kind=news").query(), "");
    }
}
