//! The form that accepts a quote.

use contract::orders::{ChangeKind, Order};
use leptos::{html, prelude::*};

use super::{
    change_form::{ChangeForm, SendButton},
    order_store::OrderStore,
};
use crate::{
    i18n::{checkout as t, format, use_locale},
    ui::{FieldError, TextInput},
};

#[component]
pub(super) fn AcceptanceForm(store: OrderStore) -> impl IntoView {
    view! {
        <Show when=move || store.order.with(Order::can_be_accepted)>
            <AcceptQuoteForm store/>
        </Show>
    }
}

#[component]
fn AcceptQuoteForm(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let kind = ChangeKind::Accept;
    let total = store.order.with_untracked(|order| format::price(locale, order.price.total_pence));
    let takes_cards = store.shop.with_value(|shop| shop.card);
    let methods = [
        Some(("purchase-order", t::purchase_order(locale))),
        takes_cards.then(|| ("card", t::card(locale))),
        Some(("transfer", t::transfer(locale))),
    ];
    let methods = methods.into_iter().flatten();
    let methods = methods.map(|(value, label)| view! { <PaymentMethod store value label/> }).collect_view();
    view! {
        <div class="notice order__approval">
            <ChangeForm store kind class="order__address">
                <fieldset class="order__choice" id="by" tabindex="-1" aria-describedby="by-error">
                    <legend>{t::payment(locale)}</legend>
                    <FieldError field="by".to_owned() error=store.error("by")/>
                    <div class="choices__list">{methods}</div>
                </fieldset>
                <TextInput
                    id="number"
                    label=t::number(locale)
                    hint=t::number_hint(locale)
                    error=store.error("number")
                    value=store.fields.number
                    autocomplete="off"
                    maxlength=40
                />
                <SendButton store kind label=t::order_for(locale, &total) is_main=true/>
            </ChangeForm>
        </div>
    }
}

#[component]
fn PaymentMethod(store: OrderStore, value: &'static str, label: &'static str) -> impl IntoView {
    let by = store.fields.by;
    let input = NodeRef::<html::Input>::new();
    // The customer may have chosen it before the app ran.
    input.on_load(move |input| {
        if input.checked() {
            by.set(value.to_owned());
        }
    });
    view! {
        <label class="choice">
            <input
                class="choice__box"
                node_ref=input
                type="radio"
                name="by"
                value=value
                checked=by.with_untracked(|by| by == value)
                on:change=move |_| by.set(value.to_owned())
            />
            <span class="choice__label">{label}</span>
        </label>
    }
}
