//! Orders on hold for payment or approval: when they expire, and when their customers are
//! reminded.

use jiff::Timestamp;

use super::{
    ChangeOutcome, Hold, NewMail, NewTransition, Store, StoreError, mails, orders::timestamp_at,
    placing::retry_on_conflict, transitions,
};

/// An order on hold, in a list.
#[derive(Clone, Debug)]
pub(crate) struct HeldOrder {
    pub(crate) reference: String,
    /// None if the order was paid and awaits another approval.
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) total_pence: u64,
}

impl Store {
    /// The orders on hold: first paid orders, which never expire, then those that expire next.
    pub(crate) async fn held_orders(&self) -> Result<Vec<HeldOrder>, StoreError> {
        let rows: Vec<(String, Option<i64>, i64)> = sqlx::query_as(
            "SELECT reference, expires_at, total_pence FROM orders \
             WHERE state IN ('awaiting-payment', 'awaiting-approval') AND (expires_at IS NOT NULL \
             OR EXISTS (SELECT 1 FROM order_moves WHERE order_moves.reference = orders.reference \
             AND to_state = 'confirmed')) ORDER BY COALESCE(expires_at, 0), reference",
        )
        .fetch_all(&self.pool)
        .await?;
        let held = |(reference, expires_at, total_pence): (String, Option<i64>, i64)| HeldOrder {
            reference,
            expires_at: expires_at.map(timestamp_at),
            total_pence: u64::try_from(total_pence).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(held).collect())
    }

    /// The orders that have expired, the earliest first.
    pub(crate) async fn orders_to_expire(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let references = sqlx::query_scalar(
            "SELECT reference FROM orders WHERE expires_at <= $1 \
             AND state IN ('awaiting-payment', 'awaiting-approval') ORDER BY expires_at, reference",
        )
        .bind(now.as_second())
        .fetch_all(&self.pool)
        .await?;
        Ok(references)
    }

    /// The orders whose customers are due a reminder, the earliest first.
    pub(crate) async fn orders_to_remind(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let references = sqlx::query_scalar(
            "SELECT reference FROM orders WHERE remind_at <= $1 AND expires_at > $1 \
             AND state IN ('awaiting-payment', 'awaiting-approval') ORDER BY remind_at, reference",
        )
        .bind(now.as_second())
        .fetch_all(&self.pool)
        .await?;
        Ok(references)
    }

    /// The orders on hold without an expiry time, which were placed by an earlier version.
    /// Paid orders never expire.
    pub(crate) async fn orders_without_hold(&self) -> Result<Vec<String>, StoreError> {
        let references = sqlx::query_scalar(
            "SELECT reference FROM orders WHERE expires_at IS NULL \
             AND state IN ('awaiting-payment', 'awaiting-approval') \
             AND NOT EXISTS (SELECT 1 FROM order_moves WHERE order_moves.reference = orders.reference \
             AND to_state = 'confirmed') ORDER BY reference",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(references)
    }

    /// Extends the hold of an order, and queues the email about it. Does nothing if it is
    /// already held for as long.
    pub(crate) async fn hold_order(
        &self,
        reference: &str,
        hold: Hold,
        mail: Option<&NewMail>,
    ) -> Result<ChangeOutcome, StoreError> {
        retry_on_conflict(|| self.try_to_hold(reference, hold, mail)).await
    }

    async fn try_to_hold(
        &self,
        reference: &str,
        hold: Hold,
        mail: Option<&NewMail>,
    ) -> Result<ChangeOutcome, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else {
            return Ok(ChangeOutcome::OrderNotFound);
        };
        let held = sqlx::query(
            "UPDATE orders SET expires_at = $1, remind_at = $2 WHERE reference = $3 \
             AND state IN ('awaiting-payment', 'awaiting-approval') AND (expires_at IS NULL OR expires_at < $1)",
        )
        .bind(hold.expires_at.as_second())
        .bind(hold.remind_at.map(Timestamp::as_second))
        .bind(reference)
        .execute(transaction.connection())
        .await?;
        if held.rows_affected() == 0 {
            return Ok(ChangeOutcome::InvalidTransition(status));
        }
        if let Some(mail) = mail {
            mails::add(&mut transaction, mail).await?;
        }
        transaction.commit().await?;
        Ok(ChangeOutcome::Done)
    }

    /// Queues the reminder for an order, once; returns whether it was queued.
    pub(crate) async fn remind_order(
        &self,
        reference: &str,
        now: Timestamp,
        mail: &NewMail,
    ) -> Result<bool, StoreError> {
        retry_on_conflict(|| self.try_to_remind(reference, now, mail)).await
    }

    async fn try_to_remind(
        &self,
        reference: &str,
        now: Timestamp,
        mail: &NewMail,
    ) -> Result<bool, StoreError> {
        let Some((mut transaction, _)) = self.lock_order(reference).await? else { return Ok(false) };
        let reminded = sqlx::query(
            "UPDATE orders SET remind_at = NULL WHERE reference = $1 AND remind_at <= $2 AND expires_at > $2 \
             AND state IN ('awaiting-payment', 'awaiting-approval')",
        )
        .bind(reference)
        .bind(now.as_second())
        .execute(transaction.connection())
        .await?;
        if reminded.rows_affected() == 0 {
            return Ok(false);
        }
        mails::add(&mut transaction, mail).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Cancels an expired order and releases its stock, unless it was paid, approved or
    /// extended meanwhile.
    pub(crate) async fn expire_order(
        &self,
        reference: &str,
        new: NewTransition<'_>,
        mail: &NewMail,
    ) -> Result<ChangeOutcome, StoreError> {
        retry_on_conflict(|| self.try_to_expire(reference, new, mail)).await
    }

    async fn try_to_expire(
        &self,
        reference: &str,
        new: NewTransition<'_>,
        mail: &NewMail,
    ) -> Result<ChangeOutcome, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else {
            return Ok(ChangeOutcome::OrderNotFound);
        };
        let over: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM orders WHERE reference = $1 AND expires_at <= $2")
                .bind(reference)
                .bind(new.at.as_second())
                .fetch_one(transaction.connection())
                .await?;
        if over == 0 || !status.is_held() {
            return Ok(ChangeOutcome::InvalidTransition(status));
        }
        transitions::write_transition(&mut transaction, reference, new, mail).await?;
        transitions::release_stock(&mut transaction, reference).await?;
        transaction.commit().await?;
        Ok(ChangeOutcome::Done)
    }
}
