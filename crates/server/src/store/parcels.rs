//! Dispatched and returned items.

use std::collections::BTreeMap;

use contract::orders::OrderState;

use super::{Changed, NewMail, NewMove, Store, StoreError, Transaction, mails, moves};

impl Store {
    /// Records dispatched quantities by SKU, and updates the stock held by the order; `new`
    /// says whether the whole order has been dispatched. Nothing is changed if that is wrong,
    /// or more of a line would be dispatched than was ordered.
    pub(crate) async fn dispatch_part(
        &self,
        reference: &str,
        pieces: &[(String, u32)],
        stock: &BTreeMap<String, u32>,
        new: NewMove<'_>,
        mail: &NewMail,
    ) -> Result<Changed, StoreError> {
        let Some((mut transaction, state)) = self.lock_order(reference).await? else {
            return Ok(Changed::NoOrder);
        };
        let goes_on = new.to == state && state == OrderState::PartlyDispatched;
        if !goes_on && !state.may_become(new.to) {
            return Ok(Changed::NotNow(state));
        }
        let counts = "UPDATE order_lines SET dispatched = dispatched + $1 \
             WHERE reference = $2 AND sku = $3 AND dispatched + $1 <= quantity";
        if !count(&mut transaction, reference, pieces, counts).await? {
            return Ok(Changed::NotNow(state));
        }
        let (open,): (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM order_lines WHERE reference = $1 AND dispatched < quantity")
                .bind(reference)
                .fetch_one(transaction.connection())
                .await?;
        if (open == 0) != (new.to == OrderState::Dispatched) {
            return Ok(Changed::NotNow(state));
        }
        if open == 0 {
            // All items have left, so the order holds no stock any more.
            sqlx::query("DELETE FROM order_stock WHERE reference = $1")
                .bind(reference)
                .execute(transaction.connection())
                .await?;
        }
        for (sku, quantity) in stock {
            for text in [
                "DELETE FROM order_stock WHERE reference = $1 AND sku = $2 AND quantity <= $3",
                "UPDATE order_stock SET quantity = quantity - $3 WHERE reference = $1 AND sku = $2",
            ] {
                sqlx::query(text)
                    .bind(reference)
                    .bind(sku)
                    .bind(i64::from(*quantity))
                    .execute(transaction.connection())
                    .await?;
            }
        }
        moves::write_move(&mut transaction, reference, new, mail).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// Records a return announced by the customer: quantities by SKU, and the reason. `known`
    /// is the number of earlier returns that the customer saw, so that a repeated submission
    /// counts once.
    pub(crate) async fn announce_return(
        &self,
        reference: &str,
        pieces: &[(String, u32)],
        reason: &str,
        known: u32,
        mail: &NewMail,
    ) -> Result<Changed, StoreError> {
        let Some((mut transaction, state)) = self.lock_order(reference).await? else {
            return Ok(Changed::NoOrder);
        };
        if !state.takes_returns() {
            return Ok(Changed::NotNow(state));
        }
        let noted = sqlx::query(
            "INSERT INTO returns (reference, position, at, pieces, reason) \
             SELECT $1, CAST($2 AS BIGINT), $3, $4, $5 WHERE $2 = (SELECT COUNT(*) FROM returns WHERE reference = $1)",
        )
        .bind(reference)
        .bind(i64::from(known))
        .bind(mail.made_at.as_second())
        .bind(written(pieces))
        .bind(reason)
        .execute(transaction.connection())
        .await?;
        if noted.rows_affected() == 0 {
            return Ok(Changed::Done);
        }
        let counts = "UPDATE order_lines SET announced = announced + $1 \
             WHERE reference = $2 AND sku = $3 AND announced + $1 <= quantity";
        if !count(&mut transaction, reference, pieces, counts).await? {
            return Ok(Changed::NotNow(state));
        }
        mails::add(&mut transaction, mail).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// The returns announced for an order: times in seconds since 1970, items, reasons.
    pub(crate) async fn returns_of(&self, reference: &str) -> Result<Vec<(i64, String, String)>, StoreError> {
        let rows =
            sqlx::query_as("SELECT at, pieces, reason FROM returns WHERE reference = $1 ORDER BY position")
                .bind(reference)
                .fetch_all(&self.pool)
                .await?;
        Ok(rows)
    }

    /// Records returned quantities by SKU. Nothing is changed if more of a line would be
    /// returned than was dispatched.
    pub(crate) async fn receive_back(
        &self,
        reference: &str,
        pieces: &[(String, u32)],
        new: NewMove<'_>,
        mail: &NewMail,
    ) -> Result<Changed, StoreError> {
        let Some((mut transaction, state)) = self.lock_order(reference).await? else {
            return Ok(Changed::NoOrder);
        };
        if state != new.to && !state.may_become(new.to) {
            return Ok(Changed::NotNow(state));
        }
        let counts = "UPDATE order_lines SET returned = returned + $1 \
             WHERE reference = $2 AND sku = $3 AND returned + $1 <= dispatched";
        if !count(&mut transaction, reference, pieces, counts).await? {
            return Ok(Changed::NotNow(state));
        }
        moves::write_move(&mut transaction, reference, new, mail).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }
}

/// Quantities by SKU, formatted for an order's history.
pub(crate) fn written(pieces: &[(String, u32)]) -> String {
    pieces.iter().map(|(sku, count)| format!("{count} × {sku}")).collect::<Vec<_>>().join(", ")
}

/// Adds quantities to their lines; returns whether each line had enough left.
async fn count(
    transaction: &mut Transaction,
    reference: &str,
    pieces: &[(String, u32)],
    counts: &'static str,
) -> Result<bool, StoreError> {
    for (sku, count) in pieces {
        let counted = sqlx::query(counts)
            .bind(i64::from(*count))
            .bind(reference)
            .bind(sku)
            .execute(transaction.connection())
            .await?;
        if counted.rows_affected() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
