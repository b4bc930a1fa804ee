//! What an order takes: stock, the allowance of free products, and the limit on unpaid orders.

use std::collections::BTreeMap;

use contract::orders::{Customer, CustomerKind, OrderLine, OrderStatus};

use crate::{
    config::UnpaidLimits,
    shop::Offer,
    store::{FreeLimit, Reservation, UnpaidOrder},
    text::{branch_key, email_key},
};

/// What an order takes from the stock, and from the customer's allowance of free products.
pub(super) fn reservation(customer: &Customer, lines: &[OrderLine], offers: &[Offer<'_>]) -> Reservation {
    let mut stock: BTreeMap<String, u32> = BTreeMap::new();
    for (offer, line) in offers.iter().zip(lines) {
        for (sku, count) in offer.takes(&line.sku, line.quantity) {
            let all = stock.entry(sku).or_default();
            *all = all.saturating_add(count);
        }
    }
    let counted_for = match customer.kind {
        // A branch name entered by a member does not count.
        CustomerKind::Member => ["@", &email_key(&customer.email)].concat(),
        CustomerKind::Branch | CustomerKind::Officer => branch_key(&customer.branch),
    };
    Reservation { stock, counted_for, free_limits: free_limits(lines, offers), unpaid: None }
}

/// What counts towards the limits on unpaid orders; nothing if the order costs something and
/// awaits neither payment nor approval.
pub(super) fn unpaid_order(
    limits: UnpaidLimits,
    first: OrderStatus,
    customer: &Customer,
    total_pence: u64,
) -> Option<UnpaidOrder> {
    let order = || UnpaidOrder { email: email_key(&customer.email), pence: total_pence, limits };
    ((first.is_held() || total_pence == 0) && limits.is_any()).then(order)
}

/// The quantities of products with a maximum for each branch or member.
fn free_limits(lines: &[OrderLine], offers: &[Offer<'_>]) -> Vec<FreeLimit> {
    let mut limits: Vec<FreeLimit> = Vec::new();
    for offer in offers {
        let Some(most) = offer.branch_cap else { continue };
        if limits.iter().all(|limit| limit.product != offer.product) {
            let wanted = total_quantity(lines, offers, offer.product);
            limits.push(FreeLimit { product: offer.product.to_owned(), wanted, most });
        }
    }
    // In a fixed order, so that concurrent orders cannot deadlock.
    limits.sort_by(|one, other| one.product.cmp(&other.product));
    limits
}

/// The total quantity of a product in all lines.
pub(super) fn total_quantity(lines: &[OrderLine], offers: &[Offer<'_>], product: &str) -> u64 {
    let own = offers.iter().zip(lines).filter(|(offer, _)| offer.product == product);
    own.map(|(_, line)| u64::from(line.quantity)).sum()
}
