//! Branches' officers, and the codes that they approve orders with.

use contract::orders::OrderState;
use jiff::Timestamp;

use super::{NewMail, NewMove, Store, StoreError, Transaction, mails, moves, placing::retried};
use crate::text::{branch_key, email_key};

/// How many wrong codes may be typed for an order.
const WRONG_CODES: i64 = 5;

/// The code that approves an order, and the mail that brings it to the officer.
#[derive(Clone, Debug)]
pub(crate) struct Approval {
    pub(crate) code_digest: String,
    pub(crate) mail: NewMail,
}

/// Who approves the orders of a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Officer {
    /// The branch's name as it was registered.
    pub(crate) branch: String,
    pub(crate) email: String,
    /// From which total on.
    pub(crate) approve_from_pence: u64,
}

/// What came of approving an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Approving {
    /// It is approved.
    Approved,
    /// The code is another.
    WrongCode,
    /// Too many wrong codes were typed: only a new one helps.
    NoTriesLeft,
    /// The order does not wait for one.
    NotNow,
}

impl Store {
    /// Approves an order with the code that its officer got.
    pub(crate) async fn approve_order(
        &self,
        reference: &str,
        code_digest: &str,
        new: NewMove<'_>,
        mail: &NewMail,
    ) -> Result<Approving, StoreError> {
        retried(|| self.try_to_approve(reference, code_digest, new, mail)).await
    }

    async fn try_to_approve(
        &self,
        reference: &str,
        code_digest: &str,
        new: NewMove<'_>,
        mail: &NewMail,
    ) -> Result<Approving, StoreError> {
        let Some((mut transaction, OrderState::AwaitingApproval)) = self.lock_order(reference).await? else {
            return Ok(Approving::NotNow);
        };
        let row: Option<(String, i64)> =
            sqlx::query_as("SELECT code_digest, wrong FROM approvals WHERE reference = $1")
                .bind(reference)
                .fetch_optional(transaction.connection())
                .await?;
        let Some((known, wrong)) = row else { return Ok(Approving::WrongCode) };
        if wrong >= WRONG_CODES {
            return Ok(Approving::NoTriesLeft);
        }
        if known != code_digest {
            sqlx::query("UPDATE approvals SET wrong = wrong + 1 WHERE reference = $1")
                .bind(reference)
                .execute(transaction.connection())
                .await?;
            transaction.commit().await?;
            return Ok(Approving::WrongCode);
        }
        moves::write_move(&mut transaction, reference, new, mail).await?;
        transaction.commit().await?;
        Ok(Approving::Approved)
    }

    /// Gives an order that waits for its officer another code, unless the last one was
    /// mailed after `since`.
    pub(crate) async fn renew_code(
        &self,
        reference: &str,
        approval: &Approval,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        retried(|| self.try_to_renew(reference, approval, since)).await
    }

    async fn try_to_renew(
        &self,
        reference: &str,
        approval: &Approval,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        let Some((mut transaction, OrderState::AwaitingApproval)) = self.lock_order(reference).await? else {
            return Ok(());
        };
        if !mails::add_once(&mut transaction, &approval.mail, since).await? {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO approvals (reference, code_digest) VALUES ($1, $2) \
             ON CONFLICT (reference) DO UPDATE SET code_digest = $2, wrong = 0",
        )
        .bind(reference)
        .bind(&approval.code_digest)
        .execute(transaction.connection())
        .await?;
        transaction.commit().await
    }

    /// The officer that a branch has registered.
    pub(crate) async fn officer_of(&self, branch: &str) -> Result<Option<Officer>, StoreError> {
        let [key, key_before] = branch_keys(branch);
        let row: Option<(String, String, i64)> = sqlx::query_as(
            "SELECT name, officer_email, approve_from_pence FROM branches WHERE branch IN ($1, $2) \
             ORDER BY CASE WHEN branch = $1 THEN 0 ELSE 1 END LIMIT 1",
        )
        .bind(key)
        .bind(key_before)
        .fetch_optional(&self.pool)
        .await?;
        let officer = |(branch, email, from): (String, String, i64)| Officer {
            branch,
            email,
            approve_from_pence: u64::try_from(from).unwrap_or_default(),
        };
        Ok(row.map(officer))
    }

    /// What the purchase orders of a branch come to that were confirmed since a moment and
    /// that nobody approved.
    pub(crate) async fn unapproved_pence(&self, branch: &str, since: Timestamp) -> Result<u64, StoreError> {
        let [key, key_before] = branch_keys(branch);
        let (pence,): (i64,) = sqlx::query_as(
            "SELECT CAST(COALESCE(SUM(total_pence), 0) AS BIGINT) FROM orders WHERE branch IN ($1, $2) \
             AND purchase_order IS NOT NULL AND state <> 'cancelled' \
             AND EXISTS (SELECT 1 FROM order_moves WHERE order_moves.reference = orders.reference \
             AND to_state = 'confirmed' AND at >= $3) \
             AND NOT EXISTS (SELECT 1 FROM order_moves WHERE order_moves.reference = orders.reference \
             AND to_state = 'awaiting-approval')",
        )
        .bind(key)
        .bind(key_before)
        .bind(since.to_string())
        .fetch_one(&self.pool)
        .await?;
        Ok(u64::try_from(pence).unwrap_or_default())
    }

    /// The branches that have registered an address as their officer's.
    pub(crate) async fn branches_of(&self, officer: &str) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT branch, officer_email FROM branches ORDER BY branch")
                .fetch_all(&self.pool)
                .await?;
        let key = email_key(officer);
        let own = rows.into_iter().filter(|(_, email)| email_key(email) == key);
        Ok(own.map(|(branch, _)| branch).collect())
    }

    /// Unregisters the officer of a branch, whose codes approve nothing any more; whether
    /// there was one.
    pub async fn unregister_officer(&self, branch: &str) -> Result<bool, StoreError> {
        let [key, key_before] = branch_keys(branch);
        let mut transaction = self.begin().await?;
        for text in [
            "DELETE FROM approvals WHERE reference IN (SELECT reference FROM orders WHERE branch IN ($1, $2))",
            "DELETE FROM mails WHERE kind = 'code' AND next_try_at IS NOT NULL \
             AND reference IN (SELECT reference FROM orders WHERE branch IN ($1, $2))",
        ] {
            sqlx::query(text).bind(&key).bind(&key_before).execute(transaction.connection()).await?;
        }
        let removed = sqlx::query("DELETE FROM branches WHERE branch IN ($1, $2)")
            .bind(&key)
            .bind(&key_before)
            .execute(transaction.connection())
            .await?;
        transaction.commit().await?;
        Ok(removed.rows_affected() == 1)
    }

    /// Registers the officer of a branch, in place of the one before. Somebody new approves
    /// every order until they set a limit.
    pub async fn register_officer(&self, branch: &str, email: &str) -> Result<(), StoreError> {
        let [key, key_before] = branch_keys(branch);
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM branches WHERE branch = $1 AND branch <> $2")
            .bind(key_before)
            .bind(&key)
            .execute(transaction.connection())
            .await?;
        sqlx::query(
            "INSERT INTO branches (branch, name, officer_email) VALUES ($1, $2, $3) \
             ON CONFLICT (branch) DO UPDATE SET name = $2, officer_email = $3, approve_from_pence = \
             CASE WHEN LOWER(branches.officer_email) = LOWER($3) THEN branches.approve_from_pence ELSE 1 END",
        )
        .bind(key)
        .bind(branch.trim())
        .bind(email)
        .execute(transaction.connection())
        .await?;
        transaction.commit().await
    }

    /// Sets from which total on a branch's officer approves its orders; whether the branch
    /// has registered one.
    pub async fn set_approval_limit(&self, branch: &str, from_pence: u64) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let set = sqlx::query("UPDATE branches SET approve_from_pence = $1 WHERE branch = $2")
            .bind(i64::try_from(from_pence).unwrap_or(i64::MAX))
            .bind(branch_key(branch))
            .execute(transaction.connection())
            .await?;
        transaction.commit().await?;
        Ok(set.rows_affected() == 1)
    }
}

/// The key of a branch, and the one that was stored for it while keys kept curly apostrophes
/// and dashes.
pub(super) fn branch_keys(name: &str) -> [String; 2] {
    [branch_key(name), name.trim().to_lowercase()]
}

/// Writes down the code of an order that waits from now on.
pub(super) async fn add(
    transaction: &mut Transaction,
    reference: &str,
    approval: &Approval,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO approvals (reference, code_digest) VALUES ($1, $2)")
        .bind(reference)
        .bind(&approval.code_digest)
        .execute(transaction.connection())
        .await?;
    mails::add(transaction, &approval.mail).await?;
    Ok(())
}
