//! Documents to read online, to print and to hand out, and the series that some belong to.

use serde::{Deserialize, Serialize};

use crate::{
    Endpoint, Locale, is_slug, pairs, query,
    term::{Term, TermCount},
    time::Date,
};

/// Asks for documents that belong to no series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListDocuments {
    /// The language of the texts.
    pub locale: Locale,
    /// A type of document; `None` means all of them.
    pub kind: Option<String>,
}

impl Endpoint for ListDocuments {
    const PATH: &'static str = "/api/v1/documents";
    type Response = Documents;

    fn path_and_query(&self) -> String {
        let kind = self.kind.as_deref().map(|kind| ("kind", kind));
        let pairs: Vec<_> = [Some(("locale", self.locale.tag())), kind].into_iter().flatten().collect();
        query(Self::PATH, &pairs)
    }
}

/// The type of document that a list's query string asks for.
pub fn kind_in(query: &str) -> Option<String> {
    pairs(query).find(|(name, value)| name == "kind" && is_slug(value)).map(|(_, value)| value)
}

/// Documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Documents {
    /// The documents, the latest first.
    pub documents: Vec<DocumentSummary>,
    /// The types, with the number of documents for each.
    pub kinds: Vec<TermCount>,
}

/// A document in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentSummary {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is for, in a sentence or two.
    pub summary: String,
    /// The type of document, such as a poster or a pack.
    pub kind: Term,
    /// The union or federation that publishes it.
    pub union: Term,
    /// When it was published.
    pub published_on: Date,
    /// What is in it: its headings.
    pub contents: Vec<String>,
    /// The paper size that it is made for, such as `A4`.
    pub paper: String,
    /// The number of printed pages.
    pub pages: u32,
    /// How large the file is, in bytes.
    pub bytes: u32,
    /// The URL of the file: a tagged PDF in the language asked for.
    pub file: String,
}

/// Asks for one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindDocument {
    /// The document's slug.
    pub slug: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindDocument {
    const PATH: &'static str = "/api/v1/documents/{slug}";
    type Response = Document;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{slug}", &self.slug), &[("locale", self.locale.tag())])
    }
}

/// A document, to read online.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Document {
    /// The summary shown in lists.
    pub summary: DocumentSummary,
    /// When the content was last checked and found to be correct.
    pub reviewed_on: Date,
    /// The series that it belongs to, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Term>,
    /// The email address to ask for other formats.
    pub email: String,
    /// The document itself: sanitised HTML, headings from level 2 down.
    pub html: String,
}

/// Asks for all series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListSeries {
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for ListSeries {
    const PATH: &'static str = "/api/v1/series";
    type Response = AllSeries;

    fn path_and_query(&self) -> String {
        query(Self::PATH, &[("locale", self.locale.tag())])
    }
}

/// All series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AllSeries {
    /// The series, those with the latest issue first; each with that issue alone.
    pub series: Vec<Series>,
}

/// Asks for one series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindSeries {
    /// The series' slug.
    pub slug: String,
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindSeries {
    const PATH: &'static str = "/api/v1/series/{slug}";
    type Response = Series;

    fn path_and_query(&self) -> String {
        query(&Self::PATH.replace("{slug}", &self.slug), &[("locale", self.locale.tag())])
    }
}

/// A magazine or a newsletter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Series {
    /// Its slug, as used in URLs.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Who it is for, in a sentence or two.
    pub summary: String,
    /// The union or federation that publishes it.
    pub union: Term,
    /// Its issues, the latest first.
    pub issues: Vec<DocumentSummary>,
}
