//! Cleans text input. A text is cleaned once, where it enters; validation, comparisons,
//! storage and fonts use the result.
//!
//! Unicode's tables are not included: the caller passes the function that normalises, which is
//! the browser's own in the app and a crate's on the server.

/// Converts a text to Unicode's Normalization Form C.
pub type Nfc = fn(&str) -> String;

/// A single line, such as a name or a line of an address: normalised, without invisible marks,
/// and with single spaces between words. Curly apostrophes and dashes are kept, because they
/// are correct in a name.
pub fn line(text: &str, nfc: Nfc) -> String {
    fold(&normalise(text, nfc), plain_in_line)
}

/// Several lines, each as in [`line`], with `\n` between them.
pub fn lines(text: &str, nfc: Nfc) -> String {
    let text = normalise(text, nfc).replace("\r\n", "\n");
    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    let lines: Vec<String> = lines.map(|line| fold(line, plain_in_line)).collect();
    lines.join("\n").trim().to_owned()
}

/// A line with plain hyphens and apostrophes: an email address, a phone number, a product
/// code, a purchase order number.
pub fn plain(text: &str, nfc: Nfc) -> String {
    fold(&normalise(text, nfc), plain_everywhere)
}

/// The key that identifies a branch. Names that differ only in case, spaces, invisible marks,
/// or the form of hyphens and apostrophes have the same key.
pub fn branch_key(name: &str, nfc: Nfc) -> String {
    // Lower case can split a letter into two code points.
    nfc(&plain(name, nfc).to_lowercase())
}

/// The first invisible character that cleaning does not remove.
pub fn hidden(text: &str) -> Option<char> {
    text.chars().find(|letter| is_hidden(*letter))
}

/// Whether a character is invisible: control characters, fillers, tags, and code points
/// without a shared meaning, such as private-use ones. The characters that cleaning removes
/// are among them.
pub const fn is_hidden(letter: char) -> bool {
    let last_two_of_plane = letter as u32 & 0xfffe == 0xfffe;
    is_invisible_mark(letter)
        || last_two_of_plane
        || matches!(
            letter,
            '\0'..='\u{1f}'
                | '\u{7f}'..='\u{9f}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{2028}'..='\u{2029}'
                | '\u{206a}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffc}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{10ffff}'
        )
}

/// Whether a character only controls how its neighbours are shown. Software adds such marks
/// unasked, so they are removed rather than refused.
pub const fn is_invisible_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            // Variation selectors, which keyboards add to a red heart.
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// The code point of a character that cannot be shown: `U+3164`.
pub fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

/// Marks come first: a letter and its accent may be on either side of one.
fn normalise(text: &str, nfc: Nfc) -> String {
    let seen: String = text.chars().filter(|letter| !is_invisible_mark(*letter)).collect();
    nfc(&seen)
}

fn fold(text: &str, plain: fn(char) -> char) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().map(plain));
    }
    out
}

/// Replaces variants of characters that mean the same in a line.
const fn plain_in_line(letter: char) -> char {
    match letter {
        '\u{2010}' | '\u{2011}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{b4}' | '\u{2bc}' | '\u{201b}' | '\u{ff07}' => '\'',
        other => other,
    }
}

const fn plain_everywhere(letter: char) -> char {
    match letter {
        '\u{2012}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{2032}' => '\'',
        other => plain_in_line(other),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization as _;

    use super::{Nfc, branch_key, code_point, hidden, is_hidden, is_invisible_mark, line, lines, plain};

    pub(crate) fn nfc(text: &str) -> String {
        text.nfc().collect()
    }

    #[test]
    fn invisible_marks_are_removed_and_spaces_are_folded() {
        for (typed, expected) in [
            ("  Siân\u{a0}\u{2009} Jones\t", "Siân Jones"),
            ("\u{feff}Sia\u{302}n", "Siân"),
            ("Sia\u{200b}\u{302}n", "Siân"),
            ("mem\u{ad}ber\u{200e}", "member"),
            ("\u{2068}Leeds\u{2069}", "Leeds"),
            ("I \u{2764}\u{fe0f} unions 🎉", "I \u{2764} unions 🎉"),
            ("\u{200b}", ""),
            ("12–14 O’Brien\u{2011}Street", "12–14 O’Brien-Street"),
            ("O\u{2bc}Brien", "O'Brien"),
            ("Heol y Tŷ’r Undeb", "Heol y Tŷ’r Undeb"),
        ] {
            assert_eq!(line(typed, nfc), expected, "{typed:?}");
        }
    }

    #[test]
    fn line_breaks_are_preserved() {
        assert_eq!(lines("\r\n A  crack\r\n\u{200b}\r\nand\u{2028}a\tchip\n", nfc), "A crack\n\nand\na chip");
        assert_eq!(lines(" \n ", nfc), "");
    }

    #[test]
    fn typographic_hyphens_and_apostrophes_are_normalised() {
        for (typed, expected) in [
            ("\u{202d}+44\u{a0}20\u{a0}7946\u{2011}0190\u{202c}", "+44 20 7946-0190"),
            ("020 7946–0190", "020 7946-0190"),
            (" o’brien@branch.example", "o'brien@branch.example"),
            ("mem\u{200b}ber@branch.example", "member@branch.example"),
            ("PO–17", "PO-17"),
        ] {
            assert_eq!(plain(typed, nfc), expected, "{typed:?}");
        }
    }

    #[test]
    fn branch_keys_ignore_formatting() {
        let expected = "st mary's leeds-teaching branch";
        for typed in [
            "St Mary's Leeds-Teaching Branch",
            "  st mary’s  leeds\u{2011}teaching\u{a0}BRANCH ",
            "St Mary\u{2bc}s Leeds–Teaching Bran\u{200b}ch",
        ] {
            assert_eq!(branch_key(typed, nfc), expected, "{typed:?}");
        }
        assert_eq!(branch_key("TY\u{302} LLYFR", nfc), "tŷ llyfr");
        assert_ne!(branch_key("Leeds Teaching", nfc), branch_key("LeedsTeaching", nfc));
    }

    #[test]
    fn the_key_of_a_plain_name_is_its_lower_case() {
        for name in ["Leeds General", "Cangen Gyffredinol Ŵyl", "St Mary's (North-West), No. 7"] {
            assert_eq!(branch_key(name, nfc), name.to_lowercase());
        }
    }

    #[test]
    fn hidden_characters_are_found() {
        for (text, expected) in [
            ("A\u{3164}B", Some("U+3164")),
            ("\u{2800}", Some("U+2800")),
            ("A\0", Some("U+0000")),
            ("A\u{e000}", Some("U+E000")),
            ("A\u{e0067}", Some("U+E0067")),
            ("A\u{ffff}", Some("U+FFFF")),
            ("Siân O’Brien–Tŷ 🎉 \u{2764}", None),
        ] {
            assert_eq!(hidden(text).map(code_point).as_deref(), expected, "{text:?}");
        }
    }

    /// Any character, often one that cleaning changes.
    fn letters() -> impl Strategy<Value = String> {
        let odd: Vec<char> = "\u{ad}\u{200b}\u{200d}\u{202d}\u{202c}\u{2060}\u{2069}\u{feff}\u{fe0f}\u{a0}\u{2009}\
            \u{3000}\t\r\n\u{85}\u{2028} -\u{2010}\u{2011}–\u{2212}'’\u{2bc}\u{b4}aeyAJwTİ\u{301}\u{302}\u{30c}\u{323}\u{338}=<\u{1ffd}\u{2126}\u{ac00}\u{11a8}"
            .chars()
            .collect();
        let letter = prop_oneof![3 => prop::sample::select(odd), 1 => any::<char>()];
        prop::collection::vec(letter, 0..24).prop_map(|letters| letters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn cleaning_is_idempotent(text in letters()) {
            let ways: [fn(&str, Nfc) -> String; 4] = [line, lines, plain, branch_key];
            for clean in ways {
                let once = clean(&text, nfc);
                prop_assert_eq!(clean(&once, nfc), once.as_str());
                prop_assert_eq!(nfc(&once), once.as_str());
                prop_assert!(!once.chars().any(is_invisible_mark), "{once:?}");
            }
        }

        #[test]
        fn cleaning_never_makes_a_text_longer_than_its_normal_form(text in letters()) {
            let seen: String = text.chars().filter(|letter| !is_invisible_mark(*letter)).collect();
            let normal = nfc(&seen).chars().count();
            let ways: [fn(&str, Nfc) -> String; 3] = [line, lines, plain];
            for clean in ways {
                prop_assert!(clean(&text, nfc).chars().count() <= normal);
            }
        }

        #[test]
        fn cleaned_lines_have_only_single_plain_spaces(text in letters()) {
            let clean = line(&text, nfc);
            prop_assert!(!clean.contains("  ") && clean.trim() == clean, "{clean:?}");
            prop_assert!(clean.chars().all(|letter| letter == ' ' || !letter.is_whitespace()), "{clean:?}");
        }

        #[test]
        fn all_control_characters_are_hidden(letter in any::<char>()) {
            prop_assert!(!letter.is_control() || is_hidden(letter));
        }
    }
}
