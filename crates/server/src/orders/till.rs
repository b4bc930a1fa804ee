//! Payments and refunds of orders: records card payments, and refunds what is due, to the card
//! or manually.

use contract::orders::{Order, OrderState, Payment, price};

use super::{move_mail, show};
use crate::{
    card::{CardError, CardPayments, Standing},
    clock,
    error::ApiError,
    mail::Letterhead,
    secrets,
    shop::Catalogue,
    store::{CardPayment, NewMove, Paying, Refund, RefundedPieces, Store, StoredLine, StoredOrder},
};

/// Handles payments and refunds.
#[derive(Clone, Copy)]
pub(super) struct Till<'a> {
    pub(super) store: &'a Store,
    /// The payment provider, if cards are accepted.
    pub(super) card: Option<&'a dyn CardPayments>,
    pub(super) head: Letterhead<'a>,
    pub(super) catalogue: &'a Catalogue,
}

/// Who makes a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Giver {
    /// The server, automatically: only to cards.
    Server,
    /// Staff: to cards, or manually if nothing was paid by card.
    OrderAdmin,
    /// Staff, manually also if the provider refuses.
    DeskByHand,
}

/// How a refund is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    ToCard,
    ByHand,
    /// Deducted from an unpaid invoice; manually if it was paid.
    OffInvoice,
}

impl Till<'_> {
    /// Asks the provider whether an order was paid.
    pub(super) async fn ask(&self, order: &StoredOrder) -> Result<(), ApiError> {
        let Some(card) = self.card else { return Ok(()) };
        for session in self.store.card_sessions(&order.reference).await? {
            if session.payment.is_none() {
                let standing = card.look_up(&session.session).await?;
                self.note(order, &session.session, &standing).await?;
            }
        }
        Ok(())
    }

    /// Records the payment status of a page. A payment that was not expected, or is no longer,
    /// is refunded.
    pub(super) async fn note(
        &self,
        order: &StoredOrder,
        session: &str,
        standing: &Standing,
    ) -> Result<(), ApiError> {
        let Standing::Paid { payment, pence } = standing else { return Ok(()) };
        let asked = self.shown(order)?.price.total_pence;
        if *pence != asked {
            tracing::error!(
                reference = order.reference,
                pence,
                asked,
                "the amount paid differs from the amount requested"
            );
        }
        let paid = CardPayment { session, payment, pence: *pence, is_asked: *pence == asked };
        let new = NewMove::new(OrderState::Confirmed, self.head.now);
        let mail = move_mail(self.head, self.catalogue, order, &new)?;
        match self.store.note_payment(&order.reference, paid, new, &mail).await? {
            Paying::Paid => Ok(()),
            Paying::Before | Paying::TooMuch => {
                self.give_back(&order.reference, Giver::Server).await?;
                Ok(())
            }
        }
    }

    /// Closes the payment pages of an order that is no longer awaiting payment, records
    /// payments made on them all the same, and refunds to cards what is due.
    pub(super) async fn settle(&self, order: &StoredOrder) -> Result<(), ApiError> {
        let closed = self.close_pages(order).await;
        self.give_back(&order.reference, Giver::Server).await?;
        closed
    }

    async fn close_pages(&self, order: &StoredOrder) -> Result<(), ApiError> {
        let now = self.store.order(&order.reference).await?.ok_or(ApiError::NotFound)?;
        let Some(card) = self.card.filter(|_| now.state != OrderState::AwaitingPayment) else {
            return Ok(());
        };
        for session in self.store.card_sessions(&order.reference).await? {
            if session.payment.is_some() {
                continue;
            }
            if card.close(&session.session).await.is_ok() {
                self.store.close_card_session(&session.session, self.head.now).await?;
            } else {
                // It may have been paid just now.
                let standing = card.look_up(&session.session).await?;
                self.note(order, &session.session, &standing).await?;
            }
        }
        Ok(())
    }

    /// Refunds what is due for an order; returns the amount in pence, and how. The refund is
    /// stored before the provider is asked, so that a retry asks for the same refund; with the
    /// provider's idempotency key, it is made once.
    pub(super) async fn give_back(
        &self,
        reference: &str,
        giver: Giver,
    ) -> Result<Option<(u64, Way)>, ApiError> {
        let refund = match self.store.open_refund(reference).await? {
            Some(refund) => refund,
            None => {
                let order = self.store.order(reference).await?.ok_or(ApiError::NotFound)?;
                let payment = self.store.payment_of(reference).await?;
                let pieces = due(&order, payment.is_some())?;
                let pence = worth(&order, &pieces)?;
                if pence == 0 {
                    return Ok(None);
                }
                let refund = Refund { id: secrets::random_id()?, pence, payment };
                if !self.store.begin_refund(reference, &pieces, &refund, self.head.now).await? {
                    // Another process has started this refund, and it or the next retry will
                    // complete it.
                    return Ok(None);
                }
                refund
            }
        };
        let to_card = match &refund.payment {
            Some(payment) => self.give_to_card(payment, &refund, giver).await?,
            None if giver == Giver::Server => return Ok(None),
            None => false,
        };
        let mut order = self.store.order(reference).await?.ok_or(ApiError::NotFound)?;
        order.refunded_pence += refund.pence;
        let new = NewMove::new(OrderState::Refunded, self.head.now);
        let mail = move_mail(self.head, self.catalogue, &order, &new)?;
        let done = Refund { payment: refund.payment.clone().filter(|_| to_card), ..refund };
        if !self.store.finish_refund(reference, &done, new, &mail).await? {
            return Ok(None);
        }
        Ok(Some((done.pence, self.way(&order, &done)?)))
    }

    /// Whether a payment was refunded to its card; it is not if the provider refuses and a
    /// manual refund is requested.
    async fn give_to_card(&self, payment: &str, refund: &Refund, giver: Giver) -> Result<bool, ApiError> {
        let answer = match self.card {
            Some(card) => card.refund(payment, refund.pence, &refund.id).await,
            // Without a key, we cannot know whether it was refunded before.
            None => Err(CardError::NotNow("no Stripe key is set".to_owned())),
        };
        match answer {
            Ok(()) => Ok(true),
            Err(CardError::Refused(_)) if giver == Giver::DeskByHand => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The amount due as a refund for an order, in pence, and how to make it.
    pub(super) async fn what_is_due(&self, order: &StoredOrder) -> Result<Option<(u64, Way)>, ApiError> {
        let refund = match self.store.open_refund(&order.reference).await? {
            Some(refund) => refund,
            None => {
                let payment = self.store.payment_of(&order.reference).await?;
                let pence = worth(order, &due(order, payment.is_some())?)?;
                Refund { id: String::new(), pence, payment }
            }
        };
        Ok((refund.pence > 0).then_some((refund.pence, self.way(order, &refund)?)))
    }

    fn way(&self, order: &StoredOrder, refund: &Refund) -> Result<Way, ApiError> {
        Ok(match (&refund.payment, self.shown(order)?.payment) {
            (Some(_), _) => Way::ToCard,
            (None, Payment::PurchaseOrder { .. }) => Way::OffInvoice,
            (None, _) => Way::ByHand,
        })
    }

    /// An order in its own language.
    pub(super) fn shown(&self, order: &StoredOrder) -> Result<Order, ApiError> {
        show::shown(order.clone(), self.catalogue, clock::uk_date(self.head.now), order.locale)
    }
}

/// Whether a refund is due for an order.
pub(crate) async fn is_refund_due(store: &Store, order: &StoredOrder) -> Result<bool, ApiError> {
    if store.open_refund(&order.reference).await?.is_some() {
        return Ok(true);
    }
    let by_card = store.payment_of(&order.reference).await?.is_some();
    Ok(worth(order, &due(order, by_card)?)? > 0)
}

/// The quantities to refund: returned items or, if a paid order was cancelled, all items.
fn due(order: &StoredOrder, by_card: bool) -> Result<Vec<RefundedPieces>, ApiError> {
    let was_paid = match serde_json::from_str(&order.payment).map_err(ApiError::internal)? {
        // Staff may have received the payment in another way.
        Payment::Card {} | Payment::Transfer {} => {
            by_card || order.moves.iter().any(|own| own.state == OrderState::Confirmed)
        }
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
    Ok(match order.state {
        OrderState::Returned | OrderState::Refunded => of(|line| line.returned),
        OrderState::Cancelled if was_paid => of(|line| line.quantity),
        _ => Vec::new(),
    })
}

/// The amount to refund for these quantities, in pence.
fn worth(order: &StoredOrder, pieces: &[RefundedPieces]) -> Result<u64, ApiError> {
    let paid: price::OrderPrice = serde_json::from_str(&order.price).map_err(ApiError::internal)?;
    let counts = |of: &dyn Fn(&StoredLine) -> u32| order.lines.iter().map(of).collect::<Vec<u32>>();
    let back = counts(&|line| pieces.iter().find(|own| own.sku == line.sku).map_or(0, |own| own.count));
    Ok(price::refund(&paid, &counts(&|line| line.quantity), &counts(&|line| line.refunded), &back))
}
