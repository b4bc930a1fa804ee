//! Write transactions, and the turns of those who write.

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{Any, AnyConnection, Executor as _, pool::PoolConnection};
use tokio::{
    sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{ACQUIRE_TIMEOUT, StoreError, versions::VersionsReader};

/// The number of connections that may write at once on PostgreSQL.
const WRITERS: usize = 6;
/// The timeout of a rollback, after which the connection is closed.
const ROLLBACK_TIMEOUT: Duration = Duration::from_secs(2);

/// Limits writers: one at a time for SQLite, several for PostgreSQL.
#[derive(Debug)]
pub(super) struct Writers {
    /// For SQLite; holds the connection of the last writer.
    pub(super) turn: Arc<Mutex<Option<WriteConnection>>>,
    /// For PostgreSQL.
    together: Arc<Semaphore>,
    /// When a writer last found the database unavailable.
    failed_at: std::sync::Mutex<Option<Instant>>,
}

impl Default for Writers {
    fn default() -> Self {
        let together = Arc::new(Semaphore::new(WRITERS));
        Self { turn: Arc::default(), together, failed_at: std::sync::Mutex::default() }
    }
}

impl Writers {
    /// Waits for a turn. If another writer has found the database unavailable meanwhile, it fails
    /// at once instead of waiting for the database too.
    pub(super) async fn take_turn(&self) -> Result<OwnedMutexGuard<Option<WriteConnection>>, StoreError> {
        let arrived = Instant::now();
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let failed_at = *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        if failed_at.is_some_and(|at| at > arrived) { Err(StoreError::Outage) } else { Ok(turn) }
    }

    /// Waits for a free writer slot.
    pub(super) async fn join(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        let permit = timeout(ACQUIRE_TIMEOUT, Arc::clone(&self.together).acquire_owned()).await;
        permit.ok().and_then(Result::ok).ok_or(StoreError::Database(sqlx::Error::PoolTimedOut))
    }

    pub(super) fn failed(&self) {
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

/// SQLite's connection for writing. It is kept between transactions, because a connection's page
/// cache is only valid until another one writes.
#[derive(Debug)]
pub(super) struct WriteConnection {
    pub(super) connection: AnyConnection,
    pub(super) opened_at: Instant,
}

/// A connection with the permission to write.
pub(super) enum Writer {
    /// SQLite has a single writer at a time; the next one gets the connection.
    Alone { own: WriteConnection, turn: OwnedMutexGuard<Option<WriteConnection>> },
    /// On PostgreSQL, writers leave some connections to readers.
    Shared { connection: PoolConnection<Any>, _permit: OwnedSemaphorePermit },
}

impl Writer {
    fn connection(&mut self) -> &mut AnyConnection {
        match self {
            Self::Alone { own, .. } => &mut own.connection,
            Self::Shared { connection, .. } => connection,
        }
    }

    /// Ends the turn after a commit.
    fn release(self) {
        if let Self::Alone { own, mut turn } = self {
            *turn = Some(own);
        }
    }

    /// Ends the turn, and closes the connection, which cannot be used any more.
    fn discard(self) {
        if let Self::Shared { mut connection, .. } = self {
            connection.close_on_drop();
        }
    }
}

/// A write transaction, which is rolled back when it is dropped. If the rollback fails, the
/// connection is closed, because every later use of it would fail; SQLite's is closed in any case.
pub(super) struct Transaction {
    /// None once it is committed.
    writer: Option<Writer>,
    versions: Arc<VersionsReader>,
    /// Whether it changes the versions, so that they must be read again.
    pub(super) changes_versions: bool,
}

impl Transaction {
    /// A transaction that has not begun. It is rolled back from here on, even if the caller is
    /// cancelled while it begins.
    pub(super) fn new(writer: Writer, versions: &Arc<VersionsReader>) -> Self {
        Self { writer: Some(writer), versions: Arc::clone(versions), changes_versions: false }
    }

    pub(super) async fn begin(&mut self, statement: &'static str) -> Result<(), StoreError> {
        self.connection().execute(statement).await?;
        Ok(())
    }

    /// The connection to execute queries on.
    pub(super) fn connection(&mut self) -> &mut AnyConnection {
        self.writer.as_mut().expect("a transaction that is committed is gone").connection()
    }

    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let mut writer = self.writer.take().expect("a transaction is committed once");
        let committed = writer.connection().execute("COMMIT").await;
        // If the commit failed, it may have taken effect all the same.
        if self.changes_versions {
            self.versions.changed();
        }
        if let Err(error) = committed {
            writer.discard();
            return Err(error.into());
        }
        writer.release();
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(mut writer) = self.writer.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            writer.discard();
            return;
        };
        // Limited by the number of connections. The turn ends with the task.
        runtime.spawn(async move {
            let rolled_back = timeout(ROLLBACK_TIMEOUT, writer.connection().execute("ROLLBACK")).await;
            if !matches!(rolled_back, Ok(Ok(_))) {
                writer.discard();
            }
            // SQLite's connection is not kept: one that was opened while the file was read-only
            // would fail for ever.
        });
    }
}
