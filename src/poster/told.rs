//! What is wrong with a poster's words, and what to do.

use contract::{
    Locale,
    poster::{Poster, PosterField, PosterMistake},
    text::{code_point, is_hidden},
};

use crate::i18n::{poster as t, remote};

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
            PosterMistake::Letter(letter) if is_hidden(letter) => hidden(locale, field, &code_point(letter)),
            PosterMistake::Letter(letter) => t::letter(locale, name, &letter.to_string()),
            PosterMistake::NoAddress => t::no_address(locale).to_owned(),
        };
        (field.name(), text)
    };
    poster.mistakes().into_iter().map(tell).collect()
}

/// Names a character that nobody can see, and the field that it is in.
fn hidden(locale: Locale, field: PosterField, code: &str) -> String {
    let found = match field {
        PosterField::Headline => t::hidden_headline(locale, code),
        PosterField::Words => t::hidden_words(locale, code),
        PosterField::Time => t::hidden_time(locale, code),
        PosterField::Place => t::hidden_place(locale, code),
        PosterField::Branch => t::hidden_branch(locale, code),
        PosterField::Link => t::hidden_link(locale, code),
    };
    [&found, " ", remote::hidden_how(locale)].concat()
}
