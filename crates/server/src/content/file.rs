//! A content file: its text, and the line of each field.

use std::{fs, path::Path};

use serde::de::DeserializeOwned;
use toml::de::DeTable;

use super::ContentError;

/// A content file that has been read but not parsed.
pub(super) struct File {
    /// Its path in the content folder.
    pub(super) name: String,
    /// Its name without the extension, which is the record's slug.
    pub(super) slug: String,
    source: String,
}

/// The TOML files of a kind, sorted by name.
pub(super) fn list(folder: &Path, kind: &str) -> Result<Vec<File>, ContentError> {
    let unreadable = |error: std::io::Error| ContentError {
        file: kind.to_owned(),
        line: 1,
        field: String::new(),
        message: format!("cannot be read: {error}"),
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.join(kind)).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let slug = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let source = fs::read_to_string(&path).map_err(unreadable)?;
            files.push(File { name: format!("{kind}/{slug}.toml"), slug, source });
        }
    }
    files.sort_by(|one, other| one.slug.cmp(&other.slug));
    Ok(files)
}

impl File {
    /// Parses the file as a `T`. An unknown field is an error too, because it is most likely
    /// misspelt.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, Vec<ContentError>> {
        let table = match toml::Deserializer::parse(&self.source) {
            Ok(table) => table,
            Err(error) => return Err(vec![self.at_byte(error.span(), String::new(), error.message())]),
        };
        let mut unknown = Vec::new();
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(table, &mut track);
        let parsed = serde_ignored::deserialize(tracked, |path| unknown.push(path.to_string()));
        let parsed: T = parsed.map_err(|error: toml::de::Error| {
            let field = track.path().to_string();
            let field = if field == "." { String::new() } else { field };
            vec![self.at_byte(error.span(), field, error.message())]
        })?;
        if unknown.is_empty() {
            return Ok(parsed);
        }
        Err(unknown.iter().map(|field| self.error(field, "unknown field")).collect())
    }

    /// An error in the field at `path`, such as `en.title`.
    pub(super) fn error(&self, path: &str, message: &str) -> ContentError {
        self.at_byte(self.find(path), path.to_owned(), message)
    }

    fn at_byte(&self, span: Option<std::ops::Range<usize>>, field: String, message: &str) -> ContentError {
        let start = span.map_or(0, |span| span.start).min(self.source.len());
        let line = 1 + self.source.as_bytes()[..start].iter().filter(|&&byte| byte == b'\n').count();
        ContentError { file: self.name.clone(), line, field, message: message.to_owned() }
    }

    /// The position of the value at `path`, or of the last table on the way to it.
    fn find(&self, path: &str) -> Option<std::ops::Range<usize>> {
        let document = DeTable::parse(&self.source).ok()?;
        let mut span = None;
        let mut table = Some(document.get_ref());
        let mut array: Option<&toml::de::DeArray<'_>> = None;
        for part in path.split('.') {
            let value = match (table, array) {
                (Some(table), _) => table.get(part),
                (None, Some(array)) => part.parse::<usize>().ok().and_then(|index| array.get(index)),
                (None, None) => None,
            };
            let Some(value) = value else { break };
            span = Some(value.span());
            table = value.get_ref().as_table();
            array = value.get_ref().as_array();
        }
        span
    }
}
