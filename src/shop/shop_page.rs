//! The shop's list. The address says what is looked for: every change of the
//! form changes it, and the list follows.

use contract::shop::{ListProducts, Products, Search};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{filters::Filters, live::Found, results::Results};
use crate::{
    api,
    i18n::{format, shop as t, use_locale},
    routes::Route,
    ui::{Head, PageHead, remote},
};

#[component]
pub(crate) fn ShopPage() -> impl IntoView {
    let search = use_location().search.with_untracked(|query| Search::parse(query));
    let data = api::load(&ListProducts { locale: use_locale(), search });
    remote(data, |products| view! { <List products/> })
}

#[component]
fn List(products: Products) -> impl IntoView {
    let locale = use_locale();
    let query = use_location().search;
    let search = query.with_untracked(|query| Search::parse(query));
    let head = Head {
        title: t::title(locale).to_owned(),
        description: t::summary(locale).to_owned(),
        route: Some(Route::Shop),
    };
    let order_by = products.order_by.map(|day| {
        view! { <p class="notice">{t::order_by(locale, &format::short_date(locale, day))}</p> }
    });
    let found = Found {
        shown: RwSignal::new((search, products)),
        busy: RwSignal::new(false),
        failed: RwSignal::new(false),
        again: RwSignal::new(0),
        form: NodeRef::new(),
    };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{t::title(locale)}</h1>
            <p class="lede">{t::summary(locale)}</p>
            {order_by}
        </div>
        <div class="wrap shop">
            <Filters found/>
            <Results found/>
        </div>
    }
}
