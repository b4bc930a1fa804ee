//! What is wrong with a form: takes the focus when the form is sent, and leads
//! to the field.

use contract::Locale;
use leptos::prelude::*;

use super::Markup;
use crate::i18n::{remote as t, use_locale};

/// Says what is wrong with the field whose id is `field`, and describes it.
#[component]
pub(crate) fn ErrorSummary(
    field: &'static str,
    /// What happened and what to do.
    text: String,
) -> impl IntoView {
    let mut out = Markup::default();
    error_summary(&mut out, field, &text, use_locale());
    view! { <div inner_html=out.html()></div> }
}

/// Begins a summary. In a document that answers a form it has the focus; the app gives
/// it that itself.
fn begin(out: &mut Markup) {
    out.raw("<div class='error-summary' id='error-summary' role='alert' tabindex='-1'");
    out.raw(if cfg!(target_arch = "wasm32") { ">" } else { " autofocus>" });
}

/// Says what is wrong with a form of several fields, each by its id; the same
/// words stand beside each field.
pub(crate) fn error_list(out: &mut Markup, mistakes: &[(&'static str, String)], locale: Locale) {
    begin(out);
    markup!(out, "<p class='error-summary__title'>" (t::problem(locale)) "</p><ul>");
    for (field, text) in mistakes {
        markup!(out, "<li><a href='#" (field) "'>" (text) "</a></li>");
    }
    out.raw("</ul></div>");
}

/// The same as text.
pub(crate) fn error_summary(out: &mut Markup, field: &str, text: &str, locale: Locale) {
    begin(out);
    markup!(out, "<p class='error-summary__title'>" (t::problem(locale)) "</p><p><a id='" (field) "-error' href='#" (field)
        "'>" (text) "</a></p></div>");
}
