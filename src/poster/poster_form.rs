//! The input of the poster form, and its errors.

use contract::{
    Locale,
    poster::{Look, Paper, Poster, PosterField},
};
use leptos::prelude::*;

use super::validation_errors::validation_errors;
use crate::{
    a11y::navigation,
    ui::{FormError, error_text, focus_summary, nfc},
};

/// The state of the form.
#[derive(Clone, Copy)]
pub(super) struct PosterForm {
    /// In the order of [`PosterField::ALL`].
    texts: [RwSignal<String>; PosterField::ALL.len()],
    pub(super) look: RwSignal<Look>,
    pub(super) paper: RwSignal<Paper>,
    pub(super) errors: RwSignal<Vec<FormError>>,
    /// The status message.
    pub(super) status: RwSignal<Option<&'static str>>,
}

impl PosterForm {
    /// A form that shows this poster.
    pub(super) fn new(poster: &Poster, errors: Vec<FormError>) -> Self {
        Self {
            texts: PosterField::ALL.map(|field| RwSignal::new(poster.field(field).to_owned())),
            look: RwSignal::new(poster.look),
            paper: RwSignal::new(poster.paper),
            errors: RwSignal::new(errors),
            status: RwSignal::new(None),
        }
    }

    /// The text of a field.
    pub(super) fn text(self, field: PosterField) -> RwSignal<String> {
        self.texts[field as usize]
    }

    /// The error of a field; empty if there is none.
    pub(super) fn error(self, field: PosterField) -> Signal<String> {
        error_text(self.errors, field.name())
    }

    /// The poster with cleaned text. Only for the browser, which does the cleaning.
    pub(super) fn poster(self) -> Poster {
        let [headline, words, time, place, branch, link] =
            PosterField::ALL.map(|field| self.text(field).get());
        let (look, paper) = (self.look.get(), self.paper.get());
        Poster { headline, words, time, place, branch, link, paper, look }.cleaned(nfc)
    }

    /// Shows the errors, or returns the poster if there are none.
    pub(super) fn validate(self, locale: Locale) -> Option<Poster> {
        let poster = untrack(|| self.poster());
        let errors = validation_errors(locale, &poster);
        let is_valid = errors.is_empty();
        self.errors.set(errors);
        self.status.set(None);
        navigation::set_error_title(!is_valid, locale);
        if !is_valid {
            focus_summary();
        }
        is_valid.then_some(poster)
    }

    /// Sets the status message.
    pub(super) fn set_status(self, text: &'static str) {
        // A live region does not announce the same text twice, so it is cleared first.
        request_animation_frame(move || self.status.set(Some(text)));
    }
}
