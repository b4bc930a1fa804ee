//! Files and folders that only their owner can read. Systems other than Unix have no such
//! permissions: there they inherit those of their folder.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// Creates a folder and its missing parents.
pub(crate) fn create_dir(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| named(folder, &error))
}

/// Creates a file that does not exist yet.
pub(crate) fn create_new(file: &Path) -> io::Result<File> {
    options().create_new(true).open(file).map_err(|error| named(file, &error))
}

/// Opens a file for writing without truncating it, or creates an empty one.
pub(crate) fn open(file: &Path) -> io::Result<File> {
    options().create(true).truncate(false).open(file).map_err(|error| named(file, &error))
}

/// The name for a temporary file that is then renamed. Removes one that was left by an earlier
/// try.
pub(crate) fn unfinished(file: &Path) -> io::Result<PathBuf> {
    let unfinished = file.with_added_extension("part");
    remove(&unfinished)?;
    Ok(unfinished)
}

/// Removes a file, if it exists.
pub(crate) fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(named(file, &error)),
        _ => Ok(()),
    }
}

/// Removes everyone else's permissions from a file or a folder, if it exists.
pub(crate) fn restrict(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        let restricted = fs::metadata(path).and_then(|found| match found.permissions().mode() {
            mode if mode & 0o077 == 0 => Ok(()),
            mode => fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700)),
        });
        match restricted {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // Permissions are the owner's decision: a key may be mounted read-only.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                tracing::warn!(%error, path = %path.display(), "could not restrict permissions: other users may read this");
            }
            Err(error) => return Err(named(path, &error)),
            Ok(()) => {}
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// The same for a folder and the files in it.
pub(crate) fn restrict_folder(folder: &Path) -> io::Result<()> {
    restrict(folder)?;
    for entry in fs::read_dir(folder).map_err(|error| named(folder, &error))? {
        restrict(&entry?.path())?;
    }
    Ok(())
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// An error that names its file.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
