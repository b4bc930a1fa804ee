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
pub(crate) struct Bits(Vec<u64>);

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
    pub(crate) fn none(&self) -> Bits {
        Bits::none(self.bits())
    }

    /// An empty set of products.
    pub(crate) fn no_product(&self) -> Bits {
        Bits::none(self.products)
    }

    fn planes(&self) -> impl Iterator<Item = (usize, usize)> {
        self.starts.windows(2).map(|window| (window[0], window[1]))
    }

    /// Removes all variants but those of these products.
    pub(crate) fn keep_products(&self, set: &mut Bits, products: &Bits) {
        for (start, end) in self.planes() {
            for (word, mask) in set.0[start..end].iter_mut().zip(&products.0) {
                *word &= mask;
            }
        }
    }

    /// The products that have a variant in the set.
    pub(crate) fn products(&self, set: &Bits) -> Bits {
        let mut products = self.no_product();
        for (start, end) in self.planes() {
            for (product, word) in products.0.iter_mut().zip(&set.0[start..end]) {
                *product |= word;
            }
        }
        products
    }

    /// The number of products that have a variant in both sets; `room` is a buffer to reuse.
    pub(crate) fn count_common(&self, one: &Bits, other: &Bits, room: &mut Bits) -> u32 {
        room.0.fill(0);
        for (start, end) in self.planes() {
            let words = one.0[start..end].iter().zip(&other.0[start..end]);
            for (product, (one, other)) in room.0.iter_mut().zip(words) {
                *product |= one & other;
            }
        }
        room.count()
    }
}

impl Bits {
    /// The empty set, for this number of entries.
    pub(crate) fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// The set of the entries for which `has` is true.
    pub(crate) fn of(count: usize, has: impl Fn(usize) -> bool) -> Self {
        let mut set = Self::none(count);
        (0..count).filter(|&bit| has(bit)).for_each(|bit| set.insert(bit));
        set
    }

    /// The set of the entries from `first` on.
    pub(crate) fn from(count: usize, first: usize) -> Self {
        let mut set = Self::none(count);
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
    pub(crate) fn all(&self) -> impl Iterator<Item = usize> {
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

    pub(crate) fn has(&self, bit: usize) -> bool {
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The number of entries that are in both sets.
    pub(crate) fn count_common(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(one, other)| (one & other).count_ones()).sum()
    }

    pub(crate) fn keep(&mut self, other: &Self) {
        for (word, mask) in self.0.iter_mut().zip(&other.0) {
            *word &= mask;
        }
    }

    pub(crate) fn leave_out(&mut self, other: &Self) {
        for (word, mask) in self.0.iter_mut().zip(&other.0) {
            *word &= !mask;
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bits, Layout};

    #[test]
    fn a_set_is_walked_from_both_ends() {
        for count in [1, 63, 64, 65, 200] {
            for first in [0, 1, 62, 63, 64, 65, 130, 199, 200] {
                let set = Bits::from(count, first);
                let expected: Vec<usize> = (first..count).collect();
                assert_eq!((0..count).filter(|&bit| set.has(bit)).collect::<Vec<_>>(), expected);
                assert_eq!(set.count() as usize, expected.len());
            }
        }
        let mut set = Bits::none(300);
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
    fn a_set_of_variants_becomes_the_set_of_their_products() {
        // 100 products: 3 with 5 variants, 70 with 2, 27 with 1.
        let counts: Vec<usize> = [vec![5; 3], vec![2; 70], vec![1; 27]].concat();
        let layout = Layout::new(&counts);
        let mut set = layout.none();
        let mut last = layout.none();
        for (product, variants) in counts.iter().enumerate() {
            for variant in 0..*variants {
                let bit = layout.bit(product, variant);
                assert!(!set.has(bit), "each has a bit of its own");
                set.insert(bit);
            }
            last.insert(layout.bit(product, variants - 1));
        }
        let products = layout.products(&set);
        assert_eq!(products.count(), 100);
        let mut room = layout.no_product();
        assert_eq!(layout.count_common(&set, &last, &mut room), 100);

        let mut some = layout.no_product();
        [1, 64, 99].into_iter().for_each(|product| some.insert(product));
        layout.keep_products(&mut set, &some);
        assert_eq!(set.count(), 5 + 2 + 1);
        assert!(layout.products(&set).has(99) && !layout.products(&set).has(98));
        assert_eq!(layout.count_common(&set, &last, &mut room), 3);
    }

    #[test]
    fn an_empty_shop_has_an_empty_layout() {
        let layout = Layout::new(&[]);
        assert_eq!(layout.products(&layout.none()).count(), 0);
    }
}
