//! What this device keeps of a basket.
//!
//! Each tab counts what it adds and takes away under a name of its own, and the
//! number of pieces is the sum over all tabs: two that change the basket at once
//! never write over each other. `basket-{tab}-{SKU}` holds `{pieces} {added}`,
//! where `added` is when the line was begun, in milliseconds; what a later version
//! writes behind that stays as it is.

use std::cell::OnceCell;

use contract::orders::{MOST_PIECES, OrderLine};
use leptos::prelude::window;
use web_sys::{Storage, StorageEvent};

/// One of the two lists that are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// What is to be ordered.
    Basket,
    /// What is saved for later.
    Later,
}

impl List {
    /// What the names of its entries start with; boot.js knows the first, and the privacy
    /// page both.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Basket => "basket-",
            Self::Later => "later-",
        }
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The moment in milliseconds; whole, since writing a fraction would bring the code
/// for it into the module.
#[expect(clippy::cast_possible_truncation, reason = "far below what an i64 holds")]
fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// This tab's name among others.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a random number below 2^32")]
fn tab() -> String {
    thread_local! {
        static TAB: OnceCell<String> = const { OnceCell::new() };
    }
    TAB.with(|tab| tab.get_or_init(|| ((js_sys::Math::random() * 4e9) as u32).to_string()).clone())
}

/// An entry of a tab.
struct Entry {
    name: String,
    sku: String,
    pieces: i64,
    added: i64,
    /// What a later version wrote behind that.
    rest: String,
}

fn entries(list: List) -> Vec<Entry> {
    let Some(storage) = storage() else { return Vec::new() };
    let count = storage.length().unwrap_or_default();
    let names = (0..count).filter_map(|index| storage.key(index).ok().flatten());
    names
        .filter_map(|name| {
            let (_, sku) = name.strip_prefix(list.prefix())?.split_once('-')?;
            let value = storage.get_item(&name).ok().flatten()?;
            let mut parts = value.splitn(3, ' ');
            let pieces = parts.next()?.parse().ok()?;
            let added = parts.next().and_then(|added| added.parse().ok()).unwrap_or_default();
            let rest = parts.next().unwrap_or_default().to_owned();
            Some(Entry { sku: sku.to_owned(), pieces, added, rest, name })
        })
        .collect()
}

/// The lines of a list, the first added first.
pub(crate) fn read(list: List) -> Vec<OrderLine> {
    let mut lines: Vec<(i64, i64, String)> = Vec::new();
    for Entry { sku, pieces, added, .. } in entries(list) {
        match lines.iter_mut().find(|(_, _, own)| *own == sku) {
            Some(line) => {
                line.0 = line.0.min(added);
                line.1 += pieces;
            }
            None => lines.push((added, pieces, sku)),
        }
    }
    lines.retain(|(_, pieces, _)| *pieces > 0);
    lines.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
    let most = i64::from(MOST_PIECES);
    let line = |(_, pieces, sku): (i64, i64, String)| OrderLine {
        sku,
        quantity: u32::try_from(pieces.min(most)).unwrap_or(MOST_PIECES),
    };
    lines.into_iter().map(line).collect()
}

/// How many pieces of a variant a list has.
pub(crate) fn pieces(list: List, sku: &str) -> i64 {
    entries(list).iter().filter(|entry| entry.sku == sku).map(|entry| entry.pieces).sum()
}

/// Adds pieces of a variant, or takes them away; whether that could be stored.
pub(crate) fn change(list: List, sku: &str, by: i64) -> bool {
    let Some(storage) = storage() else { return false };
    let name = [list.prefix(), &tab(), "-", sku].concat();
    let own = entries(list).into_iter().find(|entry| entry.name == name);
    let (pieces, added, rest) =
        own.map_or_else(|| (0, now(), String::new()), |own| (own.pieces, own.added, own.rest));
    let mut value = [(pieces + by).to_string(), added.to_string()].join(" ");
    if !rest.is_empty() {
        value = [&value, " ", &rest].concat();
    }
    let stored = storage.set_item(&name, &value).is_ok();
    tell();
    stored
}

/// Makes a list have so many pieces of a variant.
pub(crate) fn set(list: List, sku: &str, quantity: u32) -> bool {
    change(list, sku, i64::from(quantity) - pieces(list, sku))
}

/// Takes a variant out of a list.
pub(crate) fn remove(list: List, sku: &str) {
    if let Some(storage) = storage() {
        for entry in entries(list).iter().filter(|entry| entry.sku == sku) {
            _ = storage.remove_item(&entry.name);
        }
    }
    tell();
}

/// Takes these lines out of the basket: they are ordered. What another tab has added
/// since stays.
pub(crate) fn ordered(lines: &[OrderLine]) {
    for line in lines {
        if pieces(List::Basket, &line.sku) <= i64::from(line.quantity) {
            remove(List::Basket, &line.sku);
        } else {
            change(List::Basket, &line.sku, -i64::from(line.quantity));
        }
    }
}

/// Whether what another tab has changed in the storage is the basket, or all of it.
pub(crate) fn concerns(changed: Option<&str>) -> bool {
    let of = |list: List| changed.is_none_or(|name| name.starts_with(list.prefix()));
    of(List::Basket) || of(List::Later)
}

/// A note that is kept under a name.
pub(crate) fn note(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps a note, or none; whether that could be stored.
pub(crate) fn set_note(name: &str, note: Option<&str>) -> bool {
    let Some(storage) = storage() else { return false };
    match note {
        Some(note) => storage.set_item(name, note).is_ok(),
        None => storage.remove_item(name).is_ok(),
    }
}

/// Tells boot.js, as another tab would.
fn tell() {
    if let Ok(event) = StorageEvent::new("storage") {
        _ = window().dispatch_event(&event);
    }
}
