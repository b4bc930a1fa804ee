//! Branch officers and their approval codes.

use contract::orders::OrderStatus;
use jiff::Timestamp;

use super::{
    ChangeOutcome, Exceeded, NewMail, NewTransition, Store, StoreError, Transaction, mails,
    placing::retry_on_conflict, transitions,
};
use crate::text::{branch_key, email_key};

/// The number of wrong codes that may be entered for an order.
const WRONG_CODES: i64 = 5;

/// The approval code of an order, and the email to the officer.
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
    /// The total from which the officer approves orders.
    pub(crate) approve_from_pence: u64,
}

/// The result of approving an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ApprovalOutcome {
    /// It is approved.
    Approved,
    /// The code does not match.
    WrongCode,
    /// Too many wrong codes were entered: a new code is needed.
    NoTriesLeft,
    /// The order is not awaiting approval by code.
    NotAwaitingApproval,
}

impl Store {
    /// Approves an order with the code that its officer received.
    pub(crate) async fn approve_order(
        &self,
        reference: &str,
        code_digest: &str,
        new: NewTransition<'_>,
        mail: &NewMail,
    ) -> Result<ApprovalOutcome, StoreError> {
        retry_on_conflict(|| self.try_to_approve(reference, code_digest, new, mail)).await
    }

    async fn try_to_approve(
        &self,
        reference: &str,
        code_digest: &str,
        new: NewTransition<'_>,
        mail: &NewMail,
    ) -> Result<ApprovalOutcome, StoreError> {
        let Some((mut transaction, OrderStatus::AwaitingApproval)) = self.lock_order(reference).await? else {
            return Ok(ApprovalOutcome::NotAwaitingApproval);
        };
        let row: Option<(String, i64)> = sqlx::query_as(
            "SELECT code_digest, wrong FROM approvals WHERE reference = $1 AND code_digest <> ''",
        )
        .bind(reference)
        .fetch_optional(transaction.connection())
        .await?;
        let Some((expected_digest, wrong)) = row else { return Ok(ApprovalOutcome::NotAwaitingApproval) };
        if wrong >= WRONG_CODES {
            return Ok(ApprovalOutcome::NoTriesLeft);
        }
        if expected_digest != code_digest {
            sqlx::query("UPDATE approvals SET wrong = wrong + 1 WHERE reference = $1")
                .bind(reference)
                .execute(transaction.connection())
                .await?;
            transaction.commit().await?;
            return Ok(ApprovalOutcome::WrongCode);
        }
        transitions::write_transition(&mut transaction, reference, new, mail).await?;
        transaction.commit().await?;
        Ok(ApprovalOutcome::Approved)
    }

    /// Replaces the code of an order awaiting its officer, unless it was emailed after `since`.
    /// The error is the limit on emails that the new code would exceed.
    pub(crate) async fn renew_code(
        &self,
        reference: &str,
        approval: &Approval,
        since: Timestamp,
    ) -> Result<Result<ChangeOutcome, Exceeded>, StoreError> {
        retry_on_conflict(|| self.try_to_renew(reference, approval, since)).await
    }

    async fn try_to_renew(
        &self,
        reference: &str,
        approval: &Approval,
        since: Timestamp,
    ) -> Result<Result<ChangeOutcome, Exceeded>, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else {
            return Ok(Ok(ChangeOutcome::OrderNotFound));
        };
        if status != OrderStatus::AwaitingApproval {
            return Ok(Ok(ChangeOutcome::InvalidTransition(status)));
        }
        let codes: i64 = sqlx::query_scalar(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM approvals WHERE reference = $1 AND code_digest <> ''",
        )
        .bind(reference)
        .fetch_one(transaction.connection())
        .await?;
        // A code that was emailed before the address changed is no longer valid.
        if codes > 0 && mails::was_queued(&mut transaction, &approval.mail, since).await? {
            return Ok(Ok(ChangeOutcome::Done));
        }
        if let Some(exceeded) = mails::add_within_limits(&mut transaction, &approval.mail).await? {
            return Ok(Err(exceeded));
        }
        sqlx::query(
            "INSERT INTO approvals (reference, code_digest) VALUES ($1, $2) \
             ON CONFLICT (reference) DO UPDATE SET code_digest = $2, wrong = 0",
        )
        .bind(reference)
        .bind(&approval.code_digest)
        .execute(transaction.connection())
        .await?;
        transaction.commit().await?;
        Ok(Ok(ChangeOutcome::Done))
    }

    /// The registered officer of a branch.
    pub(crate) async fn officer_of(&self, branch: &str) -> Result<Option<Officer>, StoreError> {
        let row: Option<(String, String, i64)> =
            sqlx::query_as("SELECT name, officer_email, approve_from_pence FROM branches WHERE branch = $1")
                .bind(branch_key(branch))
                .fetch_optional(&self.pool)
                .await?;
        let officer = |(branch, email, from): (String, String, i64)| Officer {
            branch,
            email,
            approve_from_pence: u64::try_from(from).unwrap_or_default(),
        };
        Ok(row.map(officer))
    }

    /// The total of a branch's purchase orders that were confirmed since a moment without
    /// approval.
    pub(crate) async fn unapproved_pence(&self, branch: &str, since: Timestamp) -> Result<u64, StoreError> {
        let pence: i64 = sqlx::query_scalar(
            "SELECT CAST(COALESCE(SUM(total_pence), 0) AS BIGINT) FROM orders WHERE branch = $1 \
             AND purchase_order IS NOT NULL AND state <> 'cancelled' \
             AND EXISTS (SELECT 1 FROM order_moves WHERE order_moves.reference = orders.reference \
             AND to_state = 'confirmed' AND at >= $2) \
             AND NOT EXISTS (SELECT 1 FROM order_moves WHERE order_moves.reference = orders.reference \
             AND to_state = 'awaiting-approval')",
        )
        .bind(branch_key(branch))
        .bind(since.to_string())
        .fetch_one(&self.pool)
        .await?;
        Ok(u64::try_from(pence).unwrap_or_default())
    }

    /// The branches with this email address as their officer's.
    pub(crate) async fn branches_of(&self, officer: &str) -> Result<Vec<String>, StoreError> {
        let branches =
            sqlx::query_scalar("SELECT branch FROM branches WHERE officer_key = $1 ORDER BY branch")
                .bind(email_key(officer))
                .fetch_all(&self.pool)
                .await?;
        Ok(branches)
    }

    /// Removes the officer of a branch and invalidates their codes; returns whether there was
    /// one.
    pub async fn unregister_officer(&self, branch: &str) -> Result<bool, StoreError> {
        let key = branch_key(branch);
        let mut transaction = self.begin().await?;
        for text in [
            "DELETE FROM approvals WHERE reference IN (SELECT reference FROM orders WHERE branch = $1)",
            "DELETE FROM mails WHERE kind = 'code' AND next_try_at IS NOT NULL \
             AND reference IN (SELECT reference FROM orders WHERE branch = $1)",
        ] {
            sqlx::query(text).bind(&key).execute(transaction.connection()).await?;
        }
        let removed = sqlx::query("DELETE FROM branches WHERE branch = $1")
            .bind(&key)
            .execute(transaction.connection())
            .await?;
        transaction.commit().await?;
        Ok(removed.rows_affected() == 1)
    }

    /// Registers the officer of a branch, replacing any previous one. A new officer approves
    /// every order until a limit is set.
    pub async fn register_officer(&self, branch: &str, email: &str) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO branches (branch, name, officer_email, officer_key) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (branch) DO UPDATE SET name = $2, officer_email = $3, officer_key = $4, \
             approve_from_pence = \
             CASE WHEN branches.officer_key = $4 THEN branches.approve_from_pence ELSE 1 END",
        )
        .bind(branch_key(branch))
        .bind(branch.trim())
        .bind(email)
        .bind(email_key(email))
        .execute(transaction.connection())
        .await?;
        transaction.commit().await
    }

    /// Sets the total from which a branch's officer approves its orders; returns whether the
    /// branch has an officer.
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

/// Stores that an order now awaits its officer, and emails them its code. Above the officer's
/// limit, the order has no code (its digest is empty) until one is requested: an earlier code is
/// not kept, because it would approve an address that the officer has not seen.
pub(super) async fn add(
    transaction: &mut Transaction,
    reference: &str,
    approval: &Approval,
) -> Result<(), StoreError> {
    let is_queued = mails::add(transaction, &approval.mail).await?;
    sqlx::query("INSERT INTO approvals (reference, code_digest) VALUES ($1, $2)")
        .bind(reference)
        .bind(if is_queued { &*approval.code_digest } else { "" })
        .execute(transaction.connection())
        .await?;
    Ok(())
}
