//! Copies of an SQLite database, made while it is written to, and put back.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use anyhow::{Context as _, bail, ensure};

use super::{Engine, Store, files};
use crate::private;

impl Store {
    /// Writes the database as it is at one moment into a new file; writers go on.
    /// PostgreSQL has tools of its own for that.
    pub async fn back_up(&self, file: &Path) -> anyhow::Result<()> {
        ensure!(self.engine == Engine::Sqlite, "use pg_dump for PostgreSQL");
        ensure!(!file.exists(), "{} already exists: choose a new file name", file.display());
        // A file that is named as it should be is whole.
        let unfinished = private::unfinished(file)?;
        let name = unfinished.to_str().context("the file name is not valid text")?;
        // SQLite fills an empty file, and leaves its rights as they are.
        drop(private::create_new(&unfinished)?);
        sqlx::query("VACUUM INTO $1").bind(name).execute(&self.pool).await?;
        File::open(&unfinished)?.sync_all()?;
        fs::rename(&unfinished, file)?;
        Ok(())
    }
}

/// Puts a copy in the place of the database at `url`, unless a server or a command has it
/// open. One that is there is only replaced if `replace` says so.
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
    let lock = files::lock_alone(&target)?;
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
        private::remove(&files::beside(&target, ending))?;
    }
    fs::rename(&unfinished, &target)?;
    Ok(())
}

/// Opens a copy, which brings it to this version, and has SQLite look at all of it.
async fn check(file: &Path) -> anyhow::Result<()> {
    let store = Store::connect(&files::sqlite_url(file)).await?;
    let (told,): (String,) = sqlx::query_as("PRAGMA integrity_check").fetch_one(&store.pool).await?;
    // What the log still holds goes into the file, which travels alone.
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&store.pool).await?;
    store.close().await;
    ensure!(told == "ok", "{told}");
    Ok(())
}
