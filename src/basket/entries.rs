//! The basket's entries in browser storage, and how the entries of several tabs add up to
//! lines.
//!
//! Each tab records what it adds and removes in its own entry, and a quantity is the sum over
//! all tabs, so that two tabs never overwrite each other's changes. `basket-{tab}-{SKU}` holds
//! `{quantity} {added}`, where `added` is when the line was first added, in milliseconds.
//! Older versions did not write `added`; anything that a later version appends is preserved.

use contract::orders::{MAX_QUANTITY, OrderLine};

/// One of the two stored lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// The items to order.
    Basket,
    /// The items saved for later.
    Later,
}

impl List {
    /// Both of them.
    pub(super) const ALL: [Self; 2] = [Self::Basket, Self::Later];

    /// The prefix of its entries' names; boot.js uses the first, and the privacy page names
    /// both.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Basket => "basket-",
            Self::Later => "later-",
        }
    }
}

/// The tab that makes a change, and the time.
#[derive(Clone, Debug)]
pub(super) struct Tab {
    /// The tab's name, made of digits.
    pub(super) name: String,
    /// The time in milliseconds.
    pub(super) now: i64,
}

/// A write to storage: a name with its new value, or none to remove it.
pub(super) type Write = (String, Option<String>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    sku: String,
    /// What its tab has added, minus what it has removed.
    quantity: i64,
    added: i64,
    /// Anything that a later version appended.
    rest: String,
}

impl Entry {
    fn parse(list: List, name: String, value: &str) -> Option<Self> {
        let (_, sku) = name.strip_prefix(list.prefix())?.split_once('-')?;
        let mut parts = value.splitn(3, ' ');
        let quantity = parts.next()?.parse().ok()?;
        let added = parts.next().and_then(|added| added.parse().ok()).unwrap_or_default();
        let rest = parts.next().unwrap_or_default().to_owned();
        Some(Self { sku: sku.to_owned(), quantity, added, rest, name })
    }

    fn value(&self) -> String {
        let value = [self.quantity.to_string(), self.added.to_string()].join(" ");
        if self.rest.is_empty() { value } else { [&value, " ", &self.rest].concat() }
    }
}

/// The entries of a list, from all tabs.
#[derive(Clone, Debug)]
pub(super) struct Entries {
    list: List,
    entries: Vec<Entry>,
}

impl Entries {
    /// The entries of a list in everything stored, as names and values.
    pub(super) fn read(list: List, stored: impl IntoIterator<Item = (String, String)>) -> Self {
        let entries = stored.into_iter().filter_map(|(name, value)| Entry::parse(list, name, &value));
        Self { list, entries: entries.collect() }
    }

    /// The lines of the list, the first added first.
    pub(super) fn lines(&self) -> Vec<OrderLine> {
        let mut lines: Vec<(i64, &str, i64)> = Vec::new();
        for Entry { sku, quantity, added, .. } in &self.entries {
            match lines.iter_mut().find(|(_, known, _)| known == sku) {
                Some((first, _, sum)) => {
                    *first = (*first).min(*added);
                    *sum = sum.saturating_add(*quantity);
                }
                None => lines.push((*added, sku, *quantity)),
            }
        }
        lines.retain(|(_, _, quantity)| *quantity > 0);
        lines.sort_unstable();
        let limit = i64::from(MAX_QUANTITY);
        let line = |(_, sku, quantity): (i64, &str, i64)| OrderLine {
            sku: sku.to_owned(),
            quantity: u32::try_from(quantity.min(limit)).unwrap_or(MAX_QUANTITY),
        };
        lines.into_iter().map(line).collect()
    }

    /// The quantity of a variant, summed over all tabs.
    fn quantity(&self, sku: &str) -> i64 {
        let entries = self.entries.iter().filter(|entry| entry.sku == sku);
        entries.fold(0, |sum, entry| sum.saturating_add(entry.quantity))
    }

    /// Adds a quantity of a variant, or removes it if negative.
    pub(super) fn change(&self, tab: &Tab, sku: &str, by: i64) -> Write {
        let name = [self.list.prefix(), &tab.name, "-", sku].concat();
        let own = self.entries.iter().find(|entry| entry.name == name).cloned();
        let mut own = own.unwrap_or_else(|| Entry {
            name,
            sku: sku.to_owned(),
            quantity: 0,
            added: tab.now,
            rest: String::new(),
        });
        own.quantity = own.quantity.saturating_add(by);
        let value = own.value();
        (own.name, Some(value))
    }

    /// Sets the quantity of a variant.
    pub(super) fn set(&self, tab: &Tab, sku: &str, quantity: u32) -> Write {
        self.change(tab, sku, i64::from(quantity).saturating_sub(self.quantity(sku)))
    }

    /// Removes a variant from the list.
    pub(super) fn remove(&self, sku: &str) -> Vec<Write> {
        let entries = self.entries.iter().filter(|entry| entry.sku == sku);
        entries.map(|entry| (entry.name.clone(), None)).collect()
    }

    /// Removes the ordered quantity of a variant. Anything added since is kept.
    pub(super) fn remove_ordered(&self, tab: &Tab, line: &OrderLine) -> Vec<Write> {
        let ordered = i64::from(line.quantity);
        if self.quantity(&line.sku) <= ordered {
            self.remove(&line.sku)
        } else {
            vec![self.change(tab, &line.sku, -ordered)]
        }
    }
}

#[cfg(test)]
mod tests {
    use contract::orders::OrderLine;

    use super::{Entries, List, Tab};

    fn read(list: List, stored: &[(&str, &str)]) -> Entries {
        Entries::read(list, stored.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    fn line(sku: &str, quantity: u32) -> OrderLine {
        OrderLine { sku: sku.to_owned(), quantity }
    }

    fn tab() -> Tab {
        Tab { name: "7".to_owned(), now: 9 }
    }

    #[test]
    fn entries_of_all_versions_are_read_and_other_keys_are_ignored() {
        let stored = [
            ("basket-1-MUG", "3"),
            ("basket-2-TEE-M", "2 5 what a later version knows"),
            ("later-1-BADGE", "4 1"),
            ("basket-1-PIN", "some 1"),
            ("basket-", "1 1"),
            ("contrast", "high"),
        ];
        assert_eq!(read(List::Basket, &stored).lines(), [line("MUG", 3), line("TEE-M", 2)]);
        assert_eq!(read(List::Later, &stored).lines(), [line("BADGE", 4)]);
    }

    #[test]
    fn data_of_a_later_version_is_preserved() {
        let stored = [("basket-7-MUG", "2 5 more of it")];
        let (name, value) = read(List::Basket, &stored).change(&tab(), "MUG", 3);
        assert_eq!((&*name, value.as_deref()), ("basket-7-MUG", Some("5 5 more of it")));
    }

    #[test]
    fn a_new_line_comes_last() {
        let stored = [("basket-1-MUG", "1 8"), ("basket-2-BADGE", "1 2")];
        let entries = read(List::Basket, &stored);
        let (name, value) = entries.change(&tab(), "APRON", 1);
        assert_eq!((&*name, value.as_deref()), ("basket-7-APRON", Some("1 9")));
        let stored = [stored[0], stored[1], (&*name, "1 9")];
        let lines = read(List::Basket, &stored).lines();
        assert_eq!(lines, [line("BADGE", 1), line("MUG", 1), line("APRON", 1)]);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties {
    use std::collections::BTreeMap;

    use contract::orders::{MAX_QUANTITY, OrderLine};
    use proptest::prelude::*;

    use super::{Entries, List, Tab, Write};

    type Stored = BTreeMap<String, String>;

    fn entries(stored: &Stored) -> Entries {
        Entries::read(List::Basket, stored.clone())
    }

    fn apply(stored: &mut Stored, writes: impl IntoIterator<Item = Write>) {
        for (name, value) in writes {
            match value {
                Some(value) => _ = stored.insert(name, value),
                None => _ = stored.remove(&name),
            }
        }
    }

    fn quantity(stored: &Stored, sku: &str) -> u32 {
        let lines = entries(stored).lines();
        lines.iter().find(|line| line.sku == sku).map_or(0, |line| line.quantity)
    }

    fn tab(name: u8) -> Tab {
        Tab { name: name.to_string(), now: i64::from(name) }
    }

    fn stored() -> impl Strategy<Value = Stored> {
        let name = "basket-[1-3]-[A-C]-X";
        let value = (-20i64..200, 0i64..9, "( [a-z ]{0,6})?");
        let value = value.prop_map(|(quantity, added, rest)| format!("{quantity} {added}{rest}"));
        prop::collection::btree_map(name, value, 0..8)
    }

    proptest! {
        #[test]
        fn concurrent_changes_in_two_tabs_are_both_kept(
            stored in stored(),
            first in 0i64..50,
            second in 0i64..50,
        ) {
            let mut both = stored.clone();
            // Each tab has read the storage before the other wrote.
            let read = entries(&stored);
            apply(&mut both, [read.change(&tab(4), "A-X", first), read.change(&tab(5), "A-X", second)]);
            let mut after_another = stored;
            let write = entries(&after_another).change(&tab(4), "A-X", first + second);
            apply(&mut after_another, [write]);
            prop_assert_eq!(quantity(&both, "A-X"), quantity(&after_another, "A-X"));
        }

        #[test]
        fn set_quantity_is_read_back(mut stored in stored(), set in 1..=MAX_QUANTITY, by in 0u8..6) {
            let others = [quantity(&stored, "B-X"), quantity(&stored, "C-X")];
            let write = entries(&stored).set(&tab(by), "A-X", set);
            apply(&mut stored, [write]);
            prop_assert_eq!(quantity(&stored, "A-X"), set);
            prop_assert_eq!([quantity(&stored, "B-X"), quantity(&stored, "C-X")], others);
        }

        #[test]
        fn removal_removes_the_entries_of_all_tabs(mut stored in stored()) {
            let writes = entries(&stored).remove("A-X");
            apply(&mut stored, writes);
            prop_assert!(!stored.keys().any(|name| name.ends_with("-A-X")));
        }

        #[test]
        fn items_added_by_another_tab_after_the_order_are_kept(mut stored in stored(), since in 0u32..50) {
            let ordered = entries(&stored).lines();
            let write = entries(&stored).change(&tab(5), "A-X", since.into());
            // A tab with a negative sum has removed items that another tab added.
            prop_assume!(quantity(&stored, "A-X") > 0);
            apply(&mut stored, [write]);
            for line in &ordered {
                let writes = entries(&stored).remove_ordered(&tab(4), line);
                apply(&mut stored, writes);
            }
            prop_assert_eq!(quantity(&stored, "A-X"), since);
            prop_assert_eq!(quantity(&stored, "B-X"), 0);
        }

        #[test]
        fn lines_do_not_depend_on_storage_order(stored in stored()) {
            let reversed = Entries::read(List::Basket, stored.clone().into_iter().rev());
            prop_assert_eq!(entries(&stored).lines(), reversed.lines());
        }

        #[test]
        fn any_stored_text_gives_valid_lines(
            stored in prop::collection::btree_map("basket-[0-9]?-?[A-B]?", "-?[0-9]{0,20} ?[0-9x]{0,20}.{0,4}", 0..8),
            by in any::<i64>(),
        ) {
            let read = entries(&stored);
            let is_orderable = |line: &OrderLine| (1..=MAX_QUANTITY).contains(&line.quantity);
            prop_assert!(read.lines().iter().all(is_orderable));
            let mut changed = stored;
            apply(&mut changed, [read.change(&tab(1), "A", by)]);
            prop_assert!(entries(&changed).lines().iter().all(is_orderable));
        }
    }
}
