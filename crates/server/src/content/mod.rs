//! Content files: texts and lists in both languages, written by editors.
//!
//! All files are read and checked before anything is loaded, and every error is reported with
//! its file, line and field.

mod courses;
mod documents;
mod file;
mod kinds;
mod products;
mod shop;
mod take_part;
mod topics;
mod unions;
mod videos;

use std::{fmt, path::Path};

use crate::store::Kind;
pub use crate::store::NewRecord;
use file::File;
use products::Products;

/// An error in a content file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentError {
    /// The file's path in the content folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The field, with dots between a table and its keys; empty if the whole file cannot be
    /// read.
    pub field: String,
    /// What is wrong, and what is expected.
    pub message: String,
}

impl fmt::Display for ContentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

/// All errors in a content folder, a line each.
#[derive(Debug, PartialEq, Eq)]
pub struct ContentErrors(pub Vec<ContentError>);

impl fmt::Display for ContentErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "{count} {} in the content files", if count == 1 { "error" } else { "errors" })?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl std::error::Error for ContentErrors {}

/// Reads every content file in `folder`.
pub fn read(folder: &Path) -> Result<Vec<NewRecord>, ContentErrors> {
    let mut reading = Reading { folder, records: Vec::new(), errors: Vec::new() };
    for (kind, parse) in kinds::ALL {
        reading.read(kind, parse);
    }
    let mut known = topics::KnownTerms::default();
    reading.read(Kind::Topics, |file| known.topics(file));
    reading.read(Kind::Union, |file| {
        known.add_union(file);
        unions::union(file)
    });
    reading.read(Kind::Video, |file| {
        known.add_video(file);
        videos::video(&known, file)
    });
    reading.read(Kind::News, |file| known.news(file));
    reading.read(Kind::Event, |file| known.event(file));
    reading.read(Kind::Course, |file| courses::course(&known, file));
    let mut document_context = documents::DocumentContext::default();
    reading.read(Kind::Series, |file| document_context.series(&known, file));
    reading.read(Kind::Document, |file| document_context.document(&known, file));
    reading.read(Kind::Role, take_part::role);
    reading.read(Kind::Posts, take_part::posts);
    let mut shop = shop::Shop::default();
    reading.read(Kind::Shop, |file| shop.shop(file));
    let mut products = Products::of(&shop);
    reading.read(Kind::Product, |file| products.read(file));
    let Reading { mut records, mut errors, .. } = reading;
    errors.extend(products.bundle(&mut records));
    if errors.is_empty() { Ok(records) } else { Err(ContentErrors(errors)) }
}

/// The records and errors found so far.
struct Reading<'a> {
    folder: &'a Path,
    records: Vec<NewRecord>,
    errors: Vec<ContentError>,
}

impl Reading<'_> {
    fn read(&mut self, kind: Kind, mut parse: impl FnMut(&File) -> Result<NewRecord, Vec<ContentError>>) {
        match file::list(self.folder, kind.name()) {
            Ok(files) => {
                for file in files {
                    match parse(&file) {
                        Ok(record) => self.records.push(record),
                        Err(found) => self.errors.extend(found),
                    }
                }
            }
            Err(error) => self.errors.push(error),
        }
    }
}
