//! Removes personal data past its retention period: every day while a server runs, and with
//! the command. The periods are in `periods.rs`.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use contract::orders::QUOTE_DAYS;
use jiff::{SignedDuration, Timestamp};

use crate::{
    clock::{self, Clock},
    mail,
    orders::{self, KeptData},
    periods::{Data, TABLE},
    store::Store,
};

/// The hour of the nightly run: orders have to wait while an SQLite database is rewritten.
const HOUR: i64 = 3;

/// The retry interval after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(15 * 60);

/// The time until the next run.
fn until_night(now: Timestamp) -> Duration {
    let night = clock::next_uk_midnight(now) + SignedDuration::from_hours(HOUR);
    Duration::try_from(night.duration_since(now)).unwrap_or(AFTER_FAILURE)
}

/// What was removed or, in a dry run, would be.
#[derive(Clone, Debug)]
pub struct Report {
    dry_run: bool,
    /// The data and the number of records, in the order of the table.
    removed: Vec<(&'static str, usize)>,
}

impl Report {
    /// The number of records removed, in the order of the table.
    pub fn counts(&self) -> Vec<usize> {
        self.removed.iter().map(|(_, count)| *count).collect()
    }

    fn is_empty(&self) -> bool {
        self.removed.iter().all(|(_, count)| *count == 0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.dry_run {
            writeln!(out, "Nothing was removed. Without --dry-run, this would be removed:")?;
        }
        for (what, count) in &self.removed {
            writeln!(out, "{count:>6}  {what}")?;
        }
        Ok(())
    }
}

/// Runs every day for as long as the server runs. `outbox` is the folder with emails that were
/// written to files; `succeeded` is called after each pass.
pub(crate) async fn run(store: Store, clock: Clock, outbox: PathBuf, succeeded: impl Fn(Timestamp)) {
    let mut has_traces = false;
    loop {
        let mut pause = until_night(clock.now());
        match pass(&store, &outbox, clock.now(), false).await {
            Ok(report) => {
                if !report.is_empty() {
                    tracing::info!(counts = ?report.counts(), "personal data was removed");
                    has_traces = true;
                }
                let scrubbed = if has_traces { store.scrub().await } else { Ok(()) };
                match scrubbed {
                    Ok(()) => {
                        has_traces = false;
                        succeeded(clock.now());
                    }
                    Err(error) => {
                        tracing::error!(%error, "traces of removed data are still in the database files");
                        pause = AFTER_FAILURE;
                    }
                }
            }
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "personal data was not removed");
                pause = AFTER_FAILURE;
            }
        }
        tokio::time::sleep(pause).await;
    }
}

/// Runs once, as a server does every night: first [`pass`], then the removal of traces.
pub async fn run_once(store: &Store, outbox: &Path, now: Timestamp, dry_run: bool) -> anyhow::Result<Report> {
    let report = pass(store, outbox, now, dry_run).await?;
    if !dry_run && !report.is_empty() {
        store.scrub().await.context("removed, but traces remain in the database files")?;
    }
    Ok(report)
}

/// Removes data past its period or, in a dry run, only counts it.
pub async fn pass(store: &Store, outbox: &Path, now: Timestamp, dry_run: bool) -> anyhow::Result<Report> {
    let eraser = Eraser { store, outbox, now, dry_run };
    let mut report = Report { dry_run, removed: Vec::new() };
    for (data, period, what) in TABLE {
        let before = period.before(now);
        let count = match data {
            Data::ForgottenOrders => {
                let quoted_before = before - SignedDuration::from_hours(24 * i64::from(QUOTE_DAYS));
                let forgotten = store.forgotten_orders(before, quoted_before).await?;
                eraser.erase(forgotten, KeptData::Accounts).await?
            }
            Data::Memberships => store.forget_memberships(before, dry_run).await?,
            Data::Addresses => eraser.erase(store.finished_orders(before).await?, KeptData::Accounts).await?,
            Data::ApprovalCodes => store.forget_codes(before, dry_run).await?,
            Data::SentMails => eraser.end_mails(&store.forget_sent_mails(before, dry_run).await?)?,
            Data::UnsentMails => eraser.end_mails(&store.forget_unsent_mails(before, dry_run).await?)?,
            Data::Accounts => {
                let old = store.old_orders(before, &orders::anonymous_customers()?).await?;
                eraser.erase(old, KeptData::Sale).await?
            }
        };
        report.removed.push((what, count));
    }
    Ok(report)
}

/// The context of a pass.
struct Eraser<'a> {
    store: &'a Store,
    outbox: &'a Path,
    now: Timestamp,
    dry_run: bool,
}

impl Eraser<'_> {
    /// Erases orders, except those with a refund due; returns how many.
    async fn erase(&self, references: Vec<String>, keeps: KeptData) -> anyhow::Result<usize> {
        let mut count = 0;
        for reference in references {
            let Some(order) = self.store.order(&reference).await? else { continue };
            if orders::is_refund_due(self.store, &order).await? {
                continue;
            }
            if self.dry_run || orders::erase(self.store, &order, keeps, self.now, self.outbox).await? {
                count += 1;
            }
        }
        Ok(count)
    }

    /// Removes the files of emails that are no longer in the database; returns the number of
    /// emails.
    fn end_mails(&self, mails: &[String]) -> anyhow::Result<usize> {
        if !self.dry_run {
            mail::remove_files(self.outbox, mails)?;
        }
        Ok(mails.len())
    }
}
