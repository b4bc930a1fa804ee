//! Why an order is not placed, by field: it takes more than there is, or than is allowed.

use campaign_hub::i18n::format::pounds;
use contract::{
    InvalidField,
    orders::{OrderLine, PlaceOrder},
    shop::MAX_STOCK_SHOWN,
};

use super::reservation::total_quantity;
use crate::{config::UnpaidLimits, error::ApiError, shop::Offer};

/// The lines above the maximum quantity of a free product, counted over all its variants.
pub(super) fn over_caps(order: &PlaceOrder, offers: &[Offer<'_>]) -> Vec<InvalidField> {
    let over = |(index, offer): (usize, &Offer<'_>)| {
        let cap =
            offer.cap.filter(|cap| total_quantity(&order.lines, offers, offer.product) > u64::from(*cap))?;
        Some(quantity_error(index, format!("Limit per order: {cap}.")))
    };
    offers.iter().enumerate().filter_map(over).collect()
}

/// The lines above the allowance of a branch or a member.
pub(super) fn over_free_limit(
    order: &PlaceOrder,
    offers: &[Offer<'_>],
    product: &str,
    left: u64,
) -> ApiError {
    let own = offers.iter().zip(&order.lines).enumerate().filter(|(_, (offer, _))| offer.product == product);
    let detail = format!("Limit per branch or email address reached: {left} left to order.");
    let field = |(index, _)| quantity_error(index, detail.clone());
    ApiError::Refused(own.map(field).collect())
}

/// The limit on the unpaid orders of an email address.
pub(super) fn over_unpaid_limit(limits: UnpaidLimits) -> ApiError {
    let UnpaidLimits { orders, items, pence, .. } = limits;
    let most = [
        (u64::from(orders), format!("{orders} orders")),
        (items.into(), format!("{items} items")),
        (pence, pounds(pence)),
    ];
    let most: Vec<String> = most.into_iter().filter(|(most, _)| *most > 0).map(|(_, text)| text).collect();
    let detail = format!(
        "Until an order from this address is paid or approved, it can have up to {} unpaid. \
         Pay for or cancel an earlier order, order less, or contact the shop.",
        most.join(", ")
    );
    ApiError::OverUnpaidLimit(vec![InvalidField { field: "customer.email".to_owned(), detail }])
}

/// The lines that take too large a share of the stock, by field, bundles included.
pub(super) fn over_unpaid_share(order: &PlaceOrder, offers: &[Offer<'_>], skus: &[String]) -> ApiError {
    let takes = |(_, (line, offer)): &(usize, (&OrderLine, &Offer<'_>))| {
        offer.takes(&line.sku, line.quantity).iter().any(|(sku, _)| skus.contains(sku))
    };
    let detail = "Orders that are free, or neither paid nor approved, cannot take this much of the remaining \
                  stock. Order fewer, or contact the shop.";
    let field = |(index, _)| quantity_error(index, detail.to_owned());
    let lines = order.lines.iter().zip(offers).enumerate();
    ApiError::OverUnpaidShare(lines.filter(takes).map(field).collect())
}

/// The lines that are short of stock, by field, including bundles that need the items.
pub(super) fn out_of_stock_fields(
    order: &PlaceOrder,
    offers: &[Offer<'_>],
    out_of_stock: &[(String, u32)],
) -> Vec<InvalidField> {
    let field = |(index, (line, offer)): (usize, (&OrderLine, &Offer<'_>))| {
        let takes = offer.takes(&line.sku, line.quantity);
        let (sku, left) = out_of_stock.iter().find(|(sku, _)| takes.iter().any(|(own, _)| own == sku))?;
        let detail = if *left < MAX_STOCK_SHOWN {
            format!("Only {left} of {sku} in stock.")
        } else {
            format!("{MAX_STOCK_SHOWN} or more of {sku} in stock, but not as many as requested.")
        };
        Some(quantity_error(index, detail))
    };
    order.lines.iter().zip(offers).enumerate().filter_map(field).collect()
}

fn quantity_error(index: usize, detail: String) -> InvalidField {
    InvalidField { field: format!("lines.{index}.quantity"), detail }
}
