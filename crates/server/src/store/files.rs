//! The files of an SQLite database: their paths, permissions and locks, and whether they still
//! exist.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{any::AnyConnectOptions, sqlite::SqliteConnectOptions};

use super::StoreError;
use crate::private;

/// The URL of the SQLite database in a file.
pub fn sqlite_url(file: &Path) -> String {
    let file = file.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    // Without `//`, or the first folder would be read as a host name.
    ["sqlite:", &file].concat()
}

/// The file of the SQLite database at a URL, as sqlx finds it.
pub(super) fn sqlite_file(url: &str) -> Result<PathBuf, StoreError> {
    let options: AnyConnectOptions = url.parse()?;
    Ok(SqliteConnectOptions::try_from(&options)?.get_filename().to_owned())
}

/// Creates the database file if the URL asks for it, and removes everyone else's permissions.
/// SQLite creates the files beside it with the same permissions.
pub(super) fn prepare(file: &Path, creates: bool) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        private::create_dir(folder)?;
    }
    if creates {
        match private::create_new(file) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    for ending in ["", "-wal", "-shm"] {
        private::restrict(&with_suffix(file, ending))?;
    }
    Ok(())
}

/// A shared lock, held by everyone who has the database open; meanwhile [`lock_exclusively`]
/// fails. It is on a separate file, because closing the database file ourselves would release
/// SQLite's own locks.
pub(super) fn share_lock(file: &Path) -> Result<File, StoreError> {
    let lock = private::open(&with_suffix(file, ".lock"))?;
    match lock.try_lock_shared() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::BeingRestored),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Locks a database exclusively; none if anyone has it open.
pub(super) fn lock_exclusively(file: &Path) -> io::Result<Option<File>> {
    let lock = private::open(&with_suffix(file, ".lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The path with this suffix appended to the file name.
pub(super) fn with_suffix(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The database file that connections have opened. If it is removed or replaced meanwhile,
/// SQLite would go on writing to the removed file, and everything would be lost.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    opened: Mutex<OpenedFile>,
}

#[derive(Debug)]
struct OpenedFile {
    /// Device and inode.
    identity: (u64, u64),
    /// When it was first seen.
    since: Instant,
}

impl DatabaseFile {
    pub(super) fn new(path: PathBuf) -> io::Result<Self> {
        let opened = OpenedFile { identity: identity(&fs::metadata(&path)?), since: Instant::now() };
        Ok(Self { path, opened: Mutex::new(opened) })
    }

    /// Whether a connection of this age has the current file open.
    pub(super) fn is_of(&self, age: Duration) -> bool {
        let Ok(metadata) = fs::metadata(&self.path) else { return false };
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.identity != identity(&metadata) {
            *opened = OpenedFile { identity: identity(&metadata), since: Instant::now() };
        }
        age <= opened.since.elapsed()
    }
}

#[cfg(unix)]
fn identity(metadata: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{sqlite_file, sqlite_url};

    #[test]
    fn sqlite_url_round_trips() {
        for file in
            ["data/hub.db", "../data/hub.db", "/srv/hub/hub.db", "my data/100%/a?b#c.db", "/tŷ/hub.db"]
        {
            assert_eq!(sqlite_file(&sqlite_url(Path::new(file))).expect("a file"), Path::new(file));
        }
        for url in ["sqlite://data/hub.db", "sqlite:data/hub.db?mode=rwc"] {
            assert_eq!(sqlite_file(url).expect("a file"), Path::new("data/hub.db"), "{url}");
        }
    }
}
