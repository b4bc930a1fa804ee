//! A word index of a list for search as you type: a typed word matches its own forms, and
//! every word that starts with it.
//!
//! Case and accents are ignored, and a word without matches may have one wrong letter. Word
//! forms are in `word_forms.rs`: they are computed once for every word of the texts, and once
//! for every typed word.

use std::collections::BTreeMap;

use contract::{Locale, text::is_invisible_mark};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::{
    bit_set::BitSet,
    scores::Scores,
    word_forms::{base_forms, is_stop_word},
};

/// The minimum length of a word for typing errors to be tolerated, and for its base forms to
/// match as prefixes.
const MIN_FUZZY_LENGTH: usize = 4;

/// The maximum number of words in a search.
const MAX_WORDS: usize = 12;

/// Welsh endings after an apostrophe, which are words of their own.
const WELSH_ENDINGS: [&str; 8] = ["ch", "i", "m", "n", "r", "th", "u", "w"];

/// The words of all entries in one language.
pub(crate) struct WordIndex {
    locale: Locale,
    /// Sorted.
    words: Vec<IndexedWord>,
}

/// A word of a text, or a base form of one.
struct IndexedWord {
    word: String,
    /// Whether it occurs in a text, rather than only as a base form.
    is_in_text: bool,
    /// The entries with this word, or with a word of which it is a base form.
    entries: Postings,
}

/// The entries with a word.
enum Postings {
    Few(Vec<u32>),
    Many(BitSet),
}

/// The matches of a typed word.
pub(crate) struct Matches {
    /// Entries with the word in any form.
    pub(crate) whole: BitSet,
    /// These, and entries with a word that starts with it or, if there is none, almost starts
    /// with it.
    pub(crate) all: BitSet,
}

impl WordIndex {
    /// Indexes `texts`, one for each entry; `none` is the empty set.
    pub(crate) fn new<'a>(locale: Locale, texts: impl Iterator<Item = &'a str>, none: &BitSet) -> Self {
        let mut entries_by_word: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut count = 0;
        for (entry, text) in (0..).zip(texts) {
            count = entry + 1;
            for word in tokenise(locale, text) {
                let entries = entries_by_word.entry(word).or_default();
                if entries.last() != Some(&entry) {
                    entries.push(entry);
                }
            }
        }
        let mut words: BTreeMap<String, (bool, Vec<u32>)> = BTreeMap::new();
        for (word, entries) in entries_by_word {
            for base in base_forms(locale, &word) {
                words.entry(base).or_default().1.extend(&entries);
            }
            words.entry(word).or_default().0 = true;
        }
        // A bit set takes as much memory as a list of a 64th of the entries.
        let postings = |mut entries: Vec<u32>| {
            entries.sort_unstable();
            entries.dedup();
            if entries.len() < count as usize / 32 {
                return Postings::Few(entries);
            }
            let mut set = none.clone();
            entries.iter().for_each(|&entry| set.insert(entry as usize));
            Postings::Many(set)
        };
        let words = words
            .into_iter()
            .map(|(word, (is_in_text, entries))| IndexedWord { word, is_in_text, entries: postings(entries) })
            .collect();
        Self { locale, words }
    }

    /// The entries with all words of `text`, or else with the most; `none` is the empty set.
    /// None if the text has no words.
    pub(crate) fn find_best(&self, text: &str, none: &BitSet) -> Option<BitSet> {
        self.find(text, none).filter(|found| !found.is_empty()).or_else(|| self.find_most(text, none))
    }

    /// The entries with all words of `text`.
    fn find(&self, text: &str, none: &BitSet) -> Option<BitSet> {
        intersection(self.matches(text, none).into_iter().map(|word| word.all))
    }

    /// The entries with all words of `text` as whole words, in any form.
    pub(crate) fn find_whole(&self, text: &str, none: &BitSet) -> Option<BitSet> {
        intersection(self.matches(text, none).into_iter().map(|word| word.whole))
    }

    /// The entries with the most words of `text` and, of those, with the most whole words.
    pub(crate) fn find_most(&self, text: &str, none: &BitSet) -> Option<BitSet> {
        const ANY: u32 = MAX_WORDS as u32 + 1;
        let words = self.matches(text, none);
        if words.is_empty() {
            return None;
        }
        let mut found = none.clone();
        words.iter().for_each(|word| found.union_with(&word.all));
        let mut scores = Scores::new(found);
        words.iter().for_each(|word| scores.add(&[(ANY + 1, &word.whole), (ANY, &word.all)]));
        let most = scores.best_first().next().map(|(_, entries)| entries.clone());
        Some(most.unwrap_or_else(|| none.clone()))
    }

    /// The matches of each word of `text`. Stop words are ignored if there are others. The
    /// words are the same for every index in a language.
    pub(crate) fn matches(&self, text: &str, none: &BitSet) -> Vec<Matches> {
        let mut words: Vec<String> = Vec::new();
        for word in tokenise(self.locale, text) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if words.iter().any(|word| !is_stop_word(self.locale, word)) {
            words.retain(|word| !is_stop_word(self.locale, word));
        }
        words.truncate(MAX_WORDS);
        words.iter().map(|word| self.word_matches(word, none)).collect()
    }

    fn word_matches(&self, word: &str, none: &BitSet) -> Matches {
        let forms = base_forms(self.locale, word);
        let mut whole = none.clone();
        for form in &forms {
            if let Ok(index) = self.words.binary_search_by(|indexed| indexed.word.cmp(form)) {
                self.words[index].entries.add_to(&mut whole);
            }
        }
        let mut all = whole.clone();
        self.add_prefix_matches(word, &mut all);
        for form in forms.iter().skip(1).filter(|form| form.len() >= MIN_FUZZY_LENGTH) {
            self.add_prefix_matches(form, &mut all);
        }
        if all.is_empty() && word.chars().count() >= MIN_FUZZY_LENGTH {
            let near = self.words_in_texts().filter(|indexed| is_fuzzy_prefix(&indexed.word, word));
            near.for_each(|indexed| indexed.entries.add_to(&mut all));
        }
        Matches { whole, all }
    }

    fn add_prefix_matches(&self, start: &str, entries: &mut BitSet) {
        let first = self.words.partition_point(|indexed| indexed.word.as_str() < start);
        let starting = self.words[first..].iter().take_while(|indexed| indexed.word.starts_with(start));
        starting.filter(|indexed| indexed.is_in_text).for_each(|indexed| indexed.entries.add_to(entries));
    }

    fn words_in_texts(&self) -> impl Iterator<Item = &IndexedWord> {
        self.words.iter().filter(|indexed| indexed.is_in_text)
    }
}

impl Postings {
    fn add_to(&self, entries: &mut BitSet) {
        match self {
            Self::Few(few) => few.iter().for_each(|&entry| entries.insert(entry as usize)),
            Self::Many(many) => entries.union_with(many),
        }
    }
}

/// The intersection of these sets; none if there is no set.
fn intersection(sets: impl Iterator<Item = BitSet>) -> Option<BitSet> {
    sets.reduce(|mut common, set| {
        common.intersect_with(&set);
        common
    })
}

/// The words of a text, in lower case and without accents.
fn tokenise(locale: Locale, text: &str) -> Vec<String> {
    let folded: String = text
        .nfd()
        .filter(|letter| !is_combining_mark(*letter) && !is_invisible_mark(*letter))
        .flat_map(char::to_lowercase)
        .collect();
    without_apostrophes(locale, &folded)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `rep’s` and `who’s` are one word each; but `Cymru’n` is `Cymru` and `n`, which is ignored.
fn without_apostrophes(locale: Locale, text: &str) -> String {
    let mut parts = text.split(['’', '\'']);
    let mut joined = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(part.len());
        let (ending, rest) = part.split_at(end);
        if locale == Locale::Cy && WELSH_ENDINGS.contains(&ending) {
            joined.push(' ');
        } else {
            joined.push_str(ending);
        }
        joined.push_str(rest);
    }
    joined
}

/// Whether `word` starts with `typed` with at most one error: a letter that is wrong, extra or
/// missing, or two that are swapped.
fn is_fuzzy_prefix(word: &str, typed: &str) -> bool {
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
    use contract::Locale::{self, Cy, En};

    use super::WordIndex;
    use crate::bit_set::BitSet;

    fn found(typed: &str) -> Option<Vec<usize>> {
        const TEXTS: [&str; 4] =
            ["Heart mug, red", "Tŷ’r undeb: mỳg mawr", "Crys-T coch gyda chalon", "Pencil with heart"];
        let none = BitSet::empty(TEXTS.len());
        let words = WordIndex::new(En, TEXTS.into_iter(), &none);
        let products = words.find(typed, &none)?;
        Some((0..TEXTS.len()).filter(|&product| products.contains(product)).collect())
    }

    #[test]
    fn search_matches_word_prefixes() {
        assert_eq!(found("hea"), Some(vec![0, 3]));
        assert_eq!(found("HEART  mu"), Some(vec![0]));
        assert_eq!(found("eart"), Some(vec![0, 3]), "a letter too few");
        assert_eq!(found("mug pencil"), Some(vec![]));
        assert_eq!(found(" ,– "), None);
    }

    #[test]
    fn search_ignores_accents_and_plurals() {
        assert_eq!(found("tyr"), Some(vec![1]));
        assert_eq!(found("TŶ"), Some(vec![1]));
        assert_eq!(found("myg"), Some(vec![1]));
        assert_eq!(found("pencils"), Some(vec![3]));
        assert_eq!(found("crys t"), Some(vec![2]));
        assert_eq!(found("pen\u{ad}cils"), Some(vec![3]));
    }

    #[test]
    fn whole_words_are_distinguished_from_prefixes() {
        let none = BitSet::empty(2);
        let words = WordIndex::new(En, ["a nurse", "nursery workers"].into_iter(), &none);
        let whole =
            |typed: &str| words.find_whole(typed, &none).map(|found| [found.contains(0), found.contains(1)]);
        assert_eq!(whole("Nurses"), Some([true, false]));
        assert_eq!(whole("workers nursery"), Some([false, true]));
        assert_eq!(whole("nurs"), Some([false, false]));
        assert_eq!(whole(" – "), None);
    }

    #[test]
    fn one_typing_error_is_tolerated_from_four_letters() {
        for typed in ["hrart", "haert", "hheart", "hert", "heaart", "pensil"] {
            assert!(found(typed).is_some_and(|found| !found.is_empty()), "{typed}");
        }
        for typed in ["hxxrt", "mxg", "penzzl"] {
            assert_eq!(found(typed), Some(vec![]), "{typed}");
        }
    }
    /// The texts that match best.
    fn best(locale: Locale, texts: &[&str], typed: &str) -> Vec<usize> {
        let none = BitSet::empty(texts.len());
        let words = WordIndex::new(locale, texts.iter().copied(), &none);
        words.find_best(typed, &none).expect("a word").ones().collect()
    }

    #[test]
    fn stop_words_are_ignored_in_questions() {
        let texts = ["Heart mug", "Where it is made", "Pencil"];
        assert_eq!(best(En, &texts, "Where can I buy a mug?"), [0]);
        assert_eq!(best(En, &texts, "where is it"), [1], "nothing but such words");
        assert_eq!(best(Cy, &["Mwg calon", "Pensil"], "Ble alla’ i gael mwg?"), [0]);
    }

    #[test]
    fn best_partial_matches_are_found_without_full_match() {
        let texts = ["Heart mug", "Heart badge, red", "Enamel mug", "Hearty red mugs"];
        assert_eq!(best(En, &texts, "red mug"), [3]);
        assert_eq!(best(En, &texts, "red mug flag"), [3]);
        assert_eq!(best(En, &texts, "heart mug flag"), [0], "one with the whole word before a start");
        assert_eq!(best(En, &texts, "heart flag"), [0, 1]);
        assert_eq!(best(En, &texts, "zebra flag"), [0_usize; 0]);
    }

    #[test]
    fn word_forms_match_each_other() {
        let texts = ["yng Nghymru", "Cymru’n gryfach", "am undebau", "eu hundeb", "o fygiau", "Mwg"];
        for (typed, found) in [
            ("cymru", [0_usize, 1]),
            ("Gymru", [0, 1]),
            ("undeb", [2, 3]),
            ("undebau’r", [2, 3]),
            ("mwg", [4, 5]),
            ("mygiau", [4, 5]),
        ] {
            assert_eq!(best(Cy, &texts, typed), found, "{typed}");
        }
        let texts = ["We organise", "Organising", "an organiser", "Children’s mugs", "a child"];
        assert_eq!(best(En, &texts, "organised"), [0, 1, 2]);
        assert_eq!(best(En, &texts, "child mug"), [3]);
    }

    #[test]
    fn prefix_matches_mutated_forms() {
        assert_eq!(best(Cy, &["calon", "â chalon", "magnet"], "calo"), [0, 1]);
        assert_eq!(best(Cy, &["bag", "magnet"], "bag"), [0], "what nobody wrote starts nothing");
    }
}
