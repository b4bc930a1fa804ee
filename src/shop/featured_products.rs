//! A selection of products on another page, in a row that scrolls sideways.

use contract::shop::ProductSummary;
use leptos::prelude::*;

use super::card::Cards;
use crate::{
    i18n::{shop as t, use_locale},
    routes::Route,
};

/// The row. Its links are focusable, so it can be scrolled with the keyboard.
#[component]
pub(crate) fn FeaturedProducts(products: Vec<ProductSummary>) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="shelf section" id="shop" aria-labelledby="shop-title">
            <div class="wrap shelf__head">
                <h2 id="shop-title">{t::shelf(locale)}</h2>
                " "
                <a class="more" href=Route::Shop.href(locale)>{t::to_shop(locale)}</a>
            </div>
            <ul class="shelf__list" role="list"><Cards products/></ul>
        </section>
    }
}
