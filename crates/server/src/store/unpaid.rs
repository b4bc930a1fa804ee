//! The unpaid and unapproved orders of an email address. Ordering needs no account, so an
//! address that has never paid may only hold a limited amount.

use super::{Store, StoreError, Transaction};
use crate::{config::UnpaidLimits, text::email_key};

/// An order awaiting payment or approval, with the limits of its email address.
#[derive(Clone, Debug)]
pub(crate) struct UnpaidOrder {
    /// In lower case.
    pub(crate) email: String,
    pub(crate) pence: u64,
    pub(crate) limits: UnpaidLimits,
}

/// Whether an address is verified: one of its orders that was on hold was paid or approved, or
/// it is a registered officer's. Free orders do not count, because they are confirmed without
/// payment.
pub(super) async fn is_verified(transaction: &mut Transaction, email: &str) -> Result<bool, StoreError> {
    let known: i64 = sqlx::query_scalar(
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

/// Whether this order, with so many items, would take the address above its limits on unpaid
/// orders.
pub(super) async fn is_over_limit(
    transaction: &mut Transaction,
    reference: &str,
    order: &UnpaidOrder,
    items: u64,
) -> Result<bool, StoreError> {
    // Concurrent orders of an address wait for each other here, so that each counts the
    // others.
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
    let held: i64 = sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM order_stock \
         JOIN orders ON orders.reference = order_stock.reference \
         WHERE email = $1 AND orders.reference <> $2 AND state IN ('awaiting-payment', 'awaiting-approval')",
    )
    .bind(&order.email)
    .bind(reference)
    .fetch_one(transaction.connection())
    .await?;
    let with = |before: i64, more: u64| u64::try_from(before).unwrap_or_default().saturating_add(more);
    let is_over = |all: u64, limit: u64| limit > 0 && all > limit;
    let UnpaidLimits { orders: most_orders, items: most_items, pence: most_pence, .. } = order.limits;
    Ok(is_over(with(orders, 1), most_orders.into())
        || is_over(with(held, items), most_items.into())
        || is_over(with(pence, order.pence), most_pence))
}

impl Store {
    /// The free products that a member's address has ordered, with their quantities.
    pub(crate) async fn free_items_of(&self, email: &str) -> Result<Vec<(String, i64)>, StoreError> {
        let rows =
            sqlx::query_as("SELECT product, pieces FROM branch_pieces WHERE branch = $1 ORDER BY product")
                .bind(["@", &email_key(email)].concat());
        Ok(rows.fetch_all(&self.pool).await?)
    }
}

/// The share does not apply to a stock up to this quantity.
pub(super) const SHARED_FROM: i64 = 20;

/// Whether all unverified addresses together would hold more than a share of a variant, of
/// which `taken` were reserved just now. This prevents someone from using many invented
/// addresses. The row of the variant is already locked.
pub(super) async fn is_over_shared_hold(
    transaction: &mut Transaction,
    sku: &str,
    taken: u32,
    share_percent: u32,
) -> Result<bool, StoreError> {
    let left: i64 = sqlx::query_scalar("SELECT stock FROM variants WHERE sku = $1")
        .bind(sku)
        .fetch_one(transaction.connection())
        .await?;
    let taken = i64::from(taken);
    if share_percent == 0 || left + taken <= SHARED_FROM {
        return Ok(false);
    }
    // The addresses that are not verified, as in `is_verified`.
    let before: i64 = sqlx::query_scalar(
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
