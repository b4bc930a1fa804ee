//! Saves or copies an order as text.

use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlAnchorElement;

/// Saves a text as a file; none if the browser cannot.
pub(super) fn save_text(text: &str) -> Option<()> {
    let link = document().create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    let encoded = String::from(js_sys::encode_uri_component(text));
    link.set_href(&["data:text/plain;charset=utf-8,", &encoded].concat());
    link.set_download("order.txt");
    // Not part of the page, because the router would handle the click.
    link.click();
    Some(())
}

/// Whether this browser allows the page to copy text.
pub(super) fn can_copy() -> bool {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("clipboard"));
    clipboard.is_ok_and(|clipboard| clipboard.is_truthy())
}

/// Copies a text; returns whether it was permitted.
pub(super) async fn copy_text(text: &str) -> bool {
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}
