//! The form that cancels an order.

use contract::orders::{ChangeKind, Order};
use leptos::prelude::*;

use super::{
    change_form::{ChangeForm, SendButton},
    order_store::OrderStore,
};
use crate::i18n::{order as t, use_locale};

#[component]
pub(super) fn CancelForm(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let kind = ChangeKind::Cancel;
    view! {
        <Show when=move || store.order.with(Order::can_be_cancelled)>
            <ChangeForm store kind class="order__cancel">
                <p>{t::cancel_hint(locale)}</p>
                <SendButton store kind label=t::cancel(locale)/>
            </ChangeForm>
        </Show>
    }
}
