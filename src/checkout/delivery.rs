//! The delivery options, and the address or the office.

use contract::{
    Locale,
    orders::{DeliveryOption, DeliveryOptionKind},
};
use leptos::{html, prelude::*};

use super::{
    checkout_field::CheckoutField, field::Field, form_values::delivery_option_value, prices::PricesState,
    state::Checkout,
};
use crate::i18n::{basket, checkout as t, format, use_locale};

#[component]
pub(super) fn Delivery(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    let address = [Field::Recipient, Field::Line1, Field::Line2, Field::Town, Field::Postcode];
    view! {
        <fieldset class="checkout__part">
            <legend>{t::delivery(locale)}</legend>
            <DeliveryOptions checkout/>
            <div class="checkout__address">
                {address.map(|field| view! { <CheckoutField checkout field/> })}
            </div>
            <Office checkout/>
        </fieldset>
    }
}

/// The delivery options for the basket; none before the prices are known. Each keeps its
/// button, and so the focus, when its price changes.
#[component]
fn DeliveryOptions(checkout: Checkout) -> impl IntoView {
    let kinds = Memo::new(move |_| {
        checkout.prices.state.with(|state| match state {
            PricesState::Loaded(priced) => priced.delivery_options.iter().map(|option| option.kind).collect(),
            _ => Vec::new(),
        })
    });
    view! {
        <div class="checkout__delivery-options" id="delivery-options">
            <For each=move || kinds.get() key=|kind| delivery_option_value(*kind) let:kind>
                <DeliveryOptionChoice checkout kind/>
            </For>
        </div>
    }
}

#[component]
fn DeliveryOptionChoice(checkout: Checkout, kind: DeliveryOptionKind) -> impl IntoView {
    let locale = use_locale();
    let with_option = move |show: fn(&DeliveryOption, Locale) -> String| {
        move || {
            checkout.prices.state.with(|state| {
                let PricesState::Loaded(priced) = state else { return String::new() };
                let option = priced.delivery_options.iter().find(|option| option.kind == kind);
                option.map(|option| show(option, locale)).unwrap_or_default()
            })
        }
    };
    let value = delivery_option_value(kind);
    view! {
        <label class="choice">
            <input
                class="choice__box"
                type="radio"
                name="delivery"
                id=["delivery-option-", value].concat()
                value=value
                prop:checked=move || checkout.delivery_option().is_some_and(|option| option.kind == kind)
                on:change=move |_| checkout.draft.delivery_option.set(Some(kind))
            />
            <span class="choice__label">
                <b>{with_option(name_and_price)}</b>
                " "
                {with_option(arrival)}
            </span>
        </label>
    }
}

fn name_and_price(option: &DeliveryOption, locale: Locale) -> String {
    let name =
        if option.kind == DeliveryOptionKind::Collection { t::collection(locale) } else { &option.name };
    [name, ", ", &format::price(locale, option.price_pence)].concat()
}

/// The delivery date, and whether it is before the week.
fn arrival(option: &DeliveryOption, locale: Locale) -> String {
    let day = format::short_date(locale, option.arrives);
    match (option.kind == DeliveryOptionKind::Collection, option.before_week) {
        (false, Some(true)) => basket::arrives_before(locale, &day),
        (false, Some(false)) => t::delivery_late(locale, &day),
        (false, None) => t::delivery_arrives(locale, &day),
        (true, Some(true)) => t::collection_before(locale, &day),
        (true, Some(false)) => t::collection_late(locale, &day),
        (true, None) => t::collection_arrives(locale, &day),
    }
}

/// The regional office to collect from.
#[component]
fn Office(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    let region = checkout.draft.region;
    let select = NodeRef::<html::Select>::new();
    Effect::new(move |bound: Option<bool>| {
        let Some(select) = select.get() else { return false };
        // The customer may have chosen one before the app ran.
        if bound != Some(true) && select.selected_index() > 0 {
            region.set(select.value());
        }
        select.set_value(&region.get());
        true
    });
    let offices = checkout.shop.with_value(|shop| shop.offices.clone());
    let options = offices
        .into_iter()
        .map(|office| view! { <option value=office.region.slug()>{office.name}</option> })
        .collect_view();
    view! {
        <div class="checkout__office field">
            <label class="field__label" for="region">{t::office(locale)}</label>
            <select
                class="field__input"
                node_ref=select
                id="region"
                name="region"
                on:change:target=move |event| region.set(event.target().value())
            >
                {options}
            </select>
        </div>
    }
}
