//! Makes tagged PDFs (PDF/UA-1): the campaign's documents in both languages from Markdown,
//! branches' own posters, and documents of the shop. Also makes preview images for shared
//! pages.
//!
//! Typst does the typesetting, with templates and fonts that are compiled in: it reads no
//! files and makes no network requests. Texts are passed to templates as data and are never
//! evaluated as code.

mod blocks;
mod typesetter;

pub use typesetter::{PrintError, PrintedDocument, Typesetter};

use jiff::civil::Date;
use serde::Serialize;

/// The layout of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// A few large words on one A3 page.
    Poster,
    /// Text on A4 pages.
    Text,
}

/// A document to print.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The layout.
    pub design: Design,
    /// Its language: `en` or `cy`.
    pub language: &'static str,
    /// Its title.
    pub title: &'a str,
    /// A summary in one sentence.
    pub summary: &'a str,
    /// The publisher.
    pub author: &'a str,
    /// The line above the title, such as the type of document and its date.
    pub kicker: &'a str,
    /// The footer of each page.
    pub footer: &'a str,
    /// The text: Markdown with headings from level 2 down.
    pub markdown: &'a str,
    /// The origin for site-relative URLs, such as `https://week.example`.
    pub origin: &'a str,
    /// When it was published.
    pub published: Date,
}

/// A branch's own poster, on one page.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BranchPoster<'a> {
    /// Its language: `en` or `cy`.
    pub lang: &'static str,
    /// The headline, which is printed largest; also the PDF's title.
    pub headline: &'a str,
    /// The text below it, line by line.
    pub lines: Vec<&'a str>,
    /// Time and place, if they are given.
    pub facts: Vec<&'a str>,
    /// The branch that invites; may be empty.
    pub branch: &'a str,
    /// A summary in one sentence, for the PDF's description.
    pub summary: &'a str,
    /// The PDF's author.
    pub author: &'a str,
    /// The URL in the QR code.
    pub address: &'a str,
    /// The URL as it is shown.
    pub address_shown: &'a str,
    /// The footer.
    pub footer: &'a str,
    /// Alternative text for the QR code.
    pub code_shows: &'a str,
    /// The number of modules on each side of the QR code.
    pub code_size: usize,
    /// The QR code's dark modules: start column, row and length of each run.
    pub code: &'a [[usize; 3]],
    /// The paper size: `a4` or `a3`.
    pub paper: &'static str,
    /// The colours: `bold` or `light`.
    pub look: &'static str,
    /// The PDF's creation date.
    #[serde(skip)]
    pub created_on: Date,
}

/// A document of the shop: a quote, an invoice, a delivery note, a statement.
#[derive(Clone, Debug, Serialize)]
pub struct ShopDocument {
    /// Its language: `en` or `cy`.
    pub lang: &'static str,
    /// The title, such as “Invoice”.
    pub title: String,
    /// What it is about, for the PDF's description.
    pub summary: String,
    /// The issuer, for the PDF's author.
    pub author: String,
    /// The seller, line by line.
    pub seller: Vec<String>,
    /// The heading above the recipient.
    pub to_title: String,
    /// The recipient, line by line.
    pub to: Vec<String>,
    /// The heading above the facts.
    pub facts_title: String,
    /// The facts: labels and values.
    pub facts: Vec<(String, String)>,
    /// The heading above the table.
    pub lines_title: String,
    /// The table's columns; all but the first contain numbers or short words.
    pub columns: Vec<String>,
    /// The table's rows, each with a cell for every column.
    pub rows: Vec<Vec<String>>,
    /// Labels and amounts below the table.
    pub sums: Vec<(String, String)>,
    /// The index of the total among the sums.
    pub total: usize,
    /// Further notes.
    pub notes: Vec<String>,
    /// The footer of each page.
    pub footer: String,
    /// The PDF's creation date.
    #[serde(skip)]
    pub created_on: Date,
}

/// The preview image of a shared page.
#[derive(Clone, Debug, Serialize)]
pub struct ShareImage<'a> {
    /// Its language: `en` or `cy`.
    pub lang: &'static str,
    /// The page's title.
    pub title: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// The site's host name, as it is shown: `week.example`.
    pub host: &'a str,
}

/// A document in the format for a template.
#[derive(Serialize)]
struct TemplateData {
    lang: &'static str,
    title: String,
    summary: String,
    author: String,
    kicker: String,
    footer: String,
    blocks: Vec<blocks::Block>,
}
