//! Payments and refunds of orders: card payment pages, and refunds.

use contract::orders::OrderStatus;
use jiff::Timestamp;

use super::{Hold, NewMail, NewTransition, Store, StoreError, transitions};

/// The card payments of an order; surplus refunds have the identifier of their page.
const PAYMENT_OF: &str = "SELECT payment FROM card_sessions WHERE reference = $1 AND payment IS NOT NULL \
     AND session NOT IN (SELECT id FROM refunds WHERE surplus = 1)";

/// A payment page of an order.
#[derive(Clone, Debug)]
pub(crate) struct CardSession {
    pub(crate) session: String,
    pub(crate) url: String,
    /// In seconds since 1970.
    pub(crate) expires_at: i64,
    /// The provider's identifier of the payment, once it is paid.
    pub(crate) payment: Option<String>,
}

/// A payment made on a payment page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CardPayment<'a> {
    pub(crate) session: &'a str,
    /// The provider's identifier of the payment.
    pub(crate) payment: &'a str,
    pub(crate) pence: u64,
    /// Whether it is the expected amount.
    pub(crate) is_asked: bool,
}

/// The result of recording a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordedPayment {
    /// Recorded, and the order is now paid.
    Paid,
    /// It was recorded before.
    AlreadyRecorded,
    /// Recorded, but the order is not awaiting payment: the payment must be refunded.
    Surplus,
}

/// A refund that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refund {
    /// Also the idempotency key for the provider.
    pub(crate) id: String,
    pub(crate) pence: u64,
    /// The card payment to refund; none for a manual refund.
    pub(crate) payment: Option<String>,
}

/// A refund in the export of an order, made or due.
#[derive(Clone, Debug)]
pub(crate) struct RecordedRefund {
    pub(crate) refund: Refund,
    /// In seconds since 1970.
    pub(crate) made_at: i64,
    /// In seconds since 1970; none while it is due.
    pub(crate) done_at: Option<i64>,
}

/// A quantity of a line to refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefundQuantity {
    pub(crate) sku: String,
    /// The quantity refunded before.
    pub(crate) refunded_before: u32,
    pub(crate) quantity: u32,
}

impl Store {
    /// The payment pages of an order, the latest first.
    pub(crate) async fn card_sessions(&self, reference: &str) -> Result<Vec<CardSession>, StoreError> {
        let rows: Vec<(String, String, i64, Option<String>)> = sqlx::query_as(
            "SELECT session, url, expires_at, payment FROM card_sessions WHERE reference = $1 \
             ORDER BY expires_at DESC, session",
        )
        .bind(reference)
        .fetch_all(&self.pool)
        .await?;
        let session = |(session, url, expires_at, payment)| CardSession { session, url, expires_at, payment };
        Ok(rows.into_iter().map(session).collect())
    }

    /// Records a payment page, and extends the hold to `held_until` at least; does nothing if
    /// the page is known.
    pub(crate) async fn add_card_session(
        &self,
        reference: &str,
        session: &str,
        url: &str,
        expires_at: i64,
        hold: Hold,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "UPDATE orders SET expires_at = $1, remind_at = $2 WHERE reference = $3 \
             AND state = 'awaiting-payment' AND expires_at < $1",
        )
        .bind(hold.expires_at.as_second())
        .bind(hold.remind_at.map(Timestamp::as_second))
        .bind(reference)
        .execute(transaction.connection())
        .await?;
        sqlx::query(
            "INSERT INTO card_sessions (session, reference, url, expires_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT DO NOTHING",
        )
        .bind(session)
        .bind(reference)
        .bind(url)
        .bind(expires_at)
        .execute(transaction.connection())
        .await?;
        transaction.commit().await
    }

    /// Records that a payment page is closed, so that customers are no longer redirected to
    /// it.
    pub(crate) async fn close_card_session(&self, session: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("UPDATE card_sessions SET expires_at = $1 WHERE session = $2 AND expires_at > $1")
            .bind(now.as_second())
            .bind(session)
            .execute(transaction.connection())
            .await?;
        transaction.commit().await
    }

    /// The reference of the order with this payment page.
    pub(crate) async fn order_of_session(&self, session: &str) -> Result<Option<String>, StoreError> {
        let reference = sqlx::query_scalar("SELECT reference FROM card_sessions WHERE session = $1")
            .bind(session)
            .fetch_optional(&self.pool)
            .await?;
        Ok(reference)
    }

    /// The card payment of an order, without surplus payments.
    pub(crate) async fn payment_of(&self, reference: &str) -> Result<Option<String>, StoreError> {
        let payment = sqlx::query_scalar(PAYMENT_OF).bind(reference).fetch_optional(&self.pool).await?;
        Ok(payment)
    }

    /// Records a payment on a page, once, and marks the order as paid if it is awaiting
    /// payment. Any other payment, such as a second one or a wrong amount, is recorded to be
    /// refunded in full.
    pub(crate) async fn record_payment(
        &self,
        reference: &str,
        paid: CardPayment<'_>,
        new: NewTransition<'_>,
        mail: &NewMail,
    ) -> Result<RecordedPayment, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else {
            return Err(sqlx::Error::RowNotFound.into());
        };
        // By card, or as recorded by staff.
        let paid_before: i64 = sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM card_sessions WHERE reference = $1 AND payment IS NOT NULL \
             AND session NOT IN (SELECT id FROM refunds WHERE surplus = 1)) \
             + (SELECT COUNT(*) FROM order_moves WHERE reference = $1 AND to_state = 'confirmed')",
        )
        .bind(reference)
        .fetch_one(transaction.connection())
        .await?;
        let recorded =
            sqlx::query("UPDATE card_sessions SET payment = $1 WHERE session = $2 AND payment IS NULL")
                .bind(paid.payment)
                .bind(paid.session)
                .execute(transaction.connection())
                .await?;
        if recorded.rows_affected() == 0 {
            return Ok(RecordedPayment::AlreadyRecorded);
        }
        let waits = paid.is_asked && status == OrderStatus::AwaitingPayment;
        if waits {
            transitions::write_transition(&mut transaction, reference, new, mail).await?;
        // A payment for a cancelled order is refunded as the order's price.
        } else if !paid.is_asked || status != OrderStatus::Cancelled || paid_before > 0 {
            sqlx::query(
                "INSERT INTO refunds (id, reference, pence, payment, made_at, surplus) VALUES ($1, $2, $3, $4, $5, 1)",
            )
            .bind(paid.session)
            .bind(reference)
            .bind(i64::try_from(paid.pence).unwrap_or(i64::MAX))
            .bind(paid.payment)
            .bind(new.at.as_second())
            .execute(transaction.connection())
            .await?;
        }
        transaction.commit().await?;
        Ok(if waits { RecordedPayment::Paid } else { RecordedPayment::Surplus })
    }

    /// The refund that is due for an order; card refunds first, because they are automatic.
    pub(crate) async fn open_refund(&self, reference: &str) -> Result<Option<Refund>, StoreError> {
        let row: Option<(String, i64, Option<String>)> = sqlx::query_as(
            "SELECT id, pence, payment FROM refunds WHERE reference = $1 AND done_at IS NULL \
             ORDER BY CASE WHEN payment IS NULL THEN 1 ELSE 0 END, made_at",
        )
        .bind(reference)
        .fetch_optional(&self.pool)
        .await?;
        let refund =
            |(id, pence, payment)| Refund { id, pence: u64::try_from(pence).unwrap_or_default(), payment };
        Ok(row.map(refund))
    }

    /// Records that a refund is due for these quantities. Does nothing if another process was
    /// faster, or it would exceed the payments.
    pub(crate) async fn begin_refund(
        &self,
        reference: &str,
        quantities: &[RefundQuantity],
        refund: &Refund,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let Some((mut transaction, _)) = self.lock_order(reference).await? else { return Ok(false) };
        for RefundQuantity { sku, refunded_before, quantity } in quantities {
            let counted = sqlx::query(
                "UPDATE order_lines SET refunded = refunded + $1 \
                 WHERE reference = $2 AND sku = $3 AND refunded = $4 AND refunded + $1 <= quantity",
            )
            .bind(i64::from(*quantity))
            .bind(reference)
            .bind(sku)
            .bind(i64::from(*refunded_before))
            .execute(transaction.connection())
            .await?;
            if counted.rows_affected() == 0 {
                return Ok(false);
            }
        }
        let recorded = sqlx::query(
            "INSERT INTO refunds (id, reference, pence, payment, made_at) \
             SELECT $1, $2, CAST($3 AS BIGINT), $4, CAST($5 AS BIGINT) FROM orders WHERE reference = $2 \
             AND NOT EXISTS (SELECT 1 FROM refunds WHERE reference = $2 AND done_at IS NULL) \
             AND total_pence >= $3 + (SELECT COALESCE(SUM(pence), 0) FROM refunds WHERE reference = $2 AND surplus = 0)",
        )
        .bind(&refund.id)
        .bind(reference)
        .bind(i64::try_from(refund.pence).unwrap_or(i64::MAX))
        .bind(refund.payment.as_deref())
        .bind(at.as_second())
        .execute(transaction.connection())
        .await?;
        if recorded.rows_affected() == 0 {
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// The orders with a refund that was recorded but not made.
    pub(crate) async fn with_open_refunds(&self) -> Result<Vec<String>, StoreError> {
        let references = sqlx::query_scalar("SELECT reference FROM refunds WHERE done_at IS NULL")
            .fetch_all(&self.pool)
            .await?;
        Ok(references)
    }

    /// The orders with a card refund that was recorded but not made.
    pub(crate) async fn orders_to_settle(&self) -> Result<Vec<String>, StoreError> {
        let references = sqlx::query_scalar(
            "SELECT reference FROM refunds WHERE done_at IS NULL AND payment IS NOT NULL \
             UNION SELECT orders.reference FROM orders JOIN card_sessions ON card_sessions.reference = orders.reference \
             WHERE state = 'cancelled' AND card_sessions.payment IS NOT NULL AND total_pence > 0 \
             AND session NOT IN (SELECT id FROM refunds WHERE surplus = 1)",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(references)
    }

    /// Records that a refund was made, to the card or manually, and updates the order unless
    /// it was a surplus payment; returns whether it was recorded now.
    pub(crate) async fn finish_refund(
        &self,
        reference: &str,
        refund: &Refund,
        new: NewTransition<'_>,
        mail: &NewMail,
    ) -> Result<bool, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else { return Ok(false) };
        let surplus: Option<i64> = sqlx::query_scalar(
            "UPDATE refunds SET done_at = $1, payment = $2 WHERE id = $3 AND done_at IS NULL RETURNING surplus",
        )
        .bind(new.at.as_second())
        .bind(refund.payment.as_deref())
        .bind(&refund.id)
        .fetch_optional(transaction.connection())
        .await?;
        let Some(surplus) = surplus else { return Ok(false) };
        if surplus == 0 && status.may_become(new.to) {
            transitions::write_transition(&mut transaction, reference, new, mail).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// The card payment that a refund belongs to, and whether the refund is recorded as made.
    pub(crate) async fn refunded_payment(&self, id: &str) -> Result<Option<(String, bool)>, StoreError> {
        let row: Option<(String, Option<i64>)> =
            sqlx::query_as("SELECT payment, done_at FROM refunds WHERE id = $1 AND payment IS NOT NULL")
                .bind(id)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|(payment, done_at)| (payment, done_at.is_some())))
    }

    /// Records that a card refund failed later and has to be made manually; returns the
    /// reference of its order, once.
    pub(crate) async fn reopen_refund(&self, id: &str) -> Result<Option<String>, StoreError> {
        let mut transaction = self.begin().await?;
        let reference: Option<String> = sqlx::query_scalar(
            "UPDATE refunds SET done_at = NULL, payment = NULL WHERE id = $1 AND payment IS NOT NULL RETURNING reference",
        )
        .bind(id)
        .fetch_optional(transaction.connection())
        .await?;
        transaction.commit().await?;
        Ok(reference)
    }

    /// All refunds of an order, made or due, in order.
    pub(crate) async fn refunds_of(&self, reference: &str) -> Result<Vec<RecordedRefund>, StoreError> {
        type Row = (String, i64, Option<String>, i64, Option<i64>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, pence, payment, made_at, done_at FROM refunds WHERE reference = $1 ORDER BY made_at, id",
        )
        .bind(reference)
        .fetch_all(&self.pool)
        .await?;
        let refund = |(id, pence, payment, made_at, done_at): Row| RecordedRefund {
            refund: Refund { id, pence: u64::try_from(pence).unwrap_or_default(), payment },
            made_at,
            done_at,
        };
        Ok(rows.into_iter().map(refund).collect())
    }
}
