//! What is wrong with a poster's words, and what to do.

use contract::{
    Locale,
    poster::{Poster, PosterField, PosterMistake},
};

use crate::i18n::poster as t;

/// A field's name on the page.
pub(super) fn label(locale: Locale, field: PosterField) -> &'static str {
    match field {
        PosterField::Headline => t::headline(locale),
        PosterField::Words => t::words(locale),
        PosterField::Time => t::time(locale),
        PosterField::Place => t::place(locale),
        PosterField::Branch => t::branch(locale),
        PosterField::Link => t::link(locale),
    }
}

/// Every mistake with the name of its field in the form.
pub(super) fn mistakes(locale: Locale, poster: &Poster) -> Vec<(&'static str, String)> {
    let tell = |(field, mistake): (PosterField, PosterMistake)| {
        let name = label(locale, field);
        let text = match mistake {
            PosterMistake::Missing => t::missing(locale).to_owned(),
            PosterMistake::TooLong(excess) => t::too_long(locale, excess, name),
            PosterMistake::Letter(letter) => t::letter(locale, name, &letter.to_string()),
            PosterMistake::NoAddress => t::no_address(locale).to_owned(),
        };
        (field.name(), text)
    };
    poster.mistakes().into_iter().map(tell).collect()
}
