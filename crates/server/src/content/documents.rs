//! The files of documents and series. Each document is laid out when it is read, so that text
//! that cannot be printed is an error, and lists know the number of pages.

use contract::{Locale, time::Date};
use print::Typesetter;
use serde::Deserialize;

use super::{ContentError, file::File, kinds::record, topics::KnownTerms};
use crate::{
    documents::{DocumentFacts, LocalDocument, LocalSeries, SeriesFacts, print_document},
    markdown,
    store::{Bilingual, Kind, NewRecord},
};

/// A placeholder for the site's own URL until that is known.
const ORIGIN: &str = "https://campaign.example";

/// The data that documents are checked against.
#[derive(Default)]
pub(super) struct DocumentContext {
    series: Vec<String>,
    typesetter: Typesetter,
}

#[derive(Deserialize)]
struct SeriesFile {
    union: String,
    en: LocalSeries,
    cy: LocalSeries,
}

#[derive(Deserialize)]
struct DocumentFile {
    kind: String,
    series: Option<String>,
    union: String,
    published_on: Date,
    reviewed_on: Date,
    email: String,
    #[serde(default)]
    poster: bool,
    en: DocumentWords,
    cy: DocumentWords,
}

#[derive(Deserialize)]
struct DocumentWords {
    title: String,
    summary: String,
    /// Markdown.
    html: String,
}

impl DocumentContext {
    /// A series' file.
    pub(super) fn series(&mut self, known: &KnownTerms, file: &File) -> Result<NewRecord, Vec<ContentError>> {
        self.series.push(file.slug.clone());
        let SeriesFile { union, en, cy } = file.parse()?;
        known.check_union(file, &union)?;
        Ok(record(Kind::Series, file, &SeriesFacts { union }, [&en, &cy]))
    }

    /// A document's file.
    pub(super) fn document(&self, known: &KnownTerms, file: &File) -> Result<NewRecord, Vec<ContentError>> {
        let DocumentFile { kind, series, union, published_on, reviewed_on, email, poster, en, cy } =
            file.parse()?;
        known.check_union(file, &union)?;
        known.check(file, "kind", |topics| &topics.document_kinds, &kind)?;
        if let Some(series) = series.as_ref().filter(|series| !self.series.contains(series)) {
            let message = format!("“{series}” is not a series. Use one of: {}", self.series.join(", "));
            return Err(vec![file.error("series", &message)]);
        }
        if !email.contains('@') || email.contains(char::is_whitespace) {
            return Err(vec![file.error("email", "expected an email address, such as name@union.example")]);
        }
        let facts = DocumentFacts { kind, series, union, published_on, reviewed_on, email, poster };
        let local = |words: DocumentWords| LocalDocument {
            title: words.title,
            summary: words.summary,
            contents: markdown::headings(&words.html),
            html: markdown::render(&words.html),
            markdown: words.html,
            pages: 0,
            bytes: 0,
        };
        let mut document = Bilingual { slug: file.slug.clone(), facts, texts: [local(en), local(cy)] };
        for locale in Locale::ALL {
            // Names that are about as long as the final ones.
            let names = [document.facts.kind.as_str(), document.facts.union.as_str()];
            let printed = print_document(&self.typesetter, &document, locale, names, ORIGIN);
            let printed = printed.map_err(|error| {
                vec![file.error(&format!("{locale}.html"), &format!("cannot be printed: {error}"))]
            })?;
            let text = &mut document.texts[locale as usize];
            let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            (text.pages, text.bytes) = (number(printed.pages), number(printed.pdf.len()));
        }
        let [en, cy] = &document.texts;
        Ok(record(Kind::Document, file, &document.facts, [en, cy]))
    }
}
