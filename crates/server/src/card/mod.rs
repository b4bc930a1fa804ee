//! Card payments on a provider's hosted payment page: we never see a card number.

mod stripe;

use futures::future::BoxFuture;
use jiff::Timestamp;

pub use stripe::{Stripe, StripeConfig};

/// A provider of hosted payment pages.
pub trait CardPayments: Send + Sync {
    /// Opens a payment page for an order.
    fn open<'a>(&'a self, new: &'a NewSession) -> BoxFuture<'a, Result<Session, CardError>>;

    /// The status of the payment on a page.
    fn look_up<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<PaymentStatus, CardError>>;

    /// Closes a page that has not been paid.
    fn close<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<(), CardError>>;

    /// Refunds part of a payment, once per `key`.
    fn refund<'a>(
        &'a self,
        payment: &'a str,
        pence: u64,
        key: &'a str,
    ) -> BoxFuture<'a, Result<(), CardError>>;

    /// Whether a refund with this `key` was made and has not failed.
    fn has_refunded<'a>(&'a self, payment: &'a str, key: &'a str) -> BoxFuture<'a, Result<bool, CardError>>;

    /// Reads a webhook event from the provider; none if it is about something else.
    fn read_event(&self, signature: &str, body: &[u8], now: Timestamp)
    -> Result<Option<Event>, WebhookError>;
}

/// A payment page to open.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The order's reference, which the provider shows.
    pub reference: String,
    /// The title shown on the provider's page.
    pub title: String,
    /// What is to be paid, in pence.
    pub pence: u64,
    /// The email address for the provider's receipt.
    pub email: String,
    /// Where the customer returns after paying.
    pub paid_url: String,
    /// Where the customer returns without paying.
    pub back_url: String,
    /// The idempotency key: the same key opens the same page.
    pub key: String,
}

/// A payment page that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The provider's identifier of the page.
    pub id: String,
    /// Its URL.
    pub url: String,
    /// When the page expires, in seconds since 1970.
    pub expires_at: i64,
}

/// The status of the payment on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentStatus {
    /// Not paid yet.
    Open,
    /// Paid.
    Paid {
        /// The provider's identifier of the payment.
        payment: String,
        /// The amount, in pence.
        pence: u64,
    },
}

/// A webhook event from the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The status of the payment on a page.
    Session {
        /// The provider's identifier of the page.
        session: String,
        /// The status.
        status: PaymentStatus,
    },
    /// A refund did not reach the card.
    RefundFailed {
        /// The key of the refund.
        key: String,
    },
}

/// An error from the payment provider.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// It is unavailable, or did not respond in time.
    #[error("payment provider unavailable: {0}")]
    NoResponse(#[from] reqwest::Error),
    /// It rejected the request, for good.
    #[error("payment provider rejected the request: {0}")]
    Rejected(String),
    /// It cannot do it now, or not with this key.
    #[error("payment provider cannot do this now: {0}")]
    Unavailable(String),
    /// Its response does not match its documentation.
    #[error("unexpected response from the payment provider: {0}")]
    UnexpectedResponse(#[from] serde_json::Error),
}

/// A webhook event that is not from the provider, or not recent.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The signature is not the provider's.
    #[error("signature does not match")]
    SignatureMismatch,
    /// The signature is valid, but the timestamp is too old.
    #[error("signature too old")]
    TooOld,
    /// The signature is valid, but the event cannot be parsed.
    #[error("unexpected message format")]
    Malformed,
}
