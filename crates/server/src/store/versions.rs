//! The versions of content and stock, which every request for a page reads.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use sqlx::AnyPool;
use tokio::sync::Semaphore;

use super::{OUTAGE, Store, StoreError, Transaction};

/// The versions that rendered pages and the catalogue depend on; each counts the visible
/// changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Versions {
    /// The number of loads of content; 0 before the first.
    pub content: i64,
    /// The number of changes of stock.
    pub stock: i64,
}

/// When the database was last found unavailable.
#[derive(Debug, Default)]
struct Outage(std::sync::Mutex<Option<Instant>>);

impl Outage {
    /// Whether to skip the query. Once a second, one request is let through to try again.
    fn is_recent(&self) -> bool {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match *found {
            None => false,
            Some(at) if at.elapsed() < OUTAGE => true,
            Some(_) => {
                *found = Some(Instant::now());
                false
            }
        }
    }

    fn set(&self, found: bool) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = found.then(Instant::now);
    }
}

/// How long the versions are not read again, unless this server has changed them: a
/// change made by another program is delayed by this at most.
const FRESH: Duration = Duration::from_millis(5);

/// Lets concurrent requests share one query. The query begins after the request or, if this
/// server has not changed the versions since, a moment before it, so that each request sees
/// everything that this server committed.
pub(super) struct VersionsReader {
    pool: AnyPool,
    outage: Outage,
    /// The next query, which has not begun yet.
    next: Mutex<Option<Reading>>,
    turn: Semaphore,
    /// The result of the latest query.
    last: Mutex<Option<Read>>,
    /// The number of transactions of this server that changed the versions.
    changes: AtomicU64,
}

/// The result of a query.
#[derive(Clone, Copy)]
struct Read {
    versions: Versions,
    begun_at: Instant,
    /// The number of changes that it includes, at least.
    changes: u64,
}

/// None if the query failed.
type Reading = Shared<BoxFuture<'static, Option<Versions>>>;

impl fmt::Debug for VersionsReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VersionsReader").finish_non_exhaustive()
    }
}

impl VersionsReader {
    pub(super) fn new(pool: AnyPool) -> Self {
        Self {
            pool,
            outage: Outage::default(),
            next: Mutex::default(),
            turn: Semaphore::new(1),
            last: Mutex::default(),
            changes: AtomicU64::new(0),
        }
    }

    /// Records that this server has changed the versions, before the change is acknowledged.
    pub(super) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// The latest result, if it is recent and this server has changed nothing since.
    fn fresh(&self) -> Option<Versions> {
        let last = (*self.last.lock().unwrap_or_else(PoisonError::into_inner))?;
        let is_current = last.changes == self.changes.load(Ordering::SeqCst);
        (is_current && last.begun_at.elapsed() < FRESH).then_some(last.versions)
    }

    fn shared(self: &Arc<Self>) -> Reading {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = next.get_or_insert_with(|| {
            let reader = Arc::downgrade(self);
            let reading = async move {
                let reader = reader.upgrade()?;
                let _turn = reader.turn.acquire().await.ok()?;
                reader.next.lock().unwrap_or_else(PoisonError::into_inner).take();
                reader.read().await.ok()
            };
            reading.boxed().shared()
        });
        reading.clone()
    }

    async fn read(&self) -> Result<Versions, StoreError> {
        if self.outage.is_recent() {
            return Err(StoreError::Outage);
        }
        let (begun_at, changes) = (Instant::now(), self.changes.load(Ordering::SeqCst));
        let versions = sqlx::query_as("SELECT version, stock_version FROM content_state WHERE id = 1");
        let found = versions.fetch_one(&self.pool).await.map_err(StoreError::from);
        match &found {
            Ok(_) => self.outage.set(false),
            // Also if all connections were in use for so long: a request that waited for one does
            // not wait again.
            Err(error) if error.is_unavailable() => self.outage.set(true),
            Err(_) => {}
        }
        let (content, stock) = found?;
        let versions = Versions { content, stock };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Read { versions, begun_at, changes });
        Ok(versions)
    }
}

impl Transaction {
    /// Starts the next version of the content.
    pub(super) async fn next_content_version(&mut self) -> Result<(), StoreError> {
        self.changes_versions = true;
        sqlx::query("UPDATE content_state SET version = version + 1 WHERE id = 1")
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Starts the next version of the stock, and returns it.
    pub(super) async fn next_stock_version(&mut self) -> Result<i64, StoreError> {
        self.changes_versions = true;
        let (version,) = sqlx::query_as(
            "UPDATE content_state SET stock_version = stock_version + 1 WHERE id = 1 RETURNING stock_version",
        )
        .fetch_one(self.connection())
        .await?;
        Ok(version)
    }
}

impl Store {
    /// The versions of content and stock. Every request reads them first: while the database
    /// is unavailable, one request a second tries it, and the others fail at once.
    pub async fn versions(&self) -> Result<Versions, StoreError> {
        if let Some(versions) = self.versions.fresh() {
            return Ok(versions);
        }
        match self.versions.shared().await {
            Some(versions) => Ok(versions),
            // Reads again for its own error; if the database is unavailable, that is known by
            // now.
            None => self.versions.read().await,
        }
    }
}
