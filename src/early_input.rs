//! What the reader typed, chose and focused before the app was ready, kept while the page is
//! rendered again.

use leptos::prelude::document;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlElement};

/// The properties that hold the input of a form control, each with that of its initial value. A
/// `<select>` has no initial value.
const PROPERTIES: [(&str, &str); 2] = [("value", "defaultValue"), ("checked", "defaultChecked")];

/// Input by the ids of the controls.
pub(crate) struct EarlyInput {
    /// An id, a property and its value.
    changed: Vec<(String, &'static str, JsValue)>,
    /// The id of the focused control; may be empty.
    focused: String,
}

impl EarlyInput {
    /// Reads the document.
    pub(crate) fn read() -> Self {
        let controls = document().query_selector_all("input[id], select[id], textarea[id]").ok();
        let controls = controls.iter().flat_map(|controls| {
            (0..controls.length()).filter_map(move |index| controls.get(index)?.dyn_into::<Element>().ok())
        });
        let changed = controls.flat_map(|control| {
            PROPERTIES.into_iter().filter_map(move |(property, initial)| {
                let value = get(&control, property);
                (value != get(&control, initial)).then(|| (control.id(), property, value))
            })
        });
        let focused = document().active_element().map(|active| active.id());
        Self { changed: changed.collect(), focused: focused.unwrap_or_default() }
    }

    /// Makes the same input in the new page. The app's effects read it afterwards, like any input
    /// made before the app was ready.
    pub(crate) fn restore(self) {
        for (id, property, value) in self.changed {
            if let Some(control) = document().get_element_by_id(&id) {
                _ = js_sys::Reflect::set(&control, &property.into(), &value);
            }
        }
        let focused = document().get_element_by_id(&self.focused);
        if let Some(focused) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            _ = focused.focus();
        }
    }
}

fn get(control: &Element, property: &str) -> JsValue {
    js_sys::Reflect::get(control, &property.into()).unwrap_or_default()
}
