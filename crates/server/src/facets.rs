//! Filters for lists in memory: for each term of each property, the set of entries that have
//! it.

use std::collections::HashMap;

use contract::term::{Term, TermCount};

use crate::{bit_set::BitSet, paging::Paging};

/// The terms of `N` properties of a list, each with its entries.
pub(crate) struct Facets<const N: usize> {
    len: usize,
    terms_to_entries: [HashMap<String, BitSet>; N],
}

/// Which end of the list comes first.
#[derive(Clone, Copy)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

/// The result of filtering.
pub(crate) struct Filtered<const N: usize> {
    /// The entries that match all chosen terms.
    pub(crate) all: BitSet,
    /// For each property, the entries that match the terms chosen for the other properties.
    others: [BitSet; N],
}

impl<const N: usize> Facets<N> {
    /// Filters for a list of `len` entries; `values` returns the terms of an entry.
    pub(crate) fn new<'a>(len: usize, values: impl Fn(usize) -> [&'a [String]; N]) -> Self {
        let mut terms_to_entries: [HashMap<String, BitSet>; N] = std::array::from_fn(|_| HashMap::new());
        for index in 0..len {
            for (terms_to_entries, values) in terms_to_entries.iter_mut().zip(values(index)) {
                for value in values {
                    terms_to_entries.entry(value.clone()).or_insert_with(|| BitSet::empty(len)).insert(index);
                }
            }
        }
        Self { len, terms_to_entries }
    }

    /// The entries of `shown` that match the chosen terms.
    pub(crate) fn filter(&self, shown: &BitSet, chosen: [Option<&str>; N]) -> Filtered<N> {
        let keep = |set: &mut BitSet, property: usize| {
            if let Some(value) = chosen[property] {
                set.intersect_with(
                    self.terms_to_entries[property].get(value).unwrap_or(&BitSet::empty(self.len)),
                );
            }
        };
        let others = std::array::from_fn(|own| {
            let mut left = shown.clone();
            (0..N).filter(|&property| property != own).for_each(|property| keep(&mut left, property));
            left
        });
        let mut all = shown.clone();
        (0..N).for_each(|property| keep(&mut all, property));
        Filtered { all, others }
    }

    /// The terms of a property, with the number of entries for each.
    pub(crate) fn counts(&self, property: usize, terms: &[Term], filtered: &Filtered<N>) -> Vec<TermCount> {
        let count = |term: &Term| TermCount {
            value: term.value.clone(),
            label: term.label.clone(),
            count: (self.terms_to_entries[property].get(&term.value))
                .map_or(0, |set| set.intersection_count(&filtered.others[property])),
        };
        terms.iter().map(count).collect()
    }

    /// A page of a set, and whether there are more entries after it; none if the cursor names
    /// an unknown entry. `position` finds the entry that a cursor names.
    pub(crate) fn page(
        &self,
        set: &BitSet,
        direction: Direction,
        paging: &Paging,
        position: impl Fn(&str) -> Option<usize>,
    ) -> Option<(Vec<usize>, bool)> {
        let (skipped, mut range) = match &paging.cursor {
            None => (paging.skipped(), 0..self.len),
            Some(slug) => match direction {
                Direction::Forward => (0, position(slug)? + 1..self.len),
                Direction::Backward => (0, 0..position(slug)?),
            },
        };
        let found = std::iter::from_fn(|| match direction {
            Direction::Forward => {
                let found = set.first_in(range.clone())?;
                range.start = found + 1;
                Some(found)
            }
            Direction::Backward => {
                let found = set.last_in(range.clone())?;
                range.end = found;
                Some(found)
            }
        });
        let mut page: Vec<usize> = found.skip(skipped).take(paging.limit + 1).collect();
        let more = page.len() > paging.limit;
        page.truncate(paging.limit);
        Some((page, more))
    }
}

/// The term with this value.
pub(crate) fn term(terms: &[Term], value: &str) -> Term {
    let found = terms.iter().find(|term| term.value == value).cloned();
    found.unwrap_or_else(|| Term { value: value.to_owned(), label: value.to_owned() })
}
