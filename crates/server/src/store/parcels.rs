//! Pieces of orders that leave and come back.

use std::collections::BTreeMap;

use contract::orders::OrderState;

use super::{Changed, NewMail, NewMove, Store, StoreError, Transaction, mails, moves};

impl Store {
    /// Notes that these pieces of an order have left, by SKU, and what they were of the
    /// stock; `new` says whether all of it has left then. Nothing is noted where that is
    /// wrong, or more of a line would have left than was ordered.
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
            // Whatever is in the shop by now, nothing of it is here any more.
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

    /// Notes what its customer sends back, by SKU, and why; `known` is how often they
    /// had said so before, as they saw it, so that a form that is sent twice counts
    /// once.
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

    /// What customers have said about what they send back of an order: moments in
    /// seconds since 1970, pieces, reasons.
    pub(crate) async fn returns_of(&self, reference: &str) -> Result<Vec<(i64, String, String)>, StoreError> {
        let rows =
            sqlx::query_as("SELECT at, pieces, reason FROM returns WHERE reference = $1 ORDER BY position")
                .bind(reference)
                .fetch_all(&self.pool)
                .await?;
        Ok(rows)
    }

    /// Notes that these pieces of an order have come back, by SKU. Nothing is noted
    /// where more of a line would have come back than has left.
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

/// Pieces by SKU, as they stand in an order's history.
pub(crate) fn written(pieces: &[(String, u32)]) -> String {
    pieces.iter().map(|(sku, count)| format!("{count} × {sku}")).collect::<Vec<_>>().join(", ")
}

/// Counts pieces in the lines that they belong to; whether each line had room for them.
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
