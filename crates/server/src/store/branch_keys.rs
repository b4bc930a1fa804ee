//! Replaces the keys of branches and of their officers that an earlier version stored: branches
//! before keys were written with plain apostrophes and hyphens, officers before they had a key.
//! SQL cannot compute a key, so no migration can do this.

use std::collections::BTreeSet;

use super::{Store, StoreError, Transaction};
use crate::text::{branch_key, email_key};

impl Store {
    /// Stores every branch under its current key; changes nothing if all of them are.
    pub(super) async fn replace_old_branch_keys(&self) -> Result<(), StoreError> {
        let mut stored = BTreeSet::new();
        for text in [
            "SELECT branch FROM branches",
            "SELECT DISTINCT branch FROM orders WHERE branch <> ''",
            // A key that starts with @ is a member's email address.
            "SELECT DISTINCT branch FROM branch_pieces WHERE branch NOT LIKE '@%'",
        ] {
            let keys: Vec<String> = sqlx::query_scalar(text).fetch_all(&self.pool).await?;
            stored.extend(keys);
        }
        stored.retain(|key| branch_key(key) != *key);
        if stored.is_empty() {
            return Ok(());
        }
        let mut transaction = self.begin().await?;
        for old in &stored {
            replace(&mut transaction, old, &branch_key(old)).await?;
        }
        transaction.commit().await
    }

    /// Stores every officer's current key; changes nothing if all of them are.
    pub(super) async fn replace_old_officer_keys(&self) -> Result<(), StoreError> {
        let mut officers: Vec<(String, String, String)> =
            sqlx::query_as("SELECT branch, officer_email, officer_key FROM branches")
                .fetch_all(&self.pool)
                .await?;
        officers.retain(|(_, email, key)| email_key(email) != *key);
        if officers.is_empty() {
            return Ok(());
        }
        let mut transaction = self.begin().await?;
        for (branch, email, _) in &officers {
            // The officer may have been replaced since.
            sqlx::query("UPDATE branches SET officer_key = $1 WHERE branch = $2 AND officer_email = $3")
                .bind(email_key(email))
                .bind(branch)
                .bind(email)
                .execute(transaction.connection())
                .await?;
        }
        transaction.commit().await
    }
}

/// Moves all that is stored of a branch to another key, where it is added to what is there.
async fn replace(transaction: &mut Transaction, old: &str, new: &str) -> Result<(), StoreError> {
    for text in [
        // An officer who is registered under the current key was registered later.
        "UPDATE branches SET branch = $1 WHERE branch = $2 \
         AND NOT EXISTS (SELECT 1 FROM branches AS other WHERE other.branch = $1)",
        "UPDATE orders SET branch = $1 WHERE branch = $2",
    ] {
        sqlx::query(text).bind(new).bind(old).execute(transaction.connection()).await?;
    }
    sqlx::query("DELETE FROM branches WHERE branch = $1").bind(old).execute(transaction.connection()).await?;
    let ordered: Vec<(String, i64)> =
        sqlx::query_as("DELETE FROM branch_pieces WHERE branch = $1 RETURNING product, pieces")
            .bind(old)
            .fetch_all(transaction.connection())
            .await?;
    for (product, pieces) in ordered {
        sqlx::query(
            "INSERT INTO branch_pieces (branch, product, pieces) VALUES ($1, $2, $3) \
             ON CONFLICT (branch, product) DO UPDATE SET pieces = branch_pieces.pieces + excluded.pieces",
        )
        .bind(new)
        .bind(product)
        .bind(pieces)
        .execute(transaction.connection())
        .await?;
    }
    Ok(())
}
