//! The browser's Unicode normalisation, for the rules of `contract::text`.

use js_sys::JsString;

/// Normalization Form C.
pub(crate) fn nfc(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}
