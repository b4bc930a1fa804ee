//! The errors of a poster's text.

use contract::{
    Locale,
    poster::{Poster, PosterField, PosterFieldError},
    text::{code_point, is_hidden},
};

use crate::{
    i18n::{errors, poster as t},
    ui::FormError,
};

/// The label of a field.
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

/// The errors, each with the name of its field as the id.
pub(super) fn validation_errors(locale: Locale, poster: &Poster) -> Vec<FormError> {
    let explain = |(field, error): (PosterField, PosterFieldError)| {
        let text = match error {
            PosterFieldError::Missing => t::missing(locale).to_owned(),
            PosterFieldError::TooLong => too_long(locale, field),
            PosterFieldError::UnsupportedCharacter(letter) => not_allowed(locale, field, letter),
            PosterFieldError::InvalidAddress => t::no_address(locale).to_owned(),
        };
        FormError::new(field.name(), text)
    };
    poster.validation_errors().into_iter().map(explain).collect()
}

fn too_long(locale: Locale, field: PosterField) -> String {
    let limit = &field.limit().to_string();
    match field {
        PosterField::Headline => t::long_headline(locale, limit),
        PosterField::Words => t::long_words(locale, limit),
        PosterField::Time => t::long_time(locale, limit),
        PosterField::Place => t::long_place(locale, limit),
        PosterField::Branch => t::long_branch(locale, limit),
        PosterField::Link => t::long_link(locale, limit),
    }
}

/// Names a character to remove, by its code point if it is invisible.
fn not_allowed(locale: Locale, field: PosterField, letter: char) -> String {
    let (character, why) = if is_hidden(letter) {
        (code_point(letter), errors::hidden_how(locale))
    } else {
        (["“", &letter.to_string(), "”"].concat(), t::not_printable(locale))
    };
    let remove = match field {
        PosterField::Headline => t::character_headline(locale, &character),
        PosterField::Words => t::character_words(locale, &character),
        PosterField::Time => t::character_time(locale, &character),
        PosterField::Place => t::character_place(locale, &character),
        PosterField::Branch => t::character_branch(locale, &character),
        PosterField::Link => t::character_link(locale, &character),
    };
    [&remove, " ", why].concat()
}
