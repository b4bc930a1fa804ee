//! Adds pasted and uploaded lists to the basket.

use contract::{Locale, orders::OrderLine};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::{
    Basket, List,
    list_parser::{InvalidLine, ParsedList, format_line},
    price,
};
use crate::api::ApiError;

/// The maximum size of a file in bytes, far more than an order needs.
const FILE_LIMIT_BYTES: f64 = 1_000_000.0;

/// A list, and its file name if it was uploaded.
pub(super) struct ListSource {
    pub(super) file: Option<String>,
    pub(super) text: String,
}

/// Reads a file as text; none if it is unreadable, or not text.
pub(super) async fn read_file(file: File) -> Option<ListSource> {
    if file.size() > FILE_LIMIT_BYTES {
        return None;
    }
    let text = JsFuture::from(file.text()).await.ok()?.as_string()?;
    // A spreadsheet in its native format contains such bytes, a text never does.
    (!text.contains('\0')).then(|| ListSource { file: Some(file.name()), text })
}

/// What could not be added from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RejectedLines {
    pub(super) file: Option<String>,
    /// The lines that could not be parsed.
    pub(super) invalid: Vec<InvalidLine>,
    /// The lines whose product code the shop does not know.
    pub(super) unknown: Vec<OrderLine>,
    /// The heading needed to parse the invalid lines again.
    pub(super) heading: Option<String>,
}

/// The result of importing lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ImportResult {
    /// The number of lines added.
    pub(super) added: u32,
    pub(super) rejected: Vec<RejectedLines>,
    /// The lines that this browser could not store.
    pub(super) not_stored: Vec<OrderLine>,
}

impl ImportResult {
    /// The number of lines with errors.
    pub(super) fn error_count(&self) -> usize {
        self.rejected.iter().map(|list| list.invalid.len() + list.unknown.len()).sum()
    }

    /// Whether the lists are empty, or contain lines that could not be added.
    pub(super) fn has_errors(&self) -> bool {
        self.error_count() > 0 || (self.added == 0 && self.not_stored.is_empty())
    }

    /// The lines to correct, in the format that is read again.
    pub(super) fn lines_to_correct(&self) -> Vec<String> {
        let mut left: Vec<String> = self.not_stored.iter().map(format_line).collect();
        let mut below_headings = Vec::new();
        for RejectedLines { invalid, unknown, heading, .. } in &self.rejected {
            let texts = invalid.iter().map(|line| line.text.clone());
            match heading {
                Some(heading) if !invalid.is_empty() => {
                    below_headings.push(heading.clone());
                    below_headings.extend(texts);
                }
                _ => left.extend(texts),
            }
            left.extend(unknown.iter().map(format_line));
        }
        // A heading applies to everything below it.
        left.append(&mut below_headings);
        left
    }
}

/// Adds the items that the shop knows from these lists, each of which is parsed separately.
///
/// # Errors
///
/// The shop is unreachable, and nothing was added.
pub(super) async fn import_lists(
    basket: Basket,
    sources: Vec<ListSource>,
    locale: Locale,
) -> Result<ImportResult, ApiError> {
    let mut result = ImportResult::default();
    let mut known = Vec::new();
    for ListSource { file, text } in sources {
        let ParsedList { lines, invalid, heading } = ParsedList::parse(&text);
        let priced = price(lines.clone(), String::new(), locale).await?;
        let (unknown, wanted): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|line| priced.unknown.contains(&line.sku));
        known.extend(wanted);
        result.rejected.push(RejectedLines { file, invalid, unknown, heading });
    }
    for line in known {
        if basket.change(List::Basket, &line.sku, i64::from(line.quantity)) {
            result.added += 1;
        } else {
            result.not_stored.push(line);
        }
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::{ImportResult, ParsedList, RejectedLines};

    #[test]
    fn lines_to_correct_can_be_parsed_again() {
        let mut first = ParsedList::parse("Price,Quantity,SKU\n7,few,MUG\n9,4,TEE");
        first.lines.retain(|line| line.sku == "TEE");
        let second = ParsedList::parse("BADGE,many\nPIN");
        let lists = [first, second].map(|ParsedList { lines: unknown, invalid, heading }| RejectedLines {
            file: None,
            invalid,
            unknown,
            heading,
        });
        let result = ImportResult { added: 1, rejected: lists.into(), not_stored: Vec::new() };
        assert_eq!(result.error_count(), 4);
        assert_eq!(
            result.lines_to_correct(),
            ["TEE,4", "BADGE,many", "PIN", "Price,Quantity,SKU", "7,few,MUG"]
        );
    }
}
