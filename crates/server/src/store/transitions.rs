//! Changes of orders after they are placed: status transitions, other changes, and erasure.
//! Dispatched and returned items are in `dispatches.rs`.

use std::collections::BTreeMap;

use contract::orders::{OrderEvent, OrderStatus};
use jiff::Timestamp;

use super::{
    NewMail, Store, StoreError, Transaction, mails, orders::status_named, placing::retry_on_conflict, stock,
};

/// A status transition to make.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewTransition<'a> {
    pub(crate) to: OrderStatus,
    pub(crate) at: Timestamp,
    /// The note for the customer; may be empty.
    pub(crate) note: &'a str,
    /// What else has happened.
    pub(crate) event: Option<OrderEvent>,
    /// The hold period, if the order then awaits payment or approval and can expire.
    pub(crate) hold: Option<Hold>,
}

impl NewTransition<'_> {
    /// A transition without a note, to a status that does not expire.
    pub(crate) const fn new(to: OrderStatus, at: Timestamp) -> Self {
        Self { to, at, note: "", event: None, hold: None }
    }
}

/// How long an order awaiting payment or approval is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    /// When it expires.
    pub(crate) expires_at: Timestamp,
    /// When its customer is reminded; none if no reminder is sent.
    pub(crate) remind_at: Option<Timestamp>,
}

/// What is kept of an erased order; the texts are JSON in the API's format.
#[derive(Clone, Debug)]
pub(crate) struct RemainingData {
    pub(crate) customer: String,
    pub(crate) delivery: String,
    pub(crate) payment: String,
    /// Whether the branch, the purchase order and the payments are kept.
    pub(crate) keeps_accounts: bool,
}

/// The result of changing an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeOutcome {
    /// It is changed.
    Done,
    /// Its current status, given here, does not allow it.
    InvalidTransition(OrderStatus),
    /// There is no such order.
    OrderNotFound,
}

impl Store {
    /// Changes the status of an order, if the transition is allowed. Cancelling releases its
    /// stock, and dispatching marks all items as dispatched.
    pub(crate) async fn change_status(
        &self,
        reference: &str,
        new: NewTransition<'_>,
        mail: &NewMail,
    ) -> Result<ChangeOutcome, StoreError> {
        retry_on_conflict(|| self.try_to_change_status(reference, new, mail)).await
    }

    async fn try_to_change_status(
        &self,
        reference: &str,
        new: NewTransition<'_>,
        mail: &NewMail,
    ) -> Result<ChangeOutcome, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else {
            return Ok(ChangeOutcome::OrderNotFound);
        };
        // A quote becomes an order only by acceptance, which takes its stock.
        let is_quote = status == OrderStatus::Quoted && new.to != OrderStatus::Cancelled;
        if is_quote || !status.may_become(new.to) {
            return Ok(ChangeOutcome::InvalidTransition(status));
        }
        write_transition(&mut transaction, reference, new, mail).await?;
        match new.to {
            OrderStatus::Cancelled => release_stock(&mut transaction, reference).await?,
            OrderStatus::Dispatched => {
                for text in [
                    "UPDATE order_lines SET dispatched = quantity WHERE reference = $1",
                    "DELETE FROM order_stock WHERE reference = $1",
                ] {
                    sqlx::query(text).bind(reference).execute(transaction.connection()).await?;
                }
            }
            _ => {}
        }
        transaction.commit().await?;
        Ok(ChangeOutcome::Done)
    }

    /// Removes the personal data and the emails of an order; returns the identifiers of the
    /// emails. A pending order is cancelled, because its customer could no longer be told
    /// about it. None if its status is no longer `expected`.
    pub(crate) async fn erase_order(
        &self,
        reference: &str,
        expected: OrderStatus,
        remaining: &RemainingData,
        at: Timestamp,
    ) -> Result<Option<Vec<String>>, StoreError> {
        retry_on_conflict(|| self.try_to_erase(reference, expected, remaining, at)).await
    }

    async fn try_to_erase(
        &self,
        reference: &str,
        expected: OrderStatus,
        remaining: &RemainingData,
        at: Timestamp,
    ) -> Result<Option<Vec<String>>, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else { return Ok(None) };
        if status != expected {
            return Ok(None);
        }
        if status.is_pending() {
            let new = NewTransition::new(OrderStatus::Cancelled, at);
            insert_transition(&mut transaction, reference, new).await?;
            release_stock(&mut transaction, reference).await?;
        }
        // Other orders of the address still count.
        for text in [
            "DELETE FROM branch_pieces WHERE branch = (SELECT '@' || email FROM orders AS erased \
             WHERE reference = $1 AND NOT EXISTS (SELECT 1 FROM orders AS other \
             WHERE other.email = erased.email AND other.reference <> erased.reference))",
            "DELETE FROM unpaid_addresses WHERE email = (SELECT email FROM orders AS erased \
             WHERE reference = $1 AND NOT EXISTS (SELECT 1 FROM orders AS other \
             WHERE other.email = erased.email AND other.reference <> erased.reference))",
        ] {
            sqlx::query(text).bind(reference).execute(transaction.connection()).await?;
        }
        sqlx::query(
            "UPDATE orders SET customer = $1, delivery = $2, payment = $3, email = '', membership = NULL \
             WHERE reference = $4",
        )
        .bind(&remaining.customer)
        .bind(&remaining.delivery)
        .bind(&remaining.payment)
        .bind(reference)
        .execute(transaction.connection())
        .await?;
        let always = [
            "UPDATE order_moves SET note = '' WHERE reference = $1",
            "DELETE FROM approvals WHERE reference = $1",
            "UPDATE returns SET reason = '' WHERE reference = $1",
            "UPDATE card_sessions SET url = '' WHERE reference = $1",
        ];
        let accounts: &[&'static str] = if remaining.keeps_accounts {
            &[]
        } else {
            &[
                "UPDATE orders SET branch = '', purchase_order = NULL WHERE reference = $1",
                "DELETE FROM card_sessions WHERE reference = $1",
                "UPDATE refunds SET payment = NULL WHERE reference = $1",
            ]
        };
        for text in always.iter().chain(accounts) {
            sqlx::query(*text).bind(reference).execute(transaction.connection()).await?;
        }
        let mails: Vec<String> = sqlx::query_scalar("DELETE FROM mails WHERE reference = $1 RETURNING id")
            .bind(reference)
            .fetch_all(transaction.connection())
            .await?;
        transaction.commit().await?;
        Ok(Some(mails))
    }

    /// A transaction that has locked an order, and the order's status.
    pub(super) async fn lock_order(
        &self,
        reference: &str,
    ) -> Result<Option<(Transaction, OrderStatus)>, StoreError> {
        let mut transaction = self.begin().await?;
        // An update locks the row in both databases; SELECT … FOR UPDATE exists only in
        // PostgreSQL.
        let status: Option<String> =
            sqlx::query_scalar("UPDATE orders SET state = state WHERE reference = $1 RETURNING state")
                .bind(reference)
                .fetch_optional(transaction.connection())
                .await?;
        status.map(|status| Ok((transaction, status_named(&status)?))).transpose()
    }
}

/// Stores a transition, and queues the email about it.
pub(super) async fn write_transition(
    transaction: &mut Transaction,
    reference: &str,
    new: NewTransition<'_>,
    mail: &NewMail,
) -> Result<(), StoreError> {
    insert_transition(transaction, reference, new).await?;
    mails::add(transaction, mail).await?;
    Ok(())
}

/// Stores a transition.
async fn insert_transition(
    transaction: &mut Transaction,
    reference: &str,
    new: NewTransition<'_>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE orders SET state = $1, expires_at = $2, remind_at = $3 WHERE reference = $4")
        .bind(new.to.name())
        .bind(new.hold.map(|hold| hold.expires_at.as_second()))
        .bind(new.hold.and_then(|hold| hold.remind_at).map(Timestamp::as_second))
        .bind(reference)
        .execute(transaction.connection())
        .await?;
    insert_entry(transaction, reference, new).await
}

/// Stores a history entry that keeps the status, and queues the email about it.
pub(super) async fn write_entry(
    transaction: &mut Transaction,
    reference: &str,
    new: NewTransition<'_>,
    mail: &NewMail,
) -> Result<(), StoreError> {
    insert_entry(transaction, reference, new).await?;
    mails::add(transaction, mail).await?;
    Ok(())
}

async fn insert_entry(
    transaction: &mut Transaction,
    reference: &str,
    new: NewTransition<'_>,
) -> Result<(), StoreError> {
    // A code is valid once, and only for what it was made for.
    sqlx::query("DELETE FROM approvals WHERE reference = $1")
        .bind(reference)
        .execute(transaction.connection())
        .await?;
    sqlx::query(
        "INSERT INTO order_moves (reference, position, at, to_state, note, event) \
         SELECT $1, CAST(COALESCE(MAX(position), -1) + 1 AS BIGINT), $2, $3, $4, $5 FROM order_moves \
         WHERE reference = $1",
    )
    .bind(reference)
    .bind(new.at.to_string())
    .bind(new.to.name())
    .bind(new.note)
    .bind(new.event.map_or("", OrderEvent::name))
    .execute(transaction.connection())
    .await?;
    Ok(())
}

/// Releases the stock of an order, and returns free items to the customer's allowance.
pub(super) async fn release_stock(transaction: &mut Transaction, reference: &str) -> Result<(), StoreError> {
    let reserved: Vec<(String, i64)> =
        sqlx::query_as("DELETE FROM order_stock WHERE reference = $1 RETURNING sku, quantity")
            .bind(reference)
            .fetch_all(transaction.connection())
            .await?;
    if reserved.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE branch_pieces SET pieces = branch_pieces.pieces - ordered.count FROM (SELECT product, \
         CAST(SUM(quantity) AS BIGINT) AS count FROM order_lines WHERE reference = $1 GROUP BY product) AS ordered \
         WHERE branch_pieces.product = ordered.product AND branch_pieces.pieces >= ordered.count \
         AND branch_pieces.branch = (SELECT CASE WHEN branch = '' THEN '@' || email ELSE branch END \
         FROM orders WHERE reference = $1)",
    )
    .bind(reference)
    .execute(transaction.connection())
    .await?;
    // In the order in which they were locked.
    let reserved: BTreeMap<String, i64> = reserved.into_iter().collect();
    let mut visible = Vec::new();
    for (sku, quantity) in &reserved {
        if stock::release(transaction, sku, *quantity).await? {
            visible.push(sku.as_str());
        }
    }
    if !visible.is_empty() {
        stock::mark_changed(transaction, &visible).await?;
    }
    Ok(())
}
