//! What becomes of an order once it is placed: moved on as the table of moves allows,
//! approved, changed, erased.

use std::collections::BTreeMap;

use contract::orders::OrderState;
use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::{
    Approval, NewMail, Store, StoreError, Transaction, mails, orders::state_named, placing::retried, stock,
};

/// How many wrong codes may be typed for an order.
const WRONG_CODES: i64 = 5;

/// What came of approving an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Approving {
    /// It is approved.
    Approved,
    /// The code is another.
    WrongCode,
    /// Too many wrong codes were typed: only a new one helps.
    NoTriesLeft,
    /// The order does not wait for one.
    NotNow,
}

/// A move of an order that is to be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewMove<'a> {
    pub(crate) to: OrderState,
    pub(crate) at: Timestamp,
    /// What is said of it; may be empty.
    pub(crate) note: &'a str,
}

/// What came of changing an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// It is changed.
    Done,
    /// Its state, which is this, does not allow it.
    NotNow(OrderState),
    /// There is no such order.
    NoOrder,
}

impl Store {
    /// Moves an order on, if the table of moves allows it. One that is cancelled gives
    /// its stock back.
    pub(crate) async fn move_order(
        &self,
        reference: &str,
        new: NewMove<'_>,
        mail: &NewMail,
    ) -> Result<Changed, StoreError> {
        retried(|| self.try_to_move(reference, new, mail)).await
    }

    async fn try_to_move(
        &self,
        reference: &str,
        new: NewMove<'_>,
        mail: &NewMail,
    ) -> Result<Changed, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(state) = lock_order(&mut transaction, reference).await? else { return Ok(Changed::NoOrder) };
        // A quote takes its stock when it is accepted, and goes on by that alone.
        let is_quote = state == OrderState::Quoted && new.to != OrderState::Cancelled;
        if is_quote || !state.may_become(new.to) {
            return Ok(Changed::NotNow(state));
        }
        write_move(&mut transaction, reference, new).await?;
        match new.to {
            OrderState::Cancelled => give_back(&mut transaction, reference).await?,
            OrderState::Dispatched => {
                sqlx::query("UPDATE order_lines SET dispatched = quantity WHERE reference = $1")
                    .bind(reference)
                    .execute(transaction.connection())
                    .await?;
            }
            _ => {}
        }
        mails::add(&mut transaction, mail).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// Notes that these pieces of an order have left, by SKU; `new` says whether all of
    /// it has left then. Nothing is noted where more of a line would have left than
    /// was ordered.
    pub(crate) async fn dispatch_part(
        &self,
        reference: &str,
        pieces: &[(String, u32)],
        new: NewMove<'_>,
        mail: &NewMail,
    ) -> Result<Changed, StoreError> {
        self.move_pieces(reference, pieces, "dispatched", "quantity", new, mail).await
    }

    /// Adds pieces of lines to what the column `of` counts, up to what the column `most`
    /// does, and moves the order on; also to the state that it is in.
    async fn move_pieces(
        &self,
        reference: &str,
        pieces: &[(String, u32)],
        of: &'static str,
        most: &'static str,
        new: NewMove<'_>,
        mail: &NewMail,
    ) -> Result<Changed, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(state) = lock_order(&mut transaction, reference).await? else { return Ok(Changed::NoOrder) };
        let goes_on = new.to == state && matches!(state, OrderState::PartlyDispatched | OrderState::Returned);
        if !goes_on && !state.may_become(new.to) {
            return Ok(Changed::NotNow(state));
        }
        let text = format!(
            "UPDATE order_lines SET {of} = {of} + $1 WHERE reference = $2 AND sku = $3 AND {of} + $1 <= {most}"
        );
        for (sku, count) in pieces {
            let moved = sqlx::query(AssertSqlSafe(text.as_str()))
                .bind(i64::from(*count))
                .bind(reference)
                .bind(sku)
                .execute(transaction.connection())
                .await?;
            if moved.rows_affected() == 0 {
                return Ok(Changed::NotNow(state));
            }
        }
        write_move(&mut transaction, reference, new).await?;
        mails::add(&mut transaction, mail).await?;
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
        let mut transaction = self.begin().await?;
        let Some(state) = lock_order(&mut transaction, reference).await? else { return Ok(Changed::NoOrder) };
        if !state.takes_returns() {
            return Ok(Changed::NotNow(state));
        }
        let text =
            pieces.iter().map(|(sku, count)| format!("{count} × {sku}")).collect::<Vec<_>>().join(", ");
        let noted = sqlx::query(
            "INSERT INTO returns (reference, position, at, pieces, reason) \
             SELECT $1, CAST($2 AS BIGINT), $3, $4, $5 WHERE $2 = (SELECT COUNT(*) FROM returns WHERE reference = $1)",
        )
        .bind(reference)
        .bind(i64::from(known))
        .bind(mail.made_at.as_second())
        .bind(text)
        .bind(reason)
        .execute(transaction.connection())
        .await?;
        if noted.rows_affected() == 0 {
            return Ok(Changed::Done);
        }
        for (sku, count) in pieces {
            let left = sqlx::query(
                "UPDATE order_lines SET announced = announced + $1 \
                 WHERE reference = $2 AND sku = $3 AND announced + $1 <= quantity",
            )
            .bind(i64::from(*count))
            .bind(reference)
            .bind(sku)
            .execute(transaction.connection())
            .await?;
            if left.rows_affected() == 0 {
                return Ok(Changed::NotNow(state));
            }
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
        self.move_pieces(reference, pieces, "returned", "dispatched", new, mail).await
    }

    /// Approves an order with the code that its officer got.
    pub(crate) async fn approve_order(
        &self,
        reference: &str,
        code_digest: &str,
        new: NewMove<'_>,
        mail: &NewMail,
    ) -> Result<Approving, StoreError> {
        let mut transaction = self.begin().await?;
        if lock_order(&mut transaction, reference).await? != Some(OrderState::AwaitingApproval) {
            return Ok(Approving::NotNow);
        }
        let row: Option<(String, i64)> =
            sqlx::query_as("SELECT code_digest, wrong FROM approvals WHERE reference = $1")
                .bind(reference)
                .fetch_optional(transaction.connection())
                .await?;
        let Some((known, wrong)) = row else { return Ok(Approving::WrongCode) };
        if wrong >= WRONG_CODES {
            return Ok(Approving::NoTriesLeft);
        }
        if known != code_digest {
            sqlx::query("UPDATE approvals SET wrong = wrong + 1 WHERE reference = $1")
                .bind(reference)
                .execute(transaction.connection())
                .await?;
            transaction.commit().await?;
            return Ok(Approving::WrongCode);
        }
        write_move(&mut transaction, reference, new).await?;
        mails::add(&mut transaction, mail).await?;
        transaction.commit().await?;
        Ok(Approving::Approved)
    }

    /// Gives an order that waits for its officer another code, unless the last one was
    /// mailed after `since`.
    pub(crate) async fn renew_code(
        &self,
        reference: &str,
        approval: &Approval,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let waits = lock_order(&mut transaction, reference).await? == Some(OrderState::AwaitingApproval);
        if !waits || !mails::add_once(&mut transaction, &approval.mail, since).await? {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO approvals (reference, code_digest) VALUES ($1, $2) \
             ON CONFLICT (reference) DO UPDATE SET code_digest = $2, wrong = 0",
        )
        .bind(reference)
        .bind(&approval.code_digest)
        .execute(transaction.connection())
        .await?;
        transaction.commit().await
    }

    /// Changes where an order goes, as long as it can be cancelled.
    pub(crate) async fn change_delivery(
        &self,
        reference: &str,
        delivery: &str,
    ) -> Result<Changed, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(state) = lock_order(&mut transaction, reference).await? else { return Ok(Changed::NoOrder) };
        if !state.is_open() {
            return Ok(Changed::NotNow(state));
        }
        sqlx::query("UPDATE orders SET delivery = $1 WHERE reference = $2")
            .bind(delivery)
            .bind(reference)
            .execute(transaction.connection())
            .await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// Takes out of an order what names a person, and removes the mails about it:
    /// `customer` and `delivery` are what is left. Not while it is under way.
    pub(crate) async fn erase_order(
        &self,
        reference: &str,
        customer: &str,
        delivery: &str,
    ) -> Result<Changed, StoreError> {
        let mut transaction = self.begin().await?;
        let Some(state) = lock_order(&mut transaction, reference).await? else { return Ok(Changed::NoOrder) };
        if !state.is_over() {
            return Ok(Changed::NotNow(state));
        }
        sqlx::query(
            "UPDATE orders SET customer = $1, delivery = $2, email = '', membership = NULL WHERE reference = $3",
        )
        .bind(customer)
        .bind(delivery)
        .bind(reference)
        .execute(transaction.connection())
        .await?;
        sqlx::query("UPDATE order_moves SET note = '' WHERE reference = $1")
            .bind(reference)
            .execute(transaction.connection())
            .await?;
        for text in [
            "DELETE FROM mails WHERE reference = $1",
            "DELETE FROM approvals WHERE reference = $1",
            "UPDATE returns SET reason = '' WHERE reference = $1",
            "UPDATE card_sessions SET url = '' WHERE reference = $1",
        ] {
            sqlx::query(text).bind(reference).execute(transaction.connection()).await?;
        }
        transaction.commit().await?;
        Ok(Changed::Done)
    }
}

pub(super) async fn write_move(
    transaction: &mut Transaction,
    reference: &str,
    new: NewMove<'_>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE orders SET state = $1 WHERE reference = $2")
        .bind(new.to.name())
        .bind(reference)
        .execute(transaction.connection())
        .await?;
    sqlx::query(
        "INSERT INTO order_moves (reference, position, at, to_state, note) \
         SELECT $1, CAST(COALESCE(MAX(position), -1) + 1 AS BIGINT), $2, $3, $4 FROM order_moves \
         WHERE reference = $1",
    )
    .bind(reference)
    .bind(new.at.to_string())
    .bind(new.to.name())
    .bind(new.note)
    .execute(transaction.connection())
    .await?;
    Ok(())
}

/// The state of an order that nobody else changes until the transaction ends.
pub(super) async fn lock_order(
    transaction: &mut Transaction,
    reference: &str,
) -> Result<Option<OrderState>, StoreError> {
    // An update takes the row on both engines; SELECT … FOR UPDATE is PostgreSQL's own.
    let row: Option<(String,)> =
        sqlx::query_as("UPDATE orders SET state = state WHERE reference = $1 RETURNING state")
            .bind(reference)
            .fetch_optional(transaction.connection())
            .await?;
    row.map(|(state,)| state_named(&state)).transpose()
}

/// Puts what an order has taken back into the stock, and lets its branch have its
/// pieces again.
async fn give_back(transaction: &mut Transaction, reference: &str) -> Result<(), StoreError> {
    let taken: Vec<(String, i64)> =
        sqlx::query_as("DELETE FROM order_stock WHERE reference = $1 RETURNING sku, quantity")
            .bind(reference)
            .fetch_all(transaction.connection())
            .await?;
    if taken.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE branch_pieces SET pieces = branch_pieces.pieces - ordered.count FROM (SELECT product, \
         CAST(SUM(quantity) AS BIGINT) AS count FROM order_lines WHERE reference = $1 GROUP BY product) AS ordered \
         WHERE branch_pieces.product = ordered.product AND branch_pieces.pieces >= ordered.count \
         AND branch_pieces.branch = (SELECT branch FROM orders WHERE reference = $1)",
    )
    .bind(reference)
    .execute(transaction.connection())
    .await?;
    // In the order in which they were taken.
    let taken: BTreeMap<String, i64> = taken.into_iter().collect();
    let mut seen = Vec::new();
    for (sku, quantity) in &taken {
        if stock::put_back(transaction, sku, *quantity).await? {
            seen.push(sku.as_str());
        }
    }
    if !seen.is_empty() {
        stock::mark_changed(transaction, &seen).await?;
    }
    Ok(())
}
