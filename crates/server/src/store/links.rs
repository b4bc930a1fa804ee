//! Links to orders, of which the database stores digests.

use super::{NewMail, Store, StoreError, mails};

impl Store {
    /// Replaces the link to an order with this version, and queues the email with it; returns
    /// whether the order still had the previous version.
    pub(crate) async fn replace_link(
        &self,
        reference: &str,
        link_version: i64,
        token_digest: &str,
        mail: Option<&NewMail>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let replaced = sqlx::query(
            "UPDATE orders SET link_version = $1, token_digest = $2 WHERE reference = $3 AND link_version = $1 - 1",
        )
        .bind(link_version)
        .bind(token_digest)
        .bind(reference)
        .execute(transaction.connection())
        .await?;
        if replaced.rows_affected() == 0 {
            return Ok(false);
        }
        if let Some(mail) = mail {
            mails::add(&mut transaction, mail).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}
