//! The server's settings, from flags and the environment, checked before anything
//! starts.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use clap::Args;
use ipnet::IpNet;
use jiff::Timestamp;

use crate::{
    card::StripeConfig,
    keys::{KeySource, VARIABLE},
    limits::LimitConfig,
    store::sqlite_url,
};

/// The default number of working days that an order is held.
pub const HOLD_WORKING_DAYS: u32 = 10;
/// The default number of months that a link to a finished order works.
const LINK_MONTHS: u32 = 12;

/// Rules for orders: hold periods, expiry of links, and limits on unpaid orders.
#[derive(Clone, Copy, Debug, Args)]
pub struct OrderRules {
    /// Working days that an order is held for approval, or for payment by bank transfer.
    #[arg(
        long,
        env = "CAMPAIGN_HUB_HOLD_WORKING_DAYS",
        default_value_t = HOLD_WORKING_DAYS,
        value_parser = clap::value_parser!(u32).range(1..=250)
    )]
    pub hold_working_days: u32,
    /// Months that the link to an order works after the order is finished.
    #[arg(
        long,
        env = "CAMPAIGN_HUB_LINK_MONTHS",
        default_value_t = LINK_MONTHS,
        value_parser = clap::value_parser!(u32).range(1..=120)
    )]
    pub link_months: u32,
    /// Limits on unpaid orders.
    #[command(flatten)]
    pub unpaid: UnpaidLimits,
}

impl Default for OrderRules {
    fn default() -> Self {
        Self {
            hold_working_days: HOLD_WORKING_DAYS,
            link_months: LINK_MONTHS,
            unpaid: UnpaidLimits::default(),
        }
    }
}

/// Limits on the unpaid, unapproved and free orders of an email address, as long as none of its
/// orders was ever paid or approved; 0 means no limit.
#[derive(Clone, Copy, Debug, Args)]
pub struct UnpaidLimits {
    /// Maximum unpaid orders for an email address that has never paid one. 0 means no limit.
    #[arg(
        id = "unpaid_orders",
        long = "unpaid-orders",
        env = "CAMPAIGN_HUB_UNPAID_ORDERS",
        default_value_t = 3
    )]
    pub orders: u32,
    /// Maximum items in those orders together. 0 means no limit.
    #[arg(
        id = "unpaid_items",
        long = "unpaid-items",
        env = "CAMPAIGN_HUB_UNPAID_ITEMS",
        default_value_t = 500
    )]
    pub items: u32,
    /// Maximum total of those orders, in pence. 0 means no limit.
    #[arg(
        id = "unpaid_pence",
        long = "unpaid-pence",
        env = "CAMPAIGN_HUB_UNPAID_PENCE",
        default_value_t = 200_000
    )]
    pub pence: u64,
    /// Maximum share of an item's stock for all of those orders and free ones that were not
    /// dispatched, in per cent, where more than 20 are left. Unpaid orders of other email
    /// addresses can take the same share of the rest. 0 means no limit.
    #[arg(
        id = "unpaid_share",
        long = "unpaid-share",
        env = "CAMPAIGN_HUB_UNPAID_SHARE",
        default_value_t = 50,
        value_parser = clap::value_parser!(u32).range(0..=100)
    )]
    pub share_percent: u32,
}

impl UnpaidLimits {
    /// No limit at all.
    pub const NONE: Self = Self { orders: 0, items: 0, pence: 0, share_percent: 0 };

    /// Whether there is any limit.
    pub(crate) fn is_any(self) -> bool {
        self.orders > 0 || self.items > 0 || self.pence > 0 || self.share_percent > 0
    }
}

impl Default for UnpaidLimits {
    fn default() -> Self {
        Self { orders: 3, items: 500, pence: 200_000, share_percent: 50 }
    }
}

fn read_network(text: &str) -> Result<IpNet, &'static str> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| "expected an address or a network, such as 10.0.0.1 or 10.0.0.0/8")
}

/// Database options.
#[derive(Clone, Debug, Args)]
pub struct Database {
    /// Data folder. Holds the SQLite database, the secret key for order links, and emails if no
    /// mail server is set. Only the server's user can read the files it writes there.
    #[arg(long, env = "CAMPAIGN_HUB_DATA", default_value = "data")]
    pub data: PathBuf,
    /// Database URL, if it is not in the data folder: `sqlite://<path>` or
    /// `postgres://<user>:<password>@<host>/<database>`.
    #[arg(long, env = "CAMPAIGN_HUB_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

impl Database {
    /// The database URL.
    pub fn url(&self) -> String {
        match self.database_url.as_deref() {
            None | Some("") => sqlite_url(&self.data.join("campaign-hub.db")),
            Some(url) => url.to_owned(),
        }
    }
}

/// The key ring.
#[derive(Clone, Debug, Args)]
pub struct KeyConfig {
    /// Key ring, instead of the file `secret.key` in the data folder: an identifier and 64 hex
    /// digits for each key, comma-separated, the current key first. Set it in the environment:
    /// other users can see the command line.
    #[arg(long, env = VARIABLE, hide_env_values = true)]
    pub keys: Option<String>,
}

impl KeyConfig {
    /// Where to read the key ring from.
    pub fn source(&self, database: &Database) -> KeySource {
        KeySource::new(&database.data, self.keys.as_deref())
    }
}

/// Options of the serve command.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// Address to listen on.
    #[arg(long, env = "CAMPAIGN_HUB_ADDR", default_value = "127.0.0.1:8080")]
    pub addr: SocketAddr,
    /// Database options.
    #[command(flatten)]
    pub database: Database,
    /// Key ring options.
    #[command(flatten)]
    pub keys: KeyConfig,
    /// Folder with the built site.
    #[arg(long, env = "CAMPAIGN_HUB_SITE", default_value = "dist")]
    pub site: PathBuf,
    /// Content folder, loaded into an empty database.
    #[arg(long, env = "CAMPAIGN_HUB_CONTENT", default_value = "content")]
    pub content: PathBuf,
    /// Public URL of the site, used for absolute links.
    #[arg(long, env = "CAMPAIGN_HUB_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    pub public_url: PublicUrl,
    /// Mail server, e.g. `smtps://user:password@mail.example`. Without one, emails are written
    /// to files in `outbox` in the data folder.
    #[arg(long, env = "CAMPAIGN_HUB_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Card payment settings (Stripe).
    #[command(flatten)]
    pub stripe: StripeConfig,
    /// For how long orders are held and their links open them, and how much may be unpaid.
    #[command(flatten)]
    pub rules: OrderRules,
    /// Maximum rendered pages cached in memory.
    #[arg(long, env = "CAMPAIGN_HUB_PAGE_CACHE", default_value_t = 512, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub page_cache: u32,
    /// Address for metrics, at `/metrics`. [default: 127.0.0.1:9464, if it is free]
    #[arg(long, env = "CAMPAIGN_HUB_METRICS_ADDR")]
    pub metrics_addr: Option<SocketAddr>,
    /// Maximum open connections. Further connections wait.
    #[arg(long, env = "CAMPAIGN_HUB_MAX_CONNECTIONS", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_connections: u32,
    /// Maximum concurrent requests. Further requests get 503.
    #[arg(long, env = "CAMPAIGN_HUB_MAX_IN_FLIGHT", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_in_flight: u32,
    /// Whose requests are taken, and how many.
    #[command(flatten)]
    pub access: AccessConfig,
    /// Override the time at which the server starts, e.g. `2027-02-10T12:00:00Z` (for
    /// testing). The clock runs on from there.
    #[arg(long, env = "CAMPAIGN_HUB_NOW")]
    pub now: Option<Timestamp>,
    /// Log format.
    #[arg(long, env = "CAMPAIGN_HUB_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// Which requests are accepted, and how many.
#[derive(Clone, Debug, Default, Args)]
pub struct AccessConfig {
    /// Trusted proxies in front of the server, as comma-separated addresses or networks, e.g.
    /// `10.0.0.0/8`. X-Forwarded-For is only read from these.
    #[arg(long, env = "CAMPAIGN_HUB_TRUSTED_PROXY", value_delimiter = ',', value_parser = read_network)]
    pub trusted_proxy: Vec<IpNet>,
    /// Other origins whose pages can call the API, such as the app on a static host,
    /// comma-separated, e.g. `https://static.example`.
    #[arg(long, env = "CAMPAIGN_HUB_ALLOW_ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<PublicUrl>,
    /// How much is allowed.
    #[command(flatten)]
    pub limits: LimitConfig,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Lines of text.
    Text,
    /// One JSON object per line.
    Json,
}

/// The site's own origin: scheme and host without a path, such as
/// `https://week.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The origin, without a trailing slash.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Whether a browser sends this origin in the header Origin.
    pub(crate) fn is_origin(&self, origin: &str) -> bool {
        self.0.eq_ignore_ascii_case(origin)
    }

    /// Whether visitors reach the site over HTTPS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected an origin such as https://week.example, without a path";
        let origin = text.strip_suffix('/').unwrap_or(text);
        let host =
            origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).ok_or(EXPECTED)?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        if host.is_empty() || !host.bytes().all(plain) {
            return Err(EXPECTED);
        }
        Ok(Self(origin.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::PublicUrl;

    #[test]
    fn public_url_must_be_an_origin() {
        assert_eq!(
            "https://week.example/".parse::<PublicUrl>().expect("an origin").origin(),
            "https://week.example"
        );
        assert!("http://127.0.0.1:8080".parse::<PublicUrl>().is_ok());
        for text in
            ["week.example", "https://", "https://week.example/cy", "https://a\" onload=", "ftp://a.example"]
        {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
