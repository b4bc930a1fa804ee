//! Backs up an SQLite database while it is in use, and restores it.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use anyhow::{Context as _, bail, ensure};

use super::{Engine, Store, files};
use crate::private;

impl Store {
    /// Writes a consistent snapshot of the database to a new file, without blocking writers.
    /// PostgreSQL has its own tools for this.
    pub async fn back_up(&self, file: &Path) -> anyhow::Result<()> {
        ensure!(self.engine == Engine::Sqlite, "use pg_dump for PostgreSQL");
        ensure!(!file.exists(), "{} already exists: choose a new file name", file.display());
        // A temporary name, so that a file with the final name is always complete.
        let unfinished = private::unfinished(file)?;
        let name = unfinished.to_str().context("the file name is not valid text")?;
        // SQLite fills an empty file and keeps its permissions.
        drop(private::create_new(&unfinished)?);
        sqlx::query("VACUUM INTO $1").bind(name).execute(&self.pool).await?;
        File::open(&unfinished)?.sync_all()?;
        fs::rename(&unfinished, file)?;
        Ok(())
    }
}

/// Replaces the database at `url` with a backup, unless a server or a command has it open. An
/// existing database is only replaced if `replace` is set.
pub async fn restore(file: &Path, url: &str, replace: bool) -> anyhow::Result<()> {
    ensure!(Engine::of(url)? == Engine::Sqlite, "use pg_restore for PostgreSQL");
    let target = files::sqlite_file(url)?;
    ensure!(file.is_file(), "backup not found: {}", file.display());
    if target.exists() && !replace {
        bail!("{} already exists: use --replace to overwrite it", target.display());
    }
    if let Some(folder) = target.parent() {
        private::create_dir(folder)?;
    }
    let lock = files::lock_exclusively(&target)?;
    let _lock = lock.with_context(|| {
        format!("{} is in use: stop the server and all commands that use it first", target.display())
    })?;
    let unfinished = target.with_extension("restoring");
    private::remove(&unfinished)?;
    let mut copy = private::create_new(&unfinished)?;
    let read = File::open(file).and_then(|mut file| io::copy(&mut file, &mut copy));
    read.with_context(|| format!("cannot read {}", file.display()))?;
    copy.sync_all()?;
    drop(copy);
    check(&unfinished).await.with_context(|| format!("{} is not a complete backup", file.display()))?;
    for ending in ["-wal", "-shm"] {
        private::remove(&files::with_suffix(&target, ending))?;
    }
    fs::rename(&unfinished, &target)?;
    Ok(())
}

/// Opens a backup, which migrates it to this version, and runs SQLite's integrity check.
async fn check(file: &Path) -> anyhow::Result<()> {
    let store = Store::connect(&files::sqlite_url(file)).await?;
    let result: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&store.pool).await?;
    // Moves the contents of the write-ahead log into the file, which is moved without it.
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&store.pool).await?;
    store.close().await;
    ensure!(result == "ok", "{result}");
    Ok(())
}
