//! The form that changes the delivery address.

use contract::orders::{ChangeKind, Order};
use leptos::prelude::*;

use super::{
    change_form::{ChangeForm, SendButton},
    order_store::OrderStore,
};
use crate::{
    i18n::{checkout, order as t, use_locale},
    ui::TextInput,
};

#[component]
pub(super) fn AddressForm(store: OrderStore) -> impl IntoView {
    // Recreated after each change, so that it is closed again.
    view! {
        {move || {
            let can_be_changed = store.order.with(|order: &Order| order.changeable_address().is_some());
            can_be_changed.then(|| view! { <ChangeAddressForm store/> })
        }}
    }
}

#[component]
fn ChangeAddressForm(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let kind = ChangeKind::Address;
    let fields = store.fields.address;
    let lines = [
        ("recipient", checkout::recipient(locale), fields.recipient),
        ("line_1", checkout::line_1(locale), fields.line_1),
        ("line_2", checkout::line_2(locale), fields.line_2),
        ("town", checkout::town(locale), fields.town),
        ("postcode", checkout::postcode(locale), fields.postcode),
    ];
    let lines = lines.map(|(id, label, value)| view! { <TextInput id label error=store.error(id) value/> });
    view! {
        <details open=store.is_refused(kind)>
            <summary>{t::change_address(locale)}</summary>
            <ChangeForm store kind class="order__address">
                <p>{t::change_address_hint(locale)}</p>
                {lines}
                <SendButton store kind label=t::change_address_save(locale)/>
            </ChangeForm>
        </details>
    }
}
