//! Requests the price of the basket from the shop.

use contract::{
    Locale,
    orders::{MAX_LINES, OrderLine, PriceBasket, PricedBasket, PricedLine},
    shop::MAX_STOCK_SHOWN,
};

use crate::{
    api::{self, ApiError},
    i18n::basket as t,
};

/// The prices of these lines, and the delivery options for the postcode, which may be empty.
/// Makes no request if there are no lines.
pub(crate) async fn price(
    mut lines: Vec<OrderLine>,
    postcode: String,
    locale: Locale,
) -> Result<PricedBasket, ApiError> {
    if lines.is_empty() {
        return Ok(PricedBasket {
            lines: Vec::new(),
            unknown: Vec::new(),
            subtotal_pence: 0,
            delivery_options: Vec::new(),
        });
    }
    lines.truncate(MAX_LINES);
    api::send(&PriceBasket { locale, lines, postcode }, None).await
}

/// What to do if there is not enough stock for a line.
pub(crate) fn shortage(line: &PricedLine, locale: Locale) -> Option<String> {
    match line.stock_left.filter(|left| *left < line.quantity)? {
        0 => Some(t::out_of_stock(locale).to_owned()),
        MAX_STOCK_SHOWN.. => Some(t::not_enough_stock(locale, &MAX_STOCK_SHOWN.to_string())),
        left => Some(t::only_left(locale, left)),
    }
}
