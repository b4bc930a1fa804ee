//! The unpaid, unapproved and free orders of an email address. Ordering needs no account, so
//! an address that has never paid may only hold a limited amount.

use sqlx::AssertSqlSafe;

use super::{Store, StoreError, Transaction};
use crate::{config::UnpaidLimits, text::email_key};

/// An order that is free, or awaits payment or approval, with the limits of its email address.
#[derive(Clone, Debug)]
pub(crate) struct UnpaidOrder {
    /// The key of the address.
    pub(crate) email: String,
    pub(crate) pence: u64,
    pub(crate) limits: UnpaidLimits,
}

/// The SQL condition that an order's customer is verified: one of the orders of its address that
/// was on hold was paid or approved, or it is a registered officer's. Free orders verify nothing,
/// because they are confirmed without payment; what a branch can have of them is limited, so a
/// registered one is verified for its own.
fn is_verified_condition(email: &str, branch: &str, pence: &str) -> String {
    format!(
        "({email} IN (SELECT officer_key FROM branches) \
         OR ({pence} = 0 AND EXISTS (SELECT 1 FROM branches WHERE branches.branch = {branch})) \
         OR EXISTS (SELECT 1 FROM orders AS other \
         JOIN order_moves AS done ON done.reference = other.reference \
         WHERE other.email = {email} AND done.to_state = 'confirmed' \
         AND EXISTS (SELECT 1 FROM order_moves AS waited WHERE waited.reference = done.reference \
         AND waited.position < done.position \
         AND waited.to_state IN ('awaiting-payment', 'awaiting-approval'))))"
    )
}

/// Whether the customer of an order for this branch is verified.
pub(super) async fn is_verified(
    transaction: &mut Transaction,
    order: &UnpaidOrder,
    branch: &str,
) -> Result<bool, StoreError> {
    let condition = is_verified_condition("$1", "$2", "$3");
    let text = format!("SELECT CAST(CASE WHEN {condition} THEN 1 ELSE 0 END AS BIGINT)");
    let verified: i64 = sqlx::query_scalar(AssertSqlSafe(text))
        .bind(&order.email)
        .bind(branch)
        .bind(i64::try_from(order.pence).unwrap_or(i64::MAX))
        .fetch_one(transaction.connection())
        .await?;
    Ok(verified > 0)
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

/// The shares do not apply to a stock up to this quantity.
const SHARED_FROM: i64 = 20;

/// Stock of a variant that an order reserved just now.
#[derive(Clone, Copy)]
pub(super) struct TakenStock<'a> {
    pub(super) sku: &'a str,
    pub(super) taken: i64,
    pub(super) left: i64,
}

/// Whether the orders that nobody has paid, and free ones that were not dispatched, would hold
/// too much of a variant. This prevents someone from using many invented addresses, for which
/// there is a share, or other people's verified addresses, which may take the same share of the
/// rest as well. The row of the variant is already locked.
pub(super) async fn is_over_shared_hold(
    transaction: &mut Transaction,
    stock: TakenStock<'_>,
    share_percent: u32,
    is_verified: bool,
) -> Result<bool, StoreError> {
    let TakenStock { sku, taken, left } = stock;
    if left + taken <= SHARED_FROM {
        return Ok(false);
    }
    let share = i64::from(share_percent);
    let is_over = |before: i64, share: i64| {
        let held = before + taken;
        held * 100 > (left + held) * share
    };
    let all = held_quantity(transaction, sku, "TRUE").await?;
    // Nobody proves that a verified address is theirs, so its orders leave a part as well.
    if is_over(all, share + (100 - share) * share / 100) {
        return Ok(true);
    }
    // Finding out who is verified is slow, and does not matter if all orders together are within
    // the share of unverified ones.
    if is_verified || !is_over(all, share) {
        return Ok(false);
    }
    let verified = is_verified_condition("held.email", "held.branch", "held.total_pence");
    let unverified = held_quantity(transaction, sku, &format!("NOT {verified}")).await?;
    Ok(is_over(unverified, share))
}

/// The quantity of a variant that orders hold which are unpaid or unapproved, or free and not
/// dispatched, and that meet an SQL condition.
async fn held_quantity(transaction: &mut Transaction, sku: &str, condition: &str) -> Result<i64, StoreError> {
    let text = format!(
        "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM order_stock \
         JOIN orders AS held ON held.reference = order_stock.reference WHERE order_stock.sku = $1 \
         AND (held.state IN ('awaiting-payment', 'awaiting-approval') OR held.total_pence = 0) AND {condition}"
    );
    let held = sqlx::query_scalar(AssertSqlSafe(text)).bind(sku).fetch_one(transaction.connection()).await?;
    Ok(held)
}
