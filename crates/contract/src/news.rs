//! News: what has happened and what is coming up, by topic and by union.

use serde::{Deserialize, Serialize};

use crate::{
    Endpoint, Locale, is_slug, pairs, query,
    term::{Term, TermCount},
    time::{Date, Moment},
};

/// Fetches a page of news, the latest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListNews {
    /// The language of the texts.
    pub locale: Locale,
    /// Which news, and which page of it.
    pub choice: NewsFilters,
}

impl ListNews {
    /// The default page size.
    pub const LIMIT: u32 = 10;
    /// The maximum page size.
    pub const MAX_LIMIT: u32 = 100;
}

impl Endpoint for ListNews {
    const PATH: &'static str = "/api/v1/news";
    type Response = NewsList;

    fn path_and_query(&self) -> String {
        let path = query(Self::PATH, &[("locale", self.locale.tag())]);
        let choice = self.choice.query();
        if choice.is_empty() { path } else { [&path, "&", &choice].concat() }
    }
}

/// Which news a visitor asks for, as in a URL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewsFilters {
    /// A topic.
    pub tag: Option<String>,
    /// A union.
    pub union: Option<String>,
    /// The page number, starting at 1.
    pub page: u32,
}

impl NewsFilters {
    /// The highest page number that can be requested.
    pub const PAGE_LIMIT: u32 = 10_000;

    /// Reads a query string. Anything it does not understand is ignored.
    pub fn parse(query: &str) -> Self {
        let mut choice = Self { tag: None, union: None, page: 1 };
        for (name, value) in pairs(query) {
            match name.as_str() {
                "tag" => choice.tag = Some(value).filter(|value| is_slug(value)),
                "union" => choice.union = Some(value).filter(|value| is_slug(value)),
                "page" => choice.page = value.parse().unwrap_or(1).clamp(1, Self::PAGE_LIMIT),
                _ => {}
            }
        }
        choice
    }

    /// The query string for exactly this choice; empty for all news.
    pub fn query(&self) -> String {
        let page = self.page.to_string();
        let parts = [("tag", self.tag.as_deref()), ("union", self.union.as_deref())];
        let mut parts: Vec<(&str, &str)> =
            parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        if self.page > 1 {
            parts.push(("page", &page));
        }
        query("", &parts).trim_start_matches('?').to_owned()
    }
}

/// A page of news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewsList {
    /// The total number of items on all pages.
    pub total: u32,
    /// The number of pages; 0 if there are no items.
    pub pages: u32,
    /// The page's items, the latest first.
    pub items: Vec<NewsSummary>,
    /// The topics, with the number of items for each.
    pub tags: Vec<TermCount>,
    /// The unions, with the number of items for each.
    pub unions: Vec<TermCount>,
    /// The `cursor` for the next page; none on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A news item in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewsSummary {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// When it was published.
    pub published: Moment,
    /// Its headline.
    pub title: String,
    /// What it says, in a sentence or two.
    pub standfirst: String,
    /// Its picture: a name in the app's set.
    pub picture: String,
    /// Its topics.
    pub tags: Vec<Term>,
    /// The union or federation that it comes from.
    pub union: Term,
}

/// Asks for one news item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindNews {
    /// The item's slug.
    pub slug: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindNews {
    const PATH: &'static str = "/api/v1/news/{slug}";
    type Response = NewsItem;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{slug}", &self.slug), &[("locale", self.locale.tag())])
    }
}

/// A news item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewsItem {
    /// The summary shown in lists.
    pub summary: NewsSummary,
    /// When the content was last checked and found to be correct.
    pub reviewed_on: Date,
    /// The remaining text, in one language.
    pub text: NewsText,
    /// Other items, those on the same topics first.
    pub more: Vec<NewsSummary>,
}

/// A news item's text below its standfirst, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewsText {
    /// What the picture shows.
    pub caption: String,
    /// Who created the picture.
    pub credit: String,
    /// The item itself: sanitised HTML, headings from level 2 down.
    pub html: String,
}

#[cfg(test)]
mod tests {
    use super::NewsFilters;

    #[test]
    fn equivalent_queries_have_one_canonical_form() {
        let choice = NewsFilters::parse("?page=3&union=federation&x=y&tag=event");
        assert_eq!(choice.query(), "tag=event&union=federation&page=3");
        assert_eq!(NewsFilters::parse("tag=%22&union=&page=0").query(), "");
        assert_eq!(NewsFilters::parse("page=99999999999999").page, 1);
    }
}
