//! Postcodes as people type them: whole or in part, in any case, with spaces
//! and dots anywhere, with a letter O for a nought.

use std::fmt;

/// A postcode of the United Kingdom, or the part of one that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Postcode {
    /// The letters that it starts with, such as `SK`.
    Area(String),
    /// A first half, and what was typed of the second.
    Local {
        /// The letters that the first half starts with.
        area: String,
        /// The first half, such as `SK22`.
        outcode: String,
        /// The second half, such as `1AA`: up to 3 characters.
        inward: String,
    },
    /// One that belongs to no place: the forces, large organisations, a bank.
    NonGeographic {
        /// As it is written.
        code: String,
        /// Whether it is a forces address.
        forces: bool,
    },
}

impl Postcode {
    /// The letters that it starts with.
    pub fn area(&self) -> &str {
        match self {
            Self::Area(area) | Self::Local { area, .. } => area,
            Self::NonGeographic { .. } => "",
        }
    }

    /// Whether nothing of it is missing.
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Area(_) => false,
            Self::Local { inward, .. } => inward.len() == 3,
            Self::NonGeographic { code, .. } => {
                code.split_once(' ').is_some_and(|(first, second)| first == "BFPO" || second.len() == 3)
            }
        }
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Area(text) | Self::NonGeographic { code: text, .. } => f.write_str(text),
            Self::Local { outcode, inward, .. } if inward.is_empty() => f.write_str(outcode),
            Self::Local { outcode, inward, .. } => write!(f, "{outcode} {inward}"),
        }
    }
}

/// Why a text is no postcode, with the part of it that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAPostcode {
    /// Nothing was typed.
    Empty,
    /// A character that no postcode has.
    Character(char),
    /// It does not start with a letter.
    NoArea,
    /// No postcode starts with these letters.
    UnknownArea(String),
    /// The second half is not a figure and two letters. What was taken for the
    /// first and for the second half.
    Inward {
        /// The first half.
        outcode: String,
        /// What follows it.
        inward: String,
    },
    /// More characters than a postcode has.
    TooLong,
    /// It could be read in several ways: which O is a letter and which a
    /// nought cannot be told.
    LetterOrNought,
}

/// The longest that a postcode can be, without its space.
const LONGEST: usize = 7;

/// Letters that the second half never has.
const NEVER_INWARD: [char; 6] = ['C', 'I', 'K', 'M', 'O', 'V'];

impl Postcode {
    /// Understands `typed`; `is_area` knows the letters that postcodes start
    /// with.
    ///
    /// # Errors
    /// Where it is no postcode and no part of one, which part is wrong.
    pub fn parse(typed: &str, is_area: impl Fn(&str) -> bool) -> Result<Self, NotAPostcode> {
        let mut code = String::new();
        // Where a separator stood last: it tells `M1 1` from `M11`.
        let mut break_at = None;
        for character in typed.chars() {
            if character.is_ascii_alphanumeric() {
                code.push(character.to_ascii_uppercase());
            } else if !separates(character) {
                return Err(NotAPostcode::Character(character));
            } else if !code.is_empty() {
                break_at = Some(code.len());
            }
            // Far past any postcode, so that a long text costs nothing.
            if code.len() > 4 * LONGEST {
                return Err(NotAPostcode::TooLong);
            }
        }
        if code.is_empty() {
            return Err(NotAPostcode::Empty);
        }
        if let Some(special) = non_geographic(&code) {
            return Ok(special);
        }
        let mistake = match read(&code, break_at, &is_area) {
            Err(mistake) if code.len() <= LONGEST => mistake,
            other => return other,
        };
        let mut readings =
            other_readings(&code).filter_map(|reading| read(&reading, break_at, &is_area).ok());
        match (readings.next(), readings.next()) {
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) => Err(NotAPostcode::LetterOrNought),
            _ => Err(mistake),
        }
    }
}

/// Spaces and punctuation of every kind, told without the tables that know all
/// of Unicode: they would weigh more than this module.
fn separates(character: char) -> bool {
    character.is_ascii()
        || matches!(character, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}' | '\u{feff}')
}

/// Forces (`BFPO 12`, `BF1 2AX`), large organisations (`BX1 1LT`) and the old
/// code of a bank (`GIR 0AA`).
fn non_geographic(code: &str) -> Option<Postcode> {
    let found = |code: String, forces| Some(Postcode::NonGeographic { code, forces });
    if let Some(number) = code.strip_prefix("BFPO") {
        let plain = number.len() <= 4 && number.bytes().all(|byte| byte.is_ascii_digit());
        return if plain { found(["BFPO ", number].concat().trim_end().to_owned(), true) } else { None };
    }
    if matches!(code, "GIR" | "GIR0" | "GIR0AA" | "GIROAA") {
        return found("GIR 0AA".to_owned(), false);
    }
    if code == "BF" || code == "BX" {
        return found(code.to_owned(), code == "BF");
    }
    let special = |area: &str| matches!(area, "BF" | "BX");
    let local = read(code, None, &special).ok()?;
    found(local.to_string(), local.area() == "BF")
}

/// Reads a code that has nothing but capital letters and figures.
fn read(
    code: &str,
    break_at: Option<usize>,
    is_area: &impl Fn(&str) -> bool,
) -> Result<Postcode, NotAPostcode> {
    let letters = code.bytes().take_while(u8::is_ascii_uppercase).count();
    let (area, rest) = code.split_at(letters);
    if area.is_empty() {
        return Err(NotAPostcode::NoArea);
    }
    if !is_area(area) {
        return Err(NotAPostcode::UnknownArea(area.to_owned()));
    }
    if rest.is_empty() {
        return Ok(Postcode::Area(area.to_owned()));
    }
    let local = |split: usize| {
        let (outcode, inward) = code.split_at(split);
        Postcode::Local { area: area.to_owned(), outcode: outcode.to_owned(), inward: inward.to_owned() }
    };
    // The whole reading of a first half comes first: `M11` is one.
    let splits = [letters + 2, letters + 1];
    let fits =
        |split: usize| split <= code.len() && is_district(&code[letters..split]) && is_inward(&code[split..]);
    let typed_break = break_at.filter(|at| splits.contains(at));
    if let Some(split) = typed_break.into_iter().chain(splits).find(|split| fits(*split)) {
        return Ok(local(split));
    }
    if code.len() > LONGEST {
        return Err(NotAPostcode::TooLong);
    }
    let split = typed_break
        .or_else(|| splits.into_iter().find(|split| *split + 3 == code.len()))
        .unwrap_or(letters + 1)
        .min(code.len());
    let (outcode, inward) = code.split_at(split);
    Err(NotAPostcode::Inward { outcode: outcode.to_owned(), inward: inward.to_owned() })
}

/// What follows the letters of a first half: a figure, and perhaps another or
/// a letter, which is never an O.
fn is_district(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_digit())
        && bytes.next().is_none_or(|byte| byte.is_ascii_alphanumeric() && byte != b'O')
        && bytes.next().is_none()
}

/// A second half, or as much of one as was typed: a figure and two letters.
fn is_inward(text: &str) -> bool {
    text.len() <= 3
        && text.chars().enumerate().all(|(index, character)| match index {
            0 => character.is_ascii_digit(),
            _ => character.is_ascii_uppercase() && !NEVER_INWARD.contains(&character),
        })
}

/// The code with some of its letters O read as noughts, or the other way
/// round.
fn other_readings(code: &str) -> impl Iterator<Item = String> {
    let unclear: Vec<usize> =
        code.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'O' | b'0')).map(|(at, _)| at).collect();
    (1u32..1 << unclear.len()).map(move |choice| {
        let turned = |at: usize| {
            unclear.iter().position(|known| *known == at).is_some_and(|bit| choice >> bit & 1 == 1)
        };
        code.chars()
            .enumerate()
            .map(|(at, character)| match character {
                'O' if turned(at) => '0',
                '0' if turned(at) => 'O',
                other => other,
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::{NotAPostcode, Postcode};

    fn parse(typed: &str) -> Result<String, NotAPostcode> {
        let areas = ["M", "SK", "SO", "S", "OX", "OL", "L", "EC", "W", "CR", "E"];
        Postcode::parse(typed, |area| areas.contains(&area)).map(|postcode| postcode.to_string())
    }

    #[test]
    fn messy_writing_is_understood() {
        for (typed, meant) in [
            ("sk22 1aa", "SK22 1AA"),
            ("  s.k.2.2-1.a.a ", "SK22 1AA"),
            ("Sk221Aa", "SK22 1AA"),
            ("m11aa", "M1 1AA"),
            ("M 1 1 A A", "M1 1AA"),
            ("ec1a1bb", "EC1A 1BB"),
            ("w1a", "W1A"),
            ("\u{a0}E1\u{2009}6AN\n", "E1 6AN"),
        ] {
            assert_eq!(parse(typed).as_deref(), Ok(meant), "{typed:?}");
        }
    }

    #[test]
    fn part_of_a_postcode_is_enough() {
        for (typed, meant) in [
            ("SK", "SK"),
            ("SK22", "SK22"),
            ("SK22 1", "SK22 1"),
            ("SK22 1A", "SK22 1A"),
            ("M11", "M11"),
            ("M1 1", "M1 1"),
            ("M1 1A", "M1 1A"),
        ] {
            assert_eq!(parse(typed).as_deref(), Ok(meant), "{typed:?}");
        }
    }

    #[test]
    fn an_o_is_a_nought_where_only_that_makes_a_postcode() {
        for (typed, meant) in [
            ("M6O 4EP", "M60 4EP"),
            ("SO14 OAA", "SO14 0AA"),
            ("0X1 4AA", "OX1 4AA"),
            ("S014 3AB", "SO14 3AB"),
            ("0L1O 0AB", "OL10 0AB"),
            ("CRO 2AA", "CR0 2AA"),
        ] {
            assert_eq!(parse(typed).as_deref(), Ok(meant), "{typed:?}");
        }
        // SO1 1AA and S01 1AA would both do.
        assert_eq!(parse("S01 1AA").as_deref(), Ok("S01 1AA"));
        // SO0 1AA or S00 1AA: nobody can tell.
        assert_eq!(parse("SOO 1AA"), Err(NotAPostcode::LetterOrNought));
    }

    #[test]
    fn a_mistake_names_the_part_that_is_wrong() {
        let inward = |outcode: &str, inward: &str| {
            Err(NotAPostcode::Inward { outcode: outcode.to_owned(), inward: inward.to_owned() })
        };
        assert_eq!(parse(" .. "), Err(NotAPostcode::Empty));
        assert_eq!(parse("12 3AB"), Err(NotAPostcode::NoArea));
        assert_eq!(parse("QQ1 1AA"), Err(NotAPostcode::UnknownArea("QQ".to_owned())));
        assert_eq!(parse("Llandudno"), Err(NotAPostcode::UnknownArea("LLANDUDNO".to_owned())));
        assert_eq!(parse("M1 AAA"), inward("M1", "AAA"));
        assert_eq!(parse("M11A1"), inward("M1", "1A1"));
        assert_eq!(parse("SK22 1AC"), inward("SK22", "1AC"));
        assert_eq!(parse("SK22 1AAB"), Err(NotAPostcode::TooLong));
        assert_eq!(parse("SK22 1ŵA"), Err(NotAPostcode::Character('ŵ')));
        assert_eq!(parse(&"M1".repeat(5_000)), Err(NotAPostcode::TooLong));
    }
}
