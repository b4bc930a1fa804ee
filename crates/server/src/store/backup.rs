//! Copies of an SQLite database, made while it is written to, and put back.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};

use super::{Engine, Store};

impl Store {
    /// Writes the database as it is at one moment into a new file; writers go on.
    /// PostgreSQL has tools of its own for that.
    pub async fn back_up(&self, file: &Path) -> anyhow::Result<()> {
        ensure!(self.engine == Engine::Sqlite, "use pg_dump for PostgreSQL");
        ensure!(!file.exists(), "{} is there already: name a new file", file.display());
        let name = file.to_str().context("the file's name is no text")?;
        // A file that is named as it should be is whole.
        let unfinished = format!("{name}.part");
        _ = fs::remove_file(&unfinished);
        sqlx::query("VACUUM INTO $1").bind(&unfinished).execute(&self.pool).await?;
        fs::File::open(&unfinished)?.sync_all()?;
        fs::rename(&unfinished, file)?;
        Ok(())
    }
}

/// Puts a copy in the place of the database at `url`, which must not be in use. One
/// that is there is only replaced if `replace` says so.
pub async fn restore(file: &Path, url: &str, replace: bool) -> anyhow::Result<()> {
    let target = sqlite_file(url).context("use pg_restore for PostgreSQL")?;
    ensure!(file.is_file(), "there is no copy at {}", file.display());
    if target.exists() && !replace {
        bail!("{} is there already: --replace puts the copy in its place", target.display());
    }
    let unfinished = target.with_extension("restoring");
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(file, &unfinished).with_context(|| format!("{} cannot be read", file.display()))?;
    check(&unfinished).await.with_context(|| format!("{} is no whole copy", file.display()))?;
    for ending in ["-wal", "-shm"] {
        let mut beside = target.clone().into_os_string();
        beside.push(ending);
        _ = fs::remove_file(beside);
    }
    fs::rename(&unfinished, &target)?;
    Ok(())
}

/// Opens a copy, which brings it to this version, and has SQLite look at all of it.
async fn check(file: &Path) -> anyhow::Result<()> {
    let store = Store::open(&format!("sqlite://{}", file.display())).await?;
    let (told,): (String,) = sqlx::query_as("PRAGMA integrity_check").fetch_one(&store.pool).await?;
    // What the log still holds goes into the file, which travels alone.
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&store.pool).await?;
    store.close().await;
    ensure!(told == "ok", "{told}");
    Ok(())
}

fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
    Some(PathBuf::from(path.split('?').next().unwrap_or_default()))
}
