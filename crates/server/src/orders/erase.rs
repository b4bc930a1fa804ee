//! Takes out of orders what names a person.

use std::path::Path;

use contract::orders::{Address, Customer, CustomerKind, Delivery, Payment, price::OrderPrice};
use jiff::Timestamp;

use crate::{
    mail,
    store::{Remains, Store, StoredOrder},
};

/// What stays of an order that is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// What tax law needs: what was sold, for how much, to which branch, under which purchase
    /// order, and the name on an invoice or a credit note.
    Accounts,
    /// What was sold, and for how much.
    Sale,
}

/// Erases an order and the mails about it, also those in the folder `outbox`. One that is
/// pending is cancelled. Whether it was done: not where the order has changed meanwhile.
pub(crate) async fn erase(
    store: &Store,
    order: &StoredOrder,
    keeps: Keeps,
    now: Timestamp,
    outbox: &Path,
) -> anyhow::Result<bool> {
    let remains = remains(order, keeps)?;
    let Some(mails) = store.erase_order(&order.reference, order.state, &remains, now).await? else {
        return Ok(false);
    };
    mail::remove_files(outbox, &mails)?;
    Ok(true)
}

/// The customers of orders of which nothing is kept but the sale.
pub(crate) fn nobody() -> serde_json::Result<[String; 3]> {
    let [member, branch, officer] = [CustomerKind::Member, CustomerKind::Branch, CustomerKind::Officer]
        .map(|kind| serde_json::to_string(&Customer { kind, ..Customer::default() }));
    Ok([member?, branch?, officer?])
}

/// Whether the name of whoever has ordered stays for the sake of an invoice. What costs
/// nothing, and what is cancelled before it was paid, has none that the law asks for.
pub(super) fn keeps_name(order: &StoredOrder) -> serde_json::Result<bool> {
    let price: OrderPrice = serde_json::from_str(&order.price)?;
    Ok(order.state.has_invoice() && !order.state.is_pending() && price.total_pence > 0)
}

fn remains(order: &StoredOrder, keeps: Keeps) -> serde_json::Result<Remains> {
    let keeps_accounts = keeps == Keeps::Accounts;
    let keeps_name = keeps_accounts && keeps_name(order)?;
    let before: Customer = serde_json::from_str(&order.customer)?;
    let customer = Customer {
        kind: before.kind,
        name: if keeps_name { before.name } else { String::new() },
        // What a member has written there is nobody's branch.
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
    Ok(Remains {
        customer: serde_json::to_string(&customer)?,
        delivery: serde_json::to_string(&delivery)?,
        payment: serde_json::to_string(&payment)?,
        keeps_accounts,
    })
}
