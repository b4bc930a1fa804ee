//! Rate limit counters, stored under keys that do not reveal the client.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::{Store, StoreError, Transaction, placing::retry_on_conflict};

/// The maximum difference between the clocks of two servers, including the time a request is
/// in progress.
const CLOCK_SKEW: i64 = 60;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    WritesPerNetwork,
    PostersPerNetwork,
    OrdersPerEmail,
    LinksPerEmail,
    LinksPerOrder,
    ChangesPerOrder,
    CodesPerOrder,
    PaymentsPerOrder,
    /// Requests to the payment provider.
    LookUpsPerOrder,
    MailsPerRecipient,
    CodesPerRecipient,
    NoticesPerRecipient,
    RemindersPerRecipient,
}

/// A use that counts towards a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) scope: Scope,
    /// A keyed digest of the limit and the client or object.
    pub(crate) key: String,
    /// The maximum number of uses.
    pub(crate) most: i64,
    /// In seconds since 1970.
    pub(crate) now: i64,
    /// When a window that starts now ends.
    pub(crate) ends_at: i64,
}

impl Claim {
    /// The latest end of a window that this use can belong to; a window that ends later was
    /// stored before the clock was set back.
    fn latest_end(&self) -> i64 {
        self.ends_at + CLOCK_SKEW
    }

    /// Whether this use belongs to the window that ends at this time.
    pub(crate) fn is_within(&self, ends_at: i64) -> bool {
        ends_at > self.now && ends_at <= self.latest_end()
    }
}

/// A use above its limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exceeded {
    pub(crate) claim: Claim,
    /// When the next use is allowed, in seconds since 1970.
    pub(crate) ends_at: i64,
}

impl Store {
    /// Counts all of these uses or, if one is above its limit, none.
    pub(crate) async fn take(&self, claims: &[Claim]) -> Result<Option<Exceeded>, StoreError> {
        retry_on_conflict(|| self.try_to_take(claims)).await
    }

    async fn try_to_take(&self, claims: &[Claim]) -> Result<Option<Exceeded>, StoreError> {
        let mut transaction = self.begin().await?;
        let exceeded = take(&mut transaction, claims).await?;
        if exceeded.is_none() {
            transaction.commit().await?;
        }
        Ok(exceeded)
    }

    /// Removes expired counters; returns the number of rows.
    pub async fn remove_expired_limits(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        let removed = sqlx::query("DELETE FROM limits WHERE ends_at <= $1")
            .bind(now.as_second())
            .execute(transaction.connection())
            .await?;
        transaction.commit().await?;
        Ok(removed.rows_affected())
    }
}

/// Counts these uses in a transaction. If one is above its limit, the caller must drop the
/// transaction, or call [`give_back`].
pub(super) async fn take(
    transaction: &mut Transaction,
    claims: &[Claim],
) -> Result<Option<Exceeded>, StoreError> {
    // One counter for each key, and in a fixed order, so that concurrent requests cannot
    // deadlock.
    let mut by_key: BTreeMap<&str, &Claim> = BTreeMap::new();
    for claim in claims {
        let strictest = by_key.entry(&claim.key).or_insert(claim);
        if claim.most < strictest.most {
            *strictest = claim;
        }
    }
    let Some(now) = claims.first().map(|claim| claim.now) else { return Ok(None) };
    let rows: Vec<String> =
        (0..by_key.len()).map(|row| format!("(${}, 1, ${})", 3 + 2 * row, 4 + 2 * row)).collect();
    // The same condition as in `is_within`.
    let is_within = "limits.ends_at > $1 AND limits.ends_at <= excluded.ends_at + $2";
    let text = format!(
        "INSERT INTO limits (key, used, ends_at) VALUES {} ON CONFLICT (key) DO UPDATE SET \
         used = CASE WHEN {is_within} THEN limits.used + 1 ELSE 1 END, \
         ends_at = CASE WHEN {is_within} THEN limits.ends_at ELSE excluded.ends_at END \
         RETURNING key, used, ends_at",
        rows.join(", ")
    );
    let mut query = sqlx::query_as(AssertSqlSafe(text)).bind(now).bind(CLOCK_SKEW);
    for claim in by_key.values() {
        query = query.bind(&claim.key).bind(claim.ends_at);
    }
    let counters: Vec<(String, i64, i64)> = query.fetch_all(transaction.connection()).await?;
    let exceeded = counters.into_iter().find_map(|(key, used, ends_at)| {
        let claim = *by_key.get(&*key)?;
        (used > claim.most).then(|| Exceeded { claim: claim.clone(), ends_at })
    });
    Ok(exceeded)
}

/// Uncounts uses that this transaction has counted.
pub(super) async fn give_back(transaction: &mut Transaction, claims: &[Claim]) -> Result<(), StoreError> {
    let keys: BTreeSet<&str> = claims.iter().map(|claim| &*claim.key).collect();
    for key in keys {
        // A counter is never 0.
        for text in [
            "DELETE FROM limits WHERE key = $1 AND used = 1",
            "UPDATE limits SET used = used - 1 WHERE key = $1",
        ] {
            sqlx::query(text).bind(key).execute(transaction.connection()).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Claim, Scope};

    #[test]
    fn limit_window_tolerates_small_clock_skew() {
        let claim =
            Claim { scope: Scope::WritesPerNetwork, key: String::new(), most: 1, now: 100, ends_at: 110 };
        for (ends_at, expected) in [(100, false), (101, true), (110, true), (112, true), (3600, false)] {
            assert_eq!(claim.is_within(ends_at), expected, "{ends_at}");
        }
    }
}
