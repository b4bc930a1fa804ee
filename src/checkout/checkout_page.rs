//! The checkout page: the form or, if the basket is empty, a message; and any order that is
//! not confirmed. The server does not know the basket, and always renders the form.

use contract::shop::{FindShop, Shop};
use leptos::prelude::*;

use super::{
    empty_basket::{EMPTY_BASKET, EmptyBasket},
    order_form::OrderForm,
    pending_notice::PendingNotice,
    state::{Checkout, CheckoutContent},
};
use crate::{
    api,
    basket::OrderContact,
    i18n::{basket, checkout as t, use_locale},
    routes::Route,
    ui::{AppMissing, ErrorSummary, Head, PageHead, Remote, keep_focus},
};

#[component]
pub(crate) fn CheckoutPage() -> impl IntoView {
    let locale = use_locale();
    let shop = api::resource(move || FindShop { locale });
    view! { <Remote data=shop let:shop> <CheckoutView shop/> </Remote> }
}

#[component]
fn CheckoutView(shop: Shop) -> impl IntoView {
    let locale = use_locale();
    let contact = shop.contact.clone();
    let checkout = Checkout::new(shop, locale);
    let head = Head {
        title: t::title(locale).to_owned(),
        description: t::summary(locale).to_owned(),
        route: Some(Route::Checkout),
    };
    let summary = move || {
        let errors = checkout.errors.get();
        (!errors.is_empty()).then(|| view! { <ErrorSummary errors/> })
    };
    let is_empty = Memo::new(move |_| checkout.shown.get() != CheckoutContent::Form);
    let has_form = Memo::new(move |_| checkout.shown.get() != CheckoutContent::EmptyBasket);
    let order_form = move || {
        let has_form = has_form.get();
        // Only in the browser: the server does not know the basket, and always has the form.
        if !has_form {
            keep_focus(EMPTY_BASKET);
        }
        has_form.then(|| view! { <OrderForm checkout/> })
    };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <p class="crumb">
                <a href=Route::Basket.href(locale)>{basket::title(locale)}</a>
            </p>
            <h1 id="page-heading" tabindex="-1">{t::title(locale)}</h1>
            <p class="lede">{t::summary(locale)}</p>
        </div>
        <div class="wrap basket">
            <div class="checkout__errors">{move || summary()}</div>
            <div class="checkout__pending"><PendingNotice checkout/></div>
            <AppMissing stopped=basket::form_stopped(locale) focus="page-heading"/>
            {move || is_empty.get().then(|| view! { <EmptyBasket checkout/> })}
            {move || order_form()}
            <OrderContact contact/>
        </div>
    }
}
