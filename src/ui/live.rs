//! Controls in HTML that was made as text: they are found in the document and
//! listened to.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, FontFace, HtmlElement, HtmlInputElement};

/// Calls `live` once the page that has just been made is in the document.
pub(crate) fn when_shown(live: fn()) {
    if document().get_element_by_id("page-heading").is_some() {
        return live();
    }
    let owner = Owner::current();
    request_animation_frame(move || match owner {
        Some(owner) => owner.with(live),
        None => live(),
    });
}

/// The first element of the page that fits a selector.
pub(crate) fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// All elements in `within` that fit a selector.
pub(crate) fn find_all(within: &Element, selector: &str) -> Vec<Element> {
    let found = within.query_selector_all(selector).ok();
    let count = found.as_ref().map(web_sys::NodeList::length).unwrap_or_default();
    (0..count).filter_map(|index| found.as_ref()?.get(index)?.dyn_into().ok()).collect()
}

/// Calls `act` whenever `event` reaches the element, as long as the page stands.
pub(crate) fn listen(element: &Element, event: &str, act: impl Fn(Event) + 'static) {
    hear(element, event, Box::new(act));
}

fn hear(element: &Element, event: &str, act: Box<dyn Fn(Event)>) {
    let act = Closure::<dyn Fn(Event)>::wrap(act);
    _ = element.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
    let act = send_wrapper::SendWrapper::new(act);
    on_cleanup(move || drop(act));
}

/// A heart to be drawn on a canvas, in a square of 100 by 100.
pub(crate) const HEART: &str =
    "M50 92 C22 70 6 52 8 32 C10 14 34 6 50 26 C64 6 90 12 92 32 C94 52 76 72 50 92 Z";

/// The family that [`load_drawn_face`] loads.
pub(crate) const DRAWN_FACE: &str = "Drawn";

/// Loads the display face for a canvas. The page's own may have arrived too late
/// for this document, and is then never used in it.
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
    // Without it the page's other faces are drawn.
    if loaded {
        _ = document().fonts().add(&face);
    }
    LOADED.set(loaded);
}

/// Puts HTML into the first element that fits a selector. What had the focus there has
/// it again, with what was typed into it just now; where it is gone, the heading has it, or
/// the place itself.
pub(crate) fn put(selector: &str, html: &str) {
    let Some(place) = find(selector) else { return };
    let focused = document().active_element().filter(|active| place.contains(Some(active)));
    let Some(focused) = focused else { return place.set_inner_html(html) };
    let id = focused.id();
    let typed = focused.dyn_ref::<HtmlInputElement>().filter(|input| input.value() != input.default_value());
    let typed = typed.map(HtmlInputElement::value);
    place.set_inner_html(html);
    let again = find_all(&place, "[id]").into_iter().find(|element| !id.is_empty() && element.id() == id);
    if let Some((again, typed)) =
        again.as_ref().and_then(|again| again.dyn_ref::<HtmlInputElement>()).zip(typed)
    {
        again.set_value(&typed);
    }
    let again = again.or_else(|| find_all(&place, "[tabindex]").into_iter().next());
    let again = again.or_else(|| place.has_attribute("tabindex").then_some(place));
    if let Some(again) = again.and_then(|again| again.dyn_into::<HtmlElement>().ok()) {
        _ = again.focus();
    }
}

/// Writes a text into the first element that fits a selector.
pub(crate) fn write(selector: &str, text: &str) {
    if let Some(element) = find(selector) {
        element.set_text_content(Some(text));
    }
}

/// Calls `act` with the name of what another tab has changed in this site's
/// storage, or with none where it cleared all, as long as the page stands.
pub(crate) fn listen_to_storage(act: impl Fn(Option<String>) + 'static) {
    let listening = window_event_listener(leptos::ev::storage, move |event| act(event.key()));
    on_cleanup(move || listening.remove());
}
