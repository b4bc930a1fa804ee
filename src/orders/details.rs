//! When an order was placed, its customer, its delivery and its payment.

use contract::{
    Locale,
    orders::{Address, Delivery, Order, OrderStatus, Payment},
    shop::Shop,
};
use leptos::prelude::*;

use super::order_store::OrderStore;
use crate::i18n::{format, order as t, use_locale};

#[component]
pub(super) fn Details(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let facts = move || store.shop.with_value(|shop| store.order.with(|order| facts(order, shop, locale)));
    view! {
        <section aria-labelledby="facts-title">
            <h2 id="facts-title">{t::details(locale)}</h2>
            {move || view! { <Facts facts=facts()/> }}
        </section>
    }
}

fn facts(order: &Order, shop: &Shop, locale: Locale) -> Vec<(&'static str, String)> {
    let customer = &order.customer;
    let by = joined([&customer.name, &customer.branch, &customer.email]);
    let place = match &order.delivery {
        Delivery::Post { address, .. } => (t::delivery_address(locale), written(address)),
        Delivery::Collection { region } => {
            let office = shop.offices.iter().find(|office| office.region == *region);
            (t::collect_from(locale), office.map(|office| office.name.clone()).unwrap_or_default())
        }
    };
    let day = format::short_date(locale, order.placed.uk_date);
    let mut facts = vec![(t::placed(locale), day), (t::ordered_by(locale), by), place];
    if order.status != OrderStatus::Quoted {
        facts.push((t::paid_by(locale), payment(&order.payment, locale)));
    }
    facts
}

fn payment(payment: &Payment, locale: Locale) -> String {
    match payment {
        Payment::PurchaseOrder { number } => t::by_purchase_order(locale, number),
        Payment::Transfer {} => t::by_transfer(locale).to_owned(),
        Payment::Card {} => t::by_card(locale).to_owned(),
        Payment::Nothing {} => t::nothing_to_pay(locale).to_owned(),
    }
}

fn written(address: &Address) -> String {
    let Address { recipient, line_1, line_2, town, postcode } = address;
    joined([recipient, line_1, line_2, town, postcode])
}

fn joined<const PARTS: usize>(parts: [&String; PARTS]) -> String {
    let parts = parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str);
    parts.collect::<Vec<_>>().join(", ")
}

/// A list of facts with their labels.
#[component]
pub(super) fn Facts(facts: Vec<(&'static str, String)>) -> impl IntoView {
    let facts = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="order__facts">{facts}</dl> }
}
