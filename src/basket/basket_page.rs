//! The basket's page. Its frame is the same for everybody; what is in the basket
//! is on the device, and appears once the app runs.

use contract::{
    Locale,
    shop::{FindShop, Shop, ShopContact},
};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{basket as t, order, shop, use_locale},
    routes::Route,
    ui::{Head, Markup, TextPage, dial_href, markup, text_page},
};

#[component]
pub(crate) fn BasketPage() -> impl IntoView {
    text_page(api::load(&FindShop { locale: use_locale() }), page)
}

fn page(how: Shop, locale: Locale) -> TextPage {
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><h1 id='page-heading' tabindex='-1'>" (t::title(locale))
        "</h1><p class='lede'>" (t::summary(locale)) "</p></div><div class='wrap basket'><div class='basket__ask'></div>"
        "<div class='basket__said'><p class='basket__status' role='status'></p>"
        "<button class='button' type='button' data-act='undo' hidden>" (t::undo(locale))
        "</button></div><div class='basket__content' data-kept>");
    add_empty(&mut out, locale);
    out.raw("</div><div class='basket__later'></div>");
    add_order_without(&mut out, &how.contact, locale);
    markup!(out, "<section class='basket__many' aria-labelledby='many-title' data-kept><h2 id='many-title'>"
        (t::many(locale)) "</h2><form class='many' autocomplete='off' novalidate><div class='field'>"
        "<label class='field__label' for='many-list'>" (t::many_list(locale))
        "</label><p class='field__hint' id='many-hint'>" (t::many_hint(locale))
        "</p><textarea class='field__input' id='many-list' rows='6' spellcheck='false' aria-describedby='many-hint'></textarea></div>"
        "<div class='field'><label class='field__label' for='many-file'>" (t::many_file(locale))
        "</label><input class='field__input' id='many-file' type='file' accept='.csv,.txt,text/csv,text/plain'></div>"
        "<p class='actions'><button class='button' type='submit'>" (t::many_add(locale))
        "</button></p><div class='many__report' role='status'></div></form></section></div>");
    TextPage {
        head: Head {
            title: t::title(locale).to_owned(),
            description: t::summary(locale).to_owned(),
            route: Some(Route::Basket),
        },
        html: out.html(),
        live: arrive,
    }
}

/// Adds what stands in place of an empty basket.
pub(super) fn add_empty(out: &mut Markup, locale: Locale) {
    markup!(out, "<h2 class='basket__count' id='basket-count' tabindex='-1'>" (t::empty(locale)) "</h2><p>" (t::empty_hint(locale))
        "</p><p class='actions'><a class='button button--main' href='" (Route::Shop.href(locale)) "'>"
        (t::to_shop(locale)) "</a></p>");
}

/// Adds whom to order from without the website, and the way back to an order.
pub(super) fn add_order_without(out: &mut Markup, contact: &ShopContact, locale: Locale) {
    markup!(out, "<section class='notice basket__without' aria-labelledby='without-title'><h2 class='notice__title' id='without-title'>"
        (t::without(locale)) "</h2><p>" (t::without_hint(locale)) "</p><p class='basket__contacts'><a class='more' href='"
        (dial_href(&contact.telephone)) "'>" (contact.telephone) "</a> <a class='more' href='mailto:" (contact.email)
        "?subject=" (shop::title(locale)) "'>" (contact.email) "</a> <span>" (contact.hours) "</span></p></section><p><a class='more' href='"
        (Route::FindOrder.href(locale)) "'>" (order::find(locale)) "</a></p>");
}

fn arrive() {
    #[cfg(target_arch = "wasm32")]
    crate::lazy::arrive_later(super::BASKET_LIVE);
    #[cfg(not(target_arch = "wasm32"))]
    let _ = super::BASKET_LIVE.make;
}

/// Brings the page to life.
pub(super) fn live() {
    #[cfg(target_arch = "wasm32")]
    super::live::live();
}
