//! Helpers for canvas drawings.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::FontFace;

/// The path of a heart, in a square of 100 by 100.
pub(crate) const HEART: &str =
    "M50 92 C22 70 6 52 8 32 C10 14 34 6 50 26 C64 6 90 12 92 32 C94 52 76 72 50 92 Z";

/// The font family loaded by [`load_drawn_face`].
pub(crate) const DRAWN_FACE: &str = "Drawn";

/// Loads the display font for a canvas. The page's own copy may have arrived too late to be
/// used in this document.
pub(crate) async fn load_drawn_face() {
    thread_local! {
        static LOADED: Cell<bool> = const { Cell::new(false) };
    }
    if LOADED.replace(true) {
        return;
    }
    let address = document().document_element().and_then(|root| root.get_attribute("data-display"));
    let source = ["url(", &address.unwrap_or_default(), ")"].concat();
    let Ok(face) = FontFace::new_with_str(DRAWN_FACE, &source) else { return };
    face.set_weight("800");
    let loaded = match face.load() {
        Ok(loading) => JsFuture::from(loading).await.is_ok(),
        Err(_) => false,
    };
    // Without it, the page's other fonts are used.
    if loaded {
        _ = document().fonts().add(&face);
    }
    LOADED.set(loaded);
}
