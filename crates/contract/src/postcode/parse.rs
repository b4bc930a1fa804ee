//! Parses a postcode.

use super::{
    Outcodes, Postcode, PostcodeError,
    look_alikes::{as_digit, other_readings},
};

/// The maximum length of a postcode without its space.
const MAX_LENGTH: usize = 7;

/// Letters that no inward code contains.
const NEVER_INWARD: [char; 6] = ['C', 'I', 'K', 'M', 'O', 'V'];

impl Postcode {
    /// Parses `typed`. If it is not a postcode as typed, looks for one among look-alike
    /// characters (a letter O for a zero, an I or an L for a one and so on), and accepts it if
    /// it is the only match.
    ///
    /// # Errors
    ///
    /// If it is not a full or partial postcode: which part is wrong.
    pub fn parse(typed: &str, outcodes: &impl Outcodes) -> Result<Self, PostcodeError> {
        let mut code = String::new();
        // The position of the last separator: it distinguishes `M1 1` from `M11`.
        let mut break_at = None;
        for character in typed.chars() {
            if character.is_ascii_alphanumeric() {
                code.push(character.to_ascii_uppercase());
            } else if !separates(character) {
                return Err(PostcodeError::Character(character));
            } else if !code.is_empty() {
                break_at = Some(code.len());
            }
            // Much longer than any postcode, so that a long text costs nothing.
            if code.len() > 4 * MAX_LENGTH {
                return Err(PostcodeError::TooLong);
            }
        }
        if code.is_empty() {
            return Err(PostcodeError::Empty);
        }
        if let Some(special) = non_geographic(&code) {
            return Ok(special);
        }
        understand(&code, break_at, outcodes)
    }

    /// Whether its outcode has this length.
    fn splits_at(&self, length: usize) -> bool {
        matches!(self, Self::Local { outcode, .. } if outcode.len() == length)
    }
}

/// Spaces and punctuation of every kind, without Unicode's full tables, which would be larger
/// than this module.
fn separates(character: char) -> bool {
    character.is_ascii()
        || matches!(character, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}' | '\u{feff}')
}

/// The areas of [`Postcode::NonGeographic`], for which there is no list of outcodes.
struct NonGeographicAreas;

impl Outcodes for NonGeographicAreas {
    fn has_area(&self, area: &str) -> bool {
        matches!(area, "BF" | "BX")
    }

    fn has(&self, _: &str, _: &str) -> bool {
        true
    }

    fn has_start(&self, _: &str, _: &str) -> bool {
        true
    }
}

/// Forces (`BFPO 12`, `BF1 2AX`), large organisations (`BX1 1LT`) and the old
/// code of a bank (`GIR 0AA`).
fn non_geographic(code: &str) -> Option<Postcode> {
    let found = |code: String, forces| Some(Postcode::NonGeographic { code, forces });
    if let Some(number) = code.strip_prefix("BFPO").or_else(|| code.strip_prefix("BFP0")) {
        let digits: String = number.chars().map(as_digit).collect::<Option<_>>()?;
        return if digits.len() <= 4 {
            found(["BFPO ", &digits].concat().trim_end().to_owned(), true)
        } else {
            None
        };
    }
    if matches!(&*code.replace('1', "I").replace('O', "0"), "GIR" | "GIR0" | "GIR0AA") {
        return found("GIR 0AA".to_owned(), false);
    }
    if !NonGeographicAreas.has_area(code.get(..2)?) {
        return None;
    }
    let local = understand(code, None, &NonGeographicAreas).ok()?;
    found(local.to_string(), local.area() == "BF")
}

/// Parses a code of capital letters and digits: as it is or, if that is not a postcode, in the
/// only other way in which it is one.
fn understand(
    code: &str,
    break_at: Option<usize>,
    outcodes: &impl Outcodes,
) -> Result<Postcode, PostcodeError> {
    let error = match read(code, break_at, outcodes) {
        Err(error) if code.len() <= MAX_LENGTH => error,
        other => return other,
    };
    let mut found: Vec<Postcode> = Vec::new();
    for reading in other_readings(code) {
        if let Ok(postcode) = read(&reading, break_at, outcodes)
            && !found.contains(&postcode)
        {
            found.push(postcode);
        }
    }
    // A typed space marks where the inward code starts.
    if let Some(at) = break_at.filter(|at| found.iter().any(|postcode| postcode.splits_at(*at))) {
        found.retain(|postcode| postcode.splits_at(at));
    }
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(PostcodeError::Ambiguous),
        (None, _) => Err(error),
    }
}

/// Parses a code without replacing look-alikes.
fn read(code: &str, break_at: Option<usize>, outcodes: &impl Outcodes) -> Result<Postcode, PostcodeError> {
    let letters = code.bytes().take_while(u8::is_ascii_uppercase).count();
    let (area, rest) = code.split_at(letters);
    if area.is_empty() {
        return Err(PostcodeError::NoArea);
    }
    if !outcodes.has_area(area) {
        return Err(PostcodeError::UnknownArea(area.to_owned()));
    }
    if rest.is_empty() {
        return Ok(Postcode::Area(area.to_owned()));
    }
    let local = |split: usize| {
        let (outcode, inward) = code.split_at(split);
        Postcode::Local { area: area.to_owned(), outcode: outcode.to_owned(), inward: inward.to_owned() }
    };
    // The longest outcode comes first: `M11` is one.
    let splits = [letters + 2, letters + 1];
    let fits =
        |split: usize| split <= code.len() && is_district(&code[letters..split]) && is_inward(&code[split..]);
    let typed_break = break_at.filter(|at| splits.contains(at));
    let mut unknown = None;
    for split in typed_break.into_iter().chain(splits).filter(|split| fits(*split)) {
        let district = &code[letters..split];
        let exists = if split == code.len() {
            outcodes.has_start(area, district)
        } else {
            outcodes.has(area, district)
        };
        if exists {
            return Ok(local(split));
        }
        unknown = unknown.or(Some(split));
    }
    if let Some(split) = unknown {
        return Err(PostcodeError::UnknownOutcode(code[..split].to_owned()));
    }
    if code.len() > MAX_LENGTH {
        return Err(PostcodeError::TooLong);
    }
    let split = typed_break
        .or_else(|| splits.into_iter().find(|split| *split + 3 == code.len()))
        .unwrap_or(letters + 1)
        .min(code.len());
    let (outcode, inward) = code.split_at(split);
    Err(PostcodeError::Inward { outcode: outcode.to_owned(), inward: inward.to_owned() })
}

/// A district: a digit, and optionally another digit or a letter, which is never an O.
fn is_district(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_digit())
        && bytes.next().is_none_or(|byte| byte.is_ascii_alphanumeric() && byte != b'O')
        && bytes.next().is_none()
}

/// A full or partial inward code: a digit and two letters.
fn is_inward(text: &str) -> bool {
    text.len() <= 3
        && text.chars().enumerate().all(|(index, character)| match index {
            0 => character.is_ascii_digit(),
            _ => character.is_ascii_uppercase() && !NEVER_INWARD.contains(&character),
        })
}

#[cfg(test)]
mod tests {
    use super::{Outcodes, Postcode, PostcodeError};

    const AREAS: [&str; 11] = ["M", "SK", "SO", "S", "OX", "OL", "L", "EC", "W", "CR", "E"];

    /// Every outcode of some areas.
    struct Every;

    impl Outcodes for Every {
        fn has_area(&self, area: &str) -> bool {
            AREAS.contains(&area)
        }

        fn has(&self, _: &str, _: &str) -> bool {
            true
        }

        fn has_start(&self, _: &str, _: &str) -> bool {
            true
        }
    }

    /// Only these outcodes.
    struct Only(&'static [(&'static str, &'static str)]);

    impl Outcodes for Only {
        fn has_area(&self, area: &str) -> bool {
            self.0.iter().any(|(own, _)| *own == area)
        }

        fn has(&self, area: &str, district: &str) -> bool {
            self.0.contains(&(area, district))
        }

        fn has_start(&self, area: &str, district: &str) -> bool {
            self.0.iter().any(|(own, known)| *own == area && known.starts_with(district))
        }
    }

    fn parse(typed: &str) -> Result<String, PostcodeError> {
        Postcode::parse(typed, &Every).map(|postcode| postcode.to_string())
    }

    #[test]
    fn badly_formatted_postcodes_are_parsed() {
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
    fn partial_postcodes_are_parsed() {
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
    fn letter_o_is_read_as_zero_where_only_that_is_a_postcode() {
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
        // SO1 1AA and S01 1AA would both be possible.
        assert_eq!(parse("S01 1AA").as_deref(), Ok("S01 1AA"));
        // SO0 1AA or S00 1AA: ambiguous.
        assert_eq!(parse("SOO 1AA"), Err(PostcodeError::Ambiguous));
    }

    #[test]
    fn similar_letters_and_digits_are_corrected_if_the_result_is_unique() {
        const KNOWN: &[(&str, &str)] = &[
            ("B", "11"),
            ("BL", "1"),
            ("IP", "1"),
            ("KA", "2"),
            ("KA", "23"),
            ("LS", "1"),
            ("M", "1"),
            ("M", "11"),
            ("SK", "2"),
            ("SK", "22"),
            ("SW", "1A"),
        ];
        let parse = |typed| Postcode::parse(typed, &Only(KNOWN)).map(|postcode| postcode.to_string());
        for (typed, meant) in [
            ("SWIA 1AA", "SW1A 1AA"),
            ("swla1aa", "SW1A 1AA"),
            ("5W1A IAA", "SW1A 1AA"),
            ("LS1 lAA", "LS1 1AA"),
            ("1S1 1AA", "LS1 1AA"),
            ("1P1 1AA", "IP1 1AA"),
            ("SK2Z 1AA", "SK22 1AA"),
            ("SKZ2", "SK22"),
            // The position of the space rules out KA23 1W.
            ("KAZ 3LW", "KA2 3LW"),
            ("BFPO l2", "BFPO 12"),
            ("BFI 2AX", "BF1 2AX"),
            ("G1R 0AA", "GIR 0AA"),
        ] {
            assert_eq!(parse(typed).as_deref(), Ok(meant), "{typed}");
        }
        // B11 1AA or BL1 1AA: ambiguous.
        assert_eq!(parse("B1I 1AA"), Err(PostcodeError::Ambiguous));
        // The start of a word, and a missing area.
        assert_eq!(parse("Mi"), Err(PostcodeError::UnknownArea("MI".to_owned())));
        assert_eq!(parse("51 1AA"), Err(PostcodeError::NoArea));
    }

    #[test]
    fn outcodes_must_exist() {
        const KNOWN: &[(&str, &str)] = &[("SK", "2"), ("SK", "22"), ("SW", "1A"), ("SW", "1P")];
        let parse = |typed| Postcode::parse(typed, &Only(KNOWN)).map(|postcode| postcode.to_string());
        let unknown = |outcode: &str| Err(PostcodeError::UnknownOutcode(outcode.to_owned()));
        assert_eq!(parse("SK23 1AA"), unknown("SK23"));
        assert_eq!(parse("SK2X 1AA"), unknown("SK2X"));
        assert_eq!(parse("SK3"), unknown("SK3"));
        assert_eq!(parse("SW1 1AA"), unknown("SW1"));
        assert_eq!(parse("SW1").as_deref(), Ok("SW1"), "the rest may follow");
        // A space is often in the wrong place.
        assert_eq!(parse("SK2 2").as_deref(), Ok("SK2 2"));
        assert_eq!(parse("SW1 P").as_deref(), Ok("SW1P"));
    }

    #[test]
    fn an_error_names_the_invalid_part() {
        let inward = |outcode: &str, inward: &str| {
            Err(PostcodeError::Inward { outcode: outcode.to_owned(), inward: inward.to_owned() })
        };
        assert_eq!(parse(" .. "), Err(PostcodeError::Empty));
        assert_eq!(parse("12 3AB"), Err(PostcodeError::NoArea));
        assert_eq!(parse("QQ1 1AA"), Err(PostcodeError::UnknownArea("QQ".to_owned())));
        assert_eq!(parse("Llandudno"), Err(PostcodeError::UnknownArea("LLANDUDNO".to_owned())));
        assert_eq!(parse("M1 AAA"), inward("M1", "AAA"));
        assert_eq!(parse("M11A1"), inward("M1", "1A1"));
        assert_eq!(parse("SK22 1AC"), inward("SK22", "1AC"));
        assert_eq!(parse("SK22 1AAB"), Err(PostcodeError::TooLong));
        assert_eq!(parse("SK22 1ŵA"), Err(PostcodeError::Character('ŵ')));
        assert_eq!(parse(&"M1".repeat(5_000)), Err(PostcodeError::TooLong));
    }
}
