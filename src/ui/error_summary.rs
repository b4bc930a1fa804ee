//! What is wrong with a form: takes the focus when the form is sent, and leads
//! to the field.

use leptos::prelude::*;

use crate::i18n::{remote as t, use_locale};

/// Says what is wrong with a form. In a document that answers a form it has the focus; the
/// app gives it that itself when it refuses a form ([`focus_summary`](super::focus_summary)).
#[component]
pub(crate) fn ErrorSummary(
    /// The id of each field and what is wrong with it, in the words that stand beside it.
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

/// The same for a form of one field, which it describes: there is no error beside the field.
#[component]
pub(crate) fn SingleError(
    /// The field's id; the error's own is `{field}-error`.
    field: &'static str,
    /// What happened and what to do.
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
