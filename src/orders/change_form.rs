//! A form that changes an order: sent by the app, or by the browser where the app is not there.

use contract::orders::ChangeKind;
use leptos::prelude::*;

use super::order_store::OrderStore;

/// A form for a change; its fields and its button are inside.
#[component]
pub(super) fn ChangeForm(
    store: OrderStore,
    kind: ChangeKind,
    class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <form class=class method="post" novalidate on:submit=move |event| store.send(kind, &event)>
            <input type="hidden" name="act" value=kind.name()/>
            {children()}
        </form>
    }
}

/// The button that sends it. While that takes, it says so, and keeps the focus: a disabled
/// button would lose it.
#[component]
pub(super) fn SendButton(
    store: OrderStore,
    kind: ChangeKind,
    #[prop(into)] label: String,
    /// Whether it is what the page is there for now.
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
                {label}
            </button>
        </p>
    }
}
