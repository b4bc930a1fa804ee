//! A product in a list.

use contract::{Locale, shop::ProductSummary};

use super::stock;
use crate::{
    i18n::{format, shop as t},
    routes::Route,
    ui::{Markup, markup},
};

/// Several products, each a card, as the content of a list.
pub(super) fn cards(products: &[ProductSummary], locale: Locale) -> String {
    let mut out = Markup::default();
    for product in products {
        card(&mut out, product, locale);
    }
    out.html()
}

/// The whole card leads to the product; its name is the link.
pub(super) fn card(out: &mut Markup, product: &ProductSummary, locale: Locale) {
    let price = format::price(locale, product.from_pence);
    let price = if product.from_pence < product.to_pence { t::from(locale, &price) } else { price };
    let marks = match (product.welsh, product.union_made) {
        (true, true) => [t::in_welsh(locale), t::union_made(locale)].join(" · "),
        (true, false) => t::in_welsh(locale).to_owned(),
        (false, true) => t::union_made(locale).to_owned(),
        (false, false) => String::new(),
    };
    let colour = product.colour.as_deref().unwrap_or_default();
    let href = Route::Product(product.slug.clone()).href(locale);
    markup!(out, "<li class='card'><div class='card__picture' data-colour='" (colour) "'>");
    out.picture(&product.picture, "card__drawing");
    markup!(out, "</div><a class='card__name' href='" (href) "'>" (product.name) "</a><p class='card__price'>" (price)
        "</p><p class='card__marks'>" (marks) "</p>");
    if product.left.is_some() {
        markup!(out, "<p class='card__stock'>" (stock::sentence(locale, product.left)) "</p>");
    }
    out.raw("</li>");
}
