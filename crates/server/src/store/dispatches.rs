//! Dispatched and returned items.

use std::collections::BTreeMap;

use contract::orders::OrderStatus;

use super::{ChangeOutcome, NewMail, NewTransition, Store, StoreError, Transaction, mails, transitions};

impl Store {
    /// Records dispatched quantities by SKU, and updates the stock held by the order; `new`
    /// says whether the whole order has been dispatched. Nothing is changed if that is wrong,
    /// or more of a line would be dispatched than was ordered.
    pub(crate) async fn dispatch_part(
        &self,
        reference: &str,
        quantities: &[(String, u32)],
        stock: &BTreeMap<String, u32>,
        new: NewTransition<'_>,
        mail: &NewMail,
    ) -> Result<ChangeOutcome, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else {
            return Ok(ChangeOutcome::OrderNotFound);
        };
        let is_next_dispatch = new.to == status && status == OrderStatus::PartlyDispatched;
        if !is_next_dispatch && !status.may_become(new.to) {
            return Ok(ChangeOutcome::InvalidTransition(status));
        }
        let statement = "UPDATE order_lines SET dispatched = dispatched + $1 \
             WHERE reference = $2 AND sku = $3 AND dispatched + $1 <= quantity";
        if !add_quantities(&mut transaction, reference, quantities, statement).await? {
            return Ok(ChangeOutcome::InvalidTransition(status));
        }
        let open: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM order_lines WHERE reference = $1 AND dispatched < quantity",
        )
        .bind(reference)
        .fetch_one(transaction.connection())
        .await?;
        if (open == 0) != (new.to == OrderStatus::Dispatched) {
            return Ok(ChangeOutcome::InvalidTransition(status));
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
        transitions::write_transition(&mut transaction, reference, new, mail).await?;
        transaction.commit().await?;
        Ok(ChangeOutcome::Done)
    }

    /// Records a return requested by the customer: quantities by SKU, and the reason.
    /// `earlier_returns` is the number of earlier returns that the customer saw, so that a
    /// repeated submission counts once.
    pub(crate) async fn request_return(
        &self,
        reference: &str,
        quantities: &[(String, u32)],
        reason: &str,
        earlier_returns: u32,
        mail: &NewMail,
    ) -> Result<ChangeOutcome, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else {
            return Ok(ChangeOutcome::OrderNotFound);
        };
        if !status.takes_returns() {
            return Ok(ChangeOutcome::InvalidTransition(status));
        }
        let inserted = sqlx::query(
            "INSERT INTO returns (reference, position, at, pieces, reason) \
             SELECT $1, CAST($2 AS BIGINT), $3, $4, $5 WHERE $2 = (SELECT COUNT(*) FROM returns WHERE reference = $1)",
        )
        .bind(reference)
        .bind(i64::from(earlier_returns))
        .bind(mail.made_at.as_second())
        .bind(format_quantities(quantities))
        .bind(reason)
        .execute(transaction.connection())
        .await?;
        if inserted.rows_affected() == 0 {
            return Ok(ChangeOutcome::Done);
        }
        let statement = "UPDATE order_lines SET announced = announced + $1 \
             WHERE reference = $2 AND sku = $3 AND announced + $1 <= quantity";
        if !add_quantities(&mut transaction, reference, quantities, statement).await? {
            return Ok(ChangeOutcome::InvalidTransition(status));
        }
        mails::add(&mut transaction, mail).await?;
        transaction.commit().await?;
        Ok(ChangeOutcome::Done)
    }

    /// The returns requested for an order: times in seconds since 1970, items, reasons.
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
    pub(crate) async fn receive_return(
        &self,
        reference: &str,
        quantities: &[(String, u32)],
        new: NewTransition<'_>,
        mail: &NewMail,
    ) -> Result<ChangeOutcome, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else {
            return Ok(ChangeOutcome::OrderNotFound);
        };
        if status != new.to && !status.may_become(new.to) {
            return Ok(ChangeOutcome::InvalidTransition(status));
        }
        let statement = "UPDATE order_lines SET returned = returned + $1 \
             WHERE reference = $2 AND sku = $3 AND returned + $1 <= dispatched";
        if !add_quantities(&mut transaction, reference, quantities, statement).await? {
            return Ok(ChangeOutcome::InvalidTransition(status));
        }
        transitions::write_transition(&mut transaction, reference, new, mail).await?;
        transaction.commit().await?;
        Ok(ChangeOutcome::Done)
    }
}

/// Quantities by SKU, formatted for an order's history.
pub(crate) fn format_quantities(quantities: &[(String, u32)]) -> String {
    quantities.iter().map(|(sku, quantity)| format!("{quantity} × {sku}")).collect::<Vec<_>>().join(", ")
}

/// Adds quantities to their lines; returns whether each line had enough left.
async fn add_quantities(
    transaction: &mut Transaction,
    reference: &str,
    quantities: &[(String, u32)],
    statement: &'static str,
) -> Result<bool, StoreError> {
    for (sku, quantity) in quantities {
        let updated = sqlx::query(statement)
            .bind(i64::from(*quantity))
            .bind(reference)
            .bind(sku)
            .execute(transaction.connection())
            .await?;
        if updated.rows_affected() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
