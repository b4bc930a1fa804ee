//! The file of an SQLite database, which somebody may remove or replace while it is
//! open. SQLite would go on writing into the removed one, and all of it would be lost.

use std::{
    fs, io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The file at a path, as connections have opened it.
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
