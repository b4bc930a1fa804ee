//! The items saved for later.

use contract::orders::PricedLine;
use leptos::prelude::*;

use super::{List, page_state::PageState};
use crate::{
    i18n::{basket as t, format},
    routes::Route,
};

/// The list of items saved for later; nothing if it is empty.
#[component]
pub(super) fn SavedForLater(page: PageState) -> impl IntoView {
    let has_any =
        Memo::new(move |_| !page.lines(List::Later).is_empty() || !page.unknown(List::Later).is_empty());
    view! {
        <Show when=move || has_any.get()>
            <h2>{t::saved(page.locale)}</h2>
            <ul class="basket-later" role="list">
                <For each=move || page.lines(List::Later) key=|line| line.sku.clone() let:line>
                    <SavedLine line page/>
                </For>
                <For each=move || page.unknown(List::Later) key=String::clone let:sku>
                    <UnknownSaved sku page/>
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn SavedLine(line: PricedLine, page: PageState) -> impl IntoView {
    let locale = page.locale;
    let PricedLine { sku, product, name, variant, .. } = line.clone();
    let about = [": ", &name, " ", &variant].concat();
    let (move_id, remove_id) = (["back-", &sku].concat(), ["drop-", &sku].concat());
    let item = StoredValue::new((sku, name.clone()));
    let what = move || {
        let line = item.with_value(|(sku, _)| page.line(List::Later, sku)).unwrap_or_else(|| line.clone());
        let (quantity, price) = (line.quantity.to_string(), format::price(locale, line.unit_pence));
        [" ", &line.variant, " · ", &quantity, " × ", &price, " "].concat()
    };
    let move_back = move |_| item.with_value(|(sku, name)| page.move_to_basket(sku, name));
    let remove = move |_| item.with_value(|(sku, name)| page.remove(List::Later, sku, name));
    view! {
        <li>
            <a href=Route::Product(product).href(locale)>{name}</a>
            {move || what()}
            <button class="basket-line__action" type="button" id=move_id data-act="back" on:click=move_back>
                {t::move_to_basket(locale)}
                <span class="visually-hidden">{about.clone()}</span>
            </button>
            " "
            <button class="basket-line__action" type="button" id=remove_id data-act="drop" on:click=remove>
                {t::remove(locale)}
                <span class="visually-hidden">{about}</span>
            </button>
        </li>
    }
}

#[component]
fn UnknownSaved(sku: String, page: PageState) -> impl IntoView {
    let text = t::unknown_code(page.locale, &sku);
    view! {
        <li>
            {text}
            " "
            <button
                class="basket-line__action"
                type="button"
                on:click=move |_| page.remove(List::Later, &sku, &sku)
            >
                {t::remove_unknown(page.locale)}
            </button>
        </li>
    }
}
