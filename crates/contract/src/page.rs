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
    /// When somebody last checked that all of it is still right.
    pub reviewed_on: Date,
    /// The texts in the language asked for.
    pub text: PageText,
}

/// What a page says, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageText {
    /// The page's heading and title.
    pub title: String,
    /// What the page holds, in a sentence; also its description for search
    /// engines.
    pub summary: String,
    /// The page itself: sanitised HTML, headings from level 2 down.
    pub html: String,
}
