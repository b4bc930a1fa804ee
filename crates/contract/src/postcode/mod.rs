//! Postcodes, parsed as people type them: full or partial, in any case, with spaces and
//! punctuation anywhere, and with letters and digits that look alike mixed up.

mod look_alikes;
mod parse;

use std::fmt;

/// A full or partial UK postcode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Postcode {
    /// A postcode area, such as `SK`.
    Area(String),
    /// An outcode (the first half), and the typed part of the inward code (the second half).
    Local {
        /// The area, such as `SK`.
        area: String,
        /// The outcode, such as `SK22`.
        outcode: String,
        /// The inward code, such as `1AA`: up to 3 characters.
        inward: String,
    },
    /// A postcode without a place: the forces, large organisations, a bank.
    NonGeographic {
        /// The code in its standard form.
        code: String,
        /// Whether it is a forces address.
        forces: bool,
    },
}

impl Postcode {
    /// The postcode area.
    pub fn area(&self) -> &str {
        match self {
            Self::Area(area) | Self::Local { area, .. } => area,
            Self::NonGeographic { .. } => "",
        }
    }

    /// Whether it is a full postcode.
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

/// Why a text is not a postcode, with the part of it that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostcodeError {
    /// Nothing was typed.
    Empty,
    /// A character that is in no postcode.
    Character(char),
    /// It does not start with a letter.
    NoArea,
    /// There is no area with these letters.
    UnknownArea(String),
    /// There is no such outcode.
    UnknownOutcode(String),
    /// The inward code is not a digit and two letters.
    Inward {
        /// The outcode as it was understood.
        outcode: String,
        /// The rest, which should be an inward code.
        inward: String,
    },
    /// More characters than a postcode has.
    TooLong,
    /// Ambiguous: it is unclear which characters are letters and which are digits.
    Ambiguous,
}

/// The outcodes that exist.
pub trait Outcodes {
    /// Whether there is a postcode area with these letters.
    fn has_area(&self, area: &str) -> bool;

    /// Whether there is an outcode with this area and district.
    fn has(&self, area: &str, district: &str) -> bool;

    /// Whether there is such an outcode, or a longer one with this prefix: `SW1` is a prefix
    /// of `SW1A`.
    fn has_start(&self, area: &str, district: &str) -> bool;
}
