//! The key ring in memory: encryption, digests and tokens with keys that the database does not
//! contain. `keys.rs` loads the keys.

use anyhow::Context as _;
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::error::ApiError;

const KEY_BYTES: usize = 32;

/// A key ring. The first key encrypts, and each key decrypts what was encrypted with it.
/// Digests and tokens use the last, oldest key, because they must not change.
pub struct Secrets {
    keys: Vec<Key>,
}

/// A key with its identifier.
#[derive(Clone)]
pub(crate) struct Key {
    id: String,
    bytes: [u8; KEY_BYTES],
}

impl Secrets {
    /// Parses a key ring: one key per line, or separated by commas, each with its identifier,
    /// a space and 64 hex digits, the current key first. Exactly 32 bytes are the key of an
    /// earlier version.
    pub(crate) fn parse(text: &[u8]) -> anyhow::Result<Self> {
        if let Ok(bytes) = <[u8; KEY_BYTES]>::try_from(text) {
            return Ok(Self { keys: vec![Key::new(bytes)] });
        }
        let text = str::from_utf8(text).context("not valid text")?;
        let lines = text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty());
        let keys = lines.map(Key::parse).collect::<Option<Vec<Key>>>();
        let keys = keys.context("expected keys like `7f3a91c2` and 64 hex digits, one per line")?;
        anyhow::ensure!(!keys.is_empty(), "no key found");
        let is_twice = |(at, key): (usize, &Key)| keys[..at].iter().any(|other| other.id == key.id);
        anyhow::ensure!(!keys.iter().enumerate().any(is_twice), "two keys have the same identifier");
        Ok(Self { keys })
    }

    /// A key ring with a single new key.
    pub(crate) fn generate() -> anyhow::Result<Self> {
        Ok(Self { keys: vec![Key::generate()?] })
    }

    /// The same key ring with a new current key.
    pub(crate) fn with(&self, current: Key) -> Self {
        Self { keys: [vec![current], self.keys.clone()].concat() }
    }

    /// The key ring in the format of [`Self::parse`].
    pub(crate) fn to_text(&self) -> String {
        self.keys.iter().map(|key| key.to_line() + "\n").collect()
    }

    /// Identifies the oldest key without revealing anything about it.
    pub(crate) fn fingerprint(&self) -> String {
        self.root().fingerprint()
    }

    /// A keyed digest (HMAC): without the key, nobody can compute it or guess its input.
    pub(crate) fn digest(&self, text: &[u8]) -> String {
        hex(&self.root().mac(b"digest", text))
    }

    /// The token in the link to an order: 128 bits, in hex. It is derived from the reference
    /// and the version of the link, so that it need not be stored; the first version is 0.
    pub(crate) fn order_token(&self, reference: &str, link_version: i64) -> String {
        let text = match link_version {
            // As it was before links could be replaced.
            0 => reference.to_owned(),
            version => format!("{reference} {version}"),
        };
        hex(&self.root().mac(b"order-token", text.as_bytes())[..16])
    }

    /// Encrypts a text that can only be decrypted in the same context, such as the order and
    /// field that it belongs to. The format is the identifier of the key, a full stop, and in
    /// hex a nonce and the ChaCha20-Poly1305 ciphertext.
    pub(crate) fn seal(&self, context: &str, text: &str) -> Result<String, ApiError> {
        let key = self.current();
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).map_err(no_randomness)?;
        let payload = Payload { msg: text.as_bytes(), aad: context.as_bytes() };
        let sealed = key.cipher().encrypt(&nonce.into(), payload);
        let sealed = sealed.map_err(|_| ApiError::internal(anyhow::anyhow!("a text cannot be sealed")))?;
        Ok([&*key.id, ".", &hex(&[&nonce[..], &sealed].concat())].concat())
    }

    /// Decrypts a text that was encrypted in the same context with a key of this ring.
    pub(crate) fn unseal(&self, context: &str, sealed: &str) -> Option<String> {
        match sealed.split_once('.') {
            Some((id, sealed)) => self.keys.iter().find(|key| key.id == id)?.open(context.as_bytes(), sealed),
            // Earlier versions had one key and no context.
            None => self.root().open(b"", sealed),
        }
    }

    /// Whether a text was encrypted with the current key.
    pub(crate) fn is_current(&self, sealed: &str) -> bool {
        sealed.split_once('.').is_some_and(|(id, _)| id == self.current().id)
    }

    fn current(&self) -> &Key {
        self.keys.first().expect("a ring holds a key")
    }

    fn root(&self) -> &Key {
        self.keys.last().expect("a ring holds a key")
    }
}

impl Key {
    /// A key, identified by the start of its fingerprint.
    fn new(bytes: [u8; KEY_BYTES]) -> Self {
        let mut key = Self { id: String::new(), bytes };
        key.id = key.fingerprint()[..8].to_owned();
        key
    }

    /// A new key.
    pub(crate) fn generate() -> anyhow::Result<Self> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        Ok(Self::new(bytes))
    }

    /// Parses the line of a key.
    fn parse(line: &str) -> Option<Self> {
        let (id, digits) = line.split_once(char::is_whitespace)?;
        let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let bytes: [u8; KEY_BYTES] = from_hex(digits.trim())?.try_into().ok()?;
        (is_plain && id.len() <= 32).then(|| Self { id: id.to_owned(), bytes })
    }

    /// Formats the key as a line.
    pub(crate) fn to_line(&self) -> String {
        [&*self.id, " ", &hex(&self.bytes)].concat()
    }

    /// Its identifier.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    fn fingerprint(&self) -> String {
        hex(&self.mac(b"fingerprint", b"")[..8])
    }

    fn open(&self, context: &[u8], sealed: &str) -> Option<String> {
        let bytes = from_hex(sealed)?;
        let (nonce, sealed) = bytes.split_at_checked(12)?;
        let text = self.cipher().decrypt(nonce.into(), Payload { msg: sealed, aad: context }).ok()?;
        String::from_utf8(text).ok()
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.mac(b"seal", b"").into())
    }

    fn mac(&self, purpose: &[u8], text: &[u8]) -> [u8; 32] {
        let mut mac =
            <Hmac<Sha256> as hmac::Mac>::new_from_slice(&self.bytes).expect("a key of any length is taken");
        mac.update(purpose);
        mac.update(b"\0");
        mac.update(text);
        mac.finalize().into_bytes().into()
    }
}

/// Whether a text is a well-formed order token.
pub(crate) fn is_order_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// 128 random bits in hex.
pub(crate) fn random_id() -> Result<String, ApiError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(no_randomness)?;
    Ok(hex(&bytes))
}

/// A code of eight digits, for people to type.
pub(crate) fn random_code() -> Result<String, ApiError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(no_randomness)?;
    Ok(format!("{:08}", u64::from_le_bytes(bytes) % 100_000_000))
}

/// The system cannot provide random bytes.
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

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let byte = |at| text.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    (0..text.len()).step_by(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::{Key, Secrets};

    fn ring(keys: &[u8]) -> Secrets {
        Secrets { keys: keys.iter().map(|byte| Key::new([*byte; 32])).collect() }
    }

    #[test]
    fn link_tokens_differ_by_version_and_are_stable() {
        let secrets = ring(&[1]);
        let [first, second, third] = [0, 1, 2].map(|version| secrets.order_token("H27-7K3M-9QXD", version));
        assert_eq!(first, "8fe7771e3c4122a5e68e308a88d886de", "links that were mailed open their orders");
        assert!(first != second && second != third && first != third);
        assert_ne!(secrets.order_token("H27-7K3M-9QXF", 1), second);
    }

    #[test]
    fn unsealing_requires_the_same_key_and_context() {
        let [own, other] = [ring(&[1]), ring(&[2])];
        let sealed = own.seal("H27 membership", "1234567 Tŷ").expect("sealed");
        assert!(!sealed.contains("1234567"));
        assert_ne!(own.seal("H27 membership", "1234567 Tŷ").expect("sealed"), sealed, "each has its nonce");
        assert_eq!(own.unseal("H27 membership", &sealed).as_deref(), Some("1234567 Tŷ"));
        assert_eq!(own.unseal("H28 membership", &sealed), None, "it belongs to another order");
        assert_eq!(other.unseal("H27 membership", &sealed), None);
        let (id, digits) = sealed.split_once('.').expect("an identifier");
        let unknown = format!("other.{digits}");
        let short = format!("{id}.{}", &digits[2..]);
        for broken in ["", "00", "zz", "ŷŷ", ".", id, digits, &unknown, &short] {
            assert_eq!(own.unseal("H27 membership", broken), None, "{broken}");
        }
    }

    #[test]
    fn older_keys_still_unseal_after_rotation() {
        let before = ring(&[1]);
        let sealed = before.seal("H27", "1234567").expect("sealed");
        let after = before.with(Key::new([2; 32]));
        assert_eq!(after.unseal("H27", &sealed).as_deref(), Some("1234567"));
        assert!(before.is_current(&sealed) && !after.is_current(&sealed));
        let again = after.seal("H27", "1234567").expect("sealed");
        assert!(after.is_current(&again));
        assert_eq!(before.unseal("H27", &again), None, "sealed with the new key");
        // Links, digests and the fingerprint do not change.
        assert_eq!(after.order_token("H27", 1), before.order_token("H27", 1));
        assert_eq!(after.digest(b"text"), before.digest(b"text"));
        assert_eq!(after.fingerprint(), before.fingerprint());
        assert_ne!(ring(&[2]).fingerprint(), before.fingerprint());
    }

    #[test]
    fn key_of_an_earlier_version_still_unseals() {
        // Encrypted by the version that had one key of 32 bytes; here each byte is 1.
        let sealed = "000102030405060708090a0b6768b49f76bd909d57bb5cb5bd716bcc0388dba5f9c6f2ed1a";
        let read = Secrets::parse(&[1; 32]).expect("a key");
        assert_eq!(read.unseal("H27 membership", sealed).as_deref(), Some("4711-0815"));
        assert!(!read.is_current(sealed));
        assert_eq!(read.order_token("H27-7K3M-9QXD", 0), "8fe7771e3c4122a5e68e308a88d886de");
        let rotated = read.with(Key::new([2; 32]));
        assert_eq!(rotated.unseal("H27 membership", sealed).as_deref(), Some("4711-0815"));
    }

    #[test]
    fn key_ring_round_trips() {
        let ring = ring(&[3, 2, 1]);
        let text = ring.to_text();
        for text in [text.clone(), text.replace('\n', ","), text.replace('\n', "\r\n\r\n")] {
            let read = Secrets::parse(text.as_bytes()).expect("a ring");
            assert_eq!(read.to_text(), ring.to_text());
        }
        let digits = "0f".repeat(32);
        for wrong in [
            String::new(),
            "\n".to_owned(),
            digits.clone(),
            format!("a {}", &digits[2..]),
            format!("a {digits}00"),
            format!("a.b {digits}"),
            format!("a {digits}\na {digits}"),
            format!("a {}zz", &digits[2..]),
        ] {
            assert!(Secrets::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
