//! Pages for paper: makes tagged PDFs (PDF/UA-1) of the campaign's documents, in
//! both languages, from their Markdown, and of a branch's own posters; and the
//! pictures of pages that are shared.
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

/// A branch's own poster, on one page.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BranchPoster<'a> {
    /// Its language: `en` or `cy`.
    pub lang: &'static str,
    /// What stands largest, and is the PDF's title.
    pub headline: &'a str,
    /// What follows it, line by line.
    pub lines: Vec<&'a str>,
    /// Time and place, as far as they are given.
    pub facts: Vec<&'a str>,
    /// Who invites; may be empty.
    pub branch: &'a str,
    /// What the poster is, in a sentence, for the PDF's description.
    pub summary: &'a str,
    /// Whose poster it is, for the PDF's author.
    pub author: &'a str,
    /// The address behind the code.
    pub address: &'a str,
    /// The address as it is read.
    pub address_shown: &'a str,
    /// What stands at the foot.
    pub footer: &'a str,
    /// The code in words.
    pub code_shows: &'a str,
    /// How many modules the code is wide and high.
    pub code_size: usize,
    /// The code's dark modules: from where in a row, in which row, how many.
    pub code: &'a [[usize; 3]],
    /// The paper: `a4` or `a3`.
    pub paper: &'static str,
    /// The colours: `bold` or `light`.
    pub look: &'static str,
    /// The day that the PDF says it was made on.
    #[serde(skip)]
    pub made: Date,
}

/// A paper of the shop: a quote, an invoice, a packing note, a statement.
#[derive(Clone, Debug, Serialize)]
pub struct Paper {
    /// Its language: `en` or `cy`.
    pub lang: &'static str,
    /// What it is.
    pub title: String,
    /// What it is about, for the PDF's description.
    pub summary: String,
    /// Who has made it out, for the PDF's author.
    pub author: String,
    /// Who sells, line by line.
    pub seller: Vec<String>,
    /// What stands above whom it is for.
    pub to_title: String,
    /// Whom it is for, line by line.
    pub to: Vec<String>,
    /// What stands above its facts.
    pub facts_title: String,
    /// Its facts: names and values.
    pub facts: Vec<(String, String)>,
    /// What stands above the table.
    pub lines_title: String,
    /// The table's columns; all but the first hold numbers or short words.
    pub columns: Vec<String>,
    /// Its rows, as long as the columns are many.
    pub rows: Vec<Vec<String>>,
    /// Names and sums below the table.
    pub sums: Vec<(String, String)>,
    /// Which of the sums is the total.
    pub total: usize,
    /// What else it says.
    pub notes: Vec<String>,
    /// What stands at the foot of each page.
    pub footer: String,
    /// The day that the PDF says it was made on.
    #[serde(skip)]
    pub made: Date,
}

/// The picture of a page that was shared.
#[derive(Clone, Debug, Serialize)]
pub struct Card<'a> {
    /// Its language: `en` or `cy`.
    pub lang: &'static str,
    /// The page's title.
    pub title: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// The site's address as it is read: `week.example`.
    pub host: &'a str,
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
