//! Why a text leads to no region, in words.

use contract::{Locale, postcode::NotAPostcode};

use crate::i18n::contacts as t;

/// What is wrong with a text, and what a postcode looks like.
pub fn explain(locale: Locale, mistake: &NotAPostcode) -> String {
    match mistake {
        NotAPostcode::Empty => t::mistake_empty(locale).to_owned(),
        NotAPostcode::Character(character) => {
            t::mistake_character(locale, character.encode_utf8(&mut [0; 4]))
        }
        NotAPostcode::NoArea => t::mistake_no_area(locale).to_owned(),
        NotAPostcode::UnknownArea(letters) => t::mistake_unknown_area(locale, letters),
        NotAPostcode::UnknownOutcode(outcode) => t::mistake_unknown_outcode(locale, outcode),
        NotAPostcode::Inward { outcode, inward } => t::mistake_inward(locale, inward, outcode),
        NotAPostcode::TooLong => t::mistake_too_long(locale).to_owned(),
        NotAPostcode::Ambiguous => t::mistake_ambiguous(locale).to_owned(),
    }
}
