//! An order's status, and its history.

use contract::{
    Locale,
    orders::{DisplayedStatus, Order, OrderEvent, OrderHistoryEntry},
};
use leptos::prelude::*;

use super::order_store::{OrderStore, STATUS};
use crate::i18n::{format, order as t, order_status, use_locale};

/// The last change, the status, and what comes next.
#[component]
pub(super) fn Status(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let done = move || store.done.get().map(|text| view! { <p class="notice">{text}</p> });
    let name = move || store.order.with(|order| order_status::name(order.displayed_status(), locale));
    let hint = move || store.order.with(|order| order_status::hint(order, locale));
    view! {
        {move || done()}
        <p class="order__status" id=STATUS tabindex="-1">
            <b>{move || name()}</b>
            " "
            {move || hint()}
        </p>
    }
}

/// The order's history, the oldest event first.
#[component]
pub(super) fn History(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let entries = move || {
        let order = store.order.get();
        let entries = order.history.iter().cloned();
        entries.map(|entry| view! { <Entry name=entry_name(&entry, &order, locale) entry/> }).collect_view()
    };
    view! {
        <section aria-labelledby="history-title">
            <h2 id="history-title">{t::history(locale)}</h2>
            <ol class="order__history" role="list">
                {move || entries()}
            </ol>
        </section>
    }
}

fn entry_name(entry: &OrderHistoryEntry, order: &Order, locale: Locale) -> &'static str {
    match entry.event {
        Some(OrderEvent::AddressChanged) => t::address_changed(locale),
        Some(OrderEvent::Expired) => order_status::name(DisplayedStatus::Expired, locale),
        None => order_status::name(DisplayedStatus::of(entry.status, &order.delivery), locale),
    }
}

#[component]
fn Entry(name: &'static str, entry: OrderHistoryEntry) -> impl IntoView {
    let locale = use_locale();
    let when =
        [&*format::short_date(locale, entry.at.uk_date), ", ", &format::time(locale, &entry.at)].concat();
    let note = entry.note;
    let note = (!note.is_empty()).then(|| view! { " " <span class="order__history-note">{note}</span> });
    view! {
        <li>
            <b>{name}</b>
            " "
            {when}
            {note}
        </li>
    }
}
