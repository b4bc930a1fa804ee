//! Places orders: once per idempotency key, with their stock, in one transaction. Accepting
//! quotes works in the same way.

use std::collections::BTreeMap;

use contract::orders::OrderStatus;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    Approval, Claim, Exceeded, Hold, NewMail, NewTransition, Store, StoreError, Transaction, UnpaidOrder,
    approvals, limits, mails,
    orders::status_named,
    stock, transitions,
    unpaid::{self, TakenStock},
};

/// The maximum number of tries of a transaction that the database aborted because of a
/// conflict.
const MAX_TRIES: u32 = 20;

/// An order to store; the texts are JSON in the API's format.
#[derive(Clone, Debug)]
pub(crate) struct NewOrder {
    pub(crate) reference: String,
    pub(crate) token_digest: String,
    pub(crate) idempotency_key: String,
    pub(crate) request_digest: String,
    pub(crate) status: OrderStatus,
    pub(crate) placed_at: Timestamp,
    /// The hold period, if it awaits payment or approval.
    pub(crate) hold: Option<Hold>,
    pub(crate) locale: &'static str,
    pub(crate) customer: String,
    pub(crate) delivery: String,
    pub(crate) payment: String,
    /// The key of its email address.
    pub(crate) email: String,
    /// The key of its branch; empty for a member.
    pub(crate) branch: String,
    pub(crate) purchase_order: Option<String>,
    /// The encrypted membership number, if there is one.
    pub(crate) membership: Option<String>,
    pub(crate) price: String,
    pub(crate) total_pence: u64,
    pub(crate) lines: Vec<NewLine>,
    /// Empty for a quote.
    pub(crate) reservation: Reservation,
    /// The approval code, if it awaits its officer.
    pub(crate) approval: Option<Approval>,
    /// The email to send about it.
    pub(crate) mail: NewMail,
    /// The limits it counts towards; above one of them, it is not placed.
    pub(crate) claims: Vec<Claim>,
}

/// What an order takes from the stock, by SKU without duplicates, and from the customer's
/// allowance of free products.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reservation {
    pub(crate) stock: BTreeMap<String, u32>,
    /// The key that free products are counted under: a branch, or a member's email address
    /// after an `@`.
    pub(crate) counted_for: String,
    pub(crate) free_limits: Vec<FreeLimit>,
    /// What counts towards the unpaid limits, if it is free, or awaits payment or approval.
    pub(crate) unpaid: Option<UnpaidOrder>,
}

/// An accepted quote.
#[derive(Clone, Debug)]
pub(crate) struct AcceptedQuote<'a> {
    pub(crate) new: NewTransition<'a>,
    pub(crate) payment: String,
    pub(crate) purchase_order: Option<String>,
    pub(crate) reservation: Reservation,
    pub(crate) approval: Option<Approval>,
    pub(crate) mail: NewMail,
}

/// A quantity of a free product, with the maximum for a customer in all orders.
#[derive(Clone, Debug)]
pub(crate) struct FreeLimit {
    pub(crate) product: String,
    pub(crate) wanted: u64,
    pub(crate) most: u32,
}

/// A line of a new order.
#[derive(Clone, Debug)]
pub(crate) struct NewLine {
    pub(crate) sku: String,
    pub(crate) product: String,
    pub(crate) quantity: u32,
}

/// The order that was placed with the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExistingOrder {
    pub(crate) reference: String,
    pub(crate) request_digest: String,
    pub(crate) status: OrderStatus,
    pub(crate) total_pence: u64,
    /// How often its link was replaced since.
    pub(crate) link_version: i64,
}

/// The result of placing an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PlaceOutcome {
    /// It is stored, and its stock is reserved.
    Placed,
    /// The key was used before, for this order.
    AlreadyPlaced(ExistingOrder),
    /// There is not enough stock of these variants; nothing was reserved.
    OutOfStock(Vec<(String, u32)>),
    /// The customer may only have this many more of a product; nothing was reserved.
    OverFreeLimit { product: String, left: u64 },
    /// A rate limit was reached; nothing was reserved.
    LimitReached(Exceeded),
    /// The unpaid total of the email address would be too high; nothing was reserved.
    OverUnpaidLimit,
    /// Orders that nobody has paid may not take so much of these variants; nothing was reserved.
    OverUnpaidShare(Vec<String>),
    /// The order is not a quote that can be accepted.
    InvalidTransition,
}

/// Why the stock was not reserved.
enum StockRefusal {
    OutOfStock(Vec<(String, u32)>),
    OverFreeLimit { product: String, left: u64 },
    OverUnpaidLimit,
    OverUnpaidShare(Vec<String>),
}

impl Store {
    /// Places an order, unless its idempotency key was used before.
    pub(crate) async fn place_order(&self, order: &NewOrder) -> Result<PlaceOutcome, StoreError> {
        retry_on_conflict(|| self.try_to_place(order)).await
    }

    /// The order placed with an idempotency key.
    pub(crate) async fn order_of_key(&self, key: &str) -> Result<Option<ExistingOrder>, StoreError> {
        existing_order(&mut *self.pool.acquire().await?, key).await
    }

    async fn try_to_place(&self, order: &NewOrder) -> Result<PlaceOutcome, StoreError> {
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
        .bind(order.status.name())
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
            let existing = existing_order(transaction.connection(), &order.idempotency_key).await?;
            return existing.map(PlaceOutcome::AlreadyPlaced).ok_or_else(|| sqlx::Error::RowNotFound.into());
        }
        if let Some(exceeded) = limits::take(&mut transaction, &order.claims).await? {
            return Ok(PlaceOutcome::LimitReached(exceeded));
        }
        let visible = match reserve(&mut transaction, &order.reference, &order.reservation).await? {
            Ok(visible) => visible,
            // Dropping the transaction rolls everything back.
            Err(refusal) => return Ok(refusal.into()),
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
            .bind(order.status.name())
            .execute(transaction.connection())
            .await?;
        if let Some(approval) = &order.approval {
            approvals::add(&mut transaction, &order.reference, approval).await?;
        }
        mails::add(&mut transaction, &order.mail).await?;
        mark_reserved(&mut transaction, visible, &order.reservation).await?;
        transaction.commit().await?;
        Ok(PlaceOutcome::Placed)
    }

    /// Turns a quote into an order at its own price, unless there is not enough stock by now.
    pub(crate) async fn accept_quote(
        &self,
        reference: &str,
        quote: &AcceptedQuote<'_>,
    ) -> Result<PlaceOutcome, StoreError> {
        retry_on_conflict(|| self.try_to_accept(reference, quote)).await
    }

    async fn try_to_accept(
        &self,
        reference: &str,
        quote: &AcceptedQuote<'_>,
    ) -> Result<PlaceOutcome, StoreError> {
        let Some((mut transaction, OrderStatus::Quoted)) = self.lock_order(reference).await? else {
            return Ok(PlaceOutcome::InvalidTransition);
        };
        let visible = match reserve(&mut transaction, reference, &quote.reservation).await? {
            Ok(visible) => visible,
            Err(refusal) => return Ok(refusal.into()),
        };
        sqlx::query("UPDATE orders SET payment = $1, purchase_order = $2 WHERE reference = $3")
            .bind(&quote.payment)
            .bind(quote.purchase_order.as_deref())
            .bind(reference)
            .execute(transaction.connection())
            .await?;
        transitions::write_transition(&mut transaction, reference, quote.new, &quote.mail).await?;
        if let Some(approval) = &quote.approval {
            approvals::add(&mut transaction, reference, approval).await?;
        }
        mark_reserved(&mut transaction, visible, &quote.reservation).await?;
        transaction.commit().await?;
        Ok(PlaceOutcome::Placed)
    }
}

impl From<StockRefusal> for PlaceOutcome {
    fn from(refusal: StockRefusal) -> Self {
        match refusal {
            StockRefusal::OutOfStock(out_of_stock) => Self::OutOfStock(out_of_stock),
            StockRefusal::OverFreeLimit { product, left } => Self::OverFreeLimit { product, left },
            StockRefusal::OverUnpaidLimit => Self::OverUnpaidLimit,
            StockRefusal::OverUnpaidShare(skus) => Self::OverUnpaidShare(skus),
        }
    }
}

/// Reserves the stock for an order, and records it; returns whether pages show the change.
async fn reserve(
    transaction: &mut Transaction,
    reference: &str,
    reservation: &Reservation,
) -> Result<Result<bool, StockRefusal>, StoreError> {
    let (mut share_percent, mut is_verified) = (0, true);
    if let Some(order) = &reservation.unpaid {
        share_percent = order.limits.share_percent;
        is_verified = unpaid::is_verified(transaction, order, &reservation.counted_for).await?;
        let items = reservation.stock.values().map(|quantity| u64::from(*quantity)).sum();
        // Free items are counted for each customer below.
        if !is_verified
            && order.pence > 0
            && unpaid::is_over_limit(transaction, reference, order, items).await?
        {
            return Ok(Err(StockRefusal::OverUnpaidLimit));
        }
    }
    for limit in &reservation.free_limits {
        if let Some(left) = count_free_items(transaction, &reservation.counted_for, limit).await? {
            return Ok(Err(StockRefusal::OverFreeLimit { product: limit.product.clone(), left }));
        }
    }
    let (mut out_of_stock, mut over_share, mut visible) = (Vec::new(), Vec::new(), false);
    // In a fixed order, so that concurrent orders cannot deadlock.
    for (sku, quantity) in &reservation.stock {
        match stock::reserve(transaction, sku, *quantity).await? {
            stock::StockOutcome::Reserved { left, is_visible_change } => {
                visible |= is_visible_change;
                let taken = TakenStock { sku, taken: i64::from(*quantity), left };
                if share_percent > 0
                    && unpaid::is_over_shared_hold(transaction, taken, share_percent, is_verified).await?
                {
                    over_share.push(sku.clone());
                }
            }
            stock::StockOutcome::OutOfStock(left) => out_of_stock.push((sku.clone(), left)),
        }
    }
    if !out_of_stock.is_empty() {
        return Ok(Err(StockRefusal::OutOfStock(out_of_stock)));
    }
    if !over_share.is_empty() {
        return Ok(Err(StockRefusal::OverUnpaidShare(over_share)));
    }
    for (sku, quantity) in &reservation.stock {
        sqlx::query("INSERT INTO order_stock (reference, sku, quantity) VALUES ($1, $2, $3)")
            .bind(reference)
            .bind(sku)
            .bind(i64::from(*quantity))
            .execute(transaction.connection())
            .await?;
    }
    Ok(Ok(visible))
}

/// Marks the reserved stock as changed, if pages show the change. This comes last, because
/// concurrent orders of scarce items wait for that row.
async fn mark_reserved(
    transaction: &mut Transaction,
    visible: bool,
    reservation: &Reservation,
) -> Result<(), StoreError> {
    if !visible {
        return Ok(());
    }
    let skus: Vec<&str> = reservation.stock.keys().map(String::as_str).collect();
    stock::mark_changed(transaction, &skus).await
}

/// The order placed with an idempotency key, as it was at that time.
async fn existing_order(
    connection: &mut AnyConnection,
    key: &str,
) -> Result<Option<ExistingOrder>, StoreError> {
    let row: Option<(String, String, String, i64, i64)> = sqlx::query_as(
        "SELECT orders.reference, request_digest, to_state, total_pence, link_version FROM orders \
         JOIN order_moves ON order_moves.reference = orders.reference AND position = 0 \
         WHERE idempotency_key = $1",
    )
    .bind(key)
    .fetch_optional(connection)
    .await?;
    let Some((reference, request_digest, status, total_pence, link_version)) = row else { return Ok(None) };
    let total_pence = u64::try_from(total_pence).unwrap_or_default();
    Ok(Some(ExistingOrder {
        reference,
        request_digest,
        status: status_named(&status)?,
        total_pence,
        link_version,
    }))
}

/// Counts a customer's free products; returns the remaining allowance if it is not enough.
async fn count_free_items(
    transaction: &mut Transaction,
    counted_for: &str,
    limit: &FreeLimit,
) -> Result<Option<u64>, StoreError> {
    let wanted = i64::try_from(limit.wanted).unwrap_or(i64::MAX);
    let most = i64::from(limit.most);
    sqlx::query(
        "INSERT INTO branch_pieces (branch, product, pieces) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
    )
    .bind(counted_for)
    .bind(&limit.product)
    .execute(transaction.connection())
    .await?;
    let counted = sqlx::query(
        "UPDATE branch_pieces SET pieces = pieces + $1 WHERE branch = $2 AND product = $3 AND pieces <= $4",
    )
    .bind(wanted)
    .bind(counted_for)
    .bind(&limit.product)
    .bind(most.saturating_sub(wanted))
    .execute(transaction.connection())
    .await?;
    if counted.rows_affected() == 1 {
        return Ok(None);
    }
    let ordered_before: i64 =
        sqlx::query_scalar("SELECT pieces FROM branch_pieces WHERE branch = $1 AND product = $2")
            .bind(counted_for)
            .bind(&limit.product)
            .fetch_one(transaction.connection())
            .await?;
    Ok(Some(u64::try_from(most - ordered_before).unwrap_or_default()))
}

/// Retries a transaction after a conflict with another one, which PostgreSQL and compatible
/// databases require.
pub(super) async fn retry_on_conflict<T, F: Future<Output = Result<T, StoreError>>>(
    transaction: impl Fn() -> F,
) -> Result<T, StoreError> {
    let mut tries = 1;
    loop {
        match transaction().await {
            Err(StoreError::Database(error)) if tries < MAX_TRIES && is_conflict(&error) => tries += 1,
            result => return result,
        }
    }
}

/// Serialisation failures and deadlocks, by their SQLSTATE.
fn is_conflict(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("40001" | "40P01"))
}
