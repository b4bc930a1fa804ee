//! Parses a list of product codes and quantities that a customer pastes or uploads: CSV as
//! written by spreadsheets, or lines as people type them.

use contract::{
    orders::{MAX_LINES, MAX_QUANTITY, OrderLine},
    text::plain,
};
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::{
    line_error::LineError,
    list_columns::{Columns, guess, guess_words, number, words},
};

/// Field separators, starting with the one least likely to be part of a field.
const SEPARATORS: [u8; 3] = [b'\t', b';', b','];

/// A line that cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InvalidLine {
    /// Its line number in the list, from 1.
    pub(super) number: usize,
    /// Its text.
    pub(super) text: String,
    pub(super) error: LineError,
}

/// A parsed list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ParsedList {
    /// The parsed lines; quantities of the same product code are added up.
    pub(super) lines: Vec<OrderLine>,
    /// The lines that could not be parsed.
    pub(super) invalid: Vec<InvalidLine>,
    /// The heading needed to parse the failed lines again, if its columns are in a different
    /// order from lines without a heading.
    pub(super) heading: Option<String>,
}

impl ParsedList {
    /// Parses a list.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        let mut list = Self::default();
        let mut parser = RowParser::new();
        let (mut rest, mut number, mut is_first) = (&*text, 1, true);
        while !rest.is_empty() {
            let (first_line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            let separator = is_first.then(|| separator_in(first_line)).flatten();
            if let Some(separator) = separator {
                parser.prefer(separator);
            }
            if separator.is_some() || first_line.trim().is_empty() {
                (rest, number) = (after, number + 1);
                continue;
            }
            let (row, length) = parser.read(rest, is_first);
            let (read, after) = rest.split_at(length);
            list.add(row, number, read.trim());
            number += read.matches('\n').count();
            (rest, is_first) = (after, false);
        }
        list
    }

    fn add(&mut self, row: Row, number: usize, text: &str) {
        let read = match row {
            Row::Blank => return,
            Row::Heading(columns) => {
                self.heading =
                    columns.filter(|columns| *columns != Columns::DEFAULT).map(|_| text.to_owned());
                return;
            }
            Row::Line(read) => read.and_then(|line| add_line(&mut self.lines, line)),
        };
        if let Err(error) = read {
            self.invalid.push(InvalidLine { number, text: text.to_owned(), error });
        }
    }
}

/// Adds a line, or its quantity to the line with the same product code.
fn add_line(lines: &mut Vec<OrderLine>, line: OrderLine) -> Result<(), LineError> {
    let is_full = lines.len() == MAX_LINES;
    match lines.iter_mut().find(|known| known.sku == line.sku) {
        Some(known) if known.quantity + line.quantity > MAX_QUANTITY => Err(LineError::InvalidQuantity),
        Some(known) => {
            known.quantity += line.quantity;
            Ok(())
        }
        None if is_full => Err(LineError::TooManyLines),
        None => {
            lines.push(line);
            Ok(())
        }
    }
}

/// The separator announced by a line such as `sep=;`, which Excel reads and writes.
fn separator_in(line: &str) -> Option<u8> {
    let line = line.trim_matches([' ', '"']);
    let (name, separator) = line.split_at_checked(4)?;
    let [separator] = separator.as_bytes() else { return None };
    let can_separate = separator.is_ascii_punctuation() || *separator == b'\t';
    (name.eq_ignore_ascii_case("sep=") && can_separate).then_some(*separator)
}

/// The kind of a row.
enum Row {
    /// Only separators.
    Blank,
    /// A heading, with its columns if it names both.
    Heading(Option<Columns>),
    /// An order line, or its error.
    Line(Result<OrderLine, LineError>),
}

/// Reads one row after another. People and spreadsheets mix separators, so for each row the
/// first separator that works is used.
struct RowParser {
    /// CSV readers with their separators, in the order in which they are tried.
    readers: Vec<(u8, Reader)>,
    /// The columns in the heading, which apply to rows with the same separator.
    columns: Option<(u8, Columns)>,
}

impl RowParser {
    fn new() -> Self {
        let reader = |separator| (separator, ReaderBuilder::new().delimiter(separator).build());
        Self { readers: SEPARATORS.map(reader).into(), columns: None }
    }

    /// Tries a separator before all others.
    fn prefer(&mut self, separator: u8) {
        let known = self.readers.iter().position(|(known, _)| *known == separator);
        let reader = match known {
            Some(index) => self.readers.remove(index).1,
            None => ReaderBuilder::new().delimiter(separator).build(),
        };
        self.readers.insert(0, (separator, reader));
    }

    /// The first row of a text, which must not begin with an empty line, and the number of
    /// bytes it takes.
    fn read(&mut self, text: &str, is_first: bool) -> (Row, usize) {
        let line = text.lines().next().unwrap_or_default();
        let mut failed = None;
        for index in 0..self.readers.len() {
            let (separator, reader) = &mut self.readers[index];
            let separator = *separator;
            // A comma between two words is a thousands separator: `MUG 1,000`.
            if separator == b','
                && let Some(read) = thousands(line)
            {
                return (Row::Line(Ok(read)), after_line(text, line));
            }
            let (fields, length) = read_fields(reader, text);
            if fields.len() < 2 {
                continue;
            }
            if fields.iter().all(String::is_empty) {
                return (Row::Blank, length);
            }
            let columns = Columns::in_heading(&fields);
            if columns.is_some() || (is_first && Columns::is_code_named(&fields)) {
                self.columns = columns.map(|columns| (separator, columns));
                self.prefer(separator);
                return (Row::Heading(columns), length);
            }
            let read = match self.columns {
                Some((of_heading, columns)) if of_heading == separator => columns.line(&fields),
                _ => guess(&fields),
            };
            match read {
                Ok(line) => return (Row::Line(Ok(line)), length),
                Err(error) => failed = failed.or(Some((Row::Line(Err(error)), length))),
            }
        }
        failed.unwrap_or_else(|| self.read_words(text, is_first))
    }

    /// A row without separators.
    fn read_words(&mut self, text: &str, is_first: bool) -> (Row, usize) {
        // In quotes, it may contain line breaks.
        let (fields, length) = match self.readers.first_mut() {
            Some((_, reader)) => read_fields(reader, text),
            None => (Vec::new(), text.len()),
        };
        let field = fields.into_iter().next().unwrap_or_default();
        let named: Vec<String> = words(&field).collect();
        let is_heading =
            Columns::in_heading(&named).is_some() || (is_first && Columns::is_code_named(&named));
        let row = match guess_words(&field) {
            _ if field.is_empty() => Row::Blank,
            Err(_) if is_heading => Row::Heading(None),
            read => Row::Line(read),
        };
        (row, length)
    }
}

/// Exactly a product code and a number with a thousands separator.
fn thousands(line: &str) -> Option<OrderLine> {
    let words: Vec<String> = words(line).collect();
    match words.as_slice() {
        [_, quantity] if quantity.contains(',') && number(quantity).is_some() => guess(&words).ok(),
        _ => None,
    }
}

/// The number of bytes of the first line of a text.
fn after_line(text: &str, line: &str) -> usize {
    text.len().min(line.len() + 1)
}

/// The cleaned fields of the first row of a text, and the number of bytes it takes.
fn read_fields(reader: &mut Reader, text: &str) -> (Vec<String>, usize) {
    reader.reset();
    let (mut fields, mut field, mut length) = (Vec::new(), Vec::new(), 0);
    // A longer field arrives in several parts.
    let mut part = [0; 128];
    loop {
        let (result, read, written) = reader.read_field(&text.as_bytes()[length..], &mut part);
        length += read;
        field.extend_from_slice(&part[..written]);
        match result {
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            ReadFieldResult::Field { record_end } => {
                fields.push(cleaned(&String::from_utf8_lossy(&std::mem::take(&mut field))));
                if record_end {
                    break;
                }
            }
            ReadFieldResult::End => break,
        }
    }
    (fields, length)
}

/// A field without surrounding quotes and spaces. Quotes remain if a space precedes them.
fn cleaned(field: &str) -> String {
    // A product code is ASCII, so normalisation is unnecessary.
    plain(field.trim().trim_matches('"').trim(), str::to_owned)
}

/// Formats a line so that it can be parsed again.
pub(super) fn format_line(line: &OrderLine) -> String {
    [&*line.sku, ",", &line.quantity.to_string()].concat()
}

/// The lines in a link such as `?add=HEART-MUG-RED-EN:12,WEEK-BADGE:400`.
pub(super) fn parse_link(query: &str) -> Vec<OrderLine> {
    let mut lines = Vec::new();
    for (_, value) in contract::pairs(query).filter(|(name, _)| name == "add") {
        for (sku, quantity) in value.split(',').filter_map(|item| item.split_once(':')) {
            if let Ok(line) = guess(&[cleaned(sku), cleaned(quantity)]) {
                // Lines above the maximum are ignored.
                _ = add_line(&mut lines, line);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests;
