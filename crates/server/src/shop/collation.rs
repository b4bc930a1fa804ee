//! Sorts names by the alphabet of each language.

use contract::Locale;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// The digraphs of the Welsh alphabet, each with the letter that it follows.
const DIGRAPHS: [(&str, char); 8] =
    [("ch", 'c'), ("dd", 'd'), ("ff", 'f'), ("ng", 'g'), ("ll", 'l'), ("ph", 'p'), ("rh", 'r'), ("th", 't')];

/// A sort key for names: names that differ only in case and accents have equal keys.
pub(super) fn sort_key(locale: Locale, name: &str) -> Vec<(char, bool)> {
    let folded: String = name
        .nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .filter(|letter| letter.is_alphanumeric() || *letter == ' ')
        .collect();
    let mut key = Vec::with_capacity(folded.len());
    let mut rest = folded.as_str();
    while let Some(letter) = rest.chars().next() {
        let digraph = DIGRAPHS.iter().find(|(digraph, _)| locale == Locale::Cy && rest.starts_with(digraph));
        let (length, letter) = match digraph {
            Some((digraph, after)) => (digraph.len(), (*after, true)),
            None => (letter.len_utf8(), (letter, false)),
        };
        key.push(letter);
        rest = &rest[length..];
    }
    key
}

#[cfg(test)]
mod tests {
    use contract::Locale::{self, Cy, En};

    use super::sort_key;

    fn sorted(locale: Locale, mut names: Vec<&str>) -> Vec<&str> {
        names.sort_by_key(|name| sort_key(locale, name));
        names
    }

    #[test]
    fn welsh_digraphs_sort_as_letters() {
        let names = vec!["Llinyn", "Lwmp", "Chwaer", "Cwpan", "Ŵy", "Ngwen", "Gwen", "Haf", "Tŷ", "Thema"];
        let welsh = ["Cwpan", "Chwaer", "Gwen", "Ngwen", "Haf", "Lwmp", "Llinyn", "Tŷ", "Thema", "Ŵy"];
        assert_eq!(sorted(Cy, names.clone()), welsh);
        let english = ["Chwaer", "Cwpan", "Gwen", "Haf", "Llinyn", "Lwmp", "Ngwen", "Thema", "Tŷ", "Ŵy"];
        assert_eq!(sorted(En, names), english);
    }
}
