//! The notice about an order without a response: the reason, its contents, and what the
//! customer can do.

use leptos::{prelude::*, task::spawn_local};

use super::{
    empty_basket::EMPTY_BASKET,
    order_text::{item_lines, order_text},
    prices::LINES,
    response::Failure,
    save_order::{can_copy, copy_text, save_text},
    state::{Checkout, CheckoutContent},
};
use crate::{
    i18n::{checkout as t, errors, format, order, use_locale},
    ui::focus_on,
};

/// Where the focus moves when the question appears and disappears.
const QUESTION: &str = "discard-question";
const DISCARD: &str = "discard-order";

/// The order that is not confirmed; nothing if there is none. The notice keeps its elements
/// while the order is sent again, so that the focus stays on its button.
#[component]
pub(super) fn PendingNotice(checkout: Checkout) -> impl IntoView {
    let has_failed = Memo::new(move |_| checkout.pending.failure().is_some());
    view! {
        {move || has_failed.get().then(|| view! { <Notice checkout/> })}
    }
}

#[component]
fn Notice(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    let reason = move || match checkout.pending.failure() {
        None => String::new(),
        Some(Failure::Offline) => [t::pending_offline(locale), " ", t::pending_hint(locale)].concat(),
        Some(Failure::ServerError) => [t::pending_problem(locale), " ", t::pending_hint(locale)].concat(),
        Some(Failure::RateLimited(limit)) => [&limit.text(locale), " ", t::stored_hint(locale)].concat(),
    };
    let again = move || match checkout.pending.failure() {
        Some(Failure::RateLimited(_)) => errors::retry(locale),
        _ => t::send_again(locale),
    };
    let is_asking = RwSignal::new(false);
    view! {
        <section class="notice" aria-labelledby="pending-title">
            <h2 class="notice__title" id="pending-title">{t::pending(locale)}</h2>
            <p>{move || reason()}</p>
            <p class="actions">
                <button
                    class="button button--main"
                    type="button"
                    id="send-again"
                    on:click=move |_| checkout.send_again()
                >
                    {move || again()}
                </button>
            </p>
            <Items checkout/>
            <p>{t::pending_without(locale)}</p>
            <SaveButtons checkout/>
            {move || {
                if is_asking.get() {
                    view! { <DiscardQuestion checkout is_asking/> }.into_any()
                } else {
                    view! { <DiscardButton is_asking/> }.into_any()
                }
            }}
        </section>
    }
}

/// The contents of the order.
#[component]
fn Items(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    view! {
        {move || {
            checkout.pending.order().map(|pending| {
                let items = item_lines(&pending, |sku| checkout.prices.name_of(sku));
                let items = items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view();
                let total = pending.total_pence.map(|total| {
                    view! { <p>{[order::total(locale), ": ", &format::price(locale, total)].concat()}</p> }
                });
                view! {
                    <h3>{t::pending_items(locale)}</h3>
                    <ul>{items}</ul>
                    {total}
                }
            })
        }}
    }
}

/// Saves or copies the order as text.
#[component]
fn SaveButtons(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    let status = RwSignal::new(None::<&'static str>);
    let can_copy = can_copy();
    let text = move || {
        let pending = untrack(|| checkout.pending.order())?;
        let name_of = |sku: &str| untrack(|| checkout.prices.name_of(sku));
        Some(checkout.shop.with_value(|shop| order_text(&pending, shop, name_of, locale)))
    };
    let save = move |_| {
        if text().is_some_and(|text| save_text(&text).is_some()) {
            status.set(Some(t::order_saved(locale)));
        }
    };
    let copy = move |_| {
        let Some(text) = text() else { return };
        // A live region does not announce the same text twice.
        status.set(None);
        spawn_local(async move {
            let is_copied = copy_text(&text).await;
            status.try_set(Some(if is_copied {
                t::order_copied(locale)
            } else {
                t::order_not_copied(locale)
            }));
        });
    };
    view! {
        <p class="actions">
            <button class="button" type="button" on:click=save>{t::save_order(locale)}</button>
            " "
            <button class="button" type="button" hidden=!can_copy on:click=copy>{t::copy_order(locale)}</button>
        </p>
        <p role="status">{move || status.get()}</p>
    }
}

#[component]
fn DiscardButton(is_asking: RwSignal<bool>) -> impl IntoView {
    let locale = use_locale();
    let ask = move |_| {
        is_asking.set(true);
        focus_on(QUESTION);
    };
    view! {
        <p class="actions">
            <button class="button" type="button" id=DISCARD on:click=ask>{t::discard(locale)}</button>
        </p>
    }
}

/// Asks for confirmation before the order is discarded, because it may have been placed.
#[component]
fn DiscardQuestion(checkout: Checkout, is_asking: RwSignal<bool>) -> impl IntoView {
    let locale = use_locale();
    let discard = move |_| {
        checkout.discard();
        // The button disappears with the notice, so the focus moves to the form's message.
        let is_empty = checkout.shown.get_untracked() == CheckoutContent::EmptyBasket;
        focus_on(if is_empty { EMPTY_BASKET } else { LINES });
    };
    let keep = move |_| {
        is_asking.set(false);
        focus_on(DISCARD);
    };
    view! {
        <div role="group" aria-labelledby=QUESTION aria-describedby="discard-hint">
            <h3 id=QUESTION tabindex="-1">{t::discard_question(locale)}</h3>
            <p id="discard-hint">{t::discard_hint(locale)}</p>
            <p class="actions">
                <button class="button button--main" type="button" on:click=discard>{t::discard_yes(locale)}</button>
                " "
                <button class="button" type="button" on:click=keep>{t::discard_no(locale)}</button>
            </p>
        </div>
    }
}
