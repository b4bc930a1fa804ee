//! The errors of a form, and their summary: it receives the focus after submission, and links to
//! the fields.

use leptos::prelude::*;

use crate::i18n::{errors as t, use_locale};

/// An error of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FormError {
    /// The id of the field, or of another element that the error is about.
    pub(crate) id: String,
    /// The message, which is the same in the summary and beside the field.
    pub(crate) text: String,
}

impl FormError {
    pub(crate) fn new(id: &str, text: impl Into<String>) -> Self {
        Self { id: id.to_owned(), text: text.into() }
    }
}

/// The message of the error with this id; empty if there is none.
pub(crate) fn error_text(errors: RwSignal<Vec<FormError>>, id: &str) -> Signal<String> {
    let id = id.to_owned();
    Signal::derive(move || {
        errors.with(|errors| {
            let error = errors.iter().find(|error| error.id == id);
            error.map(|error| error.text.clone()).unwrap_or_default()
        })
    })
}

/// The error summary. In a document that answers a form it receives the focus on load; the app
/// moves the focus there itself ([`focus_summary`](super::focus_summary)).
#[component]
pub(crate) fn ErrorSummary(errors: Vec<FormError>) -> impl IntoView {
    let locale = use_locale();
    let links = errors
        .into_iter()
        .map(|FormError { id, text }| view! { <li><a href=["#", &id].concat()>{text}</a></li> })
        .collect_view();
    view! {
        <div class="error-summary" id="error-summary" role="alert" tabindex="-1" autofocus=cfg!(feature = "ssr")>
            <p class="error-summary__title">{t::problem(locale)}</p>
            <ul>{links}</ul>
        </div>
    }
}

/// The same for a form with one field: there is no error beside the field, so the summary
/// describes it.
#[component]
pub(crate) fn SingleError(
    /// The field's id; the error's id is `{field}-error`.
    field: &'static str,
    /// The error message.
    text: String,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <div class="error-summary" id="error-summary" role="alert" tabindex="-1" autofocus=cfg!(feature = "ssr")>
            <p class="error-summary__title">{t::problem(locale)}</p>
            <p>
                <a id=[field, "-error"].concat() href=["#", field].concat()>
                    {text}
                </a>
            </p>
        </div>
    }
}
