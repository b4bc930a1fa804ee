//! Adds pasted and uploaded lists to the basket.

use contract::{Locale, orders::OrderLine};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::{
    Basket, List,
    pasted::{Pasted, written},
    price,
};
use crate::api::ApiError;

/// The maximum size of a file in bytes, far more than an order needs.
const FILE_LIMIT_BYTES: f64 = 1_000_000.0;

/// A list, and its file name if it was uploaded.
pub(super) struct Source {
    pub(super) file: Option<String>,
    pub(super) text: String,
}

/// Reads a file as text; none if it is unreadable, or not text.
pub(super) async fn read_file(file: File) -> Option<Source> {
    if file.size() > FILE_LIMIT_BYTES {
        return None;
    }
    let text = JsFuture::from(file.text()).await.ok()?.as_string()?;
    // A spreadsheet in its native format contains such bytes, a text never does.
    (!text.contains('\0')).then(|| Source { file: Some(file.name()), text })
}

/// What could not be added from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotAdded {
    pub(super) file: Option<String>,
    /// What could not be parsed; its `lines` are those unknown to the shop.
    pub(super) pasted: Pasted,
}

/// The result of importing lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The number of lines added.
    pub(super) added: u32,
    pub(super) not_added: Vec<NotAdded>,
    /// The lines that this browser could not store.
    pub(super) not_stored: Vec<OrderLine>,
}

impl Outcome {
    /// The number of lines with errors.
    pub(super) fn wrong(&self) -> usize {
        let pasted = self.not_added.iter().map(|list| &list.pasted);
        pasted.map(|pasted| pasted.lines.len() + pasted.failed.len()).sum()
    }

    /// Whether the lists are empty, or contain lines that could not be added.
    pub(super) fn is_refused(&self) -> bool {
        self.wrong() > 0 || (self.added == 0 && self.not_stored.is_empty())
    }

    /// The lines to correct, in the format that is read again.
    pub(super) fn left(&self) -> Vec<String> {
        let mut left: Vec<String> = self.not_stored.iter().map(written).collect();
        let mut below_headings = Vec::new();
        for NotAdded { pasted, .. } in &self.not_added {
            let failed = pasted.failed.iter().map(|line| line.text.clone());
            match &pasted.heading {
                Some(heading) if !pasted.failed.is_empty() => {
                    below_headings.push(heading.clone());
                    below_headings.extend(failed);
                }
                _ => left.extend(failed),
            }
            left.extend(pasted.lines.iter().map(written));
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
pub(super) async fn add(basket: Basket, sources: Vec<Source>, locale: Locale) -> Result<Outcome, ApiError> {
    let mut outcome = Outcome::default();
    let mut known = Vec::new();
    for Source { file, text } in sources {
        let mut pasted = Pasted::read(&text);
        let priced = price(pasted.lines.clone(), String::new(), locale).await?;
        let (unknown, wanted): (Vec<_>, Vec<_>) =
            pasted.lines.into_iter().partition(|line| priced.unknown.contains(&line.sku));
        known.extend(wanted);
        pasted.lines = unknown;
        outcome.not_added.push(NotAdded { file, pasted });
    }
    for line in known {
        if basket.change(List::Basket, &line.sku, i64::from(line.quantity)) {
            outcome.added += 1;
        } else {
            outcome.not_stored.push(line);
        }
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::{NotAdded, Outcome, Pasted};

    #[test]
    fn what_is_left_can_be_read_again_when_it_is_put_right() {
        let mut first = Pasted::read("Price,Quantity,SKU\n7,few,MUG\n9,4,TEE");
        first.lines.retain(|line| line.sku == "TEE");
        let second = Pasted::read("BADGE,many\nPIN");
        let lists = [first, second].map(|pasted| NotAdded { file: None, pasted });
        let outcome = Outcome { added: 1, not_added: lists.into(), not_stored: Vec::new() };
        assert_eq!(outcome.wrong(), 4);
        assert_eq!(outcome.left(), ["TEE,4", "BADGE,many", "PIN", "Price,Quantity,SKU", "7,few,MUG"]);
    }
}
