//! The stock of each variant.

use std::collections::HashMap;

use contract::shop::LOW_STOCK;
use sqlx::AssertSqlSafe;

use super::{Store, StoreError, Transaction};

/// The initial stock of a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVariant {
    /// Its product code.
    pub sku: String,
    /// The quantity.
    pub stock: u32,
    /// The largest quantity of it in a bundle; 1 if it is in none.
    pub bundled: u32,
}

/// The result of a stock-take for a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockCount {
    /// The quantity counted.
    pub counted: u32,
    /// The quantity of these that is reserved for orders which were not dispatched yet.
    pub reserved: u32,
}

impl StockCount {
    /// The quantity that can be sold.
    pub const fn left(self) -> u32 {
        self.counted.saturating_sub(self.reserved)
    }
}

impl Store {
    /// The stock of all variants that changed after this version of the stock; -1 returns
    /// every variant.
    pub async fn stock_after(&self, version: i64) -> Result<Vec<(String, u32)>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as("SELECT sku, stock FROM variants WHERE changed > $1")
            .bind(version)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(|(sku, stock)| (sku, to_quantity(stock))).collect())
    }

    /// The variants with less than `below` in stock, the lowest first.
    pub async fn low_stock(&self, below: u32) -> Result<Vec<(String, u32)>, StoreError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT sku, stock FROM variants WHERE stock < $1 ORDER BY stock, sku")
                .bind(i64::from(below))
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.into_iter().map(|(sku, stock)| (sku, to_quantity(stock))).collect())
    }

    /// Sets the stock of a variant to the counted quantity, minus the items reserved for
    /// orders that were not dispatched yet. None if there is no such variant.
    pub async fn count_stock(&self, sku: &str, counted: u32) -> Result<Option<StockCount>, StoreError> {
        let mut transaction = self.begin().await?;
        // The row first, so that no order reserves items meanwhile.
        let found = sqlx::query("UPDATE variants SET stock = stock WHERE sku = $1")
            .bind(sku)
            .execute(transaction.connection())
            .await?;
        if found.rows_affected() == 0 {
            return Ok(None);
        }
        let reserved: i64 = sqlx::query_scalar(
            "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM order_stock WHERE sku = $1",
        )
        .bind(sku)
        .fetch_one(transaction.connection())
        .await?;
        let counted = StockCount { counted, reserved: to_quantity(reserved) };
        sqlx::query("UPDATE variants SET stock = $1 WHERE sku = $2")
            .bind(i64::from(counted.left()))
            .bind(sku)
            .execute(transaction.connection())
            .await?;
        mark_changed(&mut transaction, &[sku]).await?;
        transaction.commit().await?;
        Ok(Some(counted))
    }

    /// The exact stock of these variants; pages may show less.
    pub(crate) async fn stock_of(&self, skus: &[String]) -> Result<HashMap<String, u32>, StoreError> {
        if skus.is_empty() {
            return Ok(HashMap::new());
        }
        let placeholders: Vec<String> = (1..=skus.len()).map(|index| format!("${index}")).collect();
        let text = format!("SELECT sku, stock FROM variants WHERE sku IN ({})", placeholders.join(", "));
        let mut query = sqlx::query_as(AssertSqlSafe(text));
        for sku in skus {
            query = query.bind(sku);
        }
        let rows: Vec<(String, i64)> = query.fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|(sku, stock)| (sku, to_quantity(stock))).collect())
    }

    /// Changes the stock of a variant by this quantity, and returns the new stock. None if
    /// there is no such variant, or the stock would become negative.
    pub async fn adjust_stock(&self, sku: &str, by: i64) -> Result<Option<u32>, StoreError> {
        let mut transaction = self.begin().await?;
        let moved: Option<(i64, i64)> = sqlx::query_as(
            "UPDATE variants SET stock = stock + $1 WHERE sku = $2 AND stock + $1 >= 0 RETURNING stock, bundled",
        )
        .bind(by)
        .bind(sku)
        .fetch_optional(transaction.connection())
        .await?;
        let Some((stock, bundled)) = moved else { return Ok(None) };
        if is_visible_change(bundled, stock, stock - by) {
            mark_changed(&mut transaction, &[sku]).await?;
        }
        transaction.commit().await?;
        Ok(Some(to_quantity(stock)))
    }
}

/// The result of reserving stock.
pub(super) enum StockOutcome {
    /// Reserved; says how many are left, and whether pages show the change.
    Reserved { left: i64, is_visible_change: bool },
    /// There are only so many in stock, so nothing was reserved.
    OutOfStock(u32),
}

/// Reserves items of a variant.
pub(super) async fn reserve(
    transaction: &mut Transaction,
    sku: &str,
    wanted_quantity: u32,
) -> Result<StockOutcome, StoreError> {
    let wanted = i64::from(wanted_quantity);
    let taken: Option<(i64, i64)> = sqlx::query_as(
        "UPDATE variants SET stock = stock - $1 WHERE sku = $2 AND stock >= $1 RETURNING stock, bundled",
    )
    .bind(wanted)
    .bind(sku)
    .fetch_optional(transaction.connection())
    .await?;
    if let Some((left, bundled)) = taken {
        let is_visible_change = is_visible_change(bundled, left, left + wanted);
        return Ok(StockOutcome::Reserved { left, is_visible_change });
    }
    let left: Option<(i64,)> = sqlx::query_as("SELECT stock FROM variants WHERE sku = $1")
        .bind(sku)
        .fetch_optional(transaction.connection())
        .await?;
    Ok(StockOutcome::OutOfStock(left.map(|(left,)| to_quantity(left)).unwrap_or_default()))
}

/// Releases items of a variant; returns whether pages show the change.
pub(super) async fn release(
    transaction: &mut Transaction,
    sku: &str,
    quantity: i64,
) -> Result<bool, StoreError> {
    let stock: Option<(i64, i64)> =
        sqlx::query_as("UPDATE variants SET stock = stock + $1 WHERE sku = $2 RETURNING stock, bundled")
            .bind(quantity)
            .bind(sku)
            .fetch_optional(transaction.connection())
            .await?;
    Ok(stock.is_some_and(|(stock, bundled)| is_visible_change(bundled, stock, stock - quantity)))
}

/// Marks these variants as changed, with the next version of the stock.
pub(super) async fn mark_changed(transaction: &mut Transaction, skus: &[&str]) -> Result<(), StoreError> {
    let version = transaction.next_stock_version().await?;
    for sku in skus {
        sqlx::query("UPDATE variants SET changed = $1 WHERE sku = $2")
            .bind(version)
            .bind(*sku)
            .execute(transaction.connection())
            .await?;
    }
    Ok(())
}

/// Whether pages show a difference between two stocks of a variant: they show low quantities
/// exactly, and otherwise only that it is in stock. The same goes for bundles that take
/// `bundled` of it.
fn is_visible_change(bundled: i64, one: i64, other: i64) -> bool {
    let enough = (i64::from(LOW_STOCK) + 1) * bundled;
    one.min(enough) != other.min(enough)
}

fn to_quantity(stock: i64) -> u32 {
    u32::try_from(stock).unwrap_or(u32::MAX)
}
