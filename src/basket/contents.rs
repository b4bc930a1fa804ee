//! The lines of the basket, their prices, and the link to the checkout.

use contract::{
    Locale,
    orders::{DeliveryOption, DeliveryOptionKind},
};
use leptos::prelude::*;

use super::{
    List,
    line::BasketLine,
    page_state::{COUNT, PageState},
};
use crate::{
    i18n::{basket as t, format},
    routes::Route,
};

/// The contents of the basket. The heading and the lines keep their elements when the basket
/// changes, and so the focus.
#[component]
pub(super) fn Contents(page: PageState) -> impl IntoView {
    let locale = page.locale;
    let is_empty = Memo::new(move |_| page.is_empty());
    let has_lines = Memo::new(move |_| !page.lines(List::Basket).is_empty());
    // Outdated prices do not allow checkout, because the price of the order may differ.
    let can_order = Memo::new(move |_| has_lines.get() && !page.has_failed.get());
    let heading = move || {
        if is_empty.get() {
            t::empty(locale).to_owned()
        } else if page.has_failed.get() {
            t::no_prices(locale).to_owned()
        } else {
            let lines = page.lines(List::Basket);
            t::count(locale, lines.iter().map(|line| page.basket.quantity(List::Basket, &line.sku)).sum())
        }
    };
    view! {
        <h2 class="basket__count" id=COUNT tabindex="-1">{move || heading()}</h2>
        <Show when=move || is_empty.get()><Empty locale/></Show>
        <Show when=move || page.has_failed.get() && !is_empty.get()><PricesUnavailable page/></Show>
        <For each=move || page.unknown(List::Basket) key=String::clone let:sku>
            <UnknownCode sku page/>
        </For>
        <Show when=move || has_lines.get()>
            <ul class="basket-list" role="list">
                <For each=move || page.lines(List::Basket) key=|line| line.sku.clone() let:line>
                    <BasketLine line page/>
                </For>
            </ul>
        </Show>
        <Show when=move || can_order.get()><Totals page/></Show>
    }
}

#[component]
fn Empty(locale: Locale) -> impl IntoView {
    view! {
        <p>{t::empty_hint(locale)}</p>
        <p class="actions">
            <a class="button button--main" href=Route::Shop.href(locale)>{t::to_shop(locale)}</a>
        </p>
    }
}

/// Says that the prices could not be loaded. What was shown before stays below, including any
/// input; unpriced items are listed by product code.
#[component]
fn PricesUnavailable(page: PageState) -> impl IntoView {
    let locale = page.locale;
    let unpriced = move || {
        let (lines, unknown) = (page.lines(List::Basket), page.unknown(List::Basket));
        let mut unpriced = page.basket.lines(List::Basket);
        unpriced
            .retain(|line| !lines.iter().any(|known| known.sku == line.sku) && !unknown.contains(&line.sku));
        (!unpriced.is_empty()).then(|| {
            let lines = unpriced
                .into_iter()
                .map(|line| view! { <li>{[&line.quantity.to_string(), " × ", &line.sku].concat()}</li> })
                .collect_view();
            view! { <ul>{lines}</ul> }
        })
    };
    view! {
        <p>{t::no_prices_hint(locale)}</p>
        {move || unpriced()}
        <p class="actions">
            <button class="button" type="button" on:click=move |_| page.retry()>{t::retry(locale)}</button>
        </p>
    }
}

/// An unknown product code, with a button to remove it.
#[component]
fn UnknownCode(sku: String, page: PageState) -> impl IntoView {
    let locale = page.locale;
    let text = t::unknown_code(locale, &sku);
    view! {
        <p class="basket-line__change">
            {text}
            " "
            <button class="button" type="button" on:click=move |_| page.remove(List::Basket, &sku, &sku)>
                {t::remove_unknown(locale)}
            </button>
        </p>
    }
}

/// The total, the delivery date, and the link to the checkout.
#[component]
fn Totals(page: PageState) -> impl IntoView {
    let locale = page.locale;
    let subtotal = move || {
        let subtotal = page.priced.with(|priced| priced.as_ref().map(|priced| priced.subtotal_pence));
        format::price(locale, subtotal.unwrap_or_default())
    };
    let delivery = move || {
        let option = delivery_option(page, |option| option.kind == DeliveryOptionKind::Cheapest)?;
        Some(view! {
            <div>
                <dt>{t::delivery_from(locale)}</dt>
                <dd>{format::price(locale, option.price_pence)}</dd>
            </div>
        })
    };
    let arrival = move || delivery_option(page, |_| true).map(|option| arrival(&option, locale));
    view! {
        <div class="basket-summary">
            <dl class="basket-sum__rows">
                <div>
                    <dt>{t::subtotal(locale)}</dt>
                    <dd>{move || subtotal()}</dd>
                </div>
                {move || delivery()}
            </dl>
            <p>{move || arrival()}</p>
            <p class="actions">
                <a class="button button--main" href=Route::Checkout.href(locale)>{t::to_checkout(locale)}</a>
                " "
                <a class="more" href=Route::Shop.href(locale)>{t::to_shop(locale)}</a>
            </p>
        </div>
    }
}

/// The first delivery option of a kind.
fn delivery_option(page: PageState, is_wanted: fn(&DeliveryOption) -> bool) -> Option<DeliveryOption> {
    page.priced
        .with(|priced| priced.as_ref()?.delivery_options.iter().find(|option| is_wanted(option)).cloned())
}

/// The delivery date, and whether it is before the week.
fn arrival(option: &DeliveryOption, locale: Locale) -> String {
    let day = format::short_date(locale, option.arrives);
    match option.before_week {
        Some(true) => t::arrives_before(locale, &day),
        Some(false) => t::arrives_late(locale, &day),
        None => t::arrives(locale, &day),
    }
}
