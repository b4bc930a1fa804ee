//! Which things of a list have a word, for search as you type: every word that is
//! typed must be the start of a word that is told about a thing.
//!
//! Case and accents do not matter, a plural finds its singular, and a word that
//! finds nothing may have one letter wrong.

use std::collections::BTreeMap;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::bits::Bits;

/// From how many letters a mistake in a word is forgiven.
const FORGIVEN_FROM: usize = 4;

/// The words of all things in one language, in order.
pub(crate) struct Words(Vec<(String, Postings)>);

/// The things that have a word.
enum Postings {
    Few(Vec<u32>),
    Many(Bits),
}

impl Words {
    /// The words of `texts`, a text for each thing; `none` is the empty set.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a str>, none: &Bits) -> Self {
        let mut words: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut count = 0;
        for (product, text) in (0..).zip(texts) {
            count = product + 1;
            for word in split(text) {
                let products = words.entry(word).or_default();
                if products.last() != Some(&product) {
                    products.push(product);
                }
            }
        }
        // A set of bits costs as much as a 64th of the products one by one.
        let postings = |products: Vec<u32>| {
            if products.len() < count as usize / 32 {
                return Postings::Few(products);
            }
            let mut set = none.clone();
            products.iter().for_each(|&product| set.insert(product as usize));
            Postings::Many(set)
        };
        Self(words.into_iter().map(|(word, products)| (word, postings(products))).collect())
    }

    /// The things that have all words of `text`; `none` is the empty set.
    /// None where the text has no word.
    pub(crate) fn find(&self, text: &str, none: &Bits) -> Option<Bits> {
        let mut found: Option<Bits> = None;
        for word in split(text) {
            let mut products = none.clone();
            self.add_starting(&word, &mut products);
            if let Some(singular) = word.strip_suffix('s').filter(|singular| singular.len() > 2) {
                self.add_starting(singular, &mut products);
            }
            if products.count() == 0 && word.chars().count() >= FORGIVEN_FROM {
                let near = self.0.iter().filter(|(known, _)| starts_nearly(known, &word));
                near.for_each(|(_, postings)| postings.add_to(&mut products));
            }
            match &mut found {
                Some(found) => found.keep(&products),
                None => found = Some(products),
            }
        }
        found
    }

    /// The things that have all words of `text` whole, in either number.
    pub(crate) fn find_whole(&self, text: &str, none: &Bits) -> Option<Bits> {
        let mut found: Option<Bits> = None;
        for word in split(text) {
            let mut things = none.clone();
            let singular = word.strip_suffix('s').map(str::to_owned);
            for whole in [word].into_iter().chain(singular) {
                if let Ok(index) = self.0.binary_search_by(|(known, _)| known.cmp(&whole)) {
                    self.0[index].1.add_to(&mut things);
                }
            }
            match &mut found {
                Some(found) => found.keep(&things),
                None => found = Some(things),
            }
        }
        found
    }

    fn add_starting(&self, start: &str, products: &mut Bits) {
        let first = self.0.partition_point(|(word, _)| word.as_str() < start);
        for (_, postings) in self.0[first..].iter().take_while(|(word, _)| word.starts_with(start)) {
            postings.add_to(products);
        }
    }
}

impl Postings {
    fn add_to(&self, products: &mut Bits) {
        match self {
            Self::Few(few) => few.iter().for_each(|&product| products.insert(product as usize)),
            Self::Many(many) => products.add(many),
        }
    }
}

/// The words of a text, without case and accents.
fn split(text: &str) -> impl Iterator<Item = String> {
    let folded: String =
        text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect();
    // "rep’s" is one word, "T-shirt" two.
    let folded = folded.replace(['’', '\''], "");
    let words: Vec<String> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// Whether `word` starts with `typed`, but for one letter: another one, one too
/// many, one too few, or two in the wrong order.
fn starts_nearly(word: &str, typed: &str) -> bool {
    let [word, typed] = [word, typed].map(|text| text.chars().collect::<Vec<char>>());
    let same = word.iter().zip(&typed).take_while(|(one, other)| one == other).count();
    let (word, typed) = (&word[same..], &typed[same..]);
    let after = |letters: &[char], count: usize| letters.get(count..).unwrap_or_default().to_vec();
    let swapped = word.len() > 1 && typed.len() > 1 && word[0] == typed[1] && word[1] == typed[0];
    after(word, 1).starts_with(&after(typed, 1))
        || word.starts_with(&after(typed, 1))
        || after(word, 1).starts_with(typed)
        || swapped && after(word, 2).starts_with(&after(typed, 2))
}

#[cfg(test)]
mod tests {
    use super::Words;
    use crate::bits::Bits;

    fn found(typed: &str) -> Option<Vec<usize>> {
        const TEXTS: [&str; 4] =
            ["Heart mug, red", "Tŷ’r undeb: mỳg mawr", "Crys-T coch gyda chalon", "Pencil with heart"];
        let none = Bits::none(TEXTS.len());
        let words = Words::new(TEXTS.into_iter(), &none);
        let products = words.find(typed, &none)?;
        Some((0..TEXTS.len()).filter(|&product| products.has(product)).collect())
    }

    #[test]
    fn every_word_typed_starts_a_word_of_what_is_found() {
        assert_eq!(found("hea"), Some(vec![0, 3]));
        assert_eq!(found("HEART  mu"), Some(vec![0]));
        assert_eq!(found("eart"), Some(vec![0, 3]), "a letter too few");
        assert_eq!(found("mug pencil"), Some(vec![]));
        assert_eq!(found(" ,– "), None);
    }

    #[test]
    fn accents_and_plurals_do_not_matter() {
        assert_eq!(found("tyr"), Some(vec![1]));
        assert_eq!(found("TŶ"), Some(vec![1]));
        assert_eq!(found("myg"), Some(vec![1]));
        assert_eq!(found("pencils"), Some(vec![3]));
        assert_eq!(found("crys t"), Some(vec![2]));
    }

    #[test]
    fn whole_words_are_told_from_those_that_only_start_so() {
        let none = Bits::none(2);
        let words = Words::new(["a nurse", "nursery workers"].into_iter(), &none);
        let whole = |typed: &str| words.find_whole(typed, &none).map(|found| [found.has(0), found.has(1)]);
        assert_eq!(whole("Nurses"), Some([true, false]));
        assert_eq!(whole("workers nursery"), Some([false, true]));
        assert_eq!(whole("nurs"), Some([false, false]));
        assert_eq!(whole(" – "), None);
    }

    #[test]
    fn one_wrong_letter_is_forgiven_in_a_word_of_four() {
        for typed in ["hrart", "haert", "hheart", "hert", "heaart", "pensil"] {
            assert!(found(typed).is_some_and(|found| !found.is_empty()), "{typed}");
        }
        for typed in ["hxxrt", "mxg", "penzzl"] {
            assert_eq!(found(typed), Some(vec![]), "{typed}");
        }
    }
}
