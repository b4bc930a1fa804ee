//! The checkout: who orders, where to, how it is paid, and what it costs, on one
//! page. Its frame is the same for everybody; the app fills it in.

use contract::{
    Locale,
    orders::CustomerKind,
    shop::{FindShop, Shop},
};
use leptos::prelude::*;

use super::{basket_page::add_order_without, told::label};
use crate::{
    api,
    i18n::{basket, checkout as t, use_locale},
    routes::Route,
    ui::{Head, Markup, TextField, TextPage, markup, text_page},
};

#[component]
pub(crate) fn CheckoutPage() -> impl IntoView {
    text_page(api::load(&FindShop { locale: use_locale() }), page)
}

fn page(how: Shop, locale: Locale) -> TextPage {
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><p class='crumb'><a href='" (Route::Basket.href(locale)) "'>"
        (basket::title(locale)) "</a></p><h1 id='page-heading' tabindex='-1'>" (t::title(locale))
        "</h1><p class='lede'>" (t::summary(locale)) "</p></div><div class='wrap basket'>"
        "<div class='checkout__mistakes'></div><div class='checkout__pending'></div>"
        "<form class='checkout' data-kept novalidate data-approval-from='"
        (how.approval_from_pence.to_string()) "'><div class='checkout__fields'>");
    add_customer(&mut out, locale);
    add_delivery(&mut out, &how, locale);
    add_payment(&mut out, how.card, locale);
    markup!(out, "</div><section class='checkout__sum' aria-labelledby='sum-title'><h2 id='sum-title'>" (t::sum(locale))
        "</h2><div class='checkout__lines' id='checkout-lines' tabindex='-1'><p>" (basket::waiting(locale))
        "</p></div><p class='checkout__finish'><button class='button button--main' type='submit' disabled>"
        (t::order(locale)) "</button></p><p class='checkout__quote' hidden><button class='button' type='submit' id='quote' "
        "formnovalidate>" (t::quote(locale)) "</button> <span class='field__hint'>" (t::quote_hint(locale))
        "</span></p><p class='checkout__status' role='status'></p><p class='checkout__note'>"
        (t::note(locale)) " <a href='" (Route::Privacy.href(locale)) "'>" (t::privacy(locale)) "</a></p></section></form>");
    add_order_without(&mut out, &how.contact, locale);
    out.raw("</div>");
    TextPage {
        head: Head {
            title: t::title(locale).to_owned(),
            description: t::summary(locale).to_owned(),
            route: Some(Route::Checkout),
        },
        html: out.html(),
        live: arrive,
    }
}

fn add_customer(out: &mut Markup, locale: Locale) {
    markup!(out, "<fieldset class='checkout__part' aria-describedby='kind-member-error'><legend>" (t::who(locale))
        "</legend>");
    let kinds = [
        (CustomerKind::Member, "member", t::member(locale)),
        (CustomerKind::Branch, "branch", t::for_branch(locale)),
        (CustomerKind::Officer, "officer", t::officer(locale)),
    ];
    out.raw("<div class='choices__row' role='radiogroup'>");
    for (kind, value, name) in kinds {
        add_choice(out, ["kind", "kind-", value], name, kind == CustomerKind::default());
    }
    out.raw("</div><p class='field__error' id='kind-member-error'></p>");
    add_field(out, "branch", "type='text' autocomplete='organization'", t::branch_hint(locale), locale);
    add_field(out, "name", "type='text' autocomplete='name'", "", locale);
    add_field(out, "email", "type='email' autocomplete='email'", t::email_hint(locale), locale);
    add_field(out, "telephone", "type='tel' autocomplete='tel'", t::telephone_hint(locale), locale);
    add_field(out, "membership", "type='text' autocomplete='off'", t::membership_hint(locale), locale);
    out.raw("</fieldset>");
}

fn add_delivery(out: &mut Markup, how: &Shop, locale: Locale) {
    markup!(out, "<fieldset class='checkout__part'><legend>" (t::delivery(locale))
        "</legend><div class='checkout__ways' id='ways'></div><div class='checkout__address'>");
    add_field(out, "recipient", "type='text' autocomplete='off'", t::recipient_hint(locale), locale);
    add_field(out, "line-1", "type='text' autocomplete='address-line1'", "", locale);
    add_field(out, "line-2", "type='text' autocomplete='address-line2'", "", locale);
    add_field(out, "town", "type='text' autocomplete='address-level2'", "", locale);
    add_field(out, "postcode", "type='text' autocomplete='postal-code'", t::postcode_hint(locale), locale);
    markup!(out, "</div><div class='checkout__office field'><label class='field__label' for='region'>" (t::office(locale))
        "</label><select class='field__input' id='region' name='region'>");
    for office in &how.offices {
        markup!(out, "<option value='" (office.region.slug()) "'>" (office.name) "</option>");
    }
    out.raw("</select></div></fieldset>");
}

fn add_payment(out: &mut Markup, card: bool, locale: Locale) {
    markup!(out, "<fieldset class='checkout__part checkout__payment' aria-describedby='by-transfer-error'><legend>"
        (t::payment(locale))
        "</legend><div class='choices__list'>");
    if card {
        add_choice(out, ["by", "by-", "card"], t::card(locale), false);
    }
    add_choice(out, ["by", "by-", "transfer"], t::transfer(locale), true);
    add_choice(out, ["by", "by-", "purchase-order"], t::purchase_order(locale), false);
    out.raw("</div><p class='field__error' id='by-transfer-error'></p>");
    add_field(out, "number", "type='text' autocomplete='off'", t::number_hint(locale), locale);
    out.raw("</fieldset>");
}

/// Adds a choice: its group's name, what its id starts with, and its value.
fn add_choice(out: &mut Markup, [group, id, value]: [&str; 3], name: &str, chosen: bool) {
    markup!(out, "<label class='choice'><input class='choice__box' type='radio' name='" (group) "' id='" (id) (value)
        "' value='" (value) "'");
    if chosen {
        out.raw(" checked");
    }
    markup!(out, "><span class='choice__label'>" (name) "</span></label>");
}

fn add_field(out: &mut Markup, id: &'static str, attributes: &'static str, hint: &str, locale: Locale) {
    TextField { id, name: id, label: label(locale, id), hint, mistake: "", value: "", attributes }.add(out);
}

fn arrive() {
    #[cfg(target_arch = "wasm32")]
    crate::lazy::arrive_later(super::CHECKOUT_LIVE);
    #[cfg(not(target_arch = "wasm32"))]
    let _ = super::CHECKOUT_LIVE.make;
}

/// Brings the page to life.
pub(super) fn live() {
    #[cfg(target_arch = "wasm32")]
    super::checkout::live();
}
