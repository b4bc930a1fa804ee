//! The quantity field of a line in the basket, with its error.

use std::time::Duration;

use leptos::{html, prelude::*};

use super::{List, page_state::PageState, quantity::scroll_page};
use crate::i18n::basket as t;

/// How long typing has to pause before the quantity is stored, or its error shown.
const TYPING_PAUSE: Duration = Duration::from_millis(700);

/// A field that shows the stored quantity, and keeps the input until it is stored.
#[component]
pub(super) fn QuantityField(
    sku: String,
    /// The item's name, which follows the label.
    label: String,
    page: PageState,
) -> impl IntoView {
    let id = ["q-", &sku].concat();
    let error_id = [&id, "-error"].concat();
    let sku = StoredValue::new(sku);
    let input = NodeRef::<html::Input>::new();
    // Whether the input holds an edit that is not stored yet.
    let is_typed = RwSignal::new(false);
    // Whether that edit is to be stored as soon as nothing is pressed.
    let is_finished = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let quantity = Memo::new(move |_| sku.with_value(|sku| page.basket.quantity(List::Basket, sku)));
    let first = quantity.get_untracked();
    Effect::new(move |_| {
        let (quantity, is_typed) = (quantity.get(), is_typed.get());
        if let Some(input) = input.get()
            && !is_typed
            && quantity > 0
        {
            input.set_value(&quantity.to_string());
        }
    });
    // Only an edited quantity is stored, because another tab may have changed the stored one.
    // Removing the focused field from the page also fires `focusout`, when its signals are already
    // disposed of.
    let finish = move || {
        if is_typed.try_get_untracked() == Some(true) {
            is_finished.try_set(true);
        }
    };
    // An error should be there before a button is pressed.
    Effect::new(move |_| {
        if is_typed.get()
            && let Ok(pause) = set_timeout_with_handle(finish, TYPING_PAUSE)
        {
            on_cleanup(move || pause.clear());
        }
    });
    // Pressing a button takes the focus from the field. Until it is released nothing may appear
    // that moves it away.
    Effect::new(move |_| {
        if !is_finished.get() || page.is_pressed.get() {
            return;
        }
        is_finished.set(false);
        let Some(input) = input.get_untracked() else { return };
        let result = sku.with_value(|sku| page.set_quantity(sku, &input.value()));
        if result.is_ok() {
            is_typed.set(false);
        }
        error.set(result.err());
    });
    let edit = move |_| {
        is_typed.set(true);
        // Not only when the quantity is stored: the undo button would then disappear under a press.
        page.removed.set(None);
    };
    view! {
        <p class="basket-line__quantity">
            <label for=id.clone()>
                {t::quantity(page.locale)}
                <span class="visually-hidden">{label}</span>
            </label>
            " "
            <input
                class="field__input"
                node_ref=input
                id=id
                type="number"
                inputmode="numeric"
                min="1"
                max="10000"
                value=first.to_string()
                aria-describedby=error_id.clone()
                aria-invalid=move || if error.with(Option::is_some) { "true" } else { "false" }
                on:input=edit
                on:change=move |_| finish()
                on:focusout=move |_| finish()
                on:wheel=scroll_page
            />
            " "
            <span class="field__error" id=error_id>
                {move || error.get()}
            </span>
        </p>
    }
}
