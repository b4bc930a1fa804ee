//! How the server bears load, and how its time grows with the products.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};

use super::{
    Bench, MANY,
    server::{ADDRESS, Database, Server},
};
use crate::command::{output, program};

/// The tests' own PostgreSQL.
#[path = "../../../server/tests/http/postgres.rs"]
mod postgres;

/// How many seconds each round of a list lasts.
const GROWTH_SECONDS: u32 = 3;
/// A list as a visitor asks for it.
const LIST: &str = "/api/v1/products?locale=en&category=mugs&only=in-stock";
/// The same as a page.
const SHOP: &str = "/shop?category=mugs&only=in-stock";

/// The table of loads on both databases.
pub(super) fn loads(server: &std::path::Path, bench: &Bench) -> anyhow::Result<String> {
    let mut table = LOAD_HEADING.to_owned();
    for database in [Database::Sqlite, Database::Postgres(postgres::new_database())] {
        let on = |what: &str| format!("{what}, {}", database.name());
        {
            let server = Server::start(server, 512, &database)?;
            load(&mut table, &server, bench, &on("the hub, cached"), "/")?;
            load(&mut table, &server, bench, &on("the campaign's API"), "/api/v1/campaign?locale=en")?;
            server.seed(MANY)?;
            load(&mut table, &server, bench, &on("the list of 2,000 products, API"), LIST)?;
            load(&mut table, &server, bench, &on("the shop with 2,000 products, cached"), SHOP)?;
        }
        let server = Server::start(server, 0, &database)?;
        load(&mut table, &server, bench, &on("the hub, uncached"), "/")?;
        server.seed(MANY)?;
        load(&mut table, &server, bench, &on("the shop with 2,000 products, uncached"), SHOP)?;
    }
    Ok(table)
}

/// How the time for a list grows with the number of products.
pub(super) fn growth(server: &Server) -> anyhow::Result<String> {
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
