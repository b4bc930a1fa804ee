//! The form that approves an order with the officer's code, and the one that requests a code.

use contract::orders::{ChangeKind, Order};
use leptos::prelude::*;

use super::{
    change_form::{ChangeForm, SendButton},
    order_store::OrderStore,
};
use crate::{
    i18n::{order as t, use_locale},
    ui::TextInput,
};

#[component]
pub(super) fn ApprovalForm(store: OrderStore) -> impl IntoView {
    view! {
        <Show when=move || store.order.with(Order::awaits_officer)>
            <Forms store/>
        </Show>
    }
}

#[component]
fn Forms(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let label =
        move |order: &Order| if order.needs_code { t::send_code(locale) } else { t::new_code(locale) };
    let send_label = Signal::derive(move || store.order.with(label).to_owned());
    view! {
        <div class="notice order__approval">
            <Show when=move || store.order.with(Order::takes_code)>
                <CodeForm store/>
            </Show>
            <ChangeForm store kind=ChangeKind::NewCode class="order__new-code">
                <SendButton store kind=ChangeKind::NewCode label=send_label/>
            </ChangeForm>
        </div>
    }
}

#[component]
fn CodeForm(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    view! {
        <ChangeForm store kind=ChangeKind::Approve class="order__address">
            <TextInput
                id="code"
                label=t::approve_code(locale)
                hint=t::approve_code_hint(locale)
                error=store.error("code")
                value=store.fields.code
                inputmode="numeric"
                autocomplete="one-time-code"
            />
            <SendButton store kind=ChangeKind::Approve label=t::approve(locale) is_main=true/>
        </ChangeForm>
    }
}
