//! The order summary: the items, the total, and the buttons to place the order.

use contract::orders::{CustomerKind, PricedBasket, PricedLine};
use leptos::prelude::*;

use super::{
    form_values::PaymentMethod,
    prices::{LINES, PricesState},
    state::Checkout,
};
use crate::{
    basket::shortage,
    i18n::{basket, checkout as t, format, frame, order, use_locale},
    routes::Route,
};

/// The id of the button that requests a quote.
pub(super) const QUOTE: &str = "quote";

#[component]
pub(super) fn OrderSummary(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="checkout__summary" aria-labelledby="summary-title">
            <h2 id="summary-title">{t::order_summary(locale)}</h2>
            <Lines checkout/>
            <OrderButtons checkout/>
            <p class="checkout__status" role="status">{move || checkout.status()}</p>
            <p class="checkout__note">
                {order::right_to_cancel(locale)} " "
                <a href=Route::DeliveryAndReturns.href(locale)>{frame::returns(locale)}</a>
            </p>
            <p class="checkout__note">
                {t::note(locale)} " " <a href=Route::Privacy.href(locale)>{t::privacy(locale)}</a>
            </p>
        </section>
    }
}

/// What is shown instead of the lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LinesState {
    Loading,
    Failed,
    Loaded,
}

/// The lines, or a message that their prices are loading or failed to load.
#[component]
fn Lines(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    let state = Memo::new(move |_| {
        checkout.prices.state.with(|state| match state {
            PricesState::Loading => LinesState::Loading,
            PricesState::Failed => LinesState::Failed,
            PricesState::Loaded(_) => LinesState::Loaded,
        })
    });
    let content = move || match state.get() {
        LinesState::Loading => view! { <p>{basket::loading(locale)}</p> }.into_any(),
        LinesState::Failed => view! { <PricesUnavailable checkout/> }.into_any(),
        LinesState::Loaded => view! { <Costs checkout/> }.into_any(),
    };
    view! {
        <div class="checkout__lines" id=LINES tabindex="-1">
            {move || content()}
        </div>
    }
}

#[component]
fn PricesUnavailable(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    view! {
        <p>{basket::no_prices_hint(locale)}</p>
        <p class="actions">
            <button class="button" type="button" on:click=move |_| checkout.prices.refresh()>
                {basket::retry(locale)}
            </button>
        </p>
    }
}

/// The price of each line, and the total.
#[component]
fn Costs(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    let lines = move || checkout.prices.basket().map(|priced| view! { <LineItems priced/> });
    let rows = move || {
        checkout.delivery_option().map(|option| {
            view! {
                <dl class="basket-sum__rows">
                    <div>
                        <dt>{t::delivery_price(locale)}</dt>
                        <dd>{format::price(locale, option.price_pence)}</dd>
                    </div>
                    <div class="basket-sum__total">
                        <dt>{t::total(locale)}</dt>
                        <dd>{format::price(locale, option.total_pence)}</dd>
                    </div>
                    <div>
                        <dt>{t::vat(locale)}</dt>
                        <dd>{format::pounds(option.vat_pence)}</dd>
                    </div>
                </dl>
            }
        })
    };
    // Who may need to approve it.
    let approval = move || {
        let total = checkout.total_pence().filter(|total| *total > 0)?;
        if checkout.draft.kind.get() == CustomerKind::Member {
            return None;
        }
        let is_large = total >= checkout.shop.with_value(|shop| shop.approval_from_pence);
        let text = if is_large { t::needs_approval(locale) } else { t::may_need_approval(locale) };
        Some(view! { <p class="tag">{text}</p> })
    };
    view! {
        {move || lines()}
        {move || rows()}
        {move || approval()}
    }
}

#[component]
fn LineItems(priced: PricedBasket) -> impl IntoView {
    let locale = use_locale();
    let line = |line: PricedLine| {
        let shortage = shortage(&line, locale).map(|text| {
            view! {
                " "
                <span class="tag">{text}</span>
            }
        });
        view! {
            <li>
                <span>{[&line.quantity.to_string(), " × ", &line.full_name()].concat()}</span>
                " "
                <b>{format::price(locale, line.total_pence)}</b>
                {shortage}
            </li>
        }
    };
    let lines = priced.lines.into_iter().map(line).collect_view();
    let unknown = priced
        .unknown
        .iter()
        .map(|sku| view! { <li>{basket::unknown_code(locale, sku)}</li> })
        .collect_view();
    view! {
        <ul class="checkout__items" role="list">
            {lines}
            {unknown}
        </ul>
    }
}

/// The button that places the order, labelled with the total, and the one that requests a
/// quote.
#[component]
fn OrderButtons(checkout: Checkout) -> impl IntoView {
    let locale = use_locale();
    let name = move || match checkout.total_pence() {
        None | Some(0) => t::order(locale).to_owned(),
        Some(total) => {
            let price = format::price(locale, total);
            if checkout.draft.payment.get() == PaymentMethod::Card {
                t::order_and_pay(locale, &price)
            } else {
                t::order_for(locale, &price)
            }
        }
    };
    let is_disabled = move || checkout.total_pence().is_none() || checkout.pending.is_sending();
    let has_no_quote = move || {
        checkout.draft.kind.get() == CustomerKind::Member
            || checkout.total_pence().is_none_or(|total| total == 0)
    };
    view! {
        <p class="checkout__finish">
            <button class="button button--main" type="submit" disabled=is_disabled>
                {move || name()}
            </button>
        </p>
        <p class="checkout__quote" hidden=has_no_quote>
            <button class="button" type="submit" id=QUOTE formnovalidate>{t::quote(locale)}</button>
            " "
            <span class="field__hint">{t::quote_hint(locale)}</span>
        </p>
    }
}
