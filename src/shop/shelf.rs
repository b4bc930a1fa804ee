//! Some products on another page, in a row that scrolls sideways.

use contract::{Locale, shop::ProductSummary};

use super::card::card;
use crate::{
    i18n::shop as t,
    routes::Route,
    ui::{Markup, markup},
};

/// Adds the row. Its links take the focus, so that it can be scrolled by
/// keyboard.
pub(crate) fn add_shelf(out: &mut Markup, products: &[ProductSummary], locale: Locale) {
    markup!(out, "<section class='shelf section' id='shop' aria-labelledby='shop-title'><div class='wrap shelf__head'>"
        "<h2 id='shop-title'>" (t::shelf(locale)) "</h2> <a class='more' href='" (Route::Shop.href(locale)) "'>"
        (t::to_shop(locale)) "</a></div><ul class='shelf__list' role='list'>");
    products.iter().for_each(|product| card(out, product, locale));
    out.raw("</ul></section>");
}
