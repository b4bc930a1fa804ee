//! The query string of a form.

use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

/// The query string with which the browser would submit the form. It includes what was typed
/// and chosen before the app was ready.
pub(super) fn form_query(form: &HtmlFormElement) -> String {
    let pairs = FormData::new_with_form(form)
        // The constructor accepts any iterable of pairs, such as form data.
        .and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data));
    pairs.map(|pairs| pairs.to_string().into()).unwrap_or_default()
}
