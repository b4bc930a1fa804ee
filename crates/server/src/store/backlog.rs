//! Queue lengths and database connections, for the metrics.

use super::{Store, StoreError};

/// Queue lengths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backlog {
    pub(crate) mails_waiting: u32,
    pub(crate) mails_given_up: u32,
    pub(crate) refunds_waiting: u32,
}

/// Connections to the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Connections {
    pub(crate) idle: u32,
    pub(crate) used: u32,
}

impl Store {
    /// Counts the entries in each queue.
    pub(crate) async fn backlog(&self) -> Result<Backlog, StoreError> {
        let counts: (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM mails WHERE next_try_at IS NOT NULL), \
             (SELECT COUNT(*) FROM mails WHERE next_try_at IS NULL AND sent_at IS NULL), \
             (SELECT COUNT(*) FROM refunds WHERE done_at IS NULL)",
        )
        .fetch_one(&self.pool)
        .await?;
        let [mails_waiting, mails_given_up, refunds_waiting] =
            [counts.0, counts.1, counts.2].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        Ok(Backlog { mails_waiting, mails_given_up, refunds_waiting })
    }

    /// The current state of the connection pool.
    pub(crate) fn connections(&self) -> Connections {
        let idle = u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX);
        Connections { idle, used: self.pool.size().saturating_sub(idle) }
    }
}
