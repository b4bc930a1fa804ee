//! What is wrong with a form: takes the focus when the form is sent, and leads
//! to the field.

use leptos::prelude::*;

use crate::i18n::{remote as t, use_locale};

/// Says what is wrong with the field whose id is `field`, and describes it.
#[component]
pub(crate) fn ErrorSummary(
    field: &'static str,
    /// What happened and what to do.
    text: String,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <div class="error-summary" id="error-summary" role="alert" tabindex="-1">
            <p class="error-summary__title">{t::problem(locale)}</p>
            <p>
                <a id=[field, "-error"].concat() href=["#", field].concat()>{text}</a>
            </p>
        </div>
    }
}
