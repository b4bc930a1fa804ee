//! `cargo xtask bench`: how fast the site is, on a slow phone and under load.
//!
//! Times depend on the machine, so they are reported and not tested.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::Value;

use crate::{
    build,
    command::{machine, output, program, root, step},
    tools,
};

/// The tests' own PostgreSQL.
#[path = "../../server/tests/http/postgres.rs"]
mod postgres;

const LIGHTHOUSE: &str = "12.8.2";
const ADDRESS: &str = "127.0.0.1:8192";
/// Every route, under each language's prefix.
const PAGES: [&str; 12] = [
    "/",
    "/contacts",
    "/contacts/north-west",
    "/news",
    "/news/focus-2027",
    "/shop",
    "/shop/heart-t-shirt",
    "/past-years",
    "/join",
    "/support",
    "/accessibility",
    "/privacy",
];

/// How many products the shop is measured with.
const MANY: u32 = 2000;
/// How many seconds each round of a list lasts.
const GROWTH_SECONDS: u32 = 3;
/// A list as a visitor asks for it.
const LIST: &str = "/api/v1/products?locale=en&category=mugs&only=in-stock";

/// Measure, and keep the figures in `docs/benchmarks.md`.
#[derive(Args)]
pub(crate) struct Bench {
    /// How often Lighthouse looks at each page; the median is kept.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// How many seconds each load lasts.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
}

pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    tools::debian("/usr/bin/chromium", &["chromium"])?;
    tools::debian("/usr/bin/wrk", &["wrk"])?;
    tools::debian("/usr/lib/postgresql", &["postgresql"])?;
    build::site(build::Optimise::Required)?;
    let program = build::server(build::Profile::Release)?;
    let target = root().join("docs/benchmarks.md");
    let mut report = heading()?;
    {
        let server = Server::start(&program, 512, &Database::Sqlite)?;
        report.push_str(&pages(bench)?);
        // What follows takes minutes, and may fail.
        fs::write(&target, &report)?;
        report.push_str(&presses()?);
        server.seed(MANY)?;
        report.push_str(&typing()?);
        report.push_str(&growth(&server)?);
    }
    report.push_str(LOAD_HEADING);
    for database in [Database::Sqlite, Database::Postgres(postgres::new_database())] {
        let on = |what: &str| format!("{what}, {}", database.name());
        {
            let server = Server::start(&program, 512, &database)?;
            load(&mut report, &server, bench, &on("the hub, cached"), "/")?;
            load(&mut report, &server, bench, &on("the campaign's API"), "/api/v1/campaign?locale=en")?;
            server.seed(MANY)?;
            load(&mut report, &server, bench, &on("the list of 2,000 products, API"), LIST)?;
            load(
                &mut report,
                &server,
                bench,
                &on("the shop with 2,000 products, cached"),
                "/shop?category=mugs",
            )?;
        }
        let server = Server::start(&program, 0, &database)?;
        load(&mut report, &server, bench, &on("the hub, uncached"), "/")?;
        load(
            &mut report,
            &server,
            bench,
            &on("the shop with 2,000 products, uncached"),
            "/shop?category=mugs",
        )?;
    }
    fs::write(&target, &report)?;
    eprintln!("{report}\nwritten to {}", target.display());
    Ok(())
}

/// Where a server's data is.
pub(crate) enum Database {
    /// A new file of its own.
    Sqlite,
    /// The database at this address.
    Postgres(String),
}

impl Database {
    fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// A release server; ends with this value, and its SQLite database too.
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
            .args(["--page-cache", &page_cache.to_string()])
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

    /// Puts so many made-up products behind the real ones.
    fn seed(&self, products: u32) -> anyhow::Result<()> {
        step(
            "make up products",
            program(&self.program)
                .args(["seed", "--database-url", &self.database_url])
                .args(["--products", &products.to_string()]),
        )
    }

    /// The address that it answers at.
    pub(crate) fn site(&self) -> String {
        format!("http://{ADDRESS}")
    }

    /// Resident memory in MB: now, and at its highest.
    fn memory(&self) -> anyhow::Result<[u64; 2]> {
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

fn heading() -> anyhow::Result<String> {
    Ok(format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench` {}. Other machines give other times; compare figures of \
         one run.\n",
        machine()?
    ))
}

/// Lighthouse's table: mobile defaults, slow 4G simulated, CPU slowed 4 times.
fn pages(bench: &Bench) -> anyhow::Result<String> {
    let home = root().join("target/lighthouse");
    let cli = home.join("node_modules/lighthouse/cli/index.js");
    if !cli.exists() {
        fs::create_dir_all(&home)?;
        let package = format!("lighthouse@{LIGHTHOUSE}");
        step(
            "install Lighthouse",
            program("npm").args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&home).arg(package),
        )?;
    }
    let mut table = format!(
        "\n## A first view on a slow phone\n\nLighthouse {LIGHTHOUSE}, mobile defaults, median of {} runs. Scores: \
         performance, accessibility, best practices, search engines. Bytes are those on the line. A figure that \
         misses its budget stands in bold.\n\n\
         | page | scores | first paint | largest paint (1.0 s) | blocking (150 ms) | shift (0.02) | requests | KB |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        bench.runs
    );
    let welsh = PAGES.map(|page| ["/cy", page.trim_end_matches('/')].concat());
    for page in PAGES.into_iter().chain(welsh.iter().map(String::as_str)) {
        eprintln!("→ Lighthouse on {page}");
        let mut runs = (0..bench.runs).map(|_| lighthouse(&cli, page)).collect::<anyhow::Result<Vec<_>>>()?;
        runs.sort_by(|one, other| one.largest_paint_ms.total_cmp(&other.largest_paint_ms));
        let run = &runs[runs.len() / 2];
        let scores = run.scores.map(|score| format!("{score:.0}")).join(" / ");
        let mark = |text: String, missed: bool| if missed { format!("**{text}**") } else { text };
        let [performance, others @ ..] = run.scores;
        writeln!(
            table,
            "| {page} | {} | {:.2} s | {} | {} | {} | {} | {:.0} |",
            mark(scores, performance < 99.0 || others.iter().any(|&score| score < 100.0)),
            run.first_paint_ms / 1000.0,
            mark(format!("{:.2} s", run.largest_paint_ms / 1000.0), run.largest_paint_ms > 1000.0),
            mark(format!("{:.0} ms", run.blocking_ms), run.blocking_ms > 150.0),
            mark(format!("{:.3}", run.shift), run.shift > 0.02),
            run.requests,
            run.bytes / 1024.0,
        )?;
    }
    Ok(table)
}

/// How long the contrast switch takes from press to paint.
fn presses() -> anyhow::Result<String> {
    tools::node_packages()?;
    eprintln!("→ presses of the contrast switch");
    let text = output(program("node").arg("tests/bench/presses.mjs").arg(format!("http://{ADDRESS}/")))
        .context("the presses failed")?;
    let result: Value = serde_json::from_str(&text)?;
    let mut table =
        "\n## The contrast switch\n\nFrom press to paint on the hub page, CPU slowed 4 times, 20 \
         presses; the browser rounds to 8 ms and tells nothing under 16 ms. Budget: 50 ms.\n\n\
         | when | median | slowest |\n| --- | --- | --- |\n"
            .to_owned();
    for (name, when) in [("ready", "the app has taken over"), ("waiting", "before the module has arrived")] {
        let mut times: Vec<u64> = result[name]
            .as_array()
            .context("times")?
            .iter()
            .filter_map(Value::as_f64)
            .map(|ms| ms as u64)
            .collect();
        times.sort_unstable();
        let tell = |ms: u64| if ms == 0 { "under 16 ms".to_owned() } else { format!("{ms} ms") };
        let [.., slowest] = times[..] else { bail!("no press was measured") };
        writeln!(table, "| {when} | {} | {} |", tell(times[times.len() / 2]), tell(slowest))?;
    }
    Ok(table)
}

/// The longest frame while somebody types in the search of the shop.
fn typing() -> anyhow::Result<String> {
    eprintln!("→ typing in the search");
    let text = output(program("node").arg("tests/bench/typing.mjs").arg(format!("http://{ADDRESS}")))
        .context("the typing failed")?;
    let result: Value = serde_json::from_str(&text)?;
    let figure = |name: &str| result[name].as_f64().context(name.to_owned());
    Ok(format!(
        "\n## Typing in the shop's search\n\n{MANY} products, a phone's width, CPU slowed 4 times: {} letters, after \
         which {} lists were shown. Of {} frames 99 % took up to {:.1} ms, the longest {:.1} ms (50 ms); the longest \
         piece of work on the page's thread took {:.1} ms.\n",
        figure("letters")?,
        figure("lists")?,
        figure("frames")?,
        figure("p99")?,
        figure("longest")?,
        figure("longestTask")?,
    ))
}

/// How the time for a list grows with the number of products.
fn growth(server: &Server) -> anyhow::Result<String> {
    const SIZES: [u32; 3] = [100, 2000, 20_000];
    const LISTS: [(&str, &str); 4] = [
        ("everything", "/api/v1/products?locale=en"),
        ("filters", LIST),
        ("a word", "/api/v1/products?locale=en&q=heart"),
        ("a letter, by name", "/api/v1/products?locale=cy&q=m&sort=name&page=2"),
    ];
    let mut table = format!(
        "\n## Lists and the number of products\n\nThe server's time for a list of 24 products with the numbers beside \
         all filters: one connection, SQLite, mean of {GROWTH_SECONDS} s; the median of three rounds. Memory is the server's after \
         the load.\n\n| made-up products | {} | memory |\n| --- |{} --- |\n",
        LISTS.map(|(name, _)| name).join(" | "),
        " --- |".repeat(LISTS.len()),
    );
    let mut times = Vec::new();
    for size in SIZES {
        server.seed(size)?;
        let mut row = Vec::new();
        for (name, path) in LISTS {
            eprintln!("→ {name} of {size} products");
            let mut rounds = (0..3).map(|_| mean_ms(path)).collect::<anyhow::Result<Vec<f64>>>()?;
            rounds.sort_by(f64::total_cmp);
            row.push(rounds[1]);
        }
        let [memory, _] = server.memory()?;
        let cells: Vec<String> = row.iter().map(|ms| format!("{ms:.3} ms")).collect();
        writeln!(table, "| {size} | {} | {memory} MB |", cells.join(" | "))?;
        times.push(row);
    }
    let grown = |column: usize| times[SIZES.len() - 1][column] / times[0][column];
    let cells: Vec<String> = (0..LISTS.len()).map(|column| format!("× {:.2}", grown(column))).collect();
    writeln!(table, "| from {} to {} (× 1.5) | {} | |", SIZES[0], SIZES[SIZES.len() - 1], cells.join(" | "))?;
    server.seed(MANY)?;
    Ok(table)
}

/// How long an answer takes on average, asked for by one connection without a
/// pause, in milliseconds.
fn mean_ms(path: &str) -> anyhow::Result<f64> {
    let text = wrk(path, &["-t1", "-c1"], GROWTH_SECONDS)?;
    let rate: f64 = figure(&text, "Requests/sec:")?.parse()?;
    Ok(1000.0 / rate)
}

struct LighthouseRun {
    scores: [f64; 4],
    first_paint_ms: f64,
    largest_paint_ms: f64,
    blocking_ms: f64,
    shift: f64,
    requests: usize,
    bytes: f64,
}

fn lighthouse(cli: &Path, page: &str) -> anyhow::Result<LighthouseRun> {
    const FLAGS: &str = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync";
    let look = || {
        output(
            program("node")
                .arg(cli)
                .arg(format!("http://{ADDRESS}{page}"))
                .args(["--output=json", "--quiet", &format!("--chrome-flags={FLAGS}")])
                .env("CHROME_PATH", "/usr/bin/chromium"),
        )
    };
    // Now and then the browser does not start; that says nothing of the page.
    let json = (0..3).find_map(|_| look()).with_context(|| format!("Lighthouse failed on {page}"))?;
    let result: Value = serde_json::from_str(&json)?;
    let score = |name: &str| result["categories"][name]["score"].as_f64().unwrap_or_default() * 100.0;
    let figure = |name: &str| result["audits"][name]["numericValue"].as_f64().context(name.to_owned());
    let items = result["audits"]["network-requests"]["details"]["items"].as_array().context("requests")?;
    for audit in result["audits"].as_object().context("audits")?.values() {
        if audit["score"].as_f64().is_some_and(|score| score < 1.0) && audit["scoreDisplayMode"] == "binary" {
            eprintln!("  {page}: {}", audit["title"].as_str().unwrap_or_default());
        }
    }
    Ok(LighthouseRun {
        scores: ["performance", "accessibility", "best-practices", "seo"].map(score),
        first_paint_ms: figure("first-contentful-paint")?,
        largest_paint_ms: figure("largest-contentful-paint")?,
        blocking_ms: figure("total-blocking-time")?,
        shift: figure("cumulative-layout-shift")?,
        requests: items.len(),
        bytes: items.iter().filter_map(|item| item["transferSize"].as_f64()).sum(),
    })
}

const LOAD_HEADING: &str = "\n## Under load\n\nwrk on the same machine, 2 threads, 32 connections, brotli accepted. \
    Memory is the server's resident memory after the load, and at its highest.\n\n\
    | what | requests a second | p50 | p99 | memory | highest |\n| --- | --- | --- | --- | --- | --- |\n";

/// Adds a row: 32 connections that ask for `path` as fast as they are answered.
fn load(report: &mut String, server: &Server, bench: &Bench, what: &str, path: &str) -> anyhow::Result<()> {
    eprintln!("→ load on {what}");
    let text = wrk(path, &["-t2", "-c32"], bench.seconds)?;
    let [now, highest] = server.memory()?;
    writeln!(
        report,
        "| {what} | {} | {} | {} | {now} MB | {highest} MB |",
        figure(&text, "Requests/sec:")?,
        figure(&text, "50%")?,
        figure(&text, "99%")?,
    )?;
    Ok(())
}

/// What wrk tells of so many seconds, each answer a success.
fn wrk(path: &str, connections: &[&str], seconds: u32) -> anyhow::Result<String> {
    let text = output(
        program("wrk")
            .args(connections)
            .args(["--latency", "-H", "Accept-Encoding: br", "-d", &format!("{seconds}s")])
            .arg(format!("http://{ADDRESS}{path}")),
    )
    .context("wrk failed")?;
    if text.contains("Non-2xx") {
        bail!("{path}: not every answer was a success\n{text}");
    }
    Ok(text)
}

/// A figure that wrk tells, by the start of its line.
fn figure<'a>(text: &'a str, name: &str) -> anyhow::Result<&'a str> {
    let line = text
        .lines()
        .find(|line| line.trim().starts_with(name))
        .with_context(|| format!("wrk tells {name}"))?;
    line.split_whitespace().last().context("a figure")
}
