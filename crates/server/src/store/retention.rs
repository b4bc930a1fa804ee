//! Finds and removes personal data past its retention period. A dry run finds the same data
//! without removing it.

use contract::orders::OrderStatus;
use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::{Engine, Store, StoreError};
use crate::text::email_key;

/// When an order last changed.
const LAST_TRANSITION: &str =
    "(SELECT MAX(at) FROM order_moves WHERE order_moves.reference = orders.reference)";

/// The statuses of finished orders, as a list in SQL.
fn finished_statuses() -> String {
    let finished = OrderStatus::ALL.into_iter().filter(|status| status.is_finished());
    let names: Vec<String> = finished.map(|status| format!("'{}'", status.name())).collect();
    format!("({})", names.join(", "))
}

impl Store {
    /// Orders awaiting payment or approval, and cancelled orders, without changes since
    /// `before`, and quotes made before `quoted_before`. Excluded are erased orders, orders on
    /// hold at `before` or later, and paid orders awaiting another approval.
    pub(crate) async fn forgotten_orders(
        &self,
        before: Timestamp,
        quoted_before: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let pending = "state IN ('placed', 'awaiting-approval', 'awaiting-payment') \
             AND (expires_at IS NULL OR expires_at < $3) \
             AND NOT EXISTS (SELECT 1 FROM order_moves WHERE order_moves.reference = orders.reference \
             AND to_state = 'confirmed')";
        let text = format!(
            "SELECT reference FROM orders WHERE email <> '' \
             AND ((state = 'cancelled' OR {pending}) AND {LAST_TRANSITION} < $1 \
             OR state = 'quoted' AND placed_at < $2) ORDER BY reference"
        );
        let rows = sqlx::query_as(AssertSqlSafe(text))
            .bind(before.to_string())
            .bind(quoted_before.to_string())
            .bind(before.as_second())
            .fetch_all(&self.pool)
            .await?;
        Ok(first_column(rows))
    }

    /// Finished orders without changes since `before`, except erased ones.
    pub(crate) async fn finished_orders(&self, before: Timestamp) -> Result<Vec<String>, StoreError> {
        let text = format!(
            "SELECT reference FROM orders WHERE email <> '' AND state IN {} AND {LAST_TRANSITION} < $1 \
             ORDER BY reference",
            finished_statuses()
        );
        let rows = sqlx::query_as(AssertSqlSafe(text)).bind(before.to_string()).fetch_all(&self.pool).await?;
        Ok(first_column(rows))
    }

    /// Orders without changes since `before` whose customer is none of `anonymous_customers`,
    /// the values stored on erasure.
    pub(crate) async fn old_orders(
        &self,
        before: Timestamp,
        anonymous_customers: &[String; 3],
    ) -> Result<Vec<String>, StoreError> {
        let text = format!(
            "SELECT reference FROM orders WHERE customer NOT IN ($1, $2, $3) AND {LAST_TRANSITION} < $4 \
             ORDER BY reference"
        );
        let [one, two, three] = anonymous_customers;
        let rows = sqlx::query_as(AssertSqlSafe(text))
            .bind(one)
            .bind(two)
            .bind(three)
            .bind(before.to_string())
            .fetch_all(&self.pool)
            .await?;
        Ok(first_column(rows))
    }

    /// Removes the membership numbers of finished orders without changes since `before`;
    /// returns how many.
    pub(crate) async fn forget_memberships(
        &self,
        before: Timestamp,
        dry_run: bool,
    ) -> Result<usize, StoreError> {
        let statuses = finished_statuses();
        let condition = format!("membership IS NOT NULL AND state IN {statuses} AND {LAST_TRANSITION} < $1");
        let text = if dry_run {
            format!("SELECT reference FROM orders WHERE {condition}")
        } else {
            format!("UPDATE orders SET membership = NULL WHERE {condition} RETURNING reference")
        };
        Ok(self.fetch_first_column(text, before.to_string()).await?.len())
    }

    /// Removes the approval codes of orders without changes since `before`, unless a new code
    /// was sent since; returns how many.
    pub(crate) async fn forget_codes(&self, before: Timestamp, dry_run: bool) -> Result<usize, StoreError> {
        let act = if dry_run { "SELECT reference" } else { "DELETE" };
        let returning = if dry_run { "" } else { " RETURNING reference" };
        let text = format!(
            "{act} FROM approvals WHERE reference IN (SELECT reference FROM orders WHERE {LAST_TRANSITION} < $1) \
             AND NOT EXISTS (SELECT 1 FROM mails WHERE mails.reference = approvals.reference \
             AND kind = 'code' AND made_at >= {}){returning}",
            before.as_second()
        );
        Ok(self.fetch_first_column(text, before.to_string()).await?.len())
    }

    /// Removes the emails sent before a moment; returns their identifiers.
    pub(crate) async fn forget_sent_mails(
        &self,
        before: Timestamp,
        dry_run: bool,
    ) -> Result<Vec<String>, StoreError> {
        self.fetch_first_column(removal_of_mails("sent_at < $1", dry_run), before.as_second()).await
    }

    /// Removes the emails given up before a moment; returns their identifiers.
    pub(crate) async fn forget_unsent_mails(
        &self,
        before: Timestamp,
        dry_run: bool,
    ) -> Result<Vec<String>, StoreError> {
        self.fetch_first_column(removal_of_mails("given_up_at < $1", dry_run), before.as_second()).await
    }

    /// Removes the emails to an address that were sent or given up, and the codes queued for
    /// it; returns their identifiers.
    pub(crate) async fn forget_mails_to(&self, email: &str) -> Result<Vec<String>, StoreError> {
        let email = email_key(email);
        let mut transaction = self.begin().await?;
        let recipients = sqlx::query_as("SELECT DISTINCT recipient FROM mails")
            .fetch_all(transaction.connection())
            .await?;
        let mut removed = Vec::new();
        for recipient in first_column(recipients).iter().filter(|recipient| email_key(recipient) == email) {
            let ids = sqlx::query_as(
                "DELETE FROM mails WHERE recipient = $1 AND (next_try_at IS NULL OR kind = 'code') RETURNING id",
            )
            .bind(recipient)
            .fetch_all(transaction.connection())
            .await?;
            removed.extend(first_column(ids));
        }
        transaction.commit().await?;
        Ok(removed)
    }

    /// Removes traces of deleted data from the files of an SQLite database. Free pages may
    /// still hold copies of overwritten data, so the file is rewritten (VACUUM); then the
    /// write-ahead log is truncated.
    pub(crate) async fn scrub(&self) -> Result<(), StoreError> {
        if self.engine != Engine::Sqlite {
            return Ok(());
        }
        let _turn = self.writers.take_turn().await?;
        sqlx::query("VACUUM").execute(&self.pool).await?;
        let (busy, _, _): (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&self.pool).await?;
        if busy == 0 { Ok(()) } else { Err(StoreError::LogInUse) }
    }

    /// The first column of the result of a statement that may write.
    async fn fetch_first_column<T>(&self, text: String, before: T) -> Result<Vec<String>, StoreError>
    where
        T: for<'t> sqlx::Encode<'t, sqlx::Any> + sqlx::Type<sqlx::Any> + Send + 'static,
    {
        let mut transaction = self.begin().await?;
        let rows =
            sqlx::query_as(AssertSqlSafe(text)).bind(before).fetch_all(transaction.connection()).await?;
        transaction.commit().await?;
        Ok(first_column(rows))
    }
}

fn removal_of_mails(condition: &str, dry_run: bool) -> String {
    if dry_run {
        format!("SELECT id FROM mails WHERE {condition}")
    } else {
        format!("DELETE FROM mails WHERE {condition} RETURNING id")
    }
}

fn first_column(rows: Vec<(String,)>) -> Vec<String> {
    rows.into_iter().map(|(first,)| first).collect()
}
