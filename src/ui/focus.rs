//! Moves the focus to what the app has just shown, or keeps it.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{FocusOptions, HtmlElement};

/// Focuses the element with this id, once the current changes are in the document.
pub(crate) fn focus_on(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || focus(&id));
}

/// Like [`focus_on`], unless the visitor uses a control of the page meanwhile.
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

/// Whether the element with this id has the focus.
pub(crate) fn has_focus(id: &str) -> bool {
    document().active_element().is_some_and(|active| active.id() == id)
}

/// Keeps the focus through a change of the page that follows this call. If the change removes or
/// hides the focused element, such as a retry button, the focus moves to the element with the id
/// `instead`; if it moves the element, which also takes the focus from it, the focus returns.
pub(crate) fn keep_focus(instead: &'static str) {
    let active = || document().active_element().filter(|active| active.tag_name() != "BODY");
    let Some(focused) = active().and_then(|active| active.dyn_into::<HtmlElement>().ok()) else { return };
    request_animation_frame(move || {
        let is_rendered = focused.offset_width() > 0;
        match active() {
            // Still there, or the visitor uses another control meanwhile.
            Some(active) if is_rendered || !active.is_same_node(Some(&focused)) => {}
            _ if is_rendered => {
                let options = FocusOptions::new();
                options.set_prevent_scroll(true);
                _ = focused.focus_with_options(&options);
            }
            _ => focus(instead),
        }
    });
}

fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        _ = element.focus();
    }
}
