//! A form that changes an order, submitted by the app, or by the browser without it.

use contract::orders::ChangeKind;
use leptos::prelude::*;

use super::order_store::OrderStore;
use crate::{api, i18n::use_locale, routes::Route};

/// A form for a change; its children are the fields and the button.
#[component]
pub(super) fn ChangeForm(
    store: OrderStore,
    kind: ChangeKind,
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let page = Route::Order(store.token.get_value()).href(use_locale());
    view! {
        <form
            class=class
            method="post"
            action=api::server_href(&page)
            novalidate
            on:submit=move |event| store.send(kind, &event)
        >
            <input type="hidden" name="act" value=kind.name()/>
            {children()}
        </form>
    }
}

/// The submit button. While the form is being sent it says so, but is not disabled, because it
/// would lose the focus.
#[component]
pub(super) fn SendButton(
    store: OrderStore,
    kind: ChangeKind,
    #[prop(into)] label: Signal<String>,
    /// Whether it is the main action of the page now.
    #[prop(optional)]
    is_main: bool,
) -> impl IntoView {
    let is_sending = move || store.is_sending(kind).then_some("true");
    view! {
        <p class="actions">
            <button
                class=if is_main { "button button--main" } else { "button" }
                type="submit"
                aria-busy=is_sending
                aria-disabled=is_sending
            >
                {move || label.get()}
            </button>
        </p>
    }
}
