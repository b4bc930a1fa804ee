//! The files of an SQLite database: where they are, who can read them, who has them open,
//! and whether they are still there.

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

/// The address of the SQLite database in a file.
pub fn sqlite_url(file: &Path) -> String {
    let file = file.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    // Without slashes before it, or the first folder would be read as a host's name.
    ["sqlite:", &file].concat()
}

/// The file of the SQLite database at an address, as sqlx finds it.
pub(super) fn sqlite_file(url: &str) -> Result<PathBuf, StoreError> {
    let options: AnyConnectOptions = url.parse()?;
    Ok(SqliteConnectOptions::try_from(&options)?.get_filename().to_owned())
}

/// Creates the file of a database where the address asks for it, and keeps everyone else
/// from reading it. SQLite gives the files beside it the same rights.
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
        private::restrict(&beside(file, ending))?;
    }
    Ok(())
}

/// Whoever has a database open shares a lock: [`lock_alone`] fails as long as they hold it.
/// It is on a file of its own, since closing the database's file by hand would drop the
/// locks of SQLite.
pub(super) fn share_lock(file: &Path) -> Result<File, StoreError> {
    let lock = private::open(&beside(file, ".lock"))?;
    match lock.try_lock_shared() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::BeingRestored),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Locks a database that nobody has open; none if somebody has.
pub(super) fn lock_alone(file: &Path) -> io::Result<Option<File>> {
    let lock = private::open(&beside(file, ".lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The file with this ending behind the whole name of another.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The file of a database, as connections have opened it. Someone may remove or replace it
/// while it is open: SQLite would go on writing into the removed one, and all of it would be
/// lost.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    /// Device and inode.
    identity: (u64, u64),
    /// When it was first seen.
    since: Instant,
}

impl DatabaseFile {
    pub(super) fn new(path: PathBuf) -> io::Result<Self> {
        let known = Known { identity: identity(&fs::metadata(&path)?), since: Instant::now() };
        Ok(Self { path, known: Mutex::new(known) })
    }

    /// Has every connection opened anew that was opened before now: one that was opened
    /// while the file could not be written to would stay like that.
    pub(super) fn reopen(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).since = Instant::now();
    }

    /// Whether a connection of this age has the file open that is there now.
    pub(super) fn is_of(&self, age: Duration) -> bool {
        let Ok(metadata) = fs::metadata(&self.path) else { return false };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.identity != identity(&metadata) {
            *known = Known { identity: identity(&metadata), since: Instant::now() };
        }
        age <= known.since.elapsed()
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
    fn a_file_is_found_again_by_its_address() {
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
