//! What can be set from flags and the environment, checked before anything
//! starts.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use clap::{Args, Parser, Subcommand};
use contract::{
    Locale,
    orders::{OrderState, is_mail_address},
    text::{hidden, line, plain},
};
use ipnet::IpNet;
use jiff::Timestamp;

use crate::{
    card::StripeConfig,
    keys::{KeySource, VARIABLE},
    limits::LimitConfig,
    store::sqlite_url,
    text::{mail_address, nfc},
};

/// The campaign hub's server.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the work on orders needs.
#[derive(Debug, Args)]
pub struct DeskConfig {
    /// The database.
    #[command(flatten)]
    pub database: Database,
    /// The key ring.
    #[command(flatten)]
    pub keys: KeyConfig,
    /// The site's own address, for the links in mails.
    #[arg(long, env = "CAMPAIGN_HUB_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    pub public_url: PublicUrl,
    /// Who gives back what was paid by card.
    #[command(flatten)]
    pub stripe: StripeConfig,
    /// For how many working days an order is held, as the server is told.
    #[arg(
        long,
        env = "CAMPAIGN_HUB_HOLD_WORKING_DAYS",
        default_value_t = HOLD_WORKING_DAYS,
        value_parser = clap::value_parser!(u32).range(1..=250)
    )]
    pub hold_working_days: u32,
    /// Pretend that it is this moment.
    #[arg(long)]
    pub now: Option<Timestamp>,
}

/// For how many working days an order is held unless something else is said.
pub const HOLD_WORKING_DAYS: u32 = 10;
/// For how many months a link opens a closed order unless something else is said.
const LINK_MONTHS: u32 = 12;

/// For how long orders are held and their links open them, and how much may be unpaid.
#[derive(Clone, Copy, Debug, Args)]
pub struct OrderRules {
    /// For how many working days an order is held until it is approved, or paid by transfer.
    #[arg(
        long,
        env = "CAMPAIGN_HUB_HOLD_WORKING_DAYS",
        default_value_t = HOLD_WORKING_DAYS,
        value_parser = clap::value_parser!(u32).range(1..=250)
    )]
    pub hold_working_days: u32,
    /// For how many months after an order is closed its link opens it.
    #[arg(
        long,
        env = "CAMPAIGN_HUB_LINK_MONTHS",
        default_value_t = LINK_MONTHS,
        value_parser = clap::value_parser!(u32).range(1..=120)
    )]
    pub link_months: u32,
    /// What an email address may have unpaid.
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

/// What an email address may have ordered that is neither paid nor approved, as long as no
/// order of it was paid or approved before; 0 is no limit.
#[derive(Clone, Copy, Debug, Args)]
pub struct UnpaidLimits {
    /// How many unpaid orders an address may have that has never paid one; 0 is no limit.
    #[arg(
        id = "unpaid_orders",
        long = "unpaid-orders",
        env = "CAMPAIGN_HUB_UNPAID_ORDERS",
        default_value_t = 3
    )]
    pub orders: u32,
    /// How many items in all of them; 0 is no limit.
    #[arg(
        id = "unpaid_items",
        long = "unpaid-items",
        env = "CAMPAIGN_HUB_UNPAID_ITEMS",
        default_value_t = 500
    )]
    pub items: u32,
    /// How many pence they may come to; 0 is no limit.
    #[arg(
        id = "unpaid_pence",
        long = "unpaid-pence",
        env = "CAMPAIGN_HUB_UNPAID_PENCE",
        default_value_t = 200_000
    )]
    pub pence: u64,
    /// How much of what is left of an item each of them may take, in per cent, where more
    /// than 20 are left; 0 is no limit.
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

/// The work on orders.
#[derive(Debug, Subcommand)]
pub enum OrderWork {
    /// A line for each order.
    List {
        /// Only those in this state, such as `confirmed`.
        #[arg(long, value_parser = read_state)]
        state: Option<OrderState>,
    },
    /// An order as JSON, with its link and the membership number.
    Show {
        /// Its reference.
        reference: String,
    },
    /// Move an order on; its customer gets a mail.
    Move {
        /// Its reference.
        reference: String,
        /// The state that it is in from now on, such as `packed`.
        #[arg(value_parser = read_state)]
        state: OrderState,
        /// What is said of it on the order's page.
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Note that part of an order has left; its customer gets a mail.
    Dispatch {
        /// Its reference.
        reference: String,
        /// What has left, such as `HEART-MUG-RED-EN:12`.
        #[arg(required = true, value_parser = read_pieces)]
        pieces: Vec<(String, u32)>,
    },
    /// Note that pieces have come back; the order's customer gets a mail.
    Receive {
        /// Its reference.
        reference: String,
        /// What has come back, such as `HEART-MUG-RED-EN:1`.
        #[arg(required = true, value_parser = read_pieces)]
        pieces: Vec<(String, u32)>,
    },
    /// Give back what is due for an order that was cancelled after it was paid, or for what
    /// has come back: to the card that it was paid with, or say how much by hand.
    Refund {
        /// Its reference.
        reference: String,
        /// Give back by hand what the provider of card payments refuses to give back.
        #[arg(long)]
        by_hand: bool,
    },
    /// A line for each order for which money is to be given back.
    Due,
    /// A line for each order that waits to be paid or approved, the one that expires next
    /// first.
    Held,
    /// A line for each of them whose time is over, and that the server has not cancelled
    /// yet.
    Overdue,
    /// Hold an order for longer; its customer gets a mail.
    Extend {
        /// Its reference.
        reference: String,
        /// To the end of the day that is so many working days away.
        #[arg(value_parser = clap::value_parser!(u32).range(1..=250))]
        days: u32,
    },
    /// Give an order another link and mail it to its customer; the one before opens nothing
    /// any more.
    ReplaceLink {
        /// Its reference.
        reference: String,
    },
    /// Withdraw the link of an order. Its customer gets another one with the next mail, or
    /// when they ask for it.
    WithdrawLink {
        /// Its reference.
        reference: String,
    },
    /// Print an order's invoice, or the quote, as PDF.
    Invoice {
        /// Its reference.
        reference: String,
        /// The file to be written.
        file: PathBuf,
    },
    /// Print what lies in an order's parcel as PDF, without prices.
    PackingNote {
        /// Its reference.
        reference: String,
        /// The file to be written.
        file: PathBuf,
    },
    /// Print all orders of a branch under a purchase order as PDF.
    Statement {
        /// The branch, as its orders name it; neither case nor the form of spaces, hyphens and
        /// apostrophes matters.
        branch: String,
        /// The number of the purchase order.
        number: String,
        /// The file to be written.
        file: PathBuf,
        /// The language: `en` or `cy`.
        #[arg(long, default_value = "en", value_parser = read_locale)]
        locale: Locale,
    },
    /// A line for each mail that was given up: its name, the order that it is about, what it
    /// tells, when it was given up, and why.
    Mails,
    /// Have a mail that was given up sent again.
    Resend {
        /// Its name, as `mails` lists it.
        mail: String,
    },
    /// Everything that is known of a person, by the mail address of their orders, as JSON.
    Person {
        /// The address.
        email: String,
    },
    /// Erase what names a person, by the mail address of their orders or as a branch's officer,
    /// but for what tax law needs and for orders that are under way.
    Erase {
        /// The address.
        email: String,
    },
    /// Orders as CSV.
    Export {
        /// Only those in this state.
        #[arg(long, value_parser = read_state)]
        state: Option<OrderState>,
    },
}

fn read_pieces(text: &str) -> Result<(String, u32), String> {
    let expected = || "expected a SKU, a colon and a number, such as HEART-MUG-RED-EN:12".to_owned();
    let (sku, count) = text.rsplit_once(':').ok_or_else(expected)?;
    Ok((sku.to_owned(), count.parse().map_err(|_| expected())?))
}

fn read_network(text: &str) -> Result<IpNet, &'static str> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| "expected an address or a network, such as 10.0.0.1 or 10.0.0.0/8")
}

fn read_mail_address(text: &str) -> Result<String, &'static str> {
    let text = plain(text, nfc);
    let fits = is_mail_address(&text) && mail_address(&text).is_some();
    if fits { Ok(text) } else { Err("expected a mail address, such as officer@branch.example") }
}

fn read_branch(text: &str) -> Result<String, &'static str> {
    let text = line(text, nfc);
    let fits = !text.is_empty() && hidden(&text).is_none();
    if fits { Ok(text) } else { Err("expected a name without hidden characters, such as Leeds General") }
}

/// Pence, of pounds as people write them.
fn read_pounds(text: &str) -> Result<u64, &'static str> {
    const EXPECTED: &str = "expected pounds, such as 250 or 49.50";
    let text = text.trim().trim_start_matches('£');
    let (pounds, pence) = text.split_once('.').unwrap_or((text, "00"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(pounds) || !is_number(pence) || pence.len() != 2 {
        return Err(EXPECTED);
    }
    let [pounds, pence] = [pounds, pence].map(|digits| digits.parse::<u64>().ok());
    let all = pounds.and_then(|pounds| pounds.checked_mul(100)).zip(pence);
    all.and_then(|(pounds, pence)| pounds.checked_add(pence)).ok_or(EXPECTED)
}

fn read_locale(tag: &str) -> Result<Locale, &'static str> {
    tag.parse().map_err(|_| "expected en or cy")
}

fn read_state(name: &str) -> Result<OrderState, String> {
    let names = || OrderState::ALL.map(OrderState::name).join(", ");
    let state = OrderState::ALL.into_iter().find(|state| state.name() == name);
    state.ok_or_else(|| format!("expected one of {}", names()))
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site and its API.
    Serve(Box<Config>),
    /// Load a folder of content files into the database; all of it or, where
    /// there is a mistake, none.
    Load {
        /// The database.
        #[command(flatten)]
        database: Database,
        /// The folder.
        folder: PathBuf,
    },
    /// Make up products, news and events to measure with, in place of all that
    /// was made up before.
    Seed {
        /// The database.
        #[command(flatten)]
        database: Database,
        /// How many products.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
        products: u32,
        /// How many news items.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
        news: u32,
        /// How many events.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
        events: u32,
    },
    /// Move the stock of a variant, or set it to what was counted, and print what is left.
    Stock {
        /// The database.
        #[command(flatten)]
        database: Database,
        /// The number that the variant is ordered by.
        sku: String,
        /// How many pieces came in, or, below 0, went out.
        #[arg(long, allow_negative_numbers = true, default_value_t = 0)]
        add: i32,
        /// How many there are, packed for orders or not, as somebody has counted them; what
        /// orders have taken is not sold again.
        #[arg(long, conflicts_with = "add")]
        counted: Option<u32>,
    },
    /// Print the variants of which there are few.
    LowStock {
        /// The database.
        #[command(flatten)]
        database: Database,
        /// Fewer than this many pieces are few.
        #[arg(long, default_value_t = 20)]
        below: u32,
    },
    /// Register the officer who approves a branch's orders, or remove them.
    Branch {
        /// The database.
        #[command(flatten)]
        database: Database,
        /// The branch, as its orders name it; neither case nor the form of spaces, hyphens and
        /// apostrophes matters.
        #[arg(value_parser = read_branch)]
        branch: String,
        /// The officer's mail address.
        #[arg(long, value_parser = read_mail_address, required_unless_present = "remove")]
        officer: Option<String>,
        /// Remove the branch's officer.
        #[arg(long, conflicts_with = "officer")]
        remove: bool,
        /// From which total on, in pounds, as the officer has said; from the first penny
        /// unless they have said something else.
        #[arg(long, value_parser = read_pounds, conflicts_with = "remove")]
        approve_from: Option<u64>,
    },
    /// Write the database as it is now into a new file, while the server goes on.
    Backup {
        /// The database.
        #[command(flatten)]
        database: Database,
        /// The file.
        file: PathBuf,
    },
    /// Put a file that `backup` has written in the place of the database; the server
    /// must not run.
    Restore {
        /// The database.
        #[command(flatten)]
        database: Database,
        /// The file.
        file: PathBuf,
        /// Also where there is a database.
        #[arg(long)]
        replace: bool,
    },
    /// List, show, move on and export orders; export and erase persons.
    Orders {
        /// What they need.
        #[command(flatten)]
        desk: DeskConfig,
        /// What to do.
        #[command(subcommand)]
        work: OrderWork,
    },
    /// Remove personal data whose retention period is over, as the server does every day.
    Retention {
        /// The database.
        #[command(flatten)]
        database: Database,
        /// Only say how much it would be.
        #[arg(long)]
        dry_run: bool,
        /// Pretend that it is this moment.
        #[arg(long)]
        now: Option<Timestamp>,
    },
    /// Change the key that membership numbers are encrypted with.
    Keys {
        /// The database.
        #[command(flatten)]
        database: Database,
        /// The key ring.
        #[command(flatten)]
        keys: KeyConfig,
        /// What to do.
        #[command(subcommand)]
        work: KeyWork,
    },
    /// Print the API's description (OpenAPI, JSON).
    Openapi,
}

/// The work on the key ring.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum KeyWork {
    /// Add a new key, and encrypt with it from now on.
    New,
    /// Encrypt everything with the current key that was encrypted with an older one.
    Reseal,
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
pub struct Database {
    /// The data folder: it holds the SQLite database, the secret key, and the emails of a
    /// server without a mail server. Only its user can read what the server writes there.
    #[arg(long, env = "CAMPAIGN_HUB_DATA", default_value = "data")]
    pub data: PathBuf,
    /// A database elsewhere than in the data folder: `sqlite://<path>` or
    /// `postgres://<user>:<password>@<host>/<database>`.
    #[arg(long, env = "CAMPAIGN_HUB_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

impl Database {
    /// The address of the database.
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
    /// The key ring, in place of the file `secret.key` in the data folder: an identifier and
    /// 64 hex digits for each key, with commas between them, the current key first. Set it
    /// in the environment: others can see the command line.
    #[arg(long, env = VARIABLE, hide_env_values = true)]
    pub keys: Option<String>,
}

impl KeyConfig {
    /// Where the key ring is.
    pub fn source(&self, database: &Database) -> KeySource {
        KeySource::new(&database.data, self.keys.as_deref())
    }
}

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// The address to listen on.
    #[arg(long, env = "CAMPAIGN_HUB_ADDR", default_value = "127.0.0.1:8080")]
    pub addr: SocketAddr,
    /// The database.
    #[command(flatten)]
    pub database: Database,
    /// The key ring.
    #[command(flatten)]
    pub keys: KeyConfig,
    /// The folder with the built site.
    #[arg(long, env = "CAMPAIGN_HUB_SITE", default_value = "dist")]
    pub site: PathBuf,
    /// The folder with the content that fills an empty database.
    #[arg(long, env = "CAMPAIGN_HUB_CONTENT", default_value = "content")]
    pub content: PathBuf,
    /// The address under which people reach the site, for absolute links.
    #[arg(long, env = "CAMPAIGN_HUB_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    pub public_url: PublicUrl,
    /// The mail server, such as `smtps://user:password@mail.example`. Without one,
    /// mails become files in the data folder's `outbox`.
    #[arg(long, env = "CAMPAIGN_HUB_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Who takes cards.
    #[command(flatten)]
    pub stripe: StripeConfig,
    /// For how long orders are held and their links open them, and how much may be unpaid.
    #[command(flatten)]
    pub rules: OrderRules,
    /// How many rendered pages are kept in memory.
    #[arg(long, env = "CAMPAIGN_HUB_PAGE_CACHE", default_value_t = 512, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub page_cache: u32,
    /// Where metrics are answered, at `/metrics`. [default: 127.0.0.1:9464, if it is free]
    #[arg(long, env = "CAMPAIGN_HUB_METRICS_ADDR")]
    pub metrics_addr: Option<SocketAddr>,
    /// How many connections are open at once; more wait.
    #[arg(long, env = "CAMPAIGN_HUB_MAX_CONNECTIONS", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_connections: u32,
    /// How many requests are worked on at once; more are turned away.
    #[arg(long, env = "CAMPAIGN_HUB_MAX_IN_FLIGHT", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_in_flight: u32,
    /// Whose requests are taken, and how many.
    #[command(flatten)]
    pub access: AccessConfig,
    /// Pretend that the server started at this moment, such as
    /// `2027-02-10T12:00:00Z`; the clock runs on from there. For tests and
    /// rehearsals.
    #[arg(long, env = "CAMPAIGN_HUB_NOW")]
    pub now: Option<Timestamp>,
    /// How the log is written.
    #[arg(long, env = "CAMPAIGN_HUB_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// Whose requests are taken, and how many.
#[derive(Clone, Debug, Default, Args)]
pub struct AccessConfig {
    /// The proxies in front of the server, as addresses or networks with commas between
    /// them, such as `10.0.0.0/8`: what they say in X-Forwarded-For is believed, and what
    /// anybody else says is not.
    #[arg(long, env = "CAMPAIGN_HUB_TRUSTED_PROXY", value_delimiter = ',', value_parser = read_network)]
    pub trusted_proxy: Vec<IpNet>,
    /// Other origins whose pages may have a browser send something here, with commas
    /// between them, such as `https://static.example`.
    #[arg(long, env = "CAMPAIGN_HUB_ALLOW_ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<PublicUrl>,
    /// How much is allowed.
    #[command(flatten)]
    pub limits: LimitConfig,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object a line, for programs.
    Json,
}

/// The site's own origin: scheme and host without a path, such as
/// `https://week.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The origin, without a slash at its end.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Whether a browser calls it this in the header Origin.
    pub(crate) fn is_origin(&self, origin: &str) -> bool {
        self.0.eq_ignore_ascii_case(origin)
    }

    /// Whether people reach the site by HTTPS.
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
    use super::{PublicUrl, read_branch, read_mail_address, read_pounds};

    #[test]
    fn names_and_addresses_on_the_command_line_are_cleaned() {
        assert_eq!(read_mail_address(" o’brien@branch.example").as_deref(), Ok("o'brien@branch.example"));
        for wrong in ["officer", "tŷ@branch.example", &["a@", &"b".repeat(64), ".example"].concat()] {
            assert!(read_mail_address(wrong).is_err(), "{wrong}");
        }
        assert_eq!(read_branch("Leeds\u{a0} General ").as_deref(), Ok("Leeds General"));
        for wrong in ["", " \u{200b}", "Leeds\u{3164}"] {
            assert!(read_branch(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn pounds_are_read_as_people_write_them() {
        for (text, pence) in [("250", 25_000), ("49.50", 4_950), (" £1.00 ", 100), ("0", 0)] {
            assert_eq!(read_pounds(text), Ok(pence), "{text}");
        }
        for text in ["", "£", "1.5", "1.", ".50", "-1", "1,000", "99999999999999999999"] {
            assert!(read_pounds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_public_url_is_an_origin_and_nothing_else() {
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
