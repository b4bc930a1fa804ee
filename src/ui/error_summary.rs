//! The error summary of a form: receives the focus after submission, and links to the fields.

use leptos::prelude::*;

use crate::i18n::{errors as t, use_locale};

/// The error summary. In a document that answers a form it receives the focus on load; the app
/// moves the focus there itself ([`focus_summary`](super::focus_summary)).
#[component]
pub(crate) fn ErrorSummary(
    /// The id of each field, and its error message, which is the same as beside the field.
    errors: Vec<(String, String)>,
) -> impl IntoView {
    let locale = use_locale();
    let links = errors
        .into_iter()
        .map(|(field, text)| view! { <li><a href=["#", &field].concat()>{text}</a></li> })
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
