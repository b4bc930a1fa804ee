//! The shop's list. The search is in the URL: every change of the form changes the URL, and
//! the list follows.

use contract::shop::{ListProducts, Products, Search};
use leptos::prelude::*;

use super::{filters::Filters, product_search::ProductSearch, results::Results};
use crate::{
    api,
    i18n::{format, shop as t, use_locale},
    routes::{self, Route},
    ui::{Head, PageHead, Remote},
};

#[component]
pub(crate) fn ShopPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Shop.path());
    let address = Memo::new(move |_| query.with(|query| Search::parse(query)));
    // Only the first results delay the page. Later ones are loaded by `ProductSearch`, and
    // replace the previous results when they arrive.
    let products = api::resource(move || ListProducts { locale, search: address.get_untracked() });
    view! { <Remote data=products let:products> <ProductList address products/> </Remote> }
}

#[component]
fn ProductList(
    /// The search in the URL.
    address: Memo<Search>,
    products: Products,
) -> impl IntoView {
    let locale = use_locale();
    let head = Head {
        title: t::title(locale).to_owned(),
        description: t::summary(locale).to_owned(),
        route: Some(Route::Shop),
    };
    let order_by = products.order_by.map(|day| {
        view! { <p class="notice">{t::order_by(locale, &format::short_date(locale, day))}</p> }
    });
    let search = ProductSearch::new(address, products);
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{t::title(locale)}</h1>
            <p class="lede">{t::summary(locale)}</p>
            {order_by}
        </div>
        // While the list changes with every letter, only its visible part is rendered.
        <div class="wrap shop" data-live=move || search.is_live.get().then_some("")>
            <Filters search/>
            <Results search/>
        </div>
    }
}
