//! Content files: texts and lists in both languages, as an editor writes them.
//!
//! All files are read and checked before anything is loaded, and every mistake
//! is reported with its file, line and field.

mod file;
mod kinds;

use std::{fmt, path::Path};

pub use crate::store::NewRecord;

/// A mistake in a content file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file, as it was found below the content folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The field, with dots between a table and what is in it; empty where the
    /// file as a whole cannot be read.
    pub field: String,
    /// What is wrong and what is expected.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

/// All the mistakes of a content folder, a line each.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in the content files", self.0.len())?;
        self.0.iter().try_for_each(|mistake| write!(f, "\n  {mistake}"))
    }
}

impl std::error::Error for Mistakes {}

/// Reads every content file below `folder`.
pub fn read(folder: &Path) -> Result<Vec<NewRecord>, Mistakes> {
    let mut records = Vec::new();
    let mut mistakes = Vec::new();
    for (kind, parse) in kinds::ALL {
        let files = match file::list(folder, kind.name()) {
            Ok(files) => files,
            Err(mistake) => {
                mistakes.push(mistake);
                continue;
            }
        };
        for file in files {
            match parse(&file) {
                Ok(record) => records.push(record),
                Err(found) => mistakes.extend(found),
            }
        }
    }
    if mistakes.is_empty() { Ok(records) } else { Err(Mistakes(mistakes)) }
}
