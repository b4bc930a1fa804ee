//! The email queue.

use jiff::Timestamp;

use super::{Claim, Exceeded, Store, StoreError, Transaction, limits};
use crate::text::email_key;

/// The priority of an email.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Priority {
    /// Someone is waiting for it: a code, a link, a confirmation.
    Awaited,
    /// The others.
    Normal,
}

impl Priority {
    /// The stored value; 2 is reserved for bulk emails.
    const fn number(self) -> i64 {
        match self {
            Self::Awaited => 0,
            Self::Normal => 1,
        }
    }
}

/// An email to queue.
#[derive(Clone, Debug)]
pub(crate) struct NewMail {
    /// Also the local part of its Message-ID.
    pub(crate) id: String,
    /// The order that it is about.
    pub(crate) reference: String,
    /// The kind of email: the name of a status, or a kind in `mail/templates.rs`.
    pub(crate) kind: &'static str,
    pub(crate) priority: Priority,
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) plain: String,
    pub(crate) html: String,
    pub(crate) made_at: Timestamp,
    /// The limits it counts towards; above one of them, it is not queued.
    pub(crate) claims: Vec<Claim>,
}

/// An email that is due.
#[derive(Clone, Debug)]
pub(crate) struct DueMail {
    id: String,
    /// The number of earlier tries.
    pub(crate) tries: u32,
    next_try_at: i64,
}

/// An email that was claimed for a try.
#[derive(Clone, Debug)]
pub(crate) struct ClaimedMail {
    pub(crate) id: String,
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) plain: String,
    pub(crate) html: String,
    pub(crate) made_at: Timestamp,
    /// The number of tries, with this one.
    pub(crate) tries: u32,
}

/// The result of trying to send an email.
#[derive(Clone, Debug)]
pub(crate) enum TryOutcome {
    /// The mail server accepted it.
    Sent(Timestamp),
    /// It failed, for this reason.
    Failed(String),
    /// It failed for good, and is not retried unless an operator asks for it.
    GivenUp {
        at: Timestamp,
        reason: String,
        /// The encrypted text.
        sealed: String,
    },
}

/// A completed try.
#[derive(Clone, Debug)]
pub(crate) struct CompletedTry {
    /// The email's identifier.
    pub(crate) id: String,
    pub(crate) outcome: TryOutcome,
}

/// An email to a person, for their data export.
#[derive(Clone, Debug)]
pub(crate) struct StoredMail {
    pub(crate) kind: String,
    pub(crate) subject: String,
    pub(crate) made_at: Timestamp,
    /// `sent`, `given-up` or `waiting`.
    pub(crate) state: &'static str,
}

/// An email that was given up.
#[derive(Clone, Debug)]
pub(crate) struct GivenUpMail {
    pub(crate) id: String,
    pub(crate) reference: String,
    pub(crate) kind: String,
    pub(crate) at: Timestamp,
    pub(crate) reason: String,
}

/// Queues an email to be sent immediately, unless the address was erased or a limit is
/// reached; returns whether it was queued.
pub(super) async fn add(transaction: &mut Transaction, mail: &NewMail) -> Result<bool, StoreError> {
    if mail.recipient.is_empty() {
        return Ok(false);
    }
    if limits::take(transaction, &mail.claims).await?.is_some() {
        // The limit may have several windows, of which only one is used up.
        limits::give_back(transaction, &mail.claims).await?;
        tracing::warn!(
            reference = mail.reference,
            kind = mail.kind,
            "email not sent: the recipient's limit is reached"
        );
        return Ok(false);
    }
    queue(transaction, mail).await?;
    Ok(true)
}

/// Queues an email whose limits were counted.
async fn queue(transaction: &mut Transaction, mail: &NewMail) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO mails (id, reference, kind, recipient, subject, plain, html, made_at, next_try_at, priority) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
    )
    .bind(&mail.id)
    .bind(&mail.reference)
    .bind(mail.kind)
    .bind(&mail.recipient)
    .bind(&mail.subject)
    .bind(&mail.plain)
    .bind(&mail.html)
    .bind(mail.made_at.as_second())
    .bind(mail.priority.number())
    .execute(transaction.connection())
    .await?;
    Ok(())
}

/// Queues an email, unless one of the same kind about the same order was queued after `since`;
/// returns whether it was queued.
pub(super) async fn add_once(
    transaction: &mut Transaction,
    mail: &NewMail,
    since: Timestamp,
) -> Result<bool, StoreError> {
    if was_queued(transaction, mail, since).await? { Ok(false) } else { add(transaction, mail).await }
}

/// Whether an email of the same kind about the same order was queued after `since`.
pub(super) async fn was_queued(
    transaction: &mut Transaction,
    mail: &NewMail,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let before: i64 = sqlx::query_scalar(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM mails WHERE reference = $1 AND kind = $2 AND made_at > $3",
    )
    .bind(&mail.reference)
    .bind(mail.kind)
    .bind(since.as_second())
    .fetch_one(transaction.connection())
    .await?;
    Ok(before > 0)
}

/// Queues an email, or returns the limit that it would exceed; the caller must then drop the
/// transaction.
pub(super) async fn add_within_limits(
    transaction: &mut Transaction,
    mail: &NewMail,
) -> Result<Option<Exceeded>, StoreError> {
    if let Some(exceeded) = limits::take(transaction, &mail.claims).await? {
        return Ok(Some(exceeded));
    }
    queue(transaction, mail).await?;
    Ok(None)
}

/// Claims an email for one try; none if another server was faster.
async fn claim(
    transaction: &mut Transaction,
    mail: &DueMail,
    next_try_at: Timestamp,
) -> Result<Option<ClaimedMail>, StoreError> {
    type Row = (String, String, String, String, i64, i64);
    let row: Option<Row> = sqlx::query_as(
        "UPDATE mails SET tries = tries + 1, next_try_at = $1 WHERE id = $2 AND next_try_at = $3 \
         RETURNING recipient, subject, plain, html, made_at, tries",
    )
    .bind(next_try_at.as_second())
    .bind(&mail.id)
    .bind(mail.next_try_at)
    .fetch_optional(transaction.connection())
    .await?;
    Ok(row.map(|(recipient, subject, plain, html, made_at, tries)| ClaimedMail {
        id: mail.id.clone(),
        recipient,
        subject,
        plain,
        html,
        made_at: Timestamp::from_second(made_at).unwrap_or_default(),
        tries: u32::try_from(tries).unwrap_or(u32::MAX),
    }))
}

/// Records the result of a try; the time of the next one was stored before it.
async fn record_try(transaction: &mut Transaction, completed: &CompletedTry) -> Result<(), StoreError> {
    let (sent_at, failure, given_up_at, sealed) = match &completed.outcome {
        TryOutcome::Sent(at) => (Some(at.as_second()), None, None, None),
        TryOutcome::Failed(reason) => (None, Some(reason.as_str()), None, None),
        TryOutcome::GivenUp { at, reason, sealed } => {
            (None, Some(reason.as_str()), Some(at.as_second()), Some(sealed.as_str()))
        }
    };
    let is_last = i64::from(!matches!(completed.outcome, TryOutcome::Failed(_)));
    // The text is removed once sent or given up, because it contains the link to the order.
    sqlx::query(
        "UPDATE mails SET sent_at = $1, failure = $2, given_up_at = $3, sealed = $4, \
         next_try_at = CASE WHEN $5 = 1 THEN NULL ELSE next_try_at END, \
         plain = CASE WHEN $5 = 1 THEN '' ELSE plain END, html = CASE WHEN $5 = 1 THEN '' ELSE html END \
         WHERE id = $6 AND next_try_at IS NOT NULL",
    )
    .bind(sent_at)
    .bind(failure)
    .bind(given_up_at)
    .bind(sealed)
    .bind(is_last)
    .bind(&completed.id)
    .execute(transaction.connection())
    .await?;
    Ok(())
}

impl Store {
    /// The same for an email without any other change.
    pub(crate) async fn add_mail_once(&self, mail: &NewMail, since: Timestamp) -> Result<bool, StoreError> {
        let Some((mut transaction, _)) = self.lock_order(&mail.reference).await? else { return Ok(false) };
        let written = add_once(&mut transaction, mail, since).await?;
        transaction.commit().await?;
        Ok(written)
    }

    /// The emails that are due and had at most `max_tries`: urgent ones first, then those that
    /// have waited longest.
    pub(crate) async fn due_mails(
        &self,
        now: Timestamp,
        max_tries: u32,
        limit: i64,
    ) -> Result<Vec<DueMail>, StoreError> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT id, tries, next_try_at FROM mails WHERE next_try_at <= $1 AND tries <= $2 \
             ORDER BY priority, next_try_at, id LIMIT $3",
        )
        .bind(now.as_second())
        .bind(i64::from(max_tries))
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        let mail = |(id, tries, next_try_at): (String, i64, i64)| DueMail {
            id,
            tries: u32::try_from(tries).unwrap_or(u32::MAX),
            next_try_at,
        };
        Ok(rows.into_iter().map(mail).collect())
    }

    /// Records the result of the previous try, and claims one of the due emails. The time of
    /// each email's next try is stored now, so that it is retried if the server stops
    /// meanwhile. Both happen in one transaction, so that an email costs one commit. None if
    /// other servers have claimed them all.
    pub(crate) async fn claim_mail(
        &self,
        completed: Option<CompletedTry>,
        due: &[(DueMail, Timestamp)],
    ) -> Result<Option<ClaimedMail>, StoreError> {
        if completed.is_none() && due.is_empty() {
            return Ok(None);
        }
        let mut transaction = self.begin().await?;
        if let Some(completed) = completed {
            record_try(&mut transaction, &completed).await?;
        }
        let mut claimed = None;
        for (mail, next_try_at) in due {
            claimed = claim(&mut transaction, mail, *next_try_at).await?;
            if claimed.is_some() {
                break;
            }
        }
        transaction.commit().await?;
        Ok(claimed)
    }

    /// The stored emails to an address, the earliest first.
    pub(crate) async fn mails_to(&self, email: &str) -> Result<Vec<StoredMail>, StoreError> {
        type Row = (String, String, String, i64, Option<i64>, Option<i64>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT recipient, kind, subject, made_at, sent_at, given_up_at FROM mails ORDER BY made_at, id",
        )
        .fetch_all(&self.pool)
        .await?;
        let key = email_key(email);
        let mail = |(_, kind, subject, made_at, sent_at, given_up_at): Row| StoredMail {
            kind,
            subject,
            made_at: Timestamp::from_second(made_at).unwrap_or_default(),
            state: match (sent_at, given_up_at) {
                (Some(_), _) => "sent",
                (None, Some(_)) => "given-up",
                (None, None) => "waiting",
            },
        };
        Ok(rows.into_iter().filter(|row| email_key(&row.0) == key).map(mail).collect())
    }

    /// The emails that were given up, in order.
    pub(crate) async fn given_up_mails(&self) -> Result<Vec<GivenUpMail>, StoreError> {
        type Row = (String, String, String, i64, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, reference, kind, given_up_at, failure FROM mails WHERE given_up_at IS NOT NULL \
             ORDER BY given_up_at, id",
        )
        .fetch_all(&self.pool)
        .await?;
        let mail = |(id, reference, kind, at, reason): Row| GivenUpMail {
            id,
            reference,
            kind,
            at: Timestamp::from_second(at).unwrap_or_default(),
            reason: reason.unwrap_or_default(),
        };
        Ok(rows.into_iter().map(mail).collect())
    }

    /// The identifiers and encrypted texts of the emails that were given up.
    pub(crate) async fn sealed_mails(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query_as("SELECT id, sealed FROM mails WHERE sealed IS NOT NULL ORDER BY id");
        Ok(rows.fetch_all(&self.pool).await?)
    }

    /// Replaces an encrypted text, unless it has changed meanwhile.
    pub(crate) async fn replace_sealed_mail(
        &self,
        id: &str,
        before: &str,
        after: &str,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let replaced = sqlx::query("UPDATE mails SET sealed = $1 WHERE id = $2 AND sealed = $3")
            .bind(after)
            .bind(id)
            .bind(before)
            .execute(transaction.connection())
            .await?;
        transaction.commit().await?;
        Ok(replaced.rows_affected() == 1)
    }

    /// The encrypted text of an email that was given up.
    pub(crate) async fn sealed_mail(&self, id: &str) -> Result<Option<String>, StoreError> {
        let sealed = sqlx::query_scalar("SELECT sealed FROM mails WHERE id = $1 AND sealed IS NOT NULL")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(sealed)
    }

    /// Queues an email that was given up again, with its text; returns whether it was still
    /// given up.
    pub(crate) async fn resend_mail(
        &self,
        id: &str,
        plain: &str,
        html: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let resent = sqlx::query(
            "UPDATE mails SET plain = $1, html = $2, next_try_at = $3, tries = 0, failure = NULL, \
             given_up_at = NULL, sealed = NULL WHERE id = $4 AND given_up_at IS NOT NULL",
        )
        .bind(plain)
        .bind(html)
        .bind(now.as_second())
        .bind(id)
        .execute(transaction.connection())
        .await?;
        transaction.commit().await?;
        Ok(resent.rows_affected() == 1)
    }
}
