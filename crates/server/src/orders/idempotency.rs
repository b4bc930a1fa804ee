//! How a repeated request for an order is recognised: by its key and its digest.

use axum::http::HeaderMap;
use contract::orders::PlaceOrder;
use serde_json::Value;

use crate::{error::ApiError, secrets::Secrets};

/// The header that makes placing an order idempotent.
pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The idempotency key of a request.
pub(super) fn parse_key(headers: &HeaderMap) -> Result<&str, ApiError> {
    let key = headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok()).unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if (16..=100).contains(&key.len()) && key.bytes().all(plain) {
        return Ok(key);
    }
    let detail = "Send an Idempotency-Key header: 16 to 100 letters, digits, hyphens or underscores, unique to each order.";
    Err(ApiError::refused(IDEMPOTENCY_KEY, detail))
}

/// The digests that identify a repeated request.
pub(super) struct RequestDigests {
    /// Of the JSON as it was sent, with sorted keys, so that changes to [`PlaceOrder`] in
    /// later versions do not affect it; prefixed with the version of this format.
    pub(super) digest: String,
    /// Of the order as the first version parsed it, which is stored with that version's
    /// orders.
    first_version: String,
}

impl RequestDigests {
    pub(super) fn new(secrets: &Secrets, mut body: Value, order: &PlaceOrder) -> Result<Self, ApiError> {
        body.sort_all_objects();
        let parsed = serde_json::to_string(order).map_err(ApiError::internal)?;
        Ok(Self {
            digest: ["2:", &secrets.digest(body.to_string().as_bytes())].concat(),
            first_version: secrets.digest(parsed.as_bytes()),
        })
    }

    /// Whether an order was stored for this request.
    pub(super) fn matches(&self, stored: &str) -> bool {
        stored == self.digest || stored == self.first_version
    }
}
