//! Error messages for a text that matches no region.

use contract::{Locale, postcode::PostcodeError};

use crate::i18n::contacts as t;

/// What is wrong with the text, and what a postcode looks like.
pub fn explain(locale: Locale, error: &PostcodeError) -> String {
    match error {
        PostcodeError::Empty => t::error_empty(locale).to_owned(),
        PostcodeError::Character(character) => t::error_character(locale, character.encode_utf8(&mut [0; 4])),
        PostcodeError::NoArea => t::error_no_area(locale).to_owned(),
        PostcodeError::UnknownArea(letters) => t::error_unknown_area(locale, letters),
        PostcodeError::UnknownOutcode(outcode) => t::error_unknown_outcode(locale, outcode),
        PostcodeError::Inward { outcode, inward } => t::error_inward(locale, inward, outcode),
        PostcodeError::TooLong => t::error_too_long(locale).to_owned(),
        PostcodeError::Ambiguous => t::error_ambiguous(locale).to_owned(),
    }
}
