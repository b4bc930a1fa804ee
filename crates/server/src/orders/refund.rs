//! Gives money back: to the card that an order was paid with, or says how much is to
//! be given back by hand.

use contract::orders::{Order, OrderState, Payment, price};

use super::{move_mail, pay::silent, show};
use crate::{
    card::CardPayments,
    clock,
    error::ApiError,
    mail::Letterhead,
    secrets,
    shop::Catalogue,
    store::{NewMove, Refund, RefundedPieces, Store, StoredLine, StoredOrder},
};

/// What came of giving back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// Nothing is due.
    Nothing,
    /// So many pence, to the card.
    ToCard(u64),
    /// So many pence, by hand.
    ByHand(u64),
    /// So many pence, off an invoice; by hand where that was paid.
    OffInvoice(u64),
}

/// Gives back what is due for an order. It is noted before the provider is asked, so
/// that whoever asks again asks for the same; both together give it back once.
pub(super) async fn give_back(
    store: &Store,
    card: Option<&dyn CardPayments>,
    head: Letterhead<'_>,
    catalogue: &Catalogue,
    reference: &str,
) -> Result<Given, ApiError> {
    let refund = match store.open_refund(reference).await? {
        Some(refund) => refund,
        None => {
            let order = store.order(reference).await?.ok_or(ApiError::NotFound)?;
            let payment =
                store.card_sessions(reference).await?.into_iter().find_map(|session| session.payment);
            let pieces = due(&order, payment.is_some(), &shown(head, catalogue, &order)?);
            let pence = worth(&order, &pieces)?;
            if pence == 0 {
                return Ok(Given::Nothing);
            }
            let refund = Refund { id: secrets::random_id().ok_or(ApiError::Internal)?, pence, payment };
            if !store.begin_refund(reference, &pieces, &refund, head.now).await? {
                // Somebody else has begun it: they end it too, or whoever asks next.
                return Ok(Given::Nothing);
            }
            refund
        }
    };
    if let Some(payment) = &refund.payment {
        let card = card.ok_or_else(|| ApiError::Card("none are taken".to_owned()))?;
        card.refund(payment, refund.pence, &refund.id).await.map_err(silent)?;
    }
    let mut order = store.order(reference).await?.ok_or(ApiError::NotFound)?;
    order.refunded_pence += refund.pence;
    let new = NewMove { to: OrderState::Refunded, at: head.now, note: "" };
    let mail = move_mail(head, catalogue, &order, new.to)?;
    if !store.finish_refund(reference, &refund.id, new, &mail).await? {
        return Ok(Given::Nothing);
    }
    Ok(match (refund.payment, shown(head, catalogue, &order)?.payment) {
        (Some(_), _) => Given::ToCard(refund.pence),
        (None, Payment::PurchaseOrder { .. }) => Given::OffInvoice(refund.pence),
        (None, _) => Given::ByHand(refund.pence),
    })
}

/// The pieces for which money is due: those that came back, or all that were paid of
/// an order that was cancelled.
fn due(order: &StoredOrder, by_card: bool, shown: &Order) -> Vec<RefundedPieces> {
    let was_paid = match shown.payment {
        Payment::Card {} => by_card,
        Payment::Transfer {} => order.moves.iter().any(|own| own.state == OrderState::Confirmed),
        Payment::PurchaseOrder { .. } | Payment::Nothing {} => false,
    };
    let of = |all: fn(&StoredLine) -> u32| {
        let pieces = |line: &StoredLine| RefundedPieces {
            sku: line.sku.clone(),
            known: line.refunded,
            count: all(line).saturating_sub(line.refunded),
        };
        order.lines.iter().map(pieces).filter(|pieces| pieces.count > 0).collect()
    };
    match order.state {
        OrderState::Returned | OrderState::Refunded => of(|line| line.returned),
        OrderState::Cancelled if was_paid => of(|line| line.quantity),
        _ => Vec::new(),
    }
}

/// What is given back for these pieces, in pence.
fn worth(order: &StoredOrder, pieces: &[RefundedPieces]) -> Result<u64, ApiError> {
    let paid: price::OrderPrice = serde_json::from_str(&order.price).map_err(|_| ApiError::Internal)?;
    let counts = |of: &dyn Fn(&StoredLine) -> u32| order.lines.iter().map(of).collect::<Vec<u32>>();
    let back = counts(&|line| pieces.iter().find(|own| own.sku == line.sku).map_or(0, |own| own.count));
    Ok(price::refund(&paid, &counts(&|line| line.quantity), &counts(&|line| line.refunded), &back))
}

/// An order in its own language.
pub(super) fn shown(
    head: Letterhead<'_>,
    catalogue: &Catalogue,
    order: &StoredOrder,
) -> Result<Order, ApiError> {
    show::shown(order.clone(), catalogue, clock::uk_date(head.now), order.locale)
}
