//! Plural forms of whole numbers, by the rules of the Unicode CLDR.

use contract::Locale;

/// A plural form. Welsh uses all six, English two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plural {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// The plural form for `count`.
pub(crate) const fn plural(locale: Locale, count: u32) -> Plural {
    match (locale, count) {
        (_, 1) => Plural::One,
        (Locale::Cy, 0) => Plural::Zero,
        (Locale::Cy, 2) => Plural::Two,
        (Locale::Cy, 3) => Plural::Few,
        (Locale::Cy, 6) => Plural::Many,
        _ => Plural::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Plural, plural};
    use contract::Locale;

    #[test]
    fn welsh_has_six_forms_and_english_two() {
        let forms = |locale| [0, 1, 2, 3, 4, 5, 6, 7, 11].map(|count| plural(locale, count));
        use Plural::{Few, Many, One, Other, Two, Zero};
        assert_eq!(forms(Locale::Cy), [Zero, One, Two, Few, Other, Other, Many, Other, Other]);
        assert_eq!(forms(Locale::En), [Other, One, Other, Other, Other, Other, Other, Other, Other]);
    }
}
