//! Payments by card, on the page of a provider: no card's number ever reaches us.

mod stripe;

use futures::future::BoxFuture;
use jiff::Timestamp;

pub use stripe::{Stripe, StripeConfig};

/// A provider of hosted payment pages.
pub trait CardPayments: Send + Sync {
    /// Opens a page on which an order is paid.
    fn open<'a>(&'a self, new: &'a NewSession) -> BoxFuture<'a, Result<Session, CardError>>;

    /// How the payment on a page stands.
    fn look_up<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<Standing, CardError>>;

    /// Closes a page that nobody has paid on.
    fn close<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<(), CardError>>;

    /// Gives part of a payment back: once for each `key`.
    fn refund<'a>(
        &'a self,
        payment: &'a str,
        pence: u64,
        key: &'a str,
    ) -> BoxFuture<'a, Result<(), CardError>>;

    /// Whether a refund with this `key` was made and has not failed.
    fn has_refunded<'a>(&'a self, payment: &'a str, key: &'a str) -> BoxFuture<'a, Result<bool, CardError>>;

    /// Reads what the provider tells by itself; none where it is about something else.
    fn read_event(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<Option<Event>, Forged>;
}

/// A page that is to be opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The order's reference, which the provider shows.
    pub reference: String,
    /// What the provider's page calls it.
    pub title: String,
    /// What is to be paid, in pence.
    pub pence: u64,
    /// Whom the provider sends its receipt to.
    pub email: String,
    /// Where whoever has paid is led.
    pub paid_url: String,
    /// Where whoever has not is led.
    pub back_url: String,
    /// The same key opens the same page.
    pub key: String,
}

/// A page that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The provider's name for it.
    pub id: String,
    /// Its address.
    pub url: String,
    /// Until when somebody can pay on it, in seconds since 1970.
    pub expires_at: i64,
}

/// How the payment on a page stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has paid on it yet.
    Open,
    /// It is paid.
    Paid {
        /// The provider's name for the payment.
        payment: String,
        /// How much, in pence.
        pence: u64,
    },
}

/// What the provider tells by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// How the payment on a page stands.
    Session {
        /// The page.
        session: String,
        /// How it stands.
        standing: Standing,
    },
    /// What was given back did not reach its card.
    RefundFailed {
        /// The key that it was given back with.
        key: String,
    },
}

/// The provider did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// It does not answer, or not in time.
    #[error("payment provider unavailable: {0}")]
    Silent(#[from] reqwest::Error),
    /// It says no, for good.
    #[error("payment provider rejected the request: {0}")]
    Refused(String),
    /// It does not do it now, or not with this key.
    #[error("payment provider cannot do this now: {0}")]
    NotNow(String),
    /// Its answer is not what its documentation says.
    #[error("unexpected response from the payment provider: {0}")]
    Strange(#[from] serde_json::Error),
}

/// A message that the provider has not sent, or not just now.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forged {
    /// Its signature is none of the provider's.
    #[error("signature does not match")]
    Signature,
    /// It is signed, but for another time.
    #[error("signature too old")]
    TooOld,
    /// It is signed, and not understood.
    #[error("unexpected message format")]
    Strange,
}
