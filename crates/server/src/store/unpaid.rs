//! What an email address has ordered that is neither paid nor approved. Whoever orders is
//! asked for no account, so that an address that has never paid may hold only so much.

use super::{Store, StoreError, Transaction};
use crate::{config::UnpaidLimits, text::email_key};

/// An order that waits to be paid or approved, and how much of that its address may have.
#[derive(Clone, Debug)]
pub(crate) struct UnpaidOrder {
    /// In lower case.
    pub(crate) email: String,
    pub(crate) pence: u64,
    pub(crate) limits: UnpaidLimits,
}

/// Whether somebody answers for an address: an order of it that waited was paid or approved,
/// or it is a registered officer's. What is free is confirmed at once, and proves nothing.
pub(super) async fn is_verified(transaction: &mut Transaction, email: &str) -> Result<bool, StoreError> {
    let (known,): (i64,) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM branches WHERE LOWER(officer_email) = $1) \
         + (SELECT COUNT(*) FROM orders JOIN order_moves AS done ON done.reference = orders.reference \
         WHERE orders.email = $1 AND done.to_state = 'confirmed' AND EXISTS (SELECT 1 FROM order_moves AS waited \
         WHERE waited.reference = done.reference AND waited.position < done.position \
         AND waited.to_state IN ('awaiting-payment', 'awaiting-approval')))",
    )
    .bind(email)
    .fetch_one(transaction.connection())
    .await?;
    Ok(known > 0)
}

/// Whether an address would have more unpaid with this order, which takes so many items,
/// than it may.
pub(super) async fn is_too_much(
    transaction: &mut Transaction,
    reference: &str,
    order: &UnpaidOrder,
    items: u64,
) -> Result<bool, StoreError> {
    // Orders of an address that are placed at once wait for each other here, and count each
    // other.
    sqlx::query(
        "INSERT INTO unpaid_addresses (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET email = excluded.email",
    )
    .bind(&order.email)
    .execute(transaction.connection())
    .await?;
    let (orders, pence): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), CAST(COALESCE(SUM(total_pence), 0) AS BIGINT) FROM orders \
         WHERE email = $1 AND reference <> $2 AND state IN ('awaiting-payment', 'awaiting-approval')",
    )
    .bind(&order.email)
    .bind(reference)
    .fetch_one(transaction.connection())
    .await?;
    let (held,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM order_stock \
         JOIN orders ON orders.reference = order_stock.reference \
         WHERE email = $1 AND orders.reference <> $2 AND state IN ('awaiting-payment', 'awaiting-approval')",
    )
    .bind(&order.email)
    .bind(reference)
    .fetch_one(transaction.connection())
    .await?;
    let with = |before: i64, more: u64| u64::try_from(before).unwrap_or_default().saturating_add(more);
    let is_over = |all: u64, most: u64| most > 0 && all > most;
    let UnpaidLimits { orders: most_orders, items: most_items, pence: most_pence, .. } = order.limits;
    Ok(is_over(with(orders, 1), most_orders.into())
        || is_over(with(held, items), most_items.into())
        || is_over(with(pence, order.pence), most_pence))
}

impl Store {
    /// What a member's address has ordered of free products: each product, and how many pieces.
    pub(crate) async fn free_pieces_of(&self, email: &str) -> Result<Vec<(String, i64)>, StoreError> {
        let rows =
            sqlx::query_as("SELECT product, pieces FROM branch_pieces WHERE branch = $1 ORDER BY product")
                .bind(["@", &email_key(email)].concat());
        Ok(rows.fetch_all(&self.pool).await?)
    }
}

/// Of up to so many, anybody may hold the last.
const SHARED_FROM: i64 = 20;

/// Whether the orders of all addresses that nobody answers for would hold more than a share
/// of a variant, of which so many were taken just now: invented addresses together can hold no
/// more. The row of the variant is locked since.
pub(super) async fn is_over_shared_hold(
    transaction: &mut Transaction,
    sku: &str,
    taken: u32,
    share_percent: u32,
) -> Result<bool, StoreError> {
    let (left,): (i64,) = sqlx::query_as("SELECT stock FROM variants WHERE sku = $1")
        .bind(sku)
        .fetch_one(transaction.connection())
        .await?;
    let taken = i64::from(taken);
    if share_percent == 0 || left + taken <= SHARED_FROM {
        return Ok(false);
    }
    // Whom `is_verified` does not know.
    let (before,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM order_stock \
         JOIN orders AS held ON held.reference = order_stock.reference \
         WHERE order_stock.sku = $1 AND held.state IN ('awaiting-payment', 'awaiting-approval') \
         AND NOT EXISTS (SELECT 1 FROM branches WHERE LOWER(officer_email) = held.email) \
         AND NOT EXISTS (SELECT 1 FROM orders AS other \
         JOIN order_moves AS done ON done.reference = other.reference \
         WHERE other.email = held.email AND done.to_state = 'confirmed' \
         AND EXISTS (SELECT 1 FROM order_moves AS waited WHERE waited.reference = done.reference \
         AND waited.position < done.position \
         AND waited.to_state IN ('awaiting-payment', 'awaiting-approval')))",
    )
    .bind(sku)
    .fetch_one(transaction.connection())
    .await?;
    let held = before + taken;
    Ok(held * 100 > (left + held) * i64::from(share_percent))
}
