//! Orders are placed: once for each key, with their stock, in one transaction; quotes
//! are accepted likewise.

use std::collections::BTreeMap;

use contract::orders::OrderState;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    Approval, Claim, Exceeded, Hold, NewMail, NewMove, Store, StoreError, Transaction, UnpaidOrder,
    approvals, limits, mails, moves, orders::state_named, stock, unpaid,
};

/// How often a transaction is tried that the database gave up for another.
const TRIES: u32 = 20;

/// An order that is to be stored; texts are JSON in the shape of the wire.
#[derive(Clone, Debug)]
pub(crate) struct NewOrder {
    pub(crate) reference: String,
    pub(crate) token_digest: String,
    pub(crate) idempotency_key: String,
    pub(crate) request_digest: String,
    pub(crate) state: OrderState,
    pub(crate) placed_at: Timestamp,
    /// How long it is held, where it waits for somebody.
    pub(crate) hold: Option<Hold>,
    pub(crate) locale: &'static str,
    pub(crate) customer: String,
    pub(crate) delivery: String,
    pub(crate) payment: String,
    /// What its email address is known by.
    pub(crate) email: String,
    /// What its branch is known by; empty for a member.
    pub(crate) branch: String,
    pub(crate) purchase_order: Option<String>,
    /// Sealed; none where none was given.
    pub(crate) membership: Option<String>,
    pub(crate) price: String,
    pub(crate) total_pence: u64,
    pub(crate) lines: Vec<NewLine>,
    /// Nothing is taken for a quote.
    pub(crate) taking: Taking,
    /// What is to be approved by whom, where it waits for that.
    pub(crate) approval: Option<Approval>,
    /// What is told about it.
    pub(crate) mail: NewMail,
    /// What it counts as; it is not placed where that is too much.
    pub(crate) claims: Vec<Claim>,
}

/// What an order takes: by SKU, each once, and of what is free and of which a customer may
/// have only so much.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taking {
    pub(crate) stock: BTreeMap<String, u32>,
    /// Whom it counts for: a branch, or a member's address after an `@`.
    pub(crate) counted_for: String,
    pub(crate) caps: Vec<FreeCap>,
    /// What its address has to answer for, where the order is neither paid nor approved.
    pub(crate) unpaid: Option<UnpaidOrder>,
}

/// A quote that becomes an order.
#[derive(Clone, Debug)]
pub(crate) struct AcceptedQuote<'a> {
    pub(crate) new: NewMove<'a>,
    pub(crate) payment: String,
    pub(crate) purchase_order: Option<String>,
    pub(crate) taking: Taking,
    pub(crate) approval: Option<Approval>,
    pub(crate) mail: NewMail,
}

/// What is ordered of a free product, and how many a customer may have altogether.
#[derive(Clone, Debug)]
pub(crate) struct FreeCap {
    pub(crate) product: String,
    pub(crate) wanted: u64,
    pub(crate) most: u32,
}

/// A line of it.
#[derive(Clone, Debug)]
pub(crate) struct NewLine {
    pub(crate) sku: String,
    pub(crate) product: String,
    pub(crate) quantity: u32,
}

/// An order that has the key already, as it was placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) reference: String,
    pub(crate) request_digest: String,
    pub(crate) state: OrderState,
    pub(crate) total_pence: u64,
    /// How often its link was replaced since.
    pub(crate) link_version: i64,
}

/// What came of placing an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Placing {
    /// It is stored, and its stock is taken.
    Placed,
    /// The key was used before, for this order.
    Known(Known),
    /// There are fewer of these variants than were asked for; nothing was taken.
    Short(Vec<(String, u32)>),
    /// The customer may have only so many more of a product; nothing was taken.
    OverCap { product: String, left: u64 },
    /// Too many were placed; nothing was taken.
    LimitReached(Exceeded),
    /// The address has more unpaid then than it may; nothing was taken.
    OverUnpaid,
    /// It may not take so much of these variants before it is paid; nothing was taken.
    OverShare(Vec<String>),
    /// It is no quote that waits to be accepted.
    NotNow,
}

/// Why what an order needs was not taken.
enum NotTaken {
    Short(Vec<(String, u32)>),
    OverCap { product: String, left: u64 },
    OverUnpaid,
    OverShare(Vec<String>),
}

impl Store {
    /// Places an order, unless its key was used before.
    pub(crate) async fn place_order(&self, order: &NewOrder) -> Result<Placing, StoreError> {
        retried(|| self.try_to_place(order)).await
    }

    /// The order that was placed with a key.
    pub(crate) async fn order_of_key(&self, key: &str) -> Result<Option<Known>, StoreError> {
        known(&mut *self.pool.acquire().await?, key).await
    }

    async fn try_to_place(&self, order: &NewOrder) -> Result<Placing, StoreError> {
        let mut transaction = self.begin().await?;
        let new: Option<(String,)> = sqlx::query_as(
            "INSERT INTO orders (reference, token_digest, idempotency_key, request_digest, state, placed_at, \
             locale, customer, delivery, payment, email, branch, purchase_order, price, total_pence, membership, \
             expires_at, remind_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
             ON CONFLICT (idempotency_key) DO NOTHING RETURNING reference",
        )
        .bind(&order.reference)
        .bind(&order.token_digest)
        .bind(&order.idempotency_key)
        .bind(&order.request_digest)
        .bind(order.state.name())
        .bind(order.placed_at.to_string())
        .bind(order.locale)
        .bind(&order.customer)
        .bind(&order.delivery)
        .bind(&order.payment)
        .bind(&order.email)
        .bind(&order.branch)
        .bind(order.purchase_order.as_deref())
        .bind(&order.price)
        .bind(i64::try_from(order.total_pence).unwrap_or(i64::MAX))
        .bind(order.membership.as_deref())
        .bind(order.hold.map(|hold| hold.expires_at.as_second()))
        .bind(order.hold.and_then(|hold| hold.remind_at).map(Timestamp::as_second))
        .fetch_optional(transaction.connection())
        .await?;
        if new.is_none() {
            let known = known(transaction.connection(), &order.idempotency_key).await?;
            return known.map(Placing::Known).ok_or_else(|| sqlx::Error::RowNotFound.into());
        }
        if let Some(exceeded) = limits::take(&mut transaction, &order.claims).await? {
            return Ok(Placing::LimitReached(exceeded));
        }
        let seen = match take(&mut transaction, &order.reference, &order.taking).await? {
            Ok(seen) => seen,
            // Dropping the transaction takes everything back.
            Err(not) => return Ok(not.into()),
        };
        for (position, line) in (0i64..).zip(&order.lines) {
            sqlx::query(
                "INSERT INTO order_lines (reference, position, sku, product, quantity) \
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(&order.reference)
            .bind(position)
            .bind(&line.sku)
            .bind(&line.product)
            .bind(i64::from(line.quantity))
            .execute(transaction.connection())
            .await?;
        }
        sqlx::query("INSERT INTO order_moves (reference, position, at, to_state) VALUES ($1, 0, $2, $3)")
            .bind(&order.reference)
            .bind(order.placed_at.to_string())
            .bind(order.state.name())
            .execute(transaction.connection())
            .await?;
        if let Some(approval) = &order.approval {
            approvals::add(&mut transaction, &order.reference, approval).await?;
        }
        mails::add(&mut transaction, &order.mail).await?;
        mark_taken(&mut transaction, seen, &order.taking).await?;
        transaction.commit().await?;
        Ok(Placing::Placed)
    }

    /// Makes a quote an order at its own price, unless there is too little by now.
    pub(crate) async fn accept_quote(
        &self,
        reference: &str,
        quote: &AcceptedQuote<'_>,
    ) -> Result<Placing, StoreError> {
        retried(|| self.try_to_accept(reference, quote)).await
    }

    async fn try_to_accept(&self, reference: &str, quote: &AcceptedQuote<'_>) -> Result<Placing, StoreError> {
        let Some((mut transaction, OrderState::Quoted)) = self.lock_order(reference).await? else {
            return Ok(Placing::NotNow);
        };
        let seen = match take(&mut transaction, reference, &quote.taking).await? {
            Ok(seen) => seen,
            Err(not) => return Ok(not.into()),
        };
        // The branch by the key that its pieces were counted under just now.
        sqlx::query("UPDATE orders SET payment = $1, purchase_order = $2, branch = $3 WHERE reference = $4")
            .bind(&quote.payment)
            .bind(quote.purchase_order.as_deref())
            .bind(&quote.taking.counted_for)
            .bind(reference)
            .execute(transaction.connection())
            .await?;
        moves::write_move(&mut transaction, reference, quote.new, &quote.mail).await?;
        if let Some(approval) = &quote.approval {
            approvals::add(&mut transaction, reference, approval).await?;
        }
        mark_taken(&mut transaction, seen, &quote.taking).await?;
        transaction.commit().await?;
        Ok(Placing::Placed)
    }
}

impl From<NotTaken> for Placing {
    fn from(not: NotTaken) -> Self {
        match not {
            NotTaken::Short(short) => Self::Short(short),
            NotTaken::OverCap { product, left } => Self::OverCap { product, left },
            NotTaken::OverUnpaid => Self::OverUnpaid,
            NotTaken::OverShare(skus) => Self::OverShare(skus),
        }
    }
}

/// Takes what an order needs, and notes what was taken; whether a page tells the
/// difference.
async fn take(
    transaction: &mut Transaction,
    reference: &str,
    taking: &Taking,
) -> Result<Result<bool, NotTaken>, StoreError> {
    let mut share_percent = 0;
    if let Some(order) = &taking.unpaid
        && !unpaid::is_verified(transaction, &order.email).await?
    {
        let items = taking.stock.values().map(|quantity| u64::from(*quantity)).sum();
        if unpaid::is_too_much(transaction, reference, order, items).await? {
            return Ok(Err(NotTaken::OverUnpaid));
        }
        share_percent = order.limits.share_percent;
    }
    for cap in &taking.caps {
        if let Some(left) = count_free(transaction, &taking.counted_for, cap).await? {
            return Ok(Err(NotTaken::OverCap { product: cap.product.clone(), left }));
        }
    }
    let (mut short, mut over_share, mut seen) = (Vec::new(), Vec::new(), false);
    // Always in the same order, so that two orders never wait for each other.
    for (sku, quantity) in &taking.stock {
        match stock::take(transaction, sku, *quantity, share_percent).await? {
            stock::StockOutcome::Reserved { shows } => {
                seen |= shows;
                if share_percent > 0
                    && unpaid::is_over_shared_hold(transaction, sku, *quantity, share_percent).await?
                {
                    over_share.push(sku.clone());
                }
            }
            stock::StockOutcome::OutOfStock(left) => short.push((sku.clone(), left)),
            stock::StockOutcome::OverShare => over_share.push(sku.clone()),
        }
    }
    if !short.is_empty() {
        return Ok(Err(NotTaken::Short(short)));
    }
    if !over_share.is_empty() {
        return Ok(Err(NotTaken::OverShare(over_share)));
    }
    for (sku, quantity) in &taking.stock {
        sqlx::query("INSERT INTO order_stock (reference, sku, quantity) VALUES ($1, $2, $3)")
            .bind(reference)
            .bind(sku)
            .bind(i64::from(*quantity))
            .execute(transaction.connection())
            .await?;
    }
    Ok(Ok(seen))
}

/// Gives what was taken the next version of the stock, if a page tells the
/// difference. Last, since everybody who orders something rare waits for that row.
async fn mark_taken(transaction: &mut Transaction, seen: bool, taking: &Taking) -> Result<(), StoreError> {
    if !seen {
        return Ok(());
    }
    let skus: Vec<&str> = taking.stock.keys().map(String::as_str).collect();
    stock::mark_changed(transaction, &skus).await
}

/// The order that was placed with a key, as it was placed.
async fn known(connection: &mut AnyConnection, key: &str) -> Result<Option<Known>, StoreError> {
    let row: Option<(String, String, String, i64, i64)> = sqlx::query_as(
        "SELECT orders.reference, request_digest, to_state, total_pence, link_version FROM orders \
         JOIN order_moves ON order_moves.reference = orders.reference AND position = 0 \
         WHERE idempotency_key = $1",
    )
    .bind(key)
    .fetch_optional(connection)
    .await?;
    let Some((reference, request_digest, state, total_pence, link_version)) = row else { return Ok(None) };
    let total_pence = u64::try_from(total_pence).unwrap_or_default();
    Ok(Some(Known { reference, request_digest, state: state_named(&state)?, total_pence, link_version }))
}

/// Counts what a customer orders of a free product; gives how many they may still have
/// where they ask for more.
async fn count_free(
    transaction: &mut Transaction,
    counted_for: &str,
    cap: &FreeCap,
) -> Result<Option<u64>, StoreError> {
    let wanted = i64::try_from(cap.wanted).unwrap_or(i64::MAX);
    let most = i64::from(cap.most);
    sqlx::query(
        "INSERT INTO branch_pieces (branch, product, pieces) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
    )
    .bind(counted_for)
    .bind(&cap.product)
    .execute(transaction.connection())
    .await?;
    let counted = sqlx::query(
        "UPDATE branch_pieces SET pieces = pieces + $1 WHERE branch = $2 AND product = $3 AND pieces <= $4",
    )
    .bind(wanted)
    .bind(counted_for)
    .bind(&cap.product)
    .bind(most.saturating_sub(wanted))
    .execute(transaction.connection())
    .await?;
    if counted.rows_affected() == 1 {
        return Ok(None);
    }
    let (had,): (i64,) =
        sqlx::query_as("SELECT pieces FROM branch_pieces WHERE branch = $1 AND product = $2")
            .bind(counted_for)
            .bind(&cap.product)
            .fetch_one(transaction.connection())
            .await?;
    Ok(Some(u64::try_from(most - had).unwrap_or_default()))
}

/// Tries a transaction again where another one had its rows: PostgreSQL and what
/// speaks its protocol ask for that.
pub(super) async fn retried<T, F: Future<Output = Result<T, StoreError>>>(
    transaction: impl Fn() -> F,
) -> Result<T, StoreError> {
    let mut tries = 1;
    loop {
        match transaction().await {
            Err(StoreError::Database(error)) if tries < TRIES && is_conflict(&error) => tries += 1,
            result => return result,
        }
    }
}

/// Serialisation failures and deadlocks, by their SQLSTATE.
fn is_conflict(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("40001" | "40P01"))
}
