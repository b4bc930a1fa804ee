//! Text-only pages: accessibility, privacy, join.

use serde::{Deserialize, Serialize};

use crate::{Endpoint, Locale, query, time::Date};

/// Asks for a page in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindPage {
    /// The page's slug, such as `privacy`.
    pub slug: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindPage {
    const PATH: &'static str = "/api/v1/pages/{slug}";
    type Response = Page;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{slug}", &self.slug), &[("locale", self.locale.tag())])
    }
}

/// A page of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page {
    /// The page's name in addresses.
    pub slug: String,
    /// When the content was last checked and found to be correct.
    pub reviewed_on: Date,
    /// The text in the language asked for.
    pub text: PageText,
}

/// A page's text, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageText {
    /// The page's heading and title.
    pub title: String,
    /// A summary in one sentence; also the description for search engines.
    pub summary: String,
    /// The page itself: sanitised HTML, headings from level 2 down.
    pub html: String,
}
