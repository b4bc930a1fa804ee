//! Payments and refunds of orders: records card payments, and refunds what is due, to the card
//! or manually.

use contract::orders::{Order, OrderStatus, Payment, price};

use super::{show, transition_mail};
use crate::{
    card::{CardError, CardPayments, PaymentStatus},
    clock,
    error::ApiError,
    mail::MailContext,
    secrets,
    shop::Catalogue,
    store::{
        CardPayment, NewTransition, RecordedPayment, Refund, RefundQuantity, Store, StoredLine, StoredOrder,
    },
};

/// Handles payments and refunds.
#[derive(Clone, Copy)]
pub(super) struct PaymentService<'a> {
    pub(super) store: &'a Store,
    /// The payment provider, if cards are accepted.
    pub(super) card: Option<&'a dyn CardPayments>,
    pub(super) mail_context: MailContext<'a>,
    pub(super) catalogue: &'a Catalogue,
}

/// Who makes a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefundedBy {
    /// The server, automatically: only to cards.
    Server,
    /// Staff: to cards, or manually if nothing was paid by card.
    Staff,
    /// Staff, manually also if the provider refuses.
    StaffManually,
}

/// How a refund is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefundMethod {
    Card,
    Manual,
    /// Deducted from an unpaid invoice; manually if it was paid.
    InvoiceCredit,
}

impl PaymentService<'_> {
    /// Asks the provider whether an order was paid.
    pub(super) async fn check_payment(&self, order: &StoredOrder) -> Result<(), ApiError> {
        let Some(card) = self.card else { return Ok(()) };
        for session in self.store.card_sessions(&order.reference).await? {
            if session.payment.is_none() {
                let status = card.look_up(&session.session).await?;
                self.record_status(order, &session.session, &status).await?;
            }
        }
        Ok(())
    }

    /// Records the payment status of a page. A payment that was not expected, or is no longer,
    /// is refunded.
    pub(super) async fn record_status(
        &self,
        order: &StoredOrder,
        session: &str,
        status: &PaymentStatus,
    ) -> Result<(), ApiError> {
        let PaymentStatus::Paid { payment, pence } = status else { return Ok(()) };
        let asked = self.localise(order)?.price.total_pence;
        if *pence != asked {
            tracing::error!(
                reference = order.reference,
                pence,
                asked,
                "the amount paid differs from the amount requested"
            );
        }
        let paid = CardPayment { session, payment, pence: *pence, is_asked: *pence == asked };
        let new = NewTransition::new(OrderStatus::Confirmed, self.mail_context.now);
        let mail = transition_mail(self.mail_context, self.catalogue, order, &new)?;
        match self.store.record_payment(&order.reference, paid, new, &mail).await? {
            RecordedPayment::Paid => Ok(()),
            RecordedPayment::AlreadyRecorded | RecordedPayment::Surplus => {
                self.refund(&order.reference, RefundedBy::Server).await?;
                Ok(())
            }
        }
    }

    /// Closes the payment pages of an order that is no longer awaiting payment, records
    /// payments made on them all the same, and refunds to cards what is due.
    pub(super) async fn settle(&self, order: &StoredOrder) -> Result<(), ApiError> {
        let closed = self.close_sessions(order).await;
        self.refund(&order.reference, RefundedBy::Server).await?;
        closed
    }

    async fn close_sessions(&self, order: &StoredOrder) -> Result<(), ApiError> {
        let now = self.store.order(&order.reference).await?.ok_or(ApiError::NotFound)?;
        let Some(card) = self.card.filter(|_| now.status != OrderStatus::AwaitingPayment) else {
            return Ok(());
        };
        for session in self.store.card_sessions(&order.reference).await? {
            if session.payment.is_some() {
                continue;
            }
            if card.close(&session.session).await.is_ok() {
                self.store.close_card_session(&session.session, self.mail_context.now).await?;
            } else {
                // It may have been paid just now.
                let status = card.look_up(&session.session).await?;
                self.record_status(order, &session.session, &status).await?;
            }
        }
        Ok(())
    }

    /// Refunds what is due for an order; returns the amount in pence, and how. The refund is
    /// stored before the provider is asked, so that a retry asks for the same refund; with the
    /// provider's idempotency key, it is made once.
    pub(super) async fn refund(
        &self,
        reference: &str,
        refunded_by: RefundedBy,
    ) -> Result<Option<(u64, RefundMethod)>, ApiError> {
        let refund = match self.store.open_refund(reference).await? {
            Some(refund) => refund,
            None => {
                let order = self.store.order(reference).await?.ok_or(ApiError::NotFound)?;
                let payment = self.store.payment_of(reference).await?;
                let quantities = quantities_to_refund(&order, payment.is_some())?;
                let pence = refund_pence(&order, &quantities)?;
                if pence == 0 {
                    return Ok(None);
                }
                let refund = Refund { id: secrets::random_id()?, pence, payment };
                if !self.store.begin_refund(reference, &quantities, &refund, self.mail_context.now).await? {
                    // Another process has started this refund, and it or the next retry will
                    // complete it.
                    return Ok(None);
                }
                refund
            }
        };
        let to_card = match &refund.payment {
            Some(payment) => self.refund_to_card(payment, &refund, refunded_by).await?,
            None if refunded_by == RefundedBy::Server => return Ok(None),
            None => false,
        };
        let mut order = self.store.order(reference).await?.ok_or(ApiError::NotFound)?;
        order.refunded_pence += refund.pence;
        let new = NewTransition::new(OrderStatus::Refunded, self.mail_context.now);
        let mail = transition_mail(self.mail_context, self.catalogue, &order, &new)?;
        let done = Refund { payment: refund.payment.clone().filter(|_| to_card), ..refund };
        if !self.store.finish_refund(reference, &done, new, &mail).await? {
            return Ok(None);
        }
        Ok(Some((done.pence, self.refund_method(&order, &done)?)))
    }

    /// Whether a payment was refunded to its card; it is not if the provider refuses and a
    /// manual refund is requested.
    async fn refund_to_card(
        &self,
        payment: &str,
        refund: &Refund,
        refunded_by: RefundedBy,
    ) -> Result<bool, ApiError> {
        let answer = match self.card {
            Some(card) => card.refund(payment, refund.pence, &refund.id).await,
            // Without a key, we cannot know whether it was refunded before.
            None => Err(CardError::Unavailable("no Stripe key is set".to_owned())),
        };
        match answer {
            Ok(()) => Ok(true),
            Err(CardError::Rejected(_)) if refunded_by == RefundedBy::StaffManually => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The amount due as a refund for an order, in pence, and how to make it.
    pub(super) async fn refund_due(
        &self,
        order: &StoredOrder,
    ) -> Result<Option<(u64, RefundMethod)>, ApiError> {
        let refund = match self.store.open_refund(&order.reference).await? {
            Some(refund) => refund,
            None => {
                let payment = self.store.payment_of(&order.reference).await?;
                let pence = refund_pence(order, &quantities_to_refund(order, payment.is_some())?)?;
                Refund { id: String::new(), pence, payment }
            }
        };
        Ok((refund.pence > 0).then_some((refund.pence, self.refund_method(order, &refund)?)))
    }

    fn refund_method(&self, order: &StoredOrder, refund: &Refund) -> Result<RefundMethod, ApiError> {
        Ok(match (&refund.payment, self.localise(order)?.payment) {
            (Some(_), _) => RefundMethod::Card,
            (None, Payment::PurchaseOrder { .. }) => RefundMethod::InvoiceCredit,
            (None, _) => RefundMethod::Manual,
        })
    }

    /// An order in its own language.
    pub(super) fn localise(&self, order: &StoredOrder) -> Result<Order, ApiError> {
        show::to_order(order.clone(), self.catalogue, clock::uk_date(self.mail_context.now), order.locale)
    }
}

/// Whether a refund is due for an order.
pub(crate) async fn is_refund_due(store: &Store, order: &StoredOrder) -> Result<bool, ApiError> {
    if store.open_refund(&order.reference).await?.is_some() {
        return Ok(true);
    }
    let by_card = store.payment_of(&order.reference).await?.is_some();
    Ok(refund_pence(order, &quantities_to_refund(order, by_card)?)? > 0)
}

/// The quantities to refund: returned items or, if a paid order was cancelled, all items.
fn quantities_to_refund(order: &StoredOrder, by_card: bool) -> Result<Vec<RefundQuantity>, ApiError> {
    let was_paid = match serde_json::from_str(&order.payment).map_err(ApiError::internal)? {
        // Staff may have received the payment in another way.
        Payment::Card {} | Payment::Transfer {} => {
            by_card || order.transitions.iter().any(|own| own.status == OrderStatus::Confirmed)
        }
        Payment::PurchaseOrder { .. } | Payment::Nothing {} => false,
    };
    let of = |all: fn(&StoredLine) -> u32| {
        let refund = |line: &StoredLine| RefundQuantity {
            sku: line.sku.clone(),
            refunded_before: line.refunded,
            quantity: all(line).saturating_sub(line.refunded),
        };
        order.lines.iter().map(refund).filter(|refund| refund.quantity > 0).collect()
    };
    Ok(match order.status {
        OrderStatus::Returned | OrderStatus::Refunded => of(|line| line.returned),
        OrderStatus::Cancelled if was_paid => of(|line| line.quantity),
        _ => Vec::new(),
    })
}

/// The amount to refund for these quantities, in pence.
fn refund_pence(order: &StoredOrder, quantities: &[RefundQuantity]) -> Result<u64, ApiError> {
    let paid: price::OrderPrice = serde_json::from_str(&order.price).map_err(ApiError::internal)?;
    let counts = |of: &dyn Fn(&StoredLine) -> u32| order.lines.iter().map(of).collect::<Vec<u32>>();
    let back =
        counts(&|line| quantities.iter().find(|own| own.sku == line.sku).map_or(0, |own| own.quantity));
    Ok(price::refund(&paid, &counts(&|line| line.quantity), &counts(&|line| line.refunded), &back))
}
