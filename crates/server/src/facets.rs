//! Filters for lists in memory: for each term of each property, the set of entries that have
//! it.

use std::collections::HashMap;

use contract::term::{Term, TermCount};

use crate::{bits::Bits, paging::Paging};

/// The terms of `N` properties of a list, each with its entries.
pub(crate) struct Facets<const N: usize> {
    len: usize,
    known: [HashMap<String, Bits>; N],
}

/// Which end of the list comes first.
#[derive(Clone, Copy)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

/// The result of filtering.
pub(crate) struct Narrowed<const N: usize> {
    /// The entries that match all chosen terms.
    pub(crate) all: Bits,
    /// For each property, the entries that match the terms chosen for the other properties.
    others: [Bits; N],
}

impl<const N: usize> Facets<N> {
    /// Filters for a list of `len` entries; `words` returns the terms of an entry.
    pub(crate) fn new<'a>(len: usize, words: impl Fn(usize) -> [&'a [String]; N]) -> Self {
        let mut known: [HashMap<String, Bits>; N] = std::array::from_fn(|_| HashMap::new());
        for index in 0..len {
            for (known, words) in known.iter_mut().zip(words(index)) {
                for word in words {
                    known.entry(word.clone()).or_insert_with(|| Bits::none(len)).insert(index);
                }
            }
        }
        Self { len, known }
    }

    /// The entries of `shown` that match the chosen terms.
    pub(crate) fn narrow(&self, shown: &Bits, chosen: [Option<&str>; N]) -> Narrowed<N> {
        let keep = |set: &mut Bits, property: usize| {
            if let Some(word) = chosen[property] {
                set.keep(self.known[property].get(word).unwrap_or(&Bits::none(self.len)));
            }
        };
        let others = std::array::from_fn(|own| {
            let mut left = shown.clone();
            (0..N).filter(|&property| property != own).for_each(|property| keep(&mut left, property));
            left
        });
        let mut all = shown.clone();
        (0..N).for_each(|property| keep(&mut all, property));
        Narrowed { all, others }
    }

    /// The terms of a property, with the number of entries for each.
    pub(crate) fn counts(&self, property: usize, terms: &[Term], narrowed: &Narrowed<N>) -> Vec<TermCount> {
        let count = |term: &Term| TermCount {
            value: term.value.clone(),
            label: term.label.clone(),
            count: (self.known[property].get(&term.value))
                .map_or(0, |set| set.count_common(&narrowed.others[property])),
        };
        terms.iter().map(count).collect()
    }

    /// A page of a set, and whether there are more entries after it; none if the cursor names
    /// an unknown entry. `place` finds the entry that a cursor names.
    pub(crate) fn page(
        &self,
        set: &Bits,
        direction: Direction,
        paging: &Paging,
        place: impl Fn(&str) -> Option<usize>,
    ) -> Option<(Vec<usize>, bool)> {
        let (skipped, mut range) = match &paging.cursor {
            None => (paging.skipped(), 0..self.len),
            Some(slug) => match direction {
                Direction::Forward => (0, place(slug)? + 1..self.len),
                Direction::Backward => (0, 0..place(slug)?),
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
    let known = terms.iter().find(|term| term.value == value).cloned();
    known.unwrap_or_else(|| Term { value: value.to_owned(), label: value.to_owned() })
}
