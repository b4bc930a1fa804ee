//! Stored orders: reading and listing. `placing.rs` places them, `transitions.rs` changes
//! them, and `payments.rs` handles payments.

use contract::{
    Locale,
    orders::{OrderEvent, OrderStatus},
    text::plain,
};
use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::{Store, StoreError};
use crate::text::{branch_key, email_key, nfc};

/// A stored order; the texts are JSON in the API's format.
#[derive(Clone, Debug)]
pub(crate) struct StoredOrder {
    pub(crate) reference: String,
    pub(crate) status: OrderStatus,
    pub(crate) placed_at: Timestamp,
    pub(crate) locale: Locale,
    pub(crate) customer: String,
    pub(crate) delivery: String,
    pub(crate) payment: String,
    pub(crate) price: String,
    pub(crate) lines: Vec<StoredLine>,
    pub(crate) transitions: Vec<StoredTransition>,
    /// When it expires, if it is on hold.
    pub(crate) expires_at: Option<Timestamp>,
    /// Whether it is awaiting approval by its officer.
    pub(crate) awaits_officer: bool,
    /// Whether that officer was sent no approval code.
    pub(crate) needs_code: bool,
    /// How often its link was replaced.
    pub(crate) link_version: i64,
    /// The refunded amount.
    pub(crate) refunded_pence: u64,
    /// How often its customer has said that something is sent back.
    pub(crate) returns: u32,
}

/// An order in a list.
#[derive(Clone, Debug)]
pub(crate) struct ListedOrder {
    pub(crate) reference: String,
    pub(crate) status: OrderStatus,
    pub(crate) placed_at: Timestamp,
    pub(crate) total_pence: u64,
    pub(crate) customer: String,
    pub(crate) delivery: String,
    pub(crate) purchase_order: Option<String>,
}

/// A line of a stored order.
#[derive(Clone, Debug)]
pub(crate) struct StoredLine {
    pub(crate) sku: String,
    pub(crate) product: String,
    pub(crate) quantity: u32,
    pub(crate) dispatched: u32,
    /// The quantities that the customer requested to return, that were returned, and that
    /// were refunded.
    pub(crate) return_requested: u32,
    pub(crate) returned: u32,
    pub(crate) refunded: u32,
}

/// A status transition.
#[derive(Clone, Debug)]
pub(crate) struct StoredTransition {
    pub(crate) at: Timestamp,
    pub(crate) status: OrderStatus,
    pub(crate) note: String,
    pub(crate) event: Option<OrderEvent>,
}

impl Store {
    /// The order whose link has a token with this digest.
    pub(crate) async fn find_order(&self, token_digest: &str) -> Result<Option<StoredOrder>, StoreError> {
        self.read_order("token_digest = $1", token_digest).await
    }

    /// The order with this reference.
    pub(crate) async fn order(&self, reference: &str) -> Result<Option<StoredOrder>, StoreError> {
        self.read_order("reference = $1", reference).await
    }

    /// The orders in a status, or all orders, the oldest first.
    pub(crate) async fn list_orders(
        &self,
        status: Option<OrderStatus>,
    ) -> Result<Vec<ListedOrder>, StoreError> {
        type Row = (String, String, String, i64, String, String, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT reference, state, placed_at, total_pence, customer, delivery, purchase_order FROM orders \
             WHERE state = $1 OR $1 = '' ORDER BY placed_at, reference",
        )
        .bind(status.map_or("", OrderStatus::name))
        .fetch_all(&self.pool)
        .await?;
        let order = |(reference, status, placed_at, total_pence, customer, delivery, purchase_order): Row| {
            Ok(ListedOrder {
                reference,
                status: status_named(&status)?,
                placed_at: parse_timestamp(&placed_at)?,
                total_pence: u64::try_from(total_pence).unwrap_or_default(),
                customer,
                delivery,
                purchase_order,
            })
        };
        rows.into_iter().map(order).collect()
    }

    /// The references of the orders placed with an email address.
    pub(crate) async fn orders_of(&self, email: &str) -> Result<Vec<String>, StoreError> {
        let references = sqlx::query_scalar(
            "SELECT reference FROM orders WHERE email IN ($1, $2) ORDER BY placed_at, reference",
        )
        .bind(email_key(email))
        // Matches orders stored before addresses were normalised.
        .bind(email.trim().to_lowercase())
        .fetch_all(&self.pool)
        .await?;
        Ok(references)
    }

    /// A branch's orders under a purchase order, the oldest first.
    pub(crate) async fn orders_under(
        &self,
        branch: &str,
        purchase_order: &str,
    ) -> Result<Vec<String>, StoreError> {
        let references = sqlx::query_scalar(
            "SELECT reference FROM orders WHERE branch = $1 AND purchase_order IN ($2, $3) \
             ORDER BY placed_at, reference",
        )
        .bind(branch_key(branch))
        .bind(plain(purchase_order, nfc))
        // Matches orders stored before numbers were normalised.
        .bind(purchase_order.trim())
        .fetch_all(&self.pool)
        .await?;
        Ok(references)
    }

    /// The encrypted membership number of an order.
    pub(crate) async fn sealed_membership(&self, reference: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(Option<String>,)> =
            sqlx::query_as("SELECT membership FROM orders WHERE reference = $1")
                .bind(reference)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.and_then(|(sealed,)| sealed))
    }

    /// All encrypted membership numbers, with the reference of their order.
    pub(crate) async fn sealed_memberships(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT reference, membership FROM orders WHERE membership IS NOT NULL ORDER BY reference",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows)
    }

    /// Replaces an encrypted membership number, unless it has changed meanwhile.
    pub(crate) async fn replace_membership(
        &self,
        reference: &str,
        before: &str,
        after: &str,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let replaced =
            sqlx::query("UPDATE orders SET membership = $1 WHERE reference = $2 AND membership = $3")
                .bind(after)
                .bind(reference)
                .bind(before)
                .execute(transaction.connection())
                .await?;
        transaction.commit().await?;
        Ok(replaced.rows_affected() == 1)
    }

    async fn read_order(
        &self,
        condition: &'static str,
        value: &str,
    ) -> Result<Option<StoredOrder>, StoreError> {
        type Row = (String, String, String, String, String, String, String, String, Option<i64>, i64);
        let text = format!(
            "SELECT reference, state, placed_at, locale, customer, delivery, payment, price, expires_at, \
             link_version FROM orders WHERE {condition}"
        );
        let row: Option<Row> =
            sqlx::query_as(AssertSqlSafe(text)).bind(value).fetch_optional(&self.pool).await?;
        let Some((
            reference,
            status,
            placed_at,
            locale,
            customer,
            delivery,
            payment,
            price,
            expires_at,
            link_version,
        )) = row
        else {
            return Ok(None);
        };
        type Line = (String, String, i64, i64, i64, i64, i64);
        let lines: Vec<Line> = sqlx::query_as(
            "SELECT sku, product, quantity, dispatched, announced, returned, refunded FROM order_lines \
             WHERE reference = $1 ORDER BY position",
        )
        .bind(&reference)
        .fetch_all(&self.pool)
        .await?;
        let transitions: Vec<(String, String, String, String)> = sqlx::query_as(
            "SELECT at, to_state, note, event FROM order_moves WHERE reference = $1 ORDER BY position",
        )
        .bind(&reference)
        .fetch_all(&self.pool)
        .await?;
        let (refunded_pence, returns, approvals, without_code): (i64, i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT CAST(COALESCE(SUM(pence), 0) AS BIGINT) FROM refunds WHERE reference = $1 \
             AND done_at IS NOT NULL AND surplus = 0), \
             (SELECT COUNT(*) FROM returns WHERE reference = $1), \
             (SELECT COUNT(*) FROM approvals WHERE reference = $1), \
             (SELECT COUNT(*) FROM approvals WHERE reference = $1 AND code_digest = '')",
        )
        .bind(&reference)
        .fetch_one(&self.pool)
        .await?;
        let line =
            |(sku, product, quantity, dispatched, return_requested, returned, refunded): Line| StoredLine {
                sku,
                product,
                quantity: to_quantity(quantity),
                dispatched: to_quantity(dispatched),
                return_requested: to_quantity(return_requested),
                returned: to_quantity(returned),
                refunded: to_quantity(refunded),
            };
        let transition = |(at, status, note, event): (String, String, String, String)| {
            let event = if event.is_empty() { None } else { Some(serde_json::from_value(event.into())?) };
            Ok(StoredTransition { at: parse_timestamp(&at)?, status: status_named(&status)?, note, event })
        };
        Ok(Some(StoredOrder {
            reference,
            status: status_named(&status)?,
            placed_at: parse_timestamp(&placed_at)?,
            locale: serde_json::from_value(locale.into())?,
            customer,
            delivery,
            payment,
            price,
            lines: lines.into_iter().map(line).collect(),
            transitions: transitions.into_iter().map(transition).collect::<Result<_, StoreError>>()?,
            expires_at: expires_at.map(timestamp_at),
            awaits_officer: approvals > 0,
            needs_code: without_code > 0,
            link_version,
            refunded_pence: u64::try_from(refunded_pence).unwrap_or_default(),
            returns: to_quantity(returns),
        }))
    }
}

/// The status with this name.
pub(super) fn status_named(name: &str) -> Result<OrderStatus, StoreError> {
    Ok(serde_json::from_value(serde_json::Value::from(name))?)
}

fn parse_timestamp(text: &str) -> Result<Timestamp, StoreError> {
    Ok(serde_json::from_value(serde_json::Value::from(text))?)
}

/// Converts seconds since 1970.
pub(super) fn timestamp_at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or_default()
}

fn to_quantity(count: i64) -> u32 {
    u32::try_from(count).unwrap_or_default()
}
