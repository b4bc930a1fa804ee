//! The database: SQLite in a file, or PostgreSQL by URL, with the same SQL for both.
//!
//! Only this folder uses sqlx. The SQL is limited to what both databases and sqlx's `Any`
//! driver support: integers and text, `$1` placeholders, `ON CONFLICT`.

mod addresses;
mod approvals;
mod backlog;
mod backup;
mod branch_keys;
mod dispatches;
mod files;
mod holds;
mod limits;
mod links;
mod mails;
mod orders;
mod payments;
mod placing;
mod records;
mod retention;
mod seeded;
mod settings;
mod stock;
mod transaction;
mod transitions;
mod unpaid;
mod versions;

use std::{
    fs::File,
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{
    AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Executor as _,
    any::{AnyPoolOptions, install_default_drivers},
    error::DatabaseError,
    migrate::{MigrateError, Migrator},
};

pub(crate) use addresses::ChangedDelivery;
pub(crate) use approvals::{Approval, ApprovalOutcome, Officer};
use files::DatabaseFile;

pub use backup::restore;
pub(crate) use dispatches::format_quantities;
pub use files::sqlite_url;
pub(crate) use holds::HeldOrder;
pub(crate) use limits::{Claim, Exceeded, Scope};
pub(crate) use mails::{ClaimedMail, CompletedTry, DueMail, GivenUpMail, NewMail, Priority, TryOutcome};
pub(crate) use orders::{ListedOrder, StoredLine, StoredOrder, StoredTransition};
pub(crate) use payments::{
    CardPayment, CardSession, RecordedPayment, RecordedRefund, Refund, RefundQuantity,
};
pub(crate) use placing::{
    AcceptedQuote, ExistingOrder, FreeLimit, NewLine, NewOrder, PlaceOutcome, Reservation,
};
pub use records::{Bilingual, Change, Kind, NewRecord, NewText, Record};
pub use seeded::SEEDED;
pub use stock::{NewVariant, StockCount};
use transaction::{Transaction, WriteConnection, Writer, Writers};
pub(crate) use transitions::{ChangeOutcome, Hold, NewTransition, RemainingData};
pub(crate) use unpaid::UnpaidOrder;
pub use versions::Versions;
use versions::VersionsReader;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The number of connections in a server's pool; SQLite's writer has another one.
const CONNECTIONS: u32 = 8;
/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_millis(1500);
/// How long a writer waits if another program has locked an SQLite database.
const LOCK_TIMEOUT: Duration = Duration::from_millis(1500);
/// How long requests that only read do not try a database that was found unavailable.
const OUTAGE: Duration = Duration::from_secs(1);

/// The database failed, or contains data that this version cannot read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not respond, or not as expected.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The format of a stored document is unknown to this version.
    #[error("a stored document cannot be read: {0}")]
    Document(#[from] serde_json::Error),
    /// The database schema could not be migrated to this version.
    #[error("the database could not be migrated: {0}")]
    Migration(#[from] MigrateError),
    /// The URL of the database has an unknown scheme.
    #[error("the database's address must start with sqlite:// or postgres://")]
    UnknownEngine,
    /// The database was unavailable a moment ago, so it was not tried again.
    #[error("the database was unavailable a moment ago")]
    Outage,
    /// The files of an SQLite database could not be created or protected.
    #[error("the database's files cannot be used: {0}")]
    Files(#[from] std::io::Error),
    /// The write-ahead log could not be truncated, because readers keep using it.
    #[error("the database is busy: what was removed may still be in its files until this is tried again")]
    LogInUse,
    /// A backup is being restored.
    #[error("the database is being restored: try again afterwards")]
    BeingRestored,
}

impl StoreError {
    /// Whether the database is unavailable, out of space or read-only: waiting may help. Any
    /// other error is a bug of ours.
    pub(crate) fn is_unavailable(&self) -> bool {
        match self {
            Self::Database(error) => is_unavailable(error),
            Self::Outage | Self::Files(_) | Self::LogInUse | Self::BeingRestored => true,
            Self::Document(_) | Self::Migration(_) | Self::UnknownEngine => false,
        }
    }

    /// Whether an SQLite database cannot be written to, because its files are read-only.
    fn is_read_only(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if sqlite_code(error.as_ref()) == Some(8))
    }
}

fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => match sqlite_code(error.as_ref()) {
            // Busy, locked, read-only, I/O error, full, cannot be opened.
            Some(code) => matches!(code, 5 | 6 | 8 | 10 | 13 | 14),
            // SQLSTATE classes: connection, read-only transaction, insufficient resources,
            // limits, operator intervention, system error.
            None => {
                let code = error.code().unwrap_or_default();
                code == "25006" || ["08", "53", "54", "57", "58"].iter().any(|class| code.starts_with(class))
            }
        },
        _ => false,
    }
}

/// SQLite's primary result code, which is the lowest byte of its code; none for PostgreSQL, whose
/// SQLSTATEs have five characters.
fn sqlite_code(error: &dyn DatabaseError) -> Option<u32> {
    let code = error.code().filter(|code| code.len() < 5)?;
    Some(code.parse::<u32>().ok()? & 0xff)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The database engine for a URL.
    fn of(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':') {
            Some(("sqlite", _)) => Ok(Self::Sqlite),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres),
            _ => Err(StoreError::UnknownEngine),
        }
    }
}

/// The database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    engine: Engine,
    writers: Arc<Writers>,
    /// Only for SQLite.
    file: Option<Arc<DatabaseFile>>,
    versions: Arc<VersionsReader>,
    /// Keeps an SQLite database from being replaced while it is open.
    _lock: Option<Arc<File>>,
}

impl Store {
    /// Opens the database at `url`, creates the file of an SQLite database that does not exist
    /// yet, and migrates the schema to this version.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if Engine::of(url)? == Engine::Postgres {
            return Self::connect(url).await;
        }
        let file = files::sqlite_file(url)?;
        files::prepare(&file, is_created(url))?;
        let lock = files::share_lock(&file)?;
        Ok(Self { _lock: Some(Arc::new(lock)), ..Self::connect(url).await? })
    }

    /// The same without a lock, leaving the files of an SQLite database as they are.
    async fn connect(url: &str) -> Result<Self, StoreError> {
        install_default_drivers();
        let engine = Engine::of(url)?;
        let mut url = url.to_owned();
        let mut file = None;
        if engine == Engine::Sqlite {
            // The file exists by now. If it is removed later, it must not be created again,
            // empty.
            url = url.replace("mode=rwc", "mode=rw");
            if !url.contains('?') {
                url.push_str("?mode=rw");
            }
            file = Some(Arc::new(DatabaseFile::new(files::sqlite_file(&url)?)?));
        }
        let opened = file.clone();
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // `before_acquire` checks SQLite's file; PostgreSQL may have closed the connection.
            .test_before_acquire(engine == Engine::Postgres)
            .after_connect(move |connection, _| Box::pin(configure(connection, engine)))
            .before_acquire(move |_, connection| {
                let is_current = opened.as_ref().is_none_or(|file| file.is_of(connection.age));
                Box::pin(async move { Ok(is_current) })
            })
            .connect(&url)
            .await?;
        // Without the advisory lock, which some databases with PostgreSQL's protocol lack;
        // only one server migrates at a time.
        let mut migrations = Migrator { locking: false, ..Migrator::DEFAULT };
        migrations.migrations = MIGRATIONS.migrations.clone();
        migrations.run(&pool).await?;
        let versions = Arc::new(VersionsReader::new(pool.clone()));
        let store = Self { pool, engine, writers: Arc::default(), file, versions, _lock: None };
        store.replace_old_branch_keys().await?;
        store.replace_old_officer_keys().await?;
        Ok(store)
    }

    /// Begins a write transaction. SQLite takes its write lock immediately: a transaction that
    /// starts with a read fails if it then finds another writer. SQLite's writers queue here,
    /// because SQLite itself polls for the lock, and some of a thousand writers would never
    /// get it.
    async fn begin(&self) -> Result<Transaction, StoreError> {
        match self.engine {
            Engine::Sqlite => {
                let mut turn = self.writers.take_turn().await?;
                // A failure is recorded before the turn ends: the next writer fails at once then.
                let connected = self.write_connection(&mut turn).await;
                let own = connected.inspect_err(|error| self.record_failure(error))?;
                let mut transaction = Transaction::new(Writer::Alone { own, turn }, &self.versions);
                let begun = transaction.begin("BEGIN IMMEDIATE").await;
                begun.inspect_err(|error| self.record_failure(error))?;
                Ok(transaction)
            }
            Engine::Postgres => {
                let permit = self.writers.join().await?;
                let connection = self.pool.acquire().await?;
                let writer = Writer::Shared { connection, _permit: permit };
                let mut transaction = Transaction::new(writer, &self.versions);
                transaction.begin("BEGIN").await?;
                Ok(transaction)
            }
        }
    }

    /// SQLite's connection for writing. A new one is opened if none is kept or if the file has
    /// been replaced.
    async fn write_connection(
        &self,
        kept: &mut Option<WriteConnection>,
    ) -> Result<WriteConnection, StoreError> {
        if self.pool.is_closed() {
            return Err(sqlx::Error::PoolClosed.into());
        }
        let is_current =
            |own: &WriteConnection| self.file.as_ref().is_none_or(|file| file.is_of(own.opened_at.elapsed()));
        if let Some(own) = kept.take().filter(is_current) {
            return Ok(own);
        }
        let opened_at = Instant::now();
        let mut connection = AnyConnection::connect_with(&self.pool.connect_options()).await?;
        configure(&mut connection, self.engine).await?;
        Ok(WriteConnection { connection, opened_at })
    }

    /// Records that an SQLite database is unavailable. If it is read-only, idle connections are
    /// closed: all connections to a file share an index of its log, and one that was opened while
    /// the files were read-only keeps it read-only for all.
    fn record_failure(&self, error: &StoreError) {
        if error.is_unavailable() {
            self.writers.failed();
        }
        if error.is_read_only() {
            while let Some(mut idle) = self.pool.try_acquire() {
                idle.close_on_drop();
            }
        }
    }

    /// Whether the database can be written to.
    pub(crate) async fn check_write(&self) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("UPDATE health SET checks = checks + 1 WHERE id = 1")
            .execute(transaction.connection())
            .await?;
        transaction.commit().await
    }

    /// Finishes what is under way and closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
        // So that a request just afterwards does not get the last versions.
        self.versions.changed();
        // Later writers fail, because the pool is closed.
        if let Some(own) = self.writers.turn.lock().await.take() {
            _ = own.connection.close().await;
        }
    }
}

/// Sets up a new connection.
async fn configure(connection: &mut AnyConnection, engine: Engine) -> Result<(), sqlx::Error> {
    if engine == Engine::Sqlite {
        // WAL allows reads during a write; FULL makes a commit survive a power failure; deleted
        // data is overwritten.
        let pragmas = format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA busy_timeout = {}; PRAGMA secure_delete = ON;",
            LOCK_TIMEOUT.as_millis()
        );
        connection.execute(AssertSqlSafe(pragmas)).await?;
    }
    Ok(())
}

/// Whether a missing file of the SQLite database at a URL is created.
fn is_created(url: &str) -> bool {
    !url.contains('?') || url.contains("mode=rwc")
}
