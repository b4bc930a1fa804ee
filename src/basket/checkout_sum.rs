//! What the checkout says of the shop's prices: the ways to send an order, and what
//! it comes to.

use contract::{
    Locale,
    orders::{PricedBasket, Way, WayKind},
};

use super::lines::shortage;
use crate::{
    i18n::{basket, checkout as t, format},
    routes::Route,
    ui::{Markup, markup},
};

/// The value of a way in the form.
pub(super) const fn value(way: WayKind) -> &'static str {
    match way {
        WayKind::Cheapest => "cheapest",
        WayKind::Fastest => "fastest",
        WayKind::Collection => "collection",
    }
}

/// The ways to send it, with what each costs and when it is there; `chosen` is the
/// value of one, or the first is.
pub(super) fn ways(priced: &PricedBasket, chosen: &str, locale: Locale) -> String {
    let mut out = Markup::default();
    let is_known = priced.ways.iter().any(|way| value(way.by) == chosen);
    for (index, way) in priced.ways.iter().enumerate() {
        let name = if way.by == WayKind::Collection { t::collection(locale) } else { &way.name };
        markup!(out, "<label class='choice'><input class='choice__box' type='radio' name='way' id='way-"
            (value(way.by)) "' value='" (value(way.by)) "'");
        if value(way.by) == chosen || (!is_known && index == 0) {
            out.raw(" checked");
        }
        markup!(out, "><span class='choice__label'><b>" (name) ", " (format::price(locale, way.price_pence)) "</b> "
            (arrival(way, locale)) "</span></label>");
    }
    out.html()
}

/// When it could be there, and whether that is before the week.
fn arrival(way: &Way, locale: Locale) -> String {
    let day = format::short_date(locale, way.arrives);
    match (way.by == WayKind::Collection, way.before_week) {
        (false, Some(true)) => basket::arrives_before(locale, &day),
        (false, Some(false)) => t::way_late(locale, &day),
        (false, None) => t::way_arrives(locale, &day),
        (true, Some(true)) => t::fetch_before(locale, &day),
        (true, Some(false)) => t::fetch_late(locale, &day),
        (true, None) => t::fetch_arrives(locale, &day),
    }
}

/// What is said of an empty basket.
pub(super) fn nothing(locale: Locale) -> String {
    let mut out = Markup::default();
    markup!(out, "<p>" (basket::empty(locale)) "</p><p><a class='more' href='" (Route::Shop.href(locale)) "'>"
        (basket::to_shop(locale)) "</a></p>");
    out.html()
}

/// What is said where the prices could not be looked up.
pub(super) fn no_prices(locale: Locale) -> String {
    let mut out = Markup::default();
    markup!(out, "<p>" (basket::no_prices_hint(locale)) "</p><p class='actions'>"
        "<button class='button' type='button' data-prices>" (basket::again(locale)) "</button></p>");
    out.html()
}

/// What is ordered and what it comes to; `waits` says who may have to approve it.
pub(super) fn sum(priced: &PricedBasket, way: &Way, waits: Option<&str>, locale: Locale) -> String {
    let mut out = Markup::default();
    out.raw("<ul class='checkout__goods' role='list'>");
    for line in &priced.lines {
        markup!(out, "<li><span>" (line.quantity.to_string()) " × " (line.full_name()) "</span> <b>"
            (format::price(locale, line.total_pence)) "</b>");
        if let Some(shortage) = shortage(line, locale) {
            markup!(out, " <span class='tag'>" (shortage) "</span>");
        }
        out.raw("</li>");
    }
    for sku in &priced.unknown {
        markup!(out, "<li>" (basket::unknown(locale, sku)) "</li>");
    }
    markup!(out, "</ul><dl class='basket-sum__rows'><div><dt>" (t::sending(locale)) "</dt><dd>"
        (format::price(locale, way.price_pence)) "</dd></div><div class='basket-sum__total'><dt>" (t::total(locale))
        "</dt><dd>" (format::price(locale, way.total_pence)) "</dd></div><div><dt>" (t::vat(locale)) "</dt><dd>"
        (format::pounds(way.vat_pence)) "</dd></div></dl>");
    if let Some(waits) = waits {
        markup!(out, "<p class='tag'>" (waits) "</p>");
    }
    out.html()
}
