//! What the reader typed, chose, opened and focused before the app was ready, and how far they had
//! scrolled, kept while the page is rendered again.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlElement};

/// The elements that hold input.
const CONTROLS: &str = "input, select, textarea, details";

/// The properties that hold the input of a control, each with that of its initial value.
/// `<select>` and `<details>` have no such property, so they are always kept.
const PROPERTIES: [(&str, &str); 3] =
    [("value", "defaultValue"), ("checked", "defaultChecked"), ("open", "defaultOpen")];

/// The input, and the position on the page.
pub(crate) struct EarlyInput {
    /// A control, a property and its value.
    changed: Vec<(Locator, &'static str, JsValue)>,
    focused: Option<Locator>,
    /// The scroll position in CSS pixels.
    scroll: f64,
}

impl EarlyInput {
    /// Reads the document.
    pub(crate) fn read() -> Self {
        let controls = document().query_selector_all(CONTROLS).ok();
        let controls = controls.iter().flat_map(|controls| {
            (0..controls.length()).filter_map(move |index| controls.get(index)?.dyn_into::<Element>().ok())
        });
        let changed = controls.flat_map(|control| {
            PROPERTIES.into_iter().filter_map(move |(property, initial)| {
                let value = get(&control, property);
                if value == get(&control, initial) {
                    return None;
                }
                Some((Locator::of(&control)?, property, value))
            })
        });
        Self {
            changed: changed.collect(),
            focused: document().active_element().and_then(|active| Locator::of(&active)),
            scroll: window().scroll_y().unwrap_or_default(),
        }
    }

    /// Makes the same input in the new page. The app's effects read it afterwards, like any input
    /// made before the app was ready.
    pub(crate) fn restore(self) {
        for (control, property, value) in self.changed {
            if let Some(control) = control.find() {
                _ = js_sys::Reflect::set(&control, &property.into(), &value);
            }
        }
        if let Some(focused) = self.focused.and_then(|focused| focused.find()) {
            _ = focused.focus();
        }
        window().scroll_to_with_x_and_y(0.0, self.scroll);
    }
}

/// Finds an element again in the new page: by its index among those that match a selector. An
/// index among all elements would count those that an extension has inserted.
struct Locator {
    selector: String,
    index: u32,
}

impl Locator {
    fn of(element: &Element) -> Option<Self> {
        let attribute = ["id", "name", "href", "class"]
            .into_iter()
            .find_map(|name| Some((name, element.get_attribute(name)?)));
        let selector = match attribute {
            Some((name, value)) => ["[", name, "=\"", &value, "\"]"].concat(),
            None => element.local_name(),
        };
        let matches = document().query_selector_all(&selector).ok()?;
        let index = (0..matches.length())
            .find(|&index| matches.get(index).is_some_and(|node| node.is_same_node(Some(element))))?;
        Some(Self { selector, index })
    }

    fn find(&self) -> Option<HtmlElement> {
        let found = document().query_selector_all(&self.selector).ok()?.get(self.index)?;
        // Links on the map are SVG elements; they have the same method `focus`.
        Some(found.unchecked_into())
    }
}

fn get(control: &Element, property: &str) -> JsValue {
    js_sys::Reflect::get(control, &property.into()).unwrap_or_default()
}
