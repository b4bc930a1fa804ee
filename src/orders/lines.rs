//! The order's items and prices.

use contract::orders::{Order, OrderedLine, price::LinePrice};
use leptos::prelude::*;

use super::order_store::OrderStore;
use crate::i18n::{format, order as t, use_locale};

#[component]
pub(super) fn Lines(store: OrderStore) -> impl IntoView {
    let locale = use_locale();
    let rows = move || {
        store.order.with(|order| {
            let lines = order.lines.iter().cloned().zip(order.price.lines.iter().copied());
            lines.map(|(line, price)| view! { <Line line price/> }).collect_view()
        })
    };
    view! {
        <section aria-labelledby="lines-title">
            <h2 id="lines-title">{t::lines(locale)}</h2>
            <table class="order__lines">
                <thead>
                    <tr>
                        <th scope="col">{t::item(locale)}</th>
                        <th scope="col">{t::quantity(locale)}</th>
                        <th scope="col">{t::unit_price(locale)}</th>
                        <th scope="col">{t::line_total(locale)}</th>
                    </tr>
                </thead>
                <tbody>{move || rows()}</tbody>
            </table>
            {move || view! { <Sums order=store.order.get()/> }}
        </section>
    }
}

#[component]
fn Line(line: OrderedLine, price: LinePrice) -> impl IntoView {
    let locale = use_locale();
    let is_partly_dispatched = line.dispatched > 0 && line.dispatched < line.quantity;
    let being_returned = line.return_requested.saturating_sub(line.returned);
    let tags = [
        is_partly_dispatched.then(|| t::dispatched_of(locale, line.dispatched)),
        (being_returned > 0).then(|| t::being_returned(locale, being_returned)),
        (line.returned > 0).then(|| t::returned_of(locale, line.returned)),
    ];
    let tags =
        tags.into_iter().flatten().map(|text| view! { " " <span class="tag">{text}</span> }).collect_view();
    let name = line.full_name();
    view! {
        <tr>
            <th scope="row">{name} " " <span class="order__sku">{line.sku}</span> {tags}</th>
            <td>{line.quantity.to_string()}</td>
            <td>{format::price(locale, price.unit_pence)}</td>
            <td>{format::price(locale, price.total_pence)}</td>
        </tr>
    }
}

#[component]
fn Sums(order: Order) -> impl IntoView {
    let locale = use_locale();
    let Order { price, refunded_pence, .. } = order;
    let mut sums = vec![
        (t::subtotal(locale).to_owned(), price.subtotal_pence),
        (t::delivery(locale).to_owned(), price.delivery_pence),
    ];
    sums.extend(price.vat.iter().map(|vat| (t::vat_at(locale, &vat.percent.to_string()), vat.vat_pence)));
    let sums = sums.into_iter().map(|(name, pence)| view! { <Sum name pence/> }).collect_view();
    let refunded = (refunded_pence > 0)
        .then(|| view! { <Sum name=t::refunded_amount(locale).to_owned() pence=refunded_pence/> });
    view! {
        <dl class="order__sums">
            {sums}
            <div class="order__total">
                <dt>{t::total(locale)}</dt>
                <dd>{format::pounds(price.total_pence)}</dd>
            </div>
            {refunded}
        </dl>
    }
}

#[component]
fn Sum(name: String, pence: u64) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{format::pounds(pence)}</dd>
        </div>
    }
}
