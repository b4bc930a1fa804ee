//! Settings of an installation that the database stores.

use super::{Store, StoreError};

/// The name under which the fingerprint of the key is stored.
const KEY_FINGERPRINT: &str = "key-fingerprint";

impl Store {
    /// The fingerprint of the key that this database is used with; none before the first
    /// server was started.
    pub(crate) async fn key_fingerprint(&self) -> Result<Option<String>, StoreError> {
        let value = sqlx::query_scalar("SELECT value FROM settings WHERE name = $1")
            .bind(KEY_FINGERPRINT)
            .fetch_optional(&self.pool)
            .await?;
        Ok(value)
    }

    /// Stores the fingerprint of the key, unless there is one; returns the stored one.
    pub(crate) async fn store_key_fingerprint(&self, fingerprint: &str) -> Result<String, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(KEY_FINGERPRINT)
            .bind(fingerprint)
            .execute(transaction.connection())
            .await?;
        transaction.commit().await?;
        let stored: String = sqlx::query_scalar("SELECT value FROM settings WHERE name = $1")
            .bind(KEY_FINGERPRINT)
            .fetch_one(&self.pool)
            .await?;
        Ok(stored)
    }

    /// Whether any stored data needs a key to be read.
    pub(crate) async fn is_keyed(&self) -> Result<bool, StoreError> {
        Ok(self.key_fingerprint().await?.is_some() || self.oldest_order().await?.is_some())
    }

    /// The reference of the oldest order, and the digest of the token in its link.
    pub(crate) async fn oldest_order(&self) -> Result<Option<(String, String)>, StoreError> {
        let order = sqlx::query_as(
            "SELECT reference, token_digest FROM orders ORDER BY placed_at, reference LIMIT 1",
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(order)
    }
}
