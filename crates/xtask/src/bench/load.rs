//! Measures the server under load, and how response times grow with the number of products.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};

use super::{
    Bench, MANY,
    server::{ADDRESS, Database, Server},
};
use crate::command::{output, program, root};

/// The tests' own PostgreSQL.
#[expect(dead_code, reason = "only tests make it crash")]
#[path = "../../../server/tests/http/postgres.rs"]
pub(super) mod postgres;

/// How many seconds each round of a list lasts.
const GROWTH_SECONDS: u32 = 3;
/// A list of products, as the app requests it.
const LIST: &str = "/api/v1/products?locale=en&category=mugs&only=in-stock";
/// The same list as a page.
const SHOP: &str = "/shop?category=mugs&only=in-stock";

/// The table of load tests with both databases.
pub(super) fn loads(server: &std::path::Path, bench: &Bench) -> anyhow::Result<String> {
    let mut table = LOAD_HEADING.to_owned();
    for database in [Database::Sqlite, Database::Postgres(postgres::new_database())] {
        let name = database.name();
        // Each in a separate process, so that memory use is that of a single load.
        let mut row = |what: &str, page_cache: u32, products: u32, path: &str, anew: bool| {
            let server = Server::start(server, page_cache, &database)?;
            server.seed(products)?;
            load(&mut table, &server, bench, &format!("{what}, {name}"), path, anew)
        };
        row("the home page, cached", 512, 0, "/", false)?;
        row("the home page, not cached", 0, 0, "/", false)?;
        row("the campaign's API", 512, 0, "/api/v1/campaign?locale=en", false)?;
        row("the list of 2,000 products, API", 512, MANY, LIST, false)?;
        row("the shop with 2,000 products, cached", 512, MANY, SHOP, false)?;
        row("a search of 2,000 products, rendered anew", 512, MANY, "/shop?q=heart", true)?;
    }
    table.push_str(MEMORY_HEADING);
    for database in [Database::Sqlite, Database::Postgres(postgres::new_database())] {
        let server = Server::start(server, 512, &database)?;
        server.seed(MANY)?;
        write!(table, "| {} |", database.name())?;
        let mut all = 0;
        for count in [100_000, 400_000, 500_000] {
            let (more, memory) = requests(&server, count)?;
            all += more;
            write!(table, " {memory} MB after {all} |")?;
        }
        table.push('\n');
    }
    Ok(table)
}

/// Requests lists and pages at least this many times, the same share of time each; returns the
/// number of requests and the server's resident memory in MB.
fn requests(server: &Server, count: u64) -> anyhow::Result<(u64, u64)> {
    let mut requests = 0;
    while requests < count {
        eprintln!("→ {requests} of {count} requests");
        for path in [SHOP, LIST, "/", "/shop"] {
            let text = wrk(path, &["-t2", "-c32"], 1)?;
            let line =
                text.lines().find(|line| line.contains(" requests in ")).context("wrk counts requests")?;
            requests += line.split_whitespace().next().context("a number")?.parse::<u64>()?;
        }
    }
    Ok((requests, server.memory()?[0]))
}

/// A list, a search or a feed to measure: its name and its URL.
type List = (&'static str, &'static str);

/// How response times of lists grow with their number of entries.
pub(super) fn growth(server: &Server) -> anyhow::Result<String> {
    const PRODUCTS: [List; 4] = [
        ("everything", "/api/v1/products?locale=en"),
        ("filters", LIST),
        ("a word", "/api/v1/products?locale=en&q=heart"),
        ("a letter, by name", "/api/v1/products?locale=cy&q=m&sort=name&page=2"),
    ];
    const REST: [List; 8] = [
        ("news", "/api/v1/news?locale=en"),
        ("news by subject and union", "/api/v1/news?locale=cy&tag=campaign&union=federation"),
        ("events to come", "/api/v1/events?locale=en"),
        ("past events of a kind", "/api/v1/events?locale=cy&when=past&kind=webinar&limit=5"),
        ("search, a word", "/api/v1/search?locale=en&q=solidarity"),
        ("search, a letter", "/api/v1/search?locale=cy&q=d"),
        ("news feed", "/news/feed.atom"),
        ("calendar", "/events.ics"),
    ];
    let mut table = format!(
        "\n## Lists by number of records\n\nThe server's time for a page of a list with the numbers beside all \
         choices: one connection, SQLite, mean of {GROWTH_SECONDS} s; the median of three rounds. Memory is the \
         server's after the load. The calendar contains all events to come and those of the last 90 days (up to \
         2,500 of the made-up ones), so its time grows with their number.\n"
    );
    rows(&mut table, server, "products", &["--products"], &PRODUCTS)?;
    rows(&mut table, server, "news items and as many events", &["--news", "--events"], &REST)?;
    server.seed(MANY)?;
    Ok(table)
}

/// Adds a table of lists, with a row for each number of generated records; `options` are those
/// of the seed command.
fn rows(
    table: &mut String,
    server: &Server,
    what: &str,
    options: &[&str],
    lists: &[List],
) -> anyhow::Result<()> {
    const SIZES: [u32; 3] = [100, 2000, 20_000];
    let names: Vec<&str> = lists.iter().map(|(name, _)| *name).collect();
    let rule = " --- |".repeat(lists.len());
    writeln!(table, "\n| made-up {what} | {} | memory |\n| --- |{rule} --- |", names.join(" | "))?;
    let mut times = Vec::new();
    for size in SIZES {
        let counts: Vec<(&str, u32)> = options.iter().map(|option| (*option, size)).collect();
        server.make_up(&counts)?;
        let mut row = Vec::new();
        for (name, path) in lists {
            eprintln!("→ {name} of {size} {what}");
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
    let cells: Vec<String> = (0..lists.len()).map(|column| format!("× {:.2}", grown(column))).collect();
    writeln!(table, "| from {} to {} (× 1.5) | {} | |", SIZES[0], SIZES[SIZES.len() - 1], cells.join(" | "))?;
    Ok(())
}

/// The mean response time in milliseconds, over one connection without pauses.
fn mean_ms(path: &str) -> anyhow::Result<f64> {
    let text = wrk(path, &["-t1", "-c1"], GROWTH_SECONDS)?;
    let rate: f64 = figure(&text, "Requests/sec:")?.parse()?;
    Ok(1000.0 / rate)
}

const MEMORY_HEADING: &str = "\n### Memory after a million requests\n\nThe server's resident memory with 2,000 \
    products, while 32 connections ask for lists and cached pages (128 MB, and no growth).\n\n\
    | database | early | halfway | late |\n| --- | --- | --- | --- |\n";

const LOAD_HEADING: &str = "\n## Under load\n\nwrk on the same machine, 2 threads, 32 connections, gzip and brotli accepted. \
    One connection asks for a second before, to fill the caches. Memory is the server's \
    resident memory after the load, and at its highest.\n\n\
    | what | requests a second | p50 | p99 | memory | highest |\n| --- | --- | --- | --- | --- | --- |\n";

/// Adds a row: 32 connections that request `path` as fast as possible, with a different query
/// string each time if `anew` is set.
fn load(
    report: &mut String,
    server: &Server,
    bench: &Bench,
    what: &str,
    path: &str,
    anew: bool,
) -> anyhow::Result<()> {
    eprintln!("→ load on {what}");
    let mut options = vec!["-t2", "-c32"];
    let script = root().join("tests/bench/numbered.lua");
    let script = script.to_string_lossy();
    if anew {
        options.extend(["-s", &script]);
    }
    wrk(path, &["-t1", "-c1"], 1)?;
    let text = wrk(path, &options, bench.seconds)?;
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

/// The output of wrk after a number of seconds, in which every request succeeded.
fn wrk(path: &str, connections: &[&str], seconds: u32) -> anyhow::Result<String> {
    let text = output(
        program("wrk")
            .args(connections)
            .args(["--latency", "-H", "Accept-Encoding: gzip, br", "-d", &format!("{seconds}s")])
            .arg(format!("http://{ADDRESS}{path}")),
    )
    .context("wrk failed")?;
    if text.contains("Non-2xx") {
        bail!("{path}: not every answer was a success\n{text}");
    }
    Ok(text)
}

/// A value in wrk's output, by the start of its line.
fn figure<'a>(text: &'a str, name: &str) -> anyhow::Result<&'a str> {
    let line = text
        .lines()
        .find(|line| line.trim().starts_with(name))
        .with_context(|| format!("wrk tells {name}"))?;
    line.split_whitespace().last().context("a figure")
}
