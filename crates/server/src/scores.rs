//! Scores of the entries of a list in a search, as one set per score: a few words produce few
//! different scores, however many entries there are.

use std::collections::BTreeMap;

use crate::bit_set::BitSet;

/// Sets of entries by score; the sets are disjoint.
pub(crate) struct Scores(BTreeMap<u32, BitSet>);

impl Scores {
    /// These entries, with score 0.
    pub(crate) fn new(entries: BitSet) -> Self {
        let mut scores = Self(BTreeMap::new());
        scores.insert(0, entries);
        scores
    }

    /// Adds to each entry the score of the first of these sets that contains it.
    pub(crate) fn add(&mut self, sets: &[(u32, &BitSet)]) {
        for (points, mut rest) in std::mem::take(&mut self.0) {
            for &(more, set) in sets {
                let mut entries = rest.clone();
                entries.intersect_with(set);
                rest.subtract(set);
                self.insert(points + more, entries);
            }
            self.insert(points, rest);
        }
    }

    /// The sets with their scores, the highest first.
    pub(crate) fn best_first(&self) -> impl Iterator<Item = (u32, &BitSet)> {
        self.0.iter().rev().map(|(points, entries)| (*points, entries))
    }

    fn insert(&mut self, points: u32, entries: BitSet) {
        if entries.is_empty() {
            return;
        }
        match self.0.get_mut(&points) {
            Some(same_score) => same_score.union_with(&entries),
            None => {
                self.0.insert(points, entries);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scores;
    use crate::bit_set::BitSet;

    #[test]
    fn entries_score_the_points_of_the_first_matching_set() {
        let set = |entries: &[usize]| BitSet::from_fn(100, |entry| entries.contains(&entry));
        let mut scores = Scores::new(set(&[0, 1, 2, 3, 70]));
        scores.add(&[(4, &set(&[1])), (2, &set(&[1, 2, 70, 99]))]);
        scores.add(&[(2, &set(&[3, 70]))]);
        let found: Vec<(u32, Vec<usize>)> =
            scores.best_first().map(|(points, entries)| (points, entries.ones().collect())).collect();
        assert_eq!(found, [(4, vec![1, 70]), (2, vec![2, 3]), (0, vec![0])]);
        assert_eq!(Scores::new(set(&[])).best_first().count(), 0);
    }
}
