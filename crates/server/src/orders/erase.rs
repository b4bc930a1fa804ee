//! Removes personal data from orders.

use std::path::Path;

use contract::orders::{Address, Customer, CustomerKind, Delivery, Payment, price::OrderPrice};
use jiff::Timestamp;

use crate::{
    mail,
    store::{RemainingData, Store, StoredOrder},
};

/// What is kept of an erased order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeptData {
    /// The data that tax law requires: items, amounts, branch, purchase order number, and the
    /// name on an invoice or a credit note.
    Accounts,
    /// Items and amounts.
    Sale,
}

/// Erases an order and its emails, including those in the folder `outbox`. A pending order is
/// cancelled. Returns whether it was done; it is not if the order changed meanwhile.
pub(crate) async fn erase(
    store: &Store,
    order: &StoredOrder,
    keeps: KeptData,
    now: Timestamp,
    outbox: &Path,
) -> anyhow::Result<bool> {
    let remaining_data = remaining_data(order, keeps)?;
    let Some(mails) = store.erase_order(&order.reference, order.status, &remaining_data, now).await? else {
        return Ok(false);
    };
    mail::remove_files(outbox, &mails)?;
    Ok(true)
}

/// The customer stored for orders of which only the sale is kept.
pub(crate) fn anonymous_customers() -> serde_json::Result<[String; 3]> {
    let [member, branch, officer] = [CustomerKind::Member, CustomerKind::Branch, CustomerKind::Officer]
        .map(|kind| serde_json::to_string(&Customer { kind, ..Customer::default() }));
    Ok([member?, branch?, officer?])
}

/// Whether the customer's name is kept because of an invoice. Free orders, and orders that
/// were cancelled before payment, have no invoice that the law requires.
pub(super) fn keeps_name(order: &StoredOrder) -> serde_json::Result<bool> {
    let price: OrderPrice = serde_json::from_str(&order.price)?;
    Ok(order.status.has_invoice() && !order.status.is_pending() && price.total_pence > 0)
}

fn remaining_data(order: &StoredOrder, keeps: KeptData) -> serde_json::Result<RemainingData> {
    let keeps_accounts = keeps == KeptData::Accounts;
    let keeps_name = keeps_accounts && keeps_name(order)?;
    let before: Customer = serde_json::from_str(&order.customer)?;
    let customer = Customer {
        kind: before.kind,
        name: if keeps_name { before.name } else { String::new() },
        // A member may have typed anything here; it is not a branch in the accounts.
        branch: if keeps_accounts && before.kind != CustomerKind::Member {
            before.branch
        } else {
            String::new()
        },
        ..Customer::default()
    };
    let delivery = match serde_json::from_str(&order.delivery)? {
        Delivery::Post { speed, .. } => Delivery::Post { address: Address::default(), speed },
        collection @ Delivery::Collection { .. } => collection,
    };
    let payment = match serde_json::from_str(&order.payment)? {
        Payment::PurchaseOrder { .. } if !keeps_accounts => Payment::PurchaseOrder { number: String::new() },
        payment => payment,
    };
    Ok(RemainingData {
        customer: serde_json::to_string(&customer)?,
        delivery: serde_json::to_string(&delivery)?,
        payment: serde_json::to_string(&payment)?,
        keeps_accounts,
    })
}
