//! How many there are of each variant.

use std::collections::HashMap;

use contract::shop::FEW;
use sqlx::AssertSqlSafe;

use super::{Store, StoreError, Transaction};

/// A variant's stock when it is first known, in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVariant {
    /// The number that it is ordered by.
    pub sku: String,
    /// How many there are.
    pub stock: u32,
    /// How many of it the largest bundle takes; 1 where it stands in none.
    pub bundled: u32,
}

/// What a stock-take has found of a variant, in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// How many there are.
    pub counted: u32,
    /// How many of them orders have taken that have not left.
    pub ordered: u32,
}

impl Counted {
    /// How many can be sold.
    pub const fn left(self) -> u32 {
        self.counted.saturating_sub(self.ordered)
    }
}

impl Store {
    /// The stock of all variants that changed after this version of the stock;
    /// of every variant after -1.
    pub async fn stock_after(&self, version: i64) -> Result<Vec<(String, u32)>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as("SELECT sku, stock FROM variants WHERE changed > $1")
            .bind(version)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(|(sku, stock)| (sku, pieces(stock))).collect())
    }

    /// The variants of which there are fewer than `below`, the fewest first.
    pub async fn low_stock(&self, below: u32) -> Result<Vec<(String, u32)>, StoreError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT sku, stock FROM variants WHERE stock < $1 ORDER BY stock, sku")
                .bind(i64::from(below))
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.into_iter().map(|(sku, stock)| (sku, pieces(stock))).collect())
    }

    /// Sets the stock of a variant to what was counted, without what orders have taken
    /// that has not left. None where there is no such variant.
    pub async fn count_stock(&self, sku: &str, counted: u32) -> Result<Option<Counted>, StoreError> {
        let mut transaction = self.begin().await?;
        // First the row, so that no order takes any meanwhile.
        let found = sqlx::query("UPDATE variants SET stock = stock WHERE sku = $1")
            .bind(sku)
            .execute(transaction.connection())
            .await?;
        if found.rows_affected() == 0 {
            return Ok(None);
        }
        let (ordered,): (i64,) = sqlx::query_as(
            "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM order_stock WHERE sku = $1",
        )
        .bind(sku)
        .fetch_one(transaction.connection())
        .await?;
        let counted = Counted { counted, ordered: pieces(ordered) };
        sqlx::query("UPDATE variants SET stock = $1 WHERE sku = $2")
            .bind(i64::from(counted.left()))
            .bind(sku)
            .execute(transaction.connection())
            .await?;
        mark_changed(&mut transaction, &[sku]).await?;
        transaction.commit().await?;
        Ok(Some(counted))
    }

    /// How many there are of these variants now; pages may tell less.
    pub(crate) async fn stock_of(&self, skus: &[String]) -> Result<HashMap<String, u32>, StoreError> {
        if skus.is_empty() {
            return Ok(HashMap::new());
        }
        let places: Vec<String> = (1..=skus.len()).map(|place| format!("${place}")).collect();
        let text = format!("SELECT sku, stock FROM variants WHERE sku IN ({})", places.join(", "));
        let mut query = sqlx::query_as(AssertSqlSafe(text));
        for sku in skus {
            query = query.bind(sku);
        }
        let rows: Vec<(String, i64)> = query.fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|(sku, stock)| (sku, pieces(stock))).collect())
    }

    /// Moves the stock of a variant by so many pieces, and gives what is left.
    /// None where there is no such variant, or fewer than would be taken away.
    pub async fn move_stock(&self, sku: &str, by: i64) -> Result<Option<u32>, StoreError> {
        let mut transaction = self.begin().await?;
        let moved: Option<(i64, i64)> = sqlx::query_as(
            "UPDATE variants SET stock = stock + $1 WHERE sku = $2 AND stock + $1 >= 0 RETURNING stock, bundled",
        )
        .bind(by)
        .bind(sku)
        .fetch_optional(transaction.connection())
        .await?;
        let Some((stock, bundled)) = moved else { return Ok(None) };
        if shows(bundled, stock, stock - by) {
            mark_changed(&mut transaction, &[sku]).await?;
        }
        transaction.commit().await?;
        Ok(Some(pieces(stock)))
    }
}

/// What came of taking pieces of a variant.
pub(super) enum StockOutcome {
    /// They are taken; whether a page tells the difference.
    Reserved { shows: bool },
    /// There are only so many, and none was taken.
    OutOfStock(u32),
    /// They are more than the share that was allowed; the transaction is to be dropped.
    OverShare,
}

/// Of up to so many, anybody may take the last.
const SHARED_FROM: i64 = 20;

/// Takes pieces of a variant: of what there are many, at most `share_percent` of what is
/// left, where that is not 0.
pub(super) async fn take(
    transaction: &mut Transaction,
    sku: &str,
    pieces_wanted: u32,
    share_percent: u32,
) -> Result<StockOutcome, StoreError> {
    let wanted = i64::from(pieces_wanted);
    let taken: Option<(i64, i64)> = sqlx::query_as(
        "UPDATE variants SET stock = stock - $1 WHERE sku = $2 AND stock >= $1 RETURNING stock, bundled",
    )
    .bind(wanted)
    .bind(sku)
    .fetch_optional(transaction.connection())
    .await?;
    if let Some((left, bundled)) = taken {
        let before = left + wanted;
        if share_percent > 0 && before > SHARED_FROM && wanted * 100 > before * i64::from(share_percent) {
            return Ok(StockOutcome::OverShare);
        }
        return Ok(StockOutcome::Reserved { shows: shows(bundled, left, before) });
    }
    let left: Option<(i64,)> = sqlx::query_as("SELECT stock FROM variants WHERE sku = $1")
        .bind(sku)
        .fetch_optional(transaction.connection())
        .await?;
    Ok(StockOutcome::OutOfStock(left.map(|(left,)| pieces(left)).unwrap_or_default()))
}

/// Puts pieces of a variant back; whether a page tells the difference.
pub(super) async fn put_back(
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
    Ok(stock.is_some_and(|(stock, bundled)| shows(bundled, stock, stock - quantity)))
}

/// Gives these variants the next version of the stock.
pub(super) async fn mark_changed(transaction: &mut Transaction, skus: &[&str]) -> Result<(), StoreError> {
    let (version,): (i64,) = sqlx::query_as(
        "UPDATE content_state SET stock_version = stock_version + 1 WHERE id = 1 RETURNING stock_version",
    )
    .fetch_one(transaction.connection())
    .await?;
    for sku in skus {
        sqlx::query("UPDATE variants SET changed = $1 WHERE sku = $2")
            .bind(version)
            .bind(*sku)
            .execute(transaction.connection())
            .await?;
    }
    Ok(())
}

/// Whether a page tells two stocks of a variant apart: it says a number up to a few,
/// then only that there are enough; and the same of bundles that take `bundled` of it.
fn shows(bundled: i64, one: i64, other: i64) -> bool {
    let enough = (i64::from(FEW) + 1) * bundled;
    one.min(enough) != other.min(enough)
}

fn pieces(stock: i64) -> u32 {
    u32::try_from(stock).unwrap_or(u32::MAX)
}
