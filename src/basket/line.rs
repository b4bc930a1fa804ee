//! A line of the basket. It keeps its element while its quantity and price change, and so the
//! focus and any input.

use contract::{Locale, orders::PricedLine};
use leptos::prelude::*;

use super::{
    List, page_state::PageState, quantity_field::QuantityField, shortage, shown_prices::ShownPrices,
};
use crate::{
    i18n::{basket as t, format, shop},
    routes::Route,
    ui::Picture,
};

#[component]
pub(super) fn BasketLine(line: PricedLine, page: PageState) -> impl IntoView {
    let locale = page.locale;
    let PricedLine { sku, product, name, variant, picture, colour, .. } = line.clone();
    // The current line or, while it is being removed, the last known one.
    let now = {
        let sku = sku.clone();
        Memo::new(move |last: Option<&PricedLine>| {
            page.line(List::Basket, &sku).or_else(|| last.cloned()).unwrap_or_else(|| line.clone())
        })
    };
    let label = [" ", &name, " ", &variant].concat();
    let about = [": ", &name, " ", &variant].concat();
    let (save_id, remove_id) = (["later-", &sku].concat(), ["remove-", &sku].concat());
    let item = StoredValue::new((sku.clone(), name.clone()));
    let save = move |_| item.with_value(|(sku, name)| page.save_for_later(sku, name));
    let remove = move |_| item.with_value(|(sku, name)| page.remove(List::Basket, sku, name));
    view! {
        <li class="basket-line">
            <div class="basket-line__picture" data-colour=colour>
                <Picture name=picture class="basket-line__drawing"/>
            </div>
            <div class="basket-line__what">
                <h3>
                    <a href=Route::Product(product).href(locale)>{name}</a>
                </h3>
                <p>{variant}</p>
                <Notices now page/>
            </div>
            <QuantityField sku label page/>
            <Price now page/>
            <p class="basket-line__actions">
                <button class="basket-line__action" type="button" id=save_id data-act="later" on:click=save>
                    {t::save_for_later(locale)}
                    <span class="visually-hidden">{about.clone()}</span>
                </button>
                " "
                <button class="basket-line__action" type="button" id=remove_id data-act="remove" on:click=remove>
                    {t::remove(locale)}
                    <span class="visually-hidden">{about}</span>
                </button>
            </p>
        </li>
    }
}

/// Notices about a line: changes, problems and discounts.
#[component]
fn Notices(now: Memo<PricedLine>, page: PageState) -> impl IntoView {
    let locale = page.locale;
    let changes = move || {
        let changes = page.shown_before.with(|shown| now.with(|line| changes(line, shown.as_ref(), locale)));
        changes.into_iter().map(|text| view! { <p class="basket-line__change">{text}</p> }).collect_view()
    };
    let discount = move || {
        now.with(|line| {
            (line.unit_pence < line.price_pence)
                .then(|| t::reduced(locale, &format::price(locale, line.price_pence)))
                .map(|text| view! { <p class="basket-line__note">{text}</p> })
        })
    };
    view! {
        {move || changes()}
        {move || discount()}
    }
}

/// A line's price; nothing while the price of the current quantity is unknown.
#[component]
fn Price(now: Memo<PricedLine>, page: PageState) -> impl IntoView {
    let locale = page.locale;
    let total = move || now.with(|line| format::price(locale, line.total_pence));
    let unit = move || {
        now.with(|line| {
            let shows_unit_price = line.total_pence > 0 && line.quantity > 1;
            shows_unit_price.then(|| t::unit_price(locale, &format::price(locale, line.unit_pence)))
        })
        .map(|text| view! { " " <span>{text}</span> })
    };
    view! {
        <p class="basket-line__price">
            <Show when=move || !page.has_failed.get()>
                <b>{move || total()}</b>
                {move || unit()}
            </Show>
        </p>
    }
}

/// Changes since the customer last saw a line, and problems.
fn changes(line: &PricedLine, shown: Option<&ShownPrices>, locale: Locale) -> Vec<String> {
    let mut changes = Vec::new();
    if let Some(before) = shown.and_then(|shown| shown.changed(&line.sku, line.price_pence)) {
        let now = format::price(locale, line.price_pence);
        changes.push(t::price_changed(locale, &format::price(locale, before), &now));
    }
    changes.extend(shortage(line, locale).or_else(|| Some(shop::left(locale, line.stock_left?))));
    if let Some(cap) = line.cap.filter(|cap| line.quantity > *cap) {
        changes.push(t::over_cap(locale, cap));
    }
    changes
}

#[cfg(test)]
mod tests {
    use contract::{Locale, orders::PricedLine};

    use super::{ShownPrices, changes};

    fn line() -> PricedLine {
        PricedLine {
            sku: "MUG".into(),
            product: "mug".into(),
            name: "Mug".into(),
            variant: String::new(),
            picture: String::new(),
            colour: None,
            quantity: 12,
            price_pence: 750,
            unit_pence: 750,
            total_pence: 9000,
            stock_left: None,
            cap: None,
        }
    }

    #[test]
    fn a_line_shows_price_changes_and_stock_problems() {
        let notices =
            |line: &PricedLine, shown: &str| changes(line, Some(&ShownPrices::parse(shown)), Locale::En);
        assert_eq!(notices(&line(), "MUG:750"), Vec::<String>::new());
        assert_eq!(notices(&line(), "MUG:700"), ["The price has changed from £7.00 to £7.50 each."]);
        let few = PricedLine { stock_left: Some(3), ..line() };
        assert_eq!(
            notices(&few, "MUG:750"),
            ["Only 3 left in stock. Reduce the quantity, or contact us to ask when we will have more."]
        );
        let many = PricedLine { quantity: 400, stock_left: Some(20), ..line() };
        assert_eq!(
            notices(&many, "MUG:750"),
            ["We have 20 or more in stock, but not as many as you want. Reduce the quantity, or contact us."]
        );
        let two = PricedLine { quantity: 2, stock_left: Some(3), ..line() };
        assert_eq!(notices(&two, "MUG:750"), ["Only 3 left"]);
        let free = PricedLine { cap: Some(5), ..line() };
        assert_eq!(notices(&free, "MUG:750"), ["You can order up to 5 of these. Reduce the quantity."]);
    }
}
