//! Rate limits on what anonymous clients can do: strict for a single order or email address,
//! generous for a network, because a whole hospital may share one address. They are counted in
//! the database, so that they apply across servers; refused requests are not counted.

use std::{
    num::NonZeroUsize,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use clap::Args;
use jiff::Timestamp;
use lru::LruCache;

use crate::{
    clock::Clock,
    error::ApiError,
    secrets::Secrets,
    store::{Claim, Exceeded, Scope, Store},
};

const WRITES_PER_NETWORK: &str = "300/1h";
const POSTERS_PER_NETWORK: &str = "60/1h";
const ORDERS_PER_EMAIL: &str = "10/1h";
const LINKS: &str = "3/1h,6/1d";
const CHANGES_PER_ORDER: &str = "30/1h";
const CODES_PER_ORDER: &str = "3/1h";
const PAYMENTS_PER_ORDER: &str = "20/1h";
const MAILS_PER_RECIPIENT: &str = "20/1d";
const CODES_PER_RECIPIENT: &str = "30/1d";
const NOTICES_PER_RECIPIENT: &str = "20/1d";
/// How often the payment provider is asked whether an order was paid.
const LOOK_UPS_PER_ORDER: &[Rate] = &[Rate { most: 1, seconds: 10 }];

/// The interval between removals of expired counters.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);
/// A day, in seconds.
const DAY: u32 = 24 * 60 * 60;
/// The maximum length of a window: with the interval between removals, less than a day.
const LONGEST_WINDOW: u32 = DAY - 2 * 60;
/// The maximum number of exhausted keys to remember.
const REMEMBERED: usize = 10_000;

/// The limits. Each is a number and a period, such as `300/1h`, or several of them separated
/// by commas.
#[derive(Clone, Debug, Args)]
pub struct LimitConfig {
    /// Orders, changes to orders and link requests from one network.
    #[arg(long = "limit-writes-per-network", env = "CAMPAIGN_HUB_LIMIT_WRITES_PER_NETWORK", default_value = WRITES_PER_NETWORK)]
    pub writes_per_network: Rates,
    /// Poster PDFs for one network.
    #[arg(long = "limit-posters-per-network", env = "CAMPAIGN_HUB_LIMIT_POSTERS_PER_NETWORK", default_value = POSTERS_PER_NETWORK)]
    pub posters_per_network: Rates,
    /// Orders placed with one email address.
    #[arg(long = "limit-orders-per-email", env = "CAMPAIGN_HUB_LIMIT_ORDERS_PER_EMAIL", default_value = ORDERS_PER_EMAIL)]
    pub orders_per_email: Rates,
    /// Requests for the link to an order, for one email address and for one order.
    #[arg(long = "limit-links", env = "CAMPAIGN_HUB_LIMIT_LINKS", default_value = LINKS)]
    pub links: Rates,
    /// Changes sent to one order.
    #[arg(long = "limit-changes-per-order", env = "CAMPAIGN_HUB_LIMIT_CHANGES_PER_ORDER", default_value = CHANGES_PER_ORDER)]
    pub changes_per_order: Rates,
    /// New approval codes for one order.
    #[arg(long = "limit-codes-per-order", env = "CAMPAIGN_HUB_LIMIT_CODES_PER_ORDER", default_value = CODES_PER_ORDER)]
    pub codes_per_order: Rates,
    /// Visits to the payment page and back, for one order.
    #[arg(long = "limit-payments-per-order", env = "CAMPAIGN_HUB_LIMIT_PAYMENTS_PER_ORDER", default_value = PAYMENTS_PER_ORDER)]
    pub payments_per_order: Rates,
    /// Emails about orders to one address. Further orders are rejected; other changes are made
    /// without an email.
    #[arg(long = "limit-mails-per-recipient", env = "CAMPAIGN_HUB_LIMIT_MAILS_PER_RECIPIENT", default_value = MAILS_PER_RECIPIENT)]
    pub mails_per_recipient: Rates,
    /// Approval codes to one officer. Further orders are placed, and addresses changed, without a
    /// code; it can be requested later.
    #[arg(long = "limit-codes-per-recipient", env = "CAMPAIGN_HUB_LIMIT_CODES_PER_RECIPIENT", default_value = CODES_PER_RECIPIENT)]
    pub codes_per_recipient: Rates,
    /// Notices of changed delivery addresses to one email address, and as many reminders.
    /// Further changes of an address are rejected; further reminders are not sent.
    #[arg(long = "limit-notices-per-recipient", env = "CAMPAIGN_HUB_LIMIT_NOTICES_PER_RECIPIENT", default_value = NOTICES_PER_RECIPIENT)]
    pub notices_per_recipient: Rates,
}

impl Default for LimitConfig {
    fn default() -> Self {
        let rates = |text: &str| text.parse::<Rates>().expect("the defaults can be read");
        Self {
            writes_per_network: rates(WRITES_PER_NETWORK),
            posters_per_network: rates(POSTERS_PER_NETWORK),
            orders_per_email: rates(ORDERS_PER_EMAIL),
            links: rates(LINKS),
            changes_per_order: rates(CHANGES_PER_ORDER),
            codes_per_order: rates(CODES_PER_ORDER),
            payments_per_order: rates(PAYMENTS_PER_ORDER),
            mails_per_recipient: rates(MAILS_PER_RECIPIENT),
            codes_per_recipient: rates(CODES_PER_RECIPIENT),
            notices_per_recipient: rates(NOTICES_PER_RECIPIENT),
        }
    }
}

/// How many within which period; if there are several, all of them apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates(Vec<Rate>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rate {
    most: u32,
    seconds: u32,
}

impl FromStr for Rates {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rates: Option<Vec<Rate>> = text.split(',').map(Rate::read).collect();
        rates
            .map(Self)
            .ok_or("expected how many and within how long, up to a day, such as 300/1h or 3/1h,6/1d")
    }
}

impl Rate {
    fn read(text: &str) -> Option<Self> {
        let (most, window) = text.trim().split_once('/')?;
        let (count, unit) = window.split_at(window.find(|letter: char| !letter.is_ascii_digit())?);
        let unit = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 60 * 60,
            "d" => DAY,
            _ => return None,
        };
        let seconds = count.parse::<u32>().ok()?.checked_mul(unit)?;
        let most = most.parse().ok()?;
        (most > 0 && (1..=DAY).contains(&seconds)).then_some(Self { most, seconds })
    }
}

/// Counts requests, and refuses those above the limit.
pub(crate) struct Limits {
    config: LimitConfig,
    store: Store,
    secrets: Arc<Secrets>,
    clock: Clock,
    /// When each exhausted key is available again, in seconds since 1970, so that further
    /// requests are refused without a query.
    used_up: Mutex<LruCache<String, i64>>,
}

impl Limits {
    pub(crate) fn new(config: LimitConfig, store: Store, secrets: Arc<Secrets>, clock: Clock) -> Self {
        let remembered = NonZeroUsize::new(REMEMBERED).expect("it is more than nothing");
        Self { config, store, secrets, clock, used_up: Mutex::new(LruCache::new(remembered)) }
    }

    /// The counters for these uses, each for a client or an object; case and surrounding
    /// spaces are ignored.
    pub(crate) fn claims(&self, uses: &[(Scope, &str)]) -> Vec<Claim> {
        let now = self.clock.now().as_second();
        let mut claims = Vec::new();
        for (scope, subject) in uses {
            let subject = subject.trim().to_lowercase();
            for Rate { most, seconds } in self.rates(*scope) {
                claims.push(Claim {
                    scope: *scope,
                    key: self.secrets.digest(format!("{scope:?} {seconds} {subject}").as_bytes()),
                    most: i64::from(*most),
                    now,
                    ends_at: now + i64::from((*seconds).min(LONGEST_WINDOW)),
                });
            }
        }
        claims
    }

    fn rates(&self, scope: Scope) -> &[Rate] {
        match scope {
            Scope::WritesPerNetwork => &self.config.writes_per_network.0,
            Scope::PostersPerNetwork => &self.config.posters_per_network.0,
            Scope::OrdersPerEmail => &self.config.orders_per_email.0,
            Scope::LinksPerEmail | Scope::LinksPerOrder => &self.config.links.0,
            Scope::ChangesPerOrder => &self.config.changes_per_order.0,
            Scope::CodesPerOrder => &self.config.codes_per_order.0,
            Scope::PaymentsPerOrder => &self.config.payments_per_order.0,
            Scope::LookUpsPerOrder => LOOK_UPS_PER_ORDER,
            Scope::MailsPerRecipient => &self.config.mails_per_recipient.0,
            Scope::CodesPerRecipient => &self.config.codes_per_recipient.0,
            Scope::NoticesPerRecipient | Scope::RemindersPerRecipient => &self.config.notices_per_recipient.0,
        }
    }

    /// Counts all of these uses or, if one is above its limit, refuses the request and counts
    /// none.
    pub(crate) async fn take(&self, uses: &[(Scope, &str)]) -> Result<(), ApiError> {
        let claims = self.claims(uses);
        self.check(&claims)?;
        match self.store.take(&claims).await? {
            None => Ok(()),
            Some(exceeded) => Err(self.refuse(exceeded)),
        }
    }

    /// Refuses a request that is known to be above a limit, without counting it.
    pub(crate) fn check(&self, claims: &[Claim]) -> Result<(), ApiError> {
        let mut used_up = self.used_up.lock().unwrap_or_else(PoisonError::into_inner);
        for claim in claims {
            let ends_at = used_up.get(&claim.key).copied();
            if let Some(ends_at) = ends_at.filter(|ends_at| claim.is_within(*ends_at)) {
                return Err(refusal(claim, ends_at));
            }
        }
        Ok(())
    }

    /// Remembers that a limit was reached, and returns the error.
    pub(crate) fn refuse(&self, Exceeded { claim, ends_at }: Exceeded) -> ApiError {
        let error = refusal(&claim, ends_at);
        self.used_up.lock().unwrap_or_else(PoisonError::into_inner).put(claim.key, ends_at);
        error
    }
}

fn refusal(claim: &Claim, ends_at: i64) -> ApiError {
    let retry_after_seconds = u32::try_from(ends_at - claim.now).unwrap_or(1).max(1);
    ApiError::TooManyRequests { scope: claim.scope, retry_after_seconds }
}

/// Removes expired counters for as long as the server runs, so that no trace of a client's
/// address remains after a day.
pub(crate) async fn sweep(store: Store, clock: Clock, succeeded: impl Fn(Timestamp)) {
    loop {
        match store.remove_expired_limits(clock.now()).await {
            Ok(_) => succeeded(clock.now()),
            Err(error) => tracing::warn!(%error, "could not remove expired rate limit counters"),
        }
        tokio::time::sleep(SWEEP_INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, LimitConfig, Rate, Rates};

    #[test]
    fn rate_limits_are_parsed() {
        let rate = |most, seconds| Rate { most, seconds };
        for (text, expected) in [
            ("300/1h", vec![rate(300, 3600)]),
            ("1/10s", vec![rate(1, 10)]),
            (" 3/90m , 6/1d", vec![rate(3, 5400), rate(6, DAY)]),
        ] {
            assert_eq!(text.parse::<Rates>(), Ok(Rates(expected)), "{text}");
        }
        for text in [
            "",
            "3",
            "/1h",
            "3/",
            "3/h",
            "3/1",
            "0/1h",
            "3/0h",
            "3/2d",
            "3/25h",
            "3/1w",
            "-3/1h",
            "3/1h,",
            "3/99999999999d",
        ] {
            assert!(text.parse::<Rates>().is_err(), "{text}");
        }
        assert_eq!(LimitConfig::default().links, Rates(vec![rate(3, 3600), rate(6, DAY)]));
    }
}
