//! Error messages for a text that matches no region.

use contract::{Locale, postcode::NotAPostcode};

use crate::i18n::contacts as t;

/// What is wrong with the text, and what a postcode looks like.
pub fn explain(locale: Locale, error: &NotAPostcode) -> String {
    match error {
        NotAPostcode::Empty => t::error_empty(locale).to_owned(),
        NotAPostcode::Character(character) => t::error_character(locale, character.encode_utf8(&mut [0; 4])),
        NotAPostcode::NoArea => t::error_no_area(locale).to_owned(),
        NotAPostcode::UnknownArea(letters) => t::error_unknown_area(locale, letters),
        NotAPostcode::UnknownOutcode(outcode) => t::error_unknown_outcode(locale, outcode),
        NotAPostcode::Inward { outcode, inward } => t::error_inward(locale, inward, outcode),
        NotAPostcode::TooLong => t::error_too_long(locale).to_owned(),
        NotAPostcode::Ambiguous => t::error_ambiguous(locale).to_owned(),
    }
}
