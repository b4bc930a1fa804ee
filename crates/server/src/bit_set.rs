//! Bit sets: of the entries of a list, and of products with their variants. The layout allows
//! a set of variants to be converted to the set of their products with bitwise OR alone.
//!
//! Products are ordered by their number of variants, most first. Plane 0 holds a bit for every
//! product's first variant, plane 1 for the second variant of the products that have two, and
//! so on, so each plane covers a prefix of the products. The set needs no more space than one
//! bit per variant, and counting the products that a filter would leave takes a few thousand
//! machine-word operations for 20,000 products.

use std::ops::Range;

/// Maps variants to bits.
pub(crate) struct Layout {
    products: usize,
    /// The offset of each plane in machine words, and the end of the last.
    starts: Vec<usize>,
}

/// A set of variants, or of products if it is as long as plane 0.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct BitSet(Vec<u64>);

impl Layout {
    /// The layout for products with these numbers of variants, in descending order.
    pub(crate) fn new(variants: &[usize]) -> Self {
        debug_assert!(variants.is_sorted_by(|one, other| one >= other), "most first");
        let mut starts = vec![0];
        for plane in 0..variants.first().copied().unwrap_or_default() {
            let covered = variants.partition_point(|&count| count > plane);
            starts.push(starts[plane] + covered.div_ceil(64));
        }
        Self { products: variants.len(), starts }
    }

    /// The bit of a product's variant.
    pub(crate) fn bit(&self, product: usize, variant: usize) -> usize {
        self.starts[variant] * 64 + product
    }

    /// The length of a set of variants in bits, unused bits included.
    pub(crate) fn bits(&self) -> usize {
        self.starts.last().copied().unwrap_or_default() * 64
    }

    /// An empty set of variants.
    pub(crate) fn empty(&self) -> BitSet {
        BitSet::empty(self.bits())
    }

    /// An empty set of products.
    pub(crate) fn empty_products(&self) -> BitSet {
        BitSet::empty(self.products)
    }

    fn planes(&self) -> impl Iterator<Item = (usize, usize)> {
        self.starts.windows(2).map(|window| (window[0], window[1]))
    }

    /// Removes all variants but those of these products.
    pub(crate) fn retain_products(&self, set: &mut BitSet, products: &BitSet) {
        for (start, end) in self.planes() {
            for (word, mask) in set.0[start..end].iter_mut().zip(&products.0) {
                *word &= mask;
            }
        }
    }

    /// The products that have a variant in the set.
    pub(crate) fn products(&self, set: &BitSet) -> BitSet {
        let mut products = self.empty_products();
        for (start, end) in self.planes() {
            for (product, word) in products.0.iter_mut().zip(&set.0[start..end]) {
                *product |= word;
            }
        }
        products
    }

    /// The number of products that have a variant in both sets; `buffer` is reused.
    pub(crate) fn intersection_count(&self, one: &BitSet, other: &BitSet, buffer: &mut BitSet) -> u32 {
        buffer.0.fill(0);
        for (start, end) in self.planes() {
            let words = one.0[start..end].iter().zip(&other.0[start..end]);
            for (product, (one, other)) in buffer.0.iter_mut().zip(words) {
                *product |= one & other;
            }
        }
        buffer.count()
    }
}

impl BitSet {
    /// The empty set, for this number of entries.
    pub(crate) fn empty(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// The set of the entries for which `is_member` is true.
    pub(crate) fn from_fn(count: usize, is_member: impl Fn(usize) -> bool) -> Self {
        let mut set = Self::empty(count);
        (0..count).filter(|&bit| is_member(bit)).for_each(|bit| set.insert(bit));
        set
    }

    /// The set of the entries from `first` on.
    pub(crate) fn starting_at(count: usize, first: usize) -> Self {
        let mut set = Self::empty(count);
        for (index, word) in set.0.iter_mut().enumerate() {
            let start = index * 64;
            if start >= first {
                *word = u64::MAX;
            } else if start + 64 > first {
                *word = u64::MAX << (first - start);
            }
            if start + 64 > count {
                *word &= u64::MAX >> (start + 64 - count);
            }
        }
        set
    }

    /// The entries in the set, in order.
    pub(crate) fn ones(&self) -> impl Iterator<Item = usize> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = self.first_in(from..self.0.len() * 64)?;
            from = found + 1;
            Some(found)
        })
    }

    /// The first entry of a range that is in the set.
    pub(crate) fn first_in(&self, range: Range<usize>) -> Option<usize> {
        if range.is_empty() {
            return None;
        }
        let mut word = range.start / 64;
        let mut bits = self.0[word] & (u64::MAX << (range.start % 64));
        while bits == 0 {
            word += 1;
            if word * 64 >= range.end {
                return None;
            }
            bits = self.0[word];
        }
        let found = word * 64 + bits.trailing_zeros() as usize;
        (found < range.end).then_some(found)
    }

    /// The last entry of a range that is in the set.
    pub(crate) fn last_in(&self, range: Range<usize>) -> Option<usize> {
        if range.is_empty() {
            return None;
        }
        let last = range.end - 1;
        let mut word = last / 64;
        let mut bits = self.0[word] & (u64::MAX >> (63 - last % 64));
        while bits == 0 {
            if word * 64 <= range.start {
                return None;
            }
            word -= 1;
            bits = self.0[word];
        }
        let found = word * 64 + 63 - bits.leading_zeros() as usize;
        (found >= range.start).then_some(found)
    }

    pub(crate) fn insert(&mut self, bit: usize) {
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    pub(crate) fn remove(&mut self, bit: usize) {
        self.0[bit / 64] &= !(1 << (bit % 64));
    }

    pub(crate) fn contains(&self, bit: usize) -> bool {
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The number of entries that are in both sets.
    pub(crate) fn intersection_count(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(one, other)| (one & other).count_ones()).sum()
    }

    pub(crate) fn intersect_with(&mut self, other: &Self) {
        for (word, mask) in self.0.iter_mut().zip(&other.0) {
            *word &= mask;
        }
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        for (word, mask) in self.0.iter_mut().zip(&other.0) {
            *word &= !mask;
        }
    }

    pub(crate) fn union_with(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BitSet, Layout};

    #[test]
    fn ranges_are_searched_from_both_ends() {
        for count in [1, 63, 64, 65, 200] {
            for first in [0, 1, 62, 63, 64, 65, 130, 199, 200] {
                let set = BitSet::starting_at(count, first);
                let expected: Vec<usize> = (first..count).collect();
                assert_eq!((0..count).filter(|&bit| set.contains(bit)).collect::<Vec<_>>(), expected);
                assert_eq!(set.count() as usize, expected.len());
            }
        }
        let mut set = BitSet::empty(300);
        let chosen = [0, 63, 64, 127, 200, 299];
        chosen.into_iter().for_each(|bit| set.insert(bit));
        for start in 0..300 {
            for end in [start, start + 1, 64, 128, 299, 300] {
                let within = || chosen.iter().copied().filter(|bit| (start..end).contains(bit));
                assert_eq!(set.first_in(start..end), within().next(), "{start}..{end}");
                assert_eq!(set.last_in(start..end), within().next_back(), "{start}..{end}");
            }
        }
    }

    #[test]
    fn variants_are_converted_to_their_products() {
        // 100 products: 3 with 5 variants, 70 with 2, 27 with 1.
        let counts: Vec<usize> = [vec![5; 3], vec![2; 70], vec![1; 27]].concat();
        let layout = Layout::new(&counts);
        let mut set = layout.empty();
        let mut last = layout.empty();
        for (product, variants) in counts.iter().enumerate() {
            for variant in 0..*variants {
                let bit = layout.bit(product, variant);
                assert!(!set.contains(bit), "each has a bit of its own");
                set.insert(bit);
            }
            last.insert(layout.bit(product, variants - 1));
        }
        let products = layout.products(&set);
        assert_eq!(products.count(), 100);
        let mut buffer = layout.empty_products();
        assert_eq!(layout.intersection_count(&set, &last, &mut buffer), 100);

        let mut some = layout.empty_products();
        [1, 64, 99].into_iter().for_each(|product| some.insert(product));
        layout.retain_products(&mut set, &some);
        assert_eq!(set.count(), 5 + 2 + 1);
        assert!(layout.products(&set).contains(99) && !layout.products(&set).contains(98));
        assert_eq!(layout.intersection_count(&set, &last, &mut buffer), 3);
    }

    #[test]
    fn layout_without_products_is_empty() {
        let layout = Layout::new(&[]);
        assert_eq!(layout.products(&layout.empty()).count(), 0);
    }
}
