//! What the server knows and the database does not: a key in a file of its own,
//! from which the tokens of links are made.

use std::{fs, io::Write as _, path::Path};

use anyhow::Context as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, aead::Aead as _};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::{error::ApiError, private};

const KEY_BYTES: usize = 32;

/// The key.
pub struct Secrets([u8; KEY_BYTES]);

impl Secrets {
    /// Reads the key from a file, or makes one where there is none. Whoever loses
    /// the file loses every link to an order.
    pub fn open(file: &Path) -> anyhow::Result<Self> {
        if !file.try_exists().with_context(|| format!("cannot read {}", file.display()))? {
            let mut key = [0; KEY_BYTES];
            getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
            write_private(file, &key).with_context(|| format!("cannot write {}", file.display()))?;
        }
        // Earlier versions may have let others read it.
        private::restrict(file)?;
        Self::read(file)
    }

    /// Reads the key from a file.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let key = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let key = key.try_into().ok();
        Ok(Self(key.with_context(|| format!("{} is no key: expected {KEY_BYTES} bytes", file.display()))?))
    }

    /// A digest that nobody can make, or guess what it was made of, without the key.
    pub(crate) fn digest(&self, text: &[u8]) -> String {
        hex(&self.mac(b"digest", text))
    }

    /// The token in the link of an order: 128 bits, in hex. The same reference and version
    /// have the same token, so that it need not be stored; the first version is 0.
    pub(crate) fn order_token(&self, reference: &str, link_version: i64) -> String {
        let text = match link_version {
            // As before links could be replaced.
            0 => reference.to_owned(),
            version => format!("{reference} {version}"),
        };
        hex(&self.mac(b"order-token", text.as_bytes())[..16])
    }

    /// A text that only [`Self::unseal`] can read, in hex: ChaCha20-Poly1305 with a
    /// nonce of its own before it.
    pub(crate) fn seal(&self, text: &str) -> Result<String, ApiError> {
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).map_err(no_randomness)?;
        let sealed = self.cipher().encrypt(&nonce.into(), text.as_bytes());
        let sealed = sealed.map_err(|_| ApiError::internal(anyhow::anyhow!("a text cannot be sealed")))?;
        Ok(hex(&[&nonce[..], &sealed].concat()))
    }

    /// What was sealed with the same key.
    pub(crate) fn unseal(&self, sealed: &str) -> Option<String> {
        let byte = |at| sealed.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let bytes: Vec<u8> = (0..sealed.len()).step_by(2).map(byte).collect::<Option<_>>()?;
        let (nonce, sealed) = bytes.split_at_checked(12)?;
        let text = self.cipher().decrypt(nonce.into(), sealed).ok()?;
        String::from_utf8(text).ok()
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.mac(b"seal", b"").into())
    }

    fn mac(&self, purpose: &[u8], text: &[u8]) -> [u8; 32] {
        let mut mac =
            <Hmac<Sha256> as hmac::Mac>::new_from_slice(&self.0).expect("a key of any length is taken");
        mac.update(purpose);
        mac.update(b"\0");
        mac.update(text);
        mac.finalize().into_bytes().into()
    }
}

/// Whether a text could be the token of an order.
pub(crate) fn is_order_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// 128 random bits in hex.
pub(crate) fn random_id() -> Result<String, ApiError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(no_randomness)?;
    Ok(hex(&bytes))
}

/// A code of eight figures, for people to type.
pub(crate) fn random_code() -> Result<String, ApiError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(no_randomness)?;
    Ok(format!("{:08}", u64::from_le_bytes(bytes) % 100_000_000))
}

/// The system gives no random bytes.
pub(crate) fn no_randomness(error: getrandom::Error) -> ApiError {
    ApiError::internal(anyhow::anyhow!("no randomness: {error}"))
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
        private::create_dir(folder)?;
    }
    let mut out = private::create_new(file)?;
    out.write_all(key)?;
    out.sync_all()
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    #[test]
    fn each_version_of_a_link_has_a_token_and_the_first_stays() {
        let secrets = Secrets([1; 32]);
        let [first, second, third] = [0, 1, 2].map(|version| secrets.order_token("H27-7K3M-9QXD", version));
        assert_eq!(first, "8fe7771e3c4122a5e68e308a88d886de", "links that were mailed open their orders");
        assert!(first != second && second != third && first != third);
        assert_ne!(secrets.order_token("H27-7K3M-9QXF", 1), second);
    }

    #[test]
    fn what_is_sealed_is_read_with_the_same_key_alone() {
        let [own, other] = [Secrets([1; 32]), Secrets([2; 32])];
        let sealed = own.seal("1234567 Tŷ").expect("sealed");
        assert!(!sealed.contains("1234567"));
        assert_ne!(own.seal("1234567 Tŷ").expect("sealed"), sealed, "each has a nonce of its own");
        assert_eq!(own.unseal(&sealed).as_deref(), Some("1234567 Tŷ"));
        assert_eq!(other.unseal(&sealed), None);
        for broken in ["", "00", "zz", "ŷŷ", &sealed[2..]] {
            assert_eq!(own.unseal(broken), None, "{broken}");
        }
    }
}
