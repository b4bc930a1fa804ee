//! Quantities entered by customers.

use contract::{Locale, orders::MAX_QUANTITY};
use leptos::{ev::WheelEvent, prelude::*};
use web_sys::EventTarget;

use crate::i18n::{basket as t, format};

/// The entered quantity, if it can be ordered.
pub(super) fn parse_quantity(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|quantity| (1..=MAX_QUANTITY).contains(quantity))
}

/// The error message for a quantity.
pub(super) fn quantity_error(locale: Locale, limit: u32) -> String {
    t::quantity_error(locale, &format::number(limit))
}

/// Scrolls the page instead of changing the number in the focused field: scrolling must not
/// change an order.
pub(super) fn scroll_page(event: WheelEvent) {
    let active = document().active_element().map(EventTarget::from);
    // With this key, the wheel zooms the page.
    if active.is_some() && active == event.target() && !event.ctrl_key() {
        event.prevent_default();
        window().scroll_by_with_x_and_y(event.delta_x(), event.delta_y());
    }
}
