//! The database: SQLite in a file, or PostgreSQL by address, with one text of
//! SQL for both.
//!
//! Only this folder knows sqlx. The SQL keeps to what both engines and sqlx's
//! `Any` driver share: integers and text, `$1` placeholders, `ON CONFLICT`.

mod approvals;
mod backup;
mod mails;
mod moves;
mod orders;
mod parcels;
mod payments;
mod placing;
mod records;
mod seeded;
mod stock;

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{
    AnyConnection, AnyPool, Executor as _,
    any::{AnyPoolOptions, install_default_drivers},
    migrate::{MigrateError, Migrator},
};
use tokio::sync::{Mutex, OwnedMutexGuard};

pub(crate) use approvals::{Approval, Approving};
pub use backup::restore;
pub(crate) use mails::{DueMail, NewMail, TryEnd};
pub(crate) use moves::{Changed, NewMove};
pub(crate) use orders::{ListedOrder, StoredLine, StoredMove, StoredOrder};
pub(crate) use parcels::written;
pub(crate) use payments::{CardPayment, CardSession, KnownRefund, Paying, Refund, RefundedPieces};
pub(crate) use placing::{AcceptedQuote, BranchCap, Known, NewLine, NewOrder, Placing, Taking};
pub use records::{Bilingual, Change, Kind, NewRecord, NewText, Record};
pub use seeded::SEEDED;
pub use stock::{Counted, NewVariant, Versions};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long a request waits for a connection before it gives up.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// The database failed, or holds what this version cannot read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer, or not as expected.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A stored document is not in the shape that this version reads.
    #[error("a stored document cannot be read: {0}")]
    Document(#[from] serde_json::Error),
    /// The tables could not be brought to this version.
    #[error("the database could not be migrated: {0}")]
    Migration(#[from] MigrateError),
    /// The address of the database is of no known kind.
    #[error("the database's address must start with sqlite:// or postgres://")]
    UnknownEngine,
    /// The folder for the database's file could not be made.
    #[error("the folder for the database could not be made: {0}")]
    Folder(#[from] std::io::Error),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

/// The database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    engine: Engine,
    /// Whose turn it is to write.
    writer: Arc<Mutex<()>>,
}

/// A transaction that may write; dropping it takes back what it did.
struct Transaction {
    inner: sqlx::Transaction<'static, sqlx::Any>,
    // Dropped after the transaction: the next writer finds the lock free.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Transaction {
    /// What queries are executed on.
    fn connection(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }

    async fn commit(self) -> Result<(), StoreError> {
        Ok(self.inner.commit().await?)
    }
}

impl Store {
    /// Opens the database at `url`, making the file of an SQLite database that
    /// does not exist yet, and brings its tables to this version.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        install_default_drivers();
        let engine = match url.split_once(':') {
            Some(("sqlite", _)) => Engine::Sqlite,
            Some(("postgres" | "postgresql", _)) => Engine::Postgres,
            _ => return Err(StoreError::UnknownEngine),
        };
        let mut url = url.to_owned();
        if engine == Engine::Sqlite {
            let path = url.trim_start_matches("sqlite:").trim_start_matches("//").to_owned();
            let path = path.split('?').next().unwrap_or_default();
            if let Some(folder) = Path::new(path).parent() {
                std::fs::create_dir_all(folder)?;
            }
            if !url.contains('?') {
                url.push_str("?mode=rwc");
            }
        }
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if engine == Engine::Sqlite {
                        // WAL lets readers read while one writes; FULL makes a
                        // commit survive the loss of power; what is erased is
                        // overwritten.
                        connection
                            .execute(
                                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                                 PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; \
                                 PRAGMA secure_delete = ON;",
                            )
                            .await?;
                    }
                    Ok(())
                })
            })
            .connect(&url)
            .await?;
        // Without the advisory lock, which databases that only speak
        // PostgreSQL's protocol lack; one server migrates at a time.
        let mut migrations = Migrator { locking: false, ..Migrator::DEFAULT };
        migrations.migrations = MIGRATIONS.migrations.clone();
        migrations.run(&pool).await?;
        Ok(Self { pool, engine, writer: Arc::default() })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// A transaction that may write. SQLite takes its write lock at once: one
    /// that starts by reading fails when it later finds another writer. Its
    /// writers queue here, since those that wait in SQLite poll, and some of a
    /// thousand never have their turn.
    async fn begin(&self) -> Result<Transaction, StoreError> {
        Ok(match self.engine {
            Engine::Sqlite => {
                let turn = Arc::clone(&self.writer).lock_owned().await;
                let inner = self.pool.begin_with("BEGIN IMMEDIATE").await?;
                Transaction { inner, _turn: Some(turn) }
            }
            Engine::Postgres => Transaction { inner: self.pool.begin().await?, _turn: None },
        })
    }

    /// Finishes what is under way and closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
