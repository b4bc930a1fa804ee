//! The subcommands of the binary, and their command line arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use contract::{
    Locale,
    orders::{OrderStatus, is_email_address},
    text::{hidden, line, plain},
};
use jiff::Timestamp;

use crate::{
    card::StripeConfig,
    config::{Config, Database, HOLD_WORKING_DAYS, KeyConfig, PublicUrl},
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

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site and its API.
    Serve(Box<Config>),
    /// Load a folder of content files into the database. If a file has an error, nothing is
    /// loaded.
    Load {
        /// Database options.
        #[command(flatten)]
        database: Database,
        /// Content folder.
        folder: PathBuf,
    },
    /// Generate test products, news and events for benchmarks. Replaces any that were
    /// generated before.
    Seed {
        /// Database options.
        #[command(flatten)]
        database: Database,
        /// Number of products.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
        products: u32,
        /// Number of news items.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
        news: u32,
        /// Number of events.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
        events: u32,
    },
    /// Adjust the stock of a SKU, or set it from a stock-take, and print what is left.
    Stock {
        /// Database options.
        #[command(flatten)]
        database: Database,
        /// SKU.
        sku: String,
        /// Items to add, or to remove if negative.
        #[arg(long, allow_negative_numbers = true, default_value_t = 0)]
        add: i32,
        /// Number of items counted, including those packed for orders. Items reserved for orders
        /// are not sold again.
        #[arg(long, conflicts_with = "add")]
        counted: Option<u32>,
    },
    /// List SKUs that are low in stock.
    LowStock {
        /// Database options.
        #[command(flatten)]
        database: Database,
        /// Stock threshold.
        #[arg(long, default_value_t = 20)]
        below: u32,
    },
    /// Register or remove the officer who approves a branch's orders.
    Branch {
        /// Database options.
        #[command(flatten)]
        database: Database,
        /// Branch name as in its orders. Case and the form of spaces, hyphens and apostrophes do
        /// not matter.
        #[arg(value_parser = parse_branch)]
        branch: String,
        /// The officer's email address.
        #[arg(long, value_parser = parse_email, required_unless_present = "remove")]
        officer: Option<String>,
        /// Remove the branch's officer.
        #[arg(long, conflicts_with = "officer")]
        remove: bool,
        /// Order total, in pounds, from which the officer approves orders. Without it, they
        /// approve every order.
        #[arg(long, value_parser = parse_pounds, conflicts_with = "remove")]
        approve_from: Option<u64>,
    },
    /// Back up the database to a new file while the server runs.
    Backup {
        /// Database options.
        #[command(flatten)]
        database: Database,
        /// Backup file.
        file: PathBuf,
    },
    /// Restore the database from a backup file. Stop the server first.
    Restore {
        /// Database options.
        #[command(flatten)]
        database: Database,
        /// Backup file.
        file: PathBuf,
        /// Overwrite an existing database.
        #[arg(long)]
        replace: bool,
    },
    /// Manage orders and personal data.
    Orders {
        /// Options shared by the orders commands.
        #[command(flatten)]
        admin: OrderAdminConfig,
        /// What to do.
        #[command(subcommand)]
        command: OrderCommand,
    },
    /// Remove personal data past its retention period, as the server does every day.
    Retention {
        /// Database options.
        #[command(flatten)]
        database: Database,
        /// Only print how much would be removed.
        #[arg(long)]
        dry_run: bool,
        /// Override the current time (for testing).
        #[arg(long)]
        now: Option<Timestamp>,
    },
    /// Change the key that membership numbers are encrypted with.
    Keys {
        /// Database options.
        #[command(flatten)]
        database: Database,
        /// Key ring options.
        #[command(flatten)]
        keys: KeyConfig,
        /// What to do.
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Print the API description (OpenAPI, JSON).
    Openapi,
}

/// Subcommands for the key ring.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum KeyCommand {
    /// Add a new key and use it for encryption from now on.
    New,
    /// Re-encrypt with the current key what was encrypted with an older one.
    Reseal,
}

/// Options shared by the orders commands.
#[derive(Debug, Args)]
pub struct OrderAdminConfig {
    /// Database options.
    #[command(flatten)]
    pub database: Database,
    /// Key ring options.
    #[command(flatten)]
    pub keys: KeyConfig,
    /// Public URL of the site, used for links in emails.
    #[arg(long, env = "CAMPAIGN_HUB_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    pub public_url: PublicUrl,
    /// Stripe settings, for card refunds.
    #[command(flatten)]
    pub stripe: StripeConfig,
    /// Working days that an order is held. Use the same value as the server.
    #[arg(
        long,
        env = "CAMPAIGN_HUB_HOLD_WORKING_DAYS",
        default_value_t = HOLD_WORKING_DAYS,
        value_parser = clap::value_parser!(u32).range(1..=250)
    )]
    pub hold_working_days: u32,
    /// Override the current time (for testing).
    #[arg(long)]
    pub now: Option<Timestamp>,
}

/// Subcommands for orders.
#[derive(Debug, Subcommand)]
pub enum OrderCommand {
    /// List orders.
    List {
        /// Filter by status, e.g. `confirmed`.
        #[arg(long, value_parser = parse_status)]
        status: Option<OrderStatus>,
    },
    /// Print an order as JSON, including its link and decrypted membership number.
    Show {
        /// Order reference.
        reference: String,
    },
    /// Change an order's status and email the customer.
    Move {
        /// Order reference.
        reference: String,
        /// New status, e.g. `packed`.
        #[arg(value_parser = parse_status)]
        status: OrderStatus,
        /// Note shown to the customer on the order page.
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Record a part dispatch and email the customer.
    Dispatch {
        /// Order reference.
        reference: String,
        /// Dispatched items as SKU:QUANTITY, e.g. `HEART-MUG-RED-EN:12`.
        #[arg(required = true, value_parser = parse_items)]
        items: Vec<(String, u32)>,
    },
    /// Record returned items and email the customer.
    Receive {
        /// Order reference.
        reference: String,
        /// Returned items as SKU:QUANTITY, e.g. `HEART-MUG-RED-EN:1`.
        #[arg(required = true, value_parser = parse_items)]
        items: Vec<(String, u32)>,
    },
    /// Refund what is owed for an order that was cancelled after payment, or for returned
    /// items: to the card it was paid with, or print how much to refund manually.
    Refund {
        /// Order reference.
        reference: String,
        /// Record a manual refund where the card provider rejects it.
        #[arg(long)]
        by_hand: bool,
    },
    /// List orders with a refund due.
    Due,
    /// List orders awaiting payment or approval, the next to expire first.
    Held,
    /// List unpaid or unapproved orders past their hold period that the server has not
    /// cancelled yet.
    Overdue,
    /// Hold an order for longer and email the customer.
    Extend {
        /// Order reference.
        reference: String,
        /// Number of working days from today, to the end of the last one.
        #[arg(value_parser = clap::value_parser!(u32).range(1..=250))]
        days: u32,
    },
    /// Replace the link to an order and email the new one to the customer. The old link stops
    /// working.
    ReplaceLink {
        /// Order reference.
        reference: String,
    },
    /// Withdraw the link to an order. The customer gets a new one with the next email, or when
    /// they ask for it.
    WithdrawLink {
        /// Order reference.
        reference: String,
    },
    /// Write an order's invoice or quote as a PDF.
    Invoice {
        /// Order reference.
        reference: String,
        /// File to write.
        file: PathBuf,
    },
    /// Write an order's delivery note as a PDF (no prices).
    PackingNote {
        /// Order reference.
        reference: String,
        /// File to write.
        file: PathBuf,
    },
    /// Write a statement of a branch's orders under one purchase order as a PDF.
    Statement {
        /// Branch name as in its orders. Case and the form of spaces, hyphens and apostrophes do
        /// not matter.
        branch: String,
        /// Purchase order number.
        number: String,
        /// File to write.
        file: PathBuf,
        /// Language: `en` or `cy`.
        #[arg(long, default_value = "en", value_parser = parse_locale)]
        locale: Locale,
    },
    /// List emails that could not be sent: id, order, kind, time of the last attempt, and
    /// reason.
    Mails,
    /// Send an email again that could not be sent.
    Resend {
        /// Its id, as listed by `mails`.
        mail: String,
    },
    /// Export all data held about a person (subject access request), by email address, as JSON.
    Person {
        /// Email address.
        email: String,
    },
    /// Erase a person's data by email address, also as a branch's officer, except what tax law
    /// requires and open orders.
    Erase {
        /// Email address.
        email: String,
    },
    /// Export orders as CSV.
    Export {
        /// Filter by status.
        #[arg(long, value_parser = parse_status)]
        status: Option<OrderStatus>,
    },
}

fn parse_items(text: &str) -> Result<(String, u32), String> {
    let expected = || "expected a SKU, a colon and a number, such as HEART-MUG-RED-EN:12".to_owned();
    let (sku, count) = text.rsplit_once(':').ok_or_else(expected)?;
    Ok((sku.to_owned(), count.parse().map_err(|_| expected())?))
}

fn parse_email(text: &str) -> Result<String, &'static str> {
    let text = plain(text, nfc);
    let fits = is_email_address(&text) && mail_address(&text).is_some();
    if fits { Ok(text) } else { Err("expected an email address, such as officer@branch.example") }
}

fn parse_branch(text: &str) -> Result<String, &'static str> {
    let text = line(text, nfc);
    let fits = !text.is_empty() && hidden(&text).is_none();
    if fits { Ok(text) } else { Err("expected a name without hidden characters, such as Leeds General") }
}

/// Parses an amount in pounds to pence.
fn parse_pounds(text: &str) -> Result<u64, &'static str> {
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

fn parse_locale(tag: &str) -> Result<Locale, &'static str> {
    tag.parse().map_err(|_| "expected en or cy")
}

fn parse_status(name: &str) -> Result<OrderStatus, String> {
    let names = || OrderStatus::ALL.map(OrderStatus::name).join(", ");
    let status = OrderStatus::ALL.into_iter().find(|status| status.name() == name);
    status.ok_or_else(|| format!("expected one of {}", names()))
}

#[cfg(test)]
mod tests {
    use super::{parse_branch, parse_email, parse_pounds};

    #[test]
    fn arguments_are_normalised_and_validated() {
        assert_eq!(parse_email(" o’brien@branch.example").as_deref(), Ok("o'brien@branch.example"));
        for wrong in ["officer", "tŷ@branch.example", &["a@", &"b".repeat(64), ".example"].concat()] {
            assert!(parse_email(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_branch("Leeds\u{a0} General ").as_deref(), Ok("Leeds General"));
        for wrong in ["", " \u{200b}", "Leeds\u{3164}"] {
            assert!(parse_branch(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn pounds_are_parsed_in_common_formats() {
        for (text, pence) in [("250", 25_000), ("49.50", 4_950), (" £1.00 ", 100), ("0", 0)] {
            assert_eq!(parse_pounds(text), Ok(pence), "{text}");
        }
        for text in ["", "£", "1.5", "1.", ".50", "-1", "1,000", "99999999999999999999"] {
            assert!(parse_pounds(text).is_err(), "{text}");
        }
    }
}
