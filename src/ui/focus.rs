//! Moves the focus to an element that the app has just shown.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, Node};

/// Focuses the element with this id, once the current changes are in the document.
pub(crate) fn focus_on(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            _ = element.focus();
        }
    });
}

/// The same, unless the visitor uses a control of the page meanwhile.
pub(crate) fn focus_if_idle(id: &str) {
    let active = document().active_element();
    if active.is_none_or(|active| active.tag_name() == "BODY" || active.id() == "page-heading") {
        focus_on(id);
    }
}

/// Focuses the error summary.
pub(crate) fn focus_summary() {
    focus_on("error-summary");
}

/// Whether an element, or one inside it, has the focus.
pub(crate) fn has_focus(element: &Node) -> bool {
    document().active_element().is_some_and(|active| element.contains(Some(&active)))
}
