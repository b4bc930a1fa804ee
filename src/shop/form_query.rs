//! The query that a form sends.

use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

/// The query that the browser would send the form with. What was typed and chosen before
/// the app was ready is read from it.
pub(super) fn form_query(form: &HtmlFormElement) -> String {
    let pairs = FormData::new_with_form(form)
        // The constructor takes whatever lists pairs, which a form's data does.
        .and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data));
    pairs.map(|pairs| pairs.to_string().into()).unwrap_or_default()
}
