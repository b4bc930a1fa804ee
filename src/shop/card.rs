//! A product in a list.

use contract::shop::ProductSummary;
use leptos::prelude::*;

use super::stock;
use crate::{
    i18n::{format, shop as t, use_locale},
    routes::Route,
    ui::Picture,
};

/// A list of products, as cards.
#[component]
pub(super) fn Cards(products: Vec<ProductSummary>) -> impl IntoView {
    products.into_iter().map(|product| view! { <Card product/> }).collect_view()
}

/// The whole card is clickable; the name is the link.
#[component]
pub(super) fn Card(product: ProductSummary) -> impl IntoView {
    let locale = use_locale();
    let href = Route::Product(product.slug).href(locale);
    let price = format::price(locale, product.from_pence);
    let price = if product.from_pence < product.to_pence { t::from(locale, &price) } else { price };
    let welsh = product.welsh.then(|| t::in_welsh(locale));
    let union_made = product.union_made.then(|| t::union_made(locale));
    let marks = [welsh, union_made].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let marks = (!marks.is_empty()).then(|| view! { <p class="card__marks">{marks}</p> });
    let stock = product
        .stock_left
        .map(|left| view! { <p class="card__stock">{stock::sentence(locale, Some(left))}</p> });
    view! {
        <li class="card">
            <div class="card__picture" data-colour=product.colour>
                <Picture name=product.picture class="card__drawing"/>
            </div>
            <a class="card__name" href=href>{product.name}</a>
            <p class="card__price">{price}</p>
            {marks}
            {stock}
        </li>
    }
}
