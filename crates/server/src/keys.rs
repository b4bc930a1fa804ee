//! Finds the key ring, and checks that it is the one the database was used with. Encryption
//! itself is in `secrets.rs`.

use std::{
    fmt, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};

use crate::{
    private,
    secrets::{self, Key, Secrets},
    store::Store,
};

/// The environment variable with the key ring.
pub const VARIABLE: &str = "CAMPAIGN_HUB_KEYS";

/// Where a key ring is.
#[derive(Clone)]
pub enum KeySource {
    /// In a file.
    File(PathBuf),
    /// In the environment: this text.
    Environment(String),
}

impl KeySource {
    /// The key ring of the environment if it is set, or else the file in the data folder.
    pub fn new(data: &Path, from_environment: Option<&str>) -> Self {
        match from_environment {
            None | Some("") => Self::File(data.join("secret.key")),
            Some(text) => Self::Environment(text.to_owned()),
        }
    }

    /// The key ring; none where its file is missing.
    fn read(&self) -> anyhow::Result<Option<Secrets>> {
        let text = match self {
            Self::Environment(text) => text.clone().into_bytes(),
            Self::File(file) => match fs::read(file) {
                Ok(text) => {
                    // Earlier versions created it with wider permissions.
                    private::restrict(file)?;
                    text
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error).with_context(|| format!("cannot read {self}")),
            },
        };
        Secrets::parse(&text).map(Some).with_context(|| format!("{self} is not a key ring"))
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(out, "{}", file.display()),
            Self::Environment(_) => out.write_str(VARIABLE),
        }
    }
}

/// Opens the key ring for a server. If it is missing and the database has no orders, creates
/// one and stores its fingerprint in the database.
pub async fn open(store: &Store, source: &KeySource) -> anyhow::Result<Secrets> {
    let secrets = match source.read()? {
        Some(secrets) => secrets,
        None => begin(store, source).await?,
    };
    check(store, source, &secrets).await?;
    // Another server may have started with another key at the same time.
    let stored = store.store_key_fingerprint(&secrets.fingerprint()).await?;
    ensure!(stored == secrets.fingerprint(), wrong_key(source, &secrets, &stored));
    Ok(secrets)
}

/// Creates a key ring, unless the database was already used with one.
async fn begin(store: &Store, source: &KeySource) -> anyhow::Result<Secrets> {
    ensure!(
        !store.is_keyed().await?,
        "{source} is missing, but this database was used with a key. Restore the key from your backup, or set \
         {VARIABLE}. If it is lost, start again with an empty database: without its key, no link to an order works"
    );
    let secrets = Secrets::generate()?;
    if let KeySource::File(file) = source {
        create(file, &secrets).with_context(|| format!("cannot write {source}"))?;
    }
    Ok(secrets)
}

/// Opens the key ring for a command, which never creates one.
pub async fn read(store: &Store, source: &KeySource) -> anyhow::Result<Secrets> {
    let secrets = source.read()?.with_context(|| {
        format!("cannot read the secret key: {source} is missing. Is --data the server's data folder? You can also set {VARIABLE}")
    })?;
    check(store, source, &secrets).await?;
    Ok(secrets)
}

/// Adds a new current key to the key ring, and returns the next steps.
pub async fn add(store: &Store, source: &KeySource) -> anyhow::Result<String> {
    let secrets = read(store, source).await?;
    let key = Key::generate()?;
    let next = "Restart every server, then run `keys reseal`.";
    match source {
        KeySource::File(file) => {
            let unfinished = private::unfinished(file)?;
            create(&unfinished, &secrets.with(key.clone()))
                .and_then(|()| fs::rename(&unfinished, file))
                .with_context(|| format!("cannot write {source}"))?;
            Ok(format!("{} is the current key of {source}. {next}", key.id()))
        }
        KeySource::Environment(_) => {
            Ok(format!("Put this line before the others in {VARIABLE}. {next}\n{}", key.to_line()))
        }
    }
}

/// Refuses a key that does not match the database.
async fn check(store: &Store, source: &KeySource, secrets: &Secrets) -> anyhow::Result<()> {
    if let Some(stored) = store.key_fingerprint().await? {
        ensure!(stored == secrets.fingerprint(), wrong_key(source, secrets, &stored));
        return Ok(());
    }
    // Earlier versions stored no fingerprint, but a digest of each order's token.
    if let Some((reference, token_digest)) = store.oldest_order().await? {
        let token = secrets.order_token(&reference, 0);
        let is_own = secrets::digest(token.as_bytes()) == token_digest;
        ensure!(is_own, wrong_key(source, secrets, "a different one"));
    }
    Ok(())
}

fn wrong_key(source: &KeySource, secrets: &Secrets, stored: &str) -> String {
    format!(
        "{source} has a different key from the one this database was used with: its oldest key has the fingerprint {}, \
         expected {stored}. Restore the right key from your backup. If it is lost, start again with an empty database: \
         without its key, no link to an order works",
        secrets.fingerprint()
    )
}

/// Writes a key ring to a new file.
fn create(file: &Path, secrets: &Secrets) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        private::create_dir(folder)?;
    }
    let mut out = private::create_new(file)?;
    out.write_all(secrets.to_text().as_bytes())?;
    out.sync_all()
}
