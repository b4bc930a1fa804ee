//! Pages for paper: makes tagged PDFs (PDF/UA-1) of the campaign's documents, in
//! both languages, from their Markdown.
//!
//! Typst sets them, from templates and faces that are compiled in: it reads no
//! file and asks no network. Texts reach a template as data and are never read as
//! its code.

mod blocks;
mod press;

pub use press::{Press, PrintError, Printed};

use jiff::civil::Date;
use serde::Serialize;

/// How a document looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// A few large words on one A3 page.
    Poster,
    /// Text on A4 pages.
    Text,
}

/// A document to be printed.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// How it looks.
    pub design: Design,
    /// Its language: `en` or `cy`.
    pub language: &'static str,
    /// Its title.
    pub title: &'a str,
    /// What it is, in a sentence.
    pub summary: &'a str,
    /// Who publishes it.
    pub author: &'a str,
    /// What stands above the title, such as the kind of document and its date.
    pub kicker: &'a str,
    /// What stands at the foot of each page.
    pub footer: &'a str,
    /// The text: Markdown with headings from level 2 down.
    pub markdown: &'a str,
    /// What stands before addresses of the site itself, such as
    /// `https://week.example`.
    pub origin: &'a str,
    /// When it was published.
    pub published: Date,
}

/// A document as a template reads it.
#[derive(Serialize)]
struct Data {
    lang: &'static str,
    title: String,
    summary: String,
    author: String,
    kicker: String,
    footer: String,
    blocks: Vec<blocks::Block>,
}
