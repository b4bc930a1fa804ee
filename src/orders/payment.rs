//! How to pay an order awaiting payment.

use contract::orders::{Order, Payment};
use leptos::prelude::*;

use super::{details::Facts, order_store::OrderStore};
use crate::{
    api,
    i18n::{format, order as t, use_locale},
    routes::Route,
};

#[component]
pub(super) fn PaymentDue(store: OrderStore) -> impl IntoView {
    view! {
        {move || match store.order.with(|order| order.payment_due().cloned()) {
            Some(Payment::Transfer {}) => view! { <Account store/> }.into_any(),
            Some(Payment::Card {}) => view! { <CardLink store/> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

/// The bank account for a transfer.
#[component]
fn Account(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let (reference, total) =
        store.order.with_untracked(|order| (order.reference.clone(), order.price.total_pence));
    let account = store.shop.with_value(|shop| shop.account.clone());
    let facts = vec![
        (t::account_name(locale), account.name),
        (t::sort_code(locale), account.sort_code),
        (t::account_number(locale), account.number),
        (t::reference(locale), reference),
        (t::amount(locale), format::pounds(total)),
    ];
    view! {
        <section class="notice" aria-labelledby="account-title">
            <h2 class="notice__title" id="account-title">{t::account(locale)}</h2>
            <Facts facts/>
        </section>
    }
}

/// The link to the payment provider's page, through a redirect by the server.
#[component]
fn CardLink(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let total = store.order.with_untracked(|order: &Order| format::price(locale, order.price.total_pence));
    let page = Route::Order(store.token.get_value()).href(locale);
    view! {
        <p class="actions">
            <a class="button button--main" rel="external" href=api::server_href(&[&*page, "/pay"].concat())>
                {t::pay(locale, &total)}
            </a>
        </p>
    }
}
