//! What the server knows and the database does not: a key in a file of its own,
//! from which the tokens of links are made.

use std::{fs, io::Write as _, path::Path};

use anyhow::Context as _;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

const KEY_BYTES: usize = 32;

/// The key.
pub struct Secrets([u8; KEY_BYTES]);

impl Secrets {
    /// Reads the key from a file, or makes one where there is none. Whoever loses
    /// the file loses every link to an order.
    pub fn open(file: &Path) -> anyhow::Result<Self> {
        match fs::read(file) {
            Ok(key) => {
                let key = key
                    .try_into()
                    .ok()
                    .with_context(|| format!("{} is no key: expected {KEY_BYTES} bytes", file.display()))?;
                Ok(Self(key))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0; KEY_BYTES];
                getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
                write_private(file, &key).with_context(|| format!("cannot write {}", file.display()))?;
                Ok(Self(key))
            }
            Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    /// The token in the link of an order: 128 bits, in hex. The same reference has
    /// the same token, so that it need not be stored.
    pub(crate) fn order_token(&self, reference: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length is taken");
        mac.update(b"order-token\0");
        mac.update(reference.as_bytes());
        hex(&mac.finalize().into_bytes()[..16])
    }
}

/// SHA-256 in hex.
pub(crate) fn digest(text: &[u8]) -> String {
    hex(&Sha256::digest(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write_private(file: &Path, key: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file)?;
    out.write_all(key)?;
    out.sync_all()
}
