//! Card payments with Stripe Checkout, through its HTTP API.

use std::{collections::HashMap, sync::Arc, time::Duration};

use clap::Args;
use futures::future::BoxFuture;
use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Deserialize;
use sha2::Sha256;

use super::{CardError, CardPayments, Event, NewSession, PaymentStatus, Session, WebhookError};

/// The API version that this code was written for.
const VERSION: &str = "2024-11-20.acacia";
/// The timeout of a request. A page that waits for it must be served within ten seconds.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(6);
/// The tolerance for the timestamp of a signature, in seconds.
const SIGNATURE_TOLERANCE: i64 = 300;
/// The maximum number of tries for a refund that keeps failing.
const MAX_TRIES: usize = 3;
/// The metadata key that marks a refund as ours.
const REFUND_KEY: &str = "campaign_hub_refund";

/// Cards, taken by Stripe where its key is given.
#[derive(Clone, Debug, Args)]
pub struct StripeConfig {
    /// Secret key of the Stripe account. Without it, card payments are not enabled.
    #[arg(
        id = "stripe_key",
        long = "stripe-key",
        env = "CAMPAIGN_HUB_STRIPE_KEY",
        hide_env_values = true,
        requires = "stripe_webhook_secret"
    )]
    pub key: Option<String>,
    /// Secret that Stripe signs webhooks with. It sends them to `/webhooks/stripe`.
    #[arg(
        id = "stripe_webhook_secret",
        long = "stripe-webhook-secret",
        env = "CAMPAIGN_HUB_STRIPE_WEBHOOK_SECRET",
        hide_env_values = true,
        default_value = ""
    )]
    pub webhook_secret: String,
    /// Address of the Stripe API. Only change it for testing.
    #[arg(
        id = "stripe_url",
        long = "stripe-url",
        env = "CAMPAIGN_HUB_STRIPE_URL",
        default_value = "https://api.stripe.com"
    )]
    pub url: String,
}

/// Stripe Checkout.
pub struct Stripe {
    client: Client,
    url: String,
    key: String,
    webhook_secret: String,
}

/// A checkout session in Stripe's responses.
#[derive(Deserialize)]
struct CheckoutSession {
    id: String,
    url: Option<String>,
    expires_at: i64,
    payment_status: String,
    payment_intent: Option<String>,
    amount_total: Option<u64>,
    currency: Option<String>,
}

/// A webhook event.
#[derive(Deserialize)]
struct WebhookEvent {
    #[serde(rename = "type")]
    kind: String,
    data: WebhookEventData,
}

#[derive(Deserialize)]
struct WebhookEventData {
    object: serde_json::Value,
}

/// An error response.
#[derive(Deserialize)]
struct ErrorResponse {
    error: ErrorDetails,
}

/// The error's type and code. Its message is ignored, because it may repeat what a customer
/// typed.
#[derive(Deserialize)]
struct ErrorDetails {
    #[serde(rename = "type")]
    kind: String,
    code: Option<String>,
}

/// A refund.
#[derive(Deserialize)]
struct Refunds {
    data: Vec<StripeRefund>,
}

#[derive(Deserialize)]
struct StripeRefund {
    status: Option<String>,
    #[serde(default)]
    metadata: HashMap<String, String>,
}

impl StripeRefund {
    /// The idempotency key that it was made with, if it is ours.
    fn key(&self) -> Option<&str> {
        self.metadata.get(REFUND_KEY).map(String::as_str)
    }

    /// Whether the money did not arrive, which Stripe may find out days later.
    fn has_failed(&self) -> bool {
        matches!(self.status.as_deref(), Some("failed" | "canceled"))
    }
}

impl StripeConfig {
    /// The Stripe client, if a key is set.
    pub fn open(&self) -> anyhow::Result<Option<Arc<dyn CardPayments>>> {
        let Some(key) = &self.key else { return Ok(None) };
        anyhow::ensure!(!self.webhook_secret.is_empty(), "--stripe-webhook-secret is empty");
        let client = Client::builder().timeout(REQUEST_TIMEOUT).build()?;
        Ok(Some(Arc::new(Stripe {
            client,
            url: self.url.trim_end_matches('/').to_owned(),
            key: key.clone(),
            webhook_secret: self.webhook_secret.clone(),
        })))
    }
}

impl Stripe {
    /// Sends a request and parses the response.
    async fn send<T: serde::de::DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, CardError> {
        let request = request.bearer_auth(&self.key).header("Stripe-Version", VERSION);
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        if status.is_success() {
            return Ok(serde_json::from_slice(&body)?);
        }
        let refusal: ErrorResponse = serde_json::from_slice(&body)?;
        let ErrorDetails { kind, code } = refusal.error;
        let why = [kind.as_str(), " ", code.as_deref().unwrap_or_default()].concat();
        // After other errors, the request may have been carried out, or still be.
        let is_final =
            matches!(status, StatusCode::BAD_REQUEST | StatusCode::PAYMENT_REQUIRED | StatusCode::NOT_FOUND);
        Err(if is_final { CardError::Rejected(why) } else { CardError::Unavailable(why) })
    }

    /// The refunds of a payment that were made with a key. Stripe forgets idempotency keys
    /// after a day, but not our metadata.
    async fn refunds_with_key(&self, payment: &str, key: &str) -> Result<Vec<StripeRefund>, CardError> {
        let earlier =
            self.client.get(self.endpoint("refunds")).query(&[("payment_intent", payment), ("limit", "100")]);
        let earlier: Refunds = self.send(earlier).await?;
        Ok(earlier.data.into_iter().filter(|refund| refund.key() == Some(key)).collect())
    }

    fn endpoint(&self, path: &str) -> String {
        [&self.url, "/v1/", path].concat()
    }
}

impl CheckoutSession {
    /// The status of the payment. The page only accepts pounds, so a payment in another
    /// currency needs to be checked by a person.
    fn into_status(self) -> PaymentStatus {
        let Self { id, payment_status, payment_intent, amount_total, currency, .. } = self;
        match (payment_intent, amount_total) {
            (Some(payment), Some(pence)) if payment_status == "paid" => {
                if currency.as_deref() == Some("gbp") {
                    return PaymentStatus::Paid { payment, pence };
                }
                tracing::error!(session = id, currency, "payment received in another currency");
                PaymentStatus::Open
            }
            _ => PaymentStatus::Open,
        }
    }
}

impl CardPayments for Stripe {
    fn open<'a>(&'a self, new: &'a NewSession) -> BoxFuture<'a, Result<Session, CardError>> {
        Box::pin(async move {
            let pence = new.pence.to_string();
            let form = [
                ("mode", "payment"),
                // Other payment methods settle days later.
                ("payment_method_types[0]", "card"),
                // Whatever the account's settings are, customers pay in pounds only.
                ("adaptive_pricing[enabled]", "false"),
                ("locale", "en-GB"),
                ("client_reference_id", &new.reference),
                ("customer_email", &new.email),
                ("line_items[0][quantity]", "1"),
                ("line_items[0][price_data][currency]", "gbp"),
                ("line_items[0][price_data][unit_amount]", &pence),
                ("line_items[0][price_data][product_data][name]", &new.title),
                ("success_url", &new.paid_url),
                ("cancel_url", &new.back_url),
            ];
            let request = self.client.post(self.endpoint("checkout/sessions")).form(&form);
            let session: CheckoutSession = self.send(request.header("Idempotency-Key", &new.key)).await?;
            let CheckoutSession { id, url, expires_at, .. } = session;
            let url = url.ok_or_else(|| CardError::Rejected("a page without an address".to_owned()))?;
            Ok(Session { id, url, expires_at })
        })
    }

    fn look_up<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<PaymentStatus, CardError>> {
        Box::pin(async move {
            let request = self.client.get(self.endpoint(&["checkout/sessions/", session].concat()));
            Ok(self.send::<CheckoutSession>(request).await?.into_status())
        })
    }

    fn close<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<(), CardError>> {
        Box::pin(async move {
            let request =
                self.client.post(self.endpoint(&["checkout/sessions/", session, "/expire"].concat()));
            self.send::<serde::de::IgnoredAny>(request).await?;
            Ok(())
        })
    }

    fn refund<'a>(
        &'a self,
        payment: &'a str,
        pence: u64,
        key: &'a str,
    ) -> BoxFuture<'a, Result<(), CardError>> {
        Box::pin(async move {
            let earlier = self.refunds_with_key(payment, key).await?;
            if earlier.iter().any(|refund| !refund.has_failed()) {
                return Ok(());
            }
            if earlier.len() >= MAX_TRIES {
                return Err(CardError::Rejected(format!("it has failed {MAX_TRIES} times")));
            }
            // Stripe repeats the response for a key, so a key that failed would fail again.
            let once = [key, "-", &earlier.len().to_string()].concat();
            let pence = pence.to_string();
            let mark = format!("metadata[{REFUND_KEY}]");
            let form = [("payment_intent", payment), ("amount", &pence), (&mark, key)];
            let request = self.client.post(self.endpoint("refunds")).form(&form);
            let refund: StripeRefund = self.send(request.header("Idempotency-Key", once)).await?;
            if refund.has_failed() { Err(CardError::Unavailable("it has failed".to_owned())) } else { Ok(()) }
        })
    }

    fn has_refunded<'a>(&'a self, payment: &'a str, key: &'a str) -> BoxFuture<'a, Result<bool, CardError>> {
        Box::pin(async move {
            Ok(self.refunds_with_key(payment, key).await?.iter().any(|refund| !refund.has_failed()))
        })
    }

    fn read_event(
        &self,
        signature: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Option<Event>, WebhookError> {
        verify(&self.webhook_secret, signature, body, now)?;
        let message: WebhookEvent = serde_json::from_slice(body).map_err(|_| WebhookError::Malformed)?;
        let malformed = |_| WebhookError::Malformed;
        match message.kind.as_str() {
            kind if kind.starts_with("checkout.session.") => {
                let session: CheckoutSession =
                    serde_json::from_value(message.data.object).map_err(malformed)?;
                Ok(Some(Event::Session { session: session.id.clone(), status: session.into_status() }))
            }
            "refund.failed" | "refund.updated" | "charge.refund.updated" => {
                let refund: StripeRefund = serde_json::from_value(message.data.object).map_err(malformed)?;
                let failed = refund.key().filter(|_| refund.has_failed());
                Ok(failed.map(|key| Event::RefundFailed { key: key.to_owned() }))
            }
            _ => Ok(None),
        }
    }
}

/// Checks the signature and the timestamp of a webhook event: `t=` has the seconds since 1970,
/// and one of the `v1=` has the HMAC-SHA256, in hex, of that number, a full stop and the
/// event.
fn verify(secret: &str, signature: &str, body: &[u8], now: Timestamp) -> Result<(), WebhookError> {
    let parts = || signature.split(',').filter_map(|part| part.trim().split_once('='));
    let time = parts()
        .find(|(name, _)| *name == "t")
        .map(|(_, time)| time)
        .ok_or(WebhookError::SignatureMismatch)?;
    let mut mac =
        <Hmac<Sha256> as hmac::Mac>::new_from_slice(secret.as_bytes()).expect("a key of any length is taken");
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    // `verify_slice` compares in constant time.
    let is_right = |(name, value): (&str, &str)| {
        name == "v1" && unhex(value).is_some_and(|bytes| mac.clone().verify_slice(&bytes).is_ok())
    };
    if !parts().any(is_right) {
        return Err(WebhookError::SignatureMismatch);
    }
    let seconds: i64 = time.parse().map_err(|_| WebhookError::SignatureMismatch)?;
    if now.as_second().abs_diff(seconds) > SIGNATURE_TOLERANCE.unsigned_abs() {
        return Err(WebhookError::TooOld);
    }
    Ok(())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let byte = |at| text.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    (0..text.len()).step_by(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use hmac::Mac as _;
    use jiff::Timestamp;

    use super::{Hmac, Sha256, WebhookError, verify};

    fn signed(secret: &str, time: i64, body: &str) -> String {
        let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("{time}.{body}").as_bytes());
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={time},v0=00,v1={hex}")
    }

    #[test]
    fn only_recent_valid_signatures_are_accepted() {
        let now = Timestamp::from_second(1_800_000_000).expect("a moment");
        let check = |signature: &str, body: &str| verify("whsec_ours", signature, body.as_bytes(), now);
        let fine = signed("whsec_ours", now.as_second() - 299, "{}");
        assert_eq!(check(&fine, "{}"), Ok(()));
        // There are two signatures while the secret is being replaced.
        assert_eq!(check(&format!("{fine},v1=ab"), "{}"), Ok(()));
        assert_eq!(check(&fine, "{ }"), Err(WebhookError::SignatureMismatch));
        assert_eq!(
            check(&signed("whsec_other", now.as_second(), "{}"), "{}"),
            Err(WebhookError::SignatureMismatch)
        );
        assert_eq!(
            check(&signed("whsec_ours", now.as_second() - 301, "{}"), "{}"),
            Err(WebhookError::TooOld)
        );
        for none in ["", "t=1800000000", "t=1800000000,v1=", "v1=zz", "t=x,v1=é0", "t=1800000000,v1=abc"] {
            assert_eq!(check(none, "{}"), Err(WebhookError::SignatureMismatch), "{none}");
        }
    }
}
