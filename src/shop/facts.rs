//! More details of a product: materials, quantity discounts, sizes and delivery costs.

use contract::shop::Product;
use leptos::prelude::*;

use super::selected::Selected;
use crate::i18n::{format, shop as t, use_locale};

#[component]
pub(super) fn Facts(selected: Selected) -> impl IntoView {
    let locale = use_locale();
    let product = selected.product.get_value();
    let sizes = (!product.size_chart.is_empty()).then(|| {
        let heads = vec![t::size(locale), t::chest(locale), t::length(locale)];
        let rows = product.size_chart.iter();
        let rows =
            rows.map(|row| vec![row.size.clone(), row.chest_cm.to_string(), row.length_cm.to_string()]);
        view! { <Table caption=t::size_chart(locale) heads rows=rows.collect()/> }
    });
    let delivery = product.delivery.iter();
    let delivery =
        delivery.map(|way| vec![way.name.clone(), format::price(locale, way.price_pence)]).collect();
    view! {
        <section class="product-facts" aria-labelledby="facts-title">
            <div class="wrap section product-facts__inner">
                <h2 id="facts-title">{t::facts(locale)}</h2>
                <Materials product/>
                <Discounts selected/>
                {sizes}
                <Table
                    caption=t::delivery(locale)
                    heads=vec![t::delivery_option(locale), t::costs(locale)]
                    rows=delivery
                />
            </div>
        </section>
    }
}

#[component]
fn Materials(product: Product) -> impl IntoView {
    let locale = use_locale();
    let labour = product.union_made.then(|| {
        view! {
            <dt>{t::labour(locale)}</dt>
            <dd>{t::union_members(locale)}</dd>
        }
    });
    view! {
        <div class="product-facts__text">
            <p>{product.text.details}</p>
            <dl class="facts">
                <dt>{t::materials(locale)}</dt>
                <dd>{product.text.materials}</dd>
                <dt>{t::origin(locale)}</dt>
                <dd>{product.text.origin}</dd>
                {labour}
                <dt>{t::weight(locale)}</dt>
                <dd>{format::weight(locale, product.weight_grams)}</dd>
            </dl>
        </div>
    }
}

/// The unit price by quantity; nothing if there are no discounts.
#[component]
fn Discounts(selected: Selected) -> impl IntoView {
    let locale = use_locale();
    view! {
        {move || {
            selected.with(|product, variant| {
                let steps = product.breaks.iter().map(|step| (step.from, step.less_pence));
                let rows = [(1, 0)].into_iter().chain(steps).map(|(from, less_pence)| {
                    let price = variant.price_pence.saturating_sub(less_pence);
                    vec![t::or_more(locale, &from.to_string()), format::price(locale, price)]
                });
                let rows = rows.collect();
                (!product.breaks.is_empty()).then(|| {
                    let heads = vec![t::quantity(locale), t::unit_price(locale)];
                    view! { <Table caption=t::quantity_discounts(locale) heads rows/> }
                })
            })
        }}
    }
}

/// A table whose rows start with a heading cell.
#[component]
fn Table(caption: &'static str, heads: Vec<&'static str>, rows: Vec<Vec<String>>) -> impl IntoView {
    let heads = heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    let rows = rows
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let heading = cells.next().map(|cell| view! { <th scope="row">{cell}</th> });
            let cells = cells.map(|cell| view! { <td>{cell}</td> }).collect_view();
            view! { <tr>{heading} {cells}</tr> }
        })
        .collect_view();
    view! {
        <table class="table">
            <caption>{caption}</caption>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
