//! The link to order again, and the order's documents.

use contract::orders::{Order, OrderDocument};
use leptos::prelude::*;

use super::order_store::OrderStore;
use crate::{
    api,
    i18n::{order as t, use_locale},
    routes::Route,
};

#[component]
pub(super) fn Documents(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    // An order's lines never change.
    let again = [&*Route::Basket.href(locale), "?add=", &store.order.with_untracked(wanted)].concat();
    let document = move || {
        let document = store.order.with(Order::document)?;
        let label = match document {
            OrderDocument::Quote => t::quote_file(locale),
            OrderDocument::Invoice => t::invoice_file(locale),
        };
        let page = Route::Order(store.token.get_value()).href(locale);
        let href = api::server_href(&[&*page, document.path()].concat());
        Some(view! { <a class="button" rel="external" href=href>{label}</a> })
    };
    view! {
        <p class="actions">
            <a class="button" href=again>{t::reorder(locale)}</a>
            {move || document()}
        </p>
    }
}

/// The items for the basket, as in a link.
fn wanted(order: &Order) -> String {
    let lines = order.lines.iter().map(|line| [&*line.sku, ":", &line.quantity.to_string()].concat());
    lines.collect::<Vec<_>>().join(",")
}
