//! The form that accepts a quote.

use contract::orders::{ChangeKind, Order};
use leptos::prelude::*;

use super::{
    change_form::{ChangeForm, SendButton},
    order_store::OrderStore,
};
use crate::{
    i18n::{checkout as t, format, use_locale},
    ui::{FieldError, RadioButtons, TextInput},
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
    let methods =
        methods.into_iter().flatten().map(|(value, label)| (value.to_owned(), value, label)).collect();
    view! {
        <div class="notice order__approval">
            <ChangeForm store kind class="order__address">
                <fieldset class="order__choice" id="by" tabindex="-1" aria-describedby="by-error">
                    <legend>{t::payment(locale)}</legend>
                    <FieldError field="by".to_owned() error=store.error("by")/>
                    <div class="choices__list">
                        <RadioButtons name="by" choices=methods chosen=store.fields.payment_method/>
                    </div>
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
