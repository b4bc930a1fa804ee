//! The form to return items, and the address to send them to.

use contract::orders::{ChangeKind, Order, OrderedLine};
use leptos::prelude::*;

use super::{
    change_form::{ChangeForm, SendButton},
    errors::quantity_id,
    order_store::OrderStore,
};
use crate::{
    i18n::{order as t, use_locale},
    ui::{TextArea, TextInput},
};

#[component]
pub(super) fn Returns(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    view! {
        {move || {
            let (is_open, has_form, being_returned) = store.order.with(|order: &Order| {
                let has_form = order.returnable().next().is_some();
                (order.takes_returns(), has_form, order.quantity_being_returned())
            });
            (is_open || being_returned > 0).then(|| {
                view! {
                    <section class="order__actions" aria-labelledby="return-title">
                        <h2 id="return-title" tabindex="-1">{t::return_items(locale)}</h2>
                        {(being_returned > 0).then(|| view! { <ReturnAddress store/> })}
                        {has_form.then(|| view! { <ReturnItemsForm store is_first=being_returned == 0/> })}
                    </section>
                }
            })
        }}
    }
}

/// The return address.
#[component]
fn ReturnAddress(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let note = store.order.with_untracked(|order| t::return_to(locale, &order.reference));
    let address = store.shop.with_value(|shop| shop.return_address.clone());
    let lines = address.into_iter().map(|line| view! { {line} <br/> }).collect_view();
    view! {
        <p>{note}</p>
        <address class="order__seller">{lines}</address>
    }
}

#[component]
fn ReturnItemsForm(
    store: OrderStore,
    /// Whether there are no returns yet, so that the form is the main action.
    is_first: bool,
) -> impl IntoView {
    let locale = use_locale();
    let kind = ChangeKind::Return;
    let (known, lines) = store.order.with_untracked(|order| {
        let line = |(index, line): (usize, &OrderedLine)| {
            let left = line.left_to_return().to_string();
            (index, line.sku.clone(), t::return_quantity(locale, &left, &line.full_name()))
        };
        (order.returns.to_string(), order.returnable().map(line).collect::<Vec<_>>())
    });
    let quantities = lines.into_iter().filter_map(|(index, sku, label)| {
        let (id, value) = (quantity_id(index), store.fields.quantity(index)?);
        let error = store.error(&id);
        Some(view! { <TextInput id name=sku label error value inputmode="numeric"/> })
    });
    let quantities = quantities.collect_view();
    view! {
        <details open=is_first || store.is_refused(kind)>
            <summary>{t::return_which(locale)}</summary>
            <ChangeForm store kind class="order__address">
                <p>{t::return_hint(locale)}</p>
                <input type="hidden" name="known" value=known/>
                {quantities}
                <TextArea
                    id="reason"
                    label=t::return_reason(locale)
                    error=store.error("reason")
                    value=store.fields.reason
                    maxlength=500
                />
                <SendButton store kind label=t::return_send(locale)/>
            </ChangeForm>
        </details>
    }
}
