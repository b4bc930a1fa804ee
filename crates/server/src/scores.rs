//! Scores of the entries of a list in a search, as one set per score: a few words produce few
//! different scores, however many entries there are.

use std::collections::BTreeMap;

use crate::bits::Bits;

/// Sets of entries by score; the sets are disjoint.
pub(crate) struct Scores(BTreeMap<u32, Bits>);

impl Scores {
    /// These entries, with score 0.
    pub(crate) fn new(things: Bits) -> Self {
        let mut scores = Self(BTreeMap::new());
        scores.put(0, things);
        scores
    }

    /// Adds to each entry the score of the first of these sets that contains it.
    pub(crate) fn add(&mut self, sets: &[(u32, &Bits)]) {
        for (points, mut rest) in std::mem::take(&mut self.0) {
            for &(more, set) in sets {
                let mut things = rest.clone();
                things.keep(set);
                rest.leave_out(set);
                self.put(points + more, things);
            }
            self.put(points, rest);
        }
    }

    /// The sets with their scores, the highest first.
    pub(crate) fn best_first(&self) -> impl Iterator<Item = (u32, &Bits)> {
        self.0.iter().rev().map(|(points, things)| (*points, things))
    }

    fn put(&mut self, points: u32, things: Bits) {
        if things.is_empty() {
            return;
        }
        match self.0.get_mut(&points) {
            Some(known) => known.add(&things),
            None => {
                self.0.insert(points, things);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scores;
    use crate::bits::Bits;

    #[test]
    fn each_thing_gets_the_points_of_the_first_set_that_it_is_in() {
        let set = |things: &[usize]| Bits::of(100, |thing| things.contains(&thing));
        let mut scores = Scores::new(set(&[0, 1, 2, 3, 70]));
        scores.add(&[(4, &set(&[1])), (2, &set(&[1, 2, 70, 99]))]);
        scores.add(&[(2, &set(&[3, 70]))]);
        let found: Vec<(u32, Vec<usize>)> =
            scores.best_first().map(|(points, things)| (points, things.all().collect())).collect();
        assert_eq!(found, [(4, vec![1, 70]), (2, vec![2, 3]), (0, vec![0])]);
        assert_eq!(Scores::new(set(&[])).best_first().count(), 0);
    }
}
