//! The release server for benchmarks.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context as _, bail};

use crate::command::{program, step};

/// The address it listens on.
pub(super) const ADDRESS: &str = "127.0.0.1:8192";

/// The server's database.
pub(crate) enum Database {
    /// A new SQLite file.
    Sqlite,
    /// A PostgreSQL database, by URL.
    Postgres(String),
}

impl Database {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// A release server, which is stopped when this value is dropped; its SQLite database is then
/// removed.
pub(crate) struct Server {
    process: Child,
    program: PathBuf,
    database_url: String,
    folder: PathBuf,
}

impl Server {
    pub(crate) fn start(server: &Path, page_cache: u32, database: &Database) -> anyhow::Result<Self> {
        let folder =
            std::env::temp_dir().join(format!("campaign-hub-bench-{}-{page_cache}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let database_url = match database {
            Database::Sqlite => format!("sqlite://{}", folder.join("hub.db").display()),
            Database::Postgres(url) => url.clone(),
        };
        let process = program(server)
            .args(["serve", "--addr", ADDRESS, "--public-url", &format!("http://{ADDRESS}")])
            .args(["--database-url", &database_url])
            .arg("--data")
            .arg(&folder)
            .args(["--page-cache", &page_cache.to_string()])
            // The load generator acts as many clients.
            .args(["--trusted-proxy", "127.0.0.1"])
            // All benchmark orders come from the same email address.
            .args([
                "--unpaid-orders",
                "0",
                "--unpaid-items",
                "0",
                "--unpaid-pence",
                "0",
                "--unpaid-share",
                "0",
            ])
            // Servers that share a database share their key.
            .env("CAMPAIGN_HUB_KEYS", format!("bench {}", "00".repeat(32)))
            .env("RUST_LOG", "warn")
            .stderr(Stdio::null())
            .spawn()?;
        let server = Self { process, program: server.to_owned(), database_url, folder };
        for _ in 0..100 {
            if std::net::TcpStream::connect(ADDRESS).is_ok() {
                return Ok(server);
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("the server does not answer")
    }

    /// Adds generated products after the real ones, replacing any that were generated before.
    pub(super) fn seed(&self, products: u32) -> anyhow::Result<()> {
        self.make_up(&[("--products", products)])
    }

    /// The same for other kinds of records, each with its option.
    pub(super) fn make_up(&self, counts: &[(&str, u32)]) -> anyhow::Result<()> {
        let options = counts.iter().flat_map(|(option, count)| [(*option).to_owned(), count.to_string()]);
        step(
            "make up records",
            program(&self.program).args(["seed", "--database-url", &self.database_url]).args(options),
        )
    }

    /// The URL of its database.
    pub(super) fn database_url(&self) -> &str {
        &self.database_url
    }

    /// The URL it listens on.
    pub(crate) fn site(&self) -> String {
        format!("http://{ADDRESS}")
    }

    /// Resident memory in MB: current and peak.
    pub(super) fn memory(&self) -> anyhow::Result<[u64; 2]> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let field = |name: &str| -> anyhow::Result<u64> {
            let line = status
                .lines()
                .find(|line| line.starts_with(name))
                .context("Linux tells a process's memory")?;
            let kilobytes: u64 = line.split_whitespace().nth(1).context("a figure")?.parse()?;
            Ok(kilobytes / 1024)
        };
        Ok([field("VmRSS:")?, field("VmHWM:")?])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
        _ = fs::remove_dir_all(&self.folder);
    }
}
