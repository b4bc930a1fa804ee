//! `cargo xtask stress`: the tests in their long form, as stress tests.

use std::{fmt::Write as _, time::Instant};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::{
    bench::{Database, Server},
    build,
    command::{cargo, machine, output, program, root, step},
    report::Report,
    tools,
};

/// The number of random texts for the look-up.
const TEXTS: u32 = 200_000;
/// The number of random orders to add up.
const MONEY_CASES: u32 = 100_000;
/// How often a server is killed while it takes orders.
const KILL_CYCLES: u32 = 200;
/// How often PostgreSQL crashes while a server takes orders.
const CRASH_CYCLES: u32 = 50;
/// How often a thousand buyers compete for limited stock.
const RACE_SEEDS: u32 = 50;
/// The number of orders over an unreliable connection.
const LOSSY_ORDERS: u32 = 1_000;
/// The numbers of concurrent or consecutive requests, connections and so on.
const POSTERS: u32 = 200;
const POSTERS_IN_A_ROW: u32 = 20;
const PUBLISHES: u32 = 50;
const UNCACHED_PAGES: u32 = 2_000;
const ABANDONED_PAGES: u32 = 5_000;
const SLOW_BODIES: u32 = 600;
const SLOW_STREAMS: u32 = 600;
const IDLE_CONNECTIONS: u32 = 2_048;
const INVENTED_METHODS: u32 = 20_000;
const UNSCRAPED_REQUESTS: u32 = 1_000_000;
const OVERLOAD_CONNECTIONS: u32 = 2_000;
const LIMITED_WRITES: u32 = 10_000;
/// The number of emails, of which one in ten takes a minute to time out: half an hour for all.
const MAILS: u32 = 1_000;
/// How often a database fails and recovers, for each kind of failure.
const FAULT_CYCLES: u32 = 10;
/// The maximum number of open files for a test, and for its server.
const OPEN_FILES: u32 = 8_192;
/// The number of random requests for each operation of the API, and the minimum in total.
const REQUESTS_EACH: u32 = 600;
const REQUESTS: u64 = 20_000;

/// Run the long stress tests, and record the results in `docs/stress-tests.md`.
#[derive(Args)]
pub(crate) struct Stress {
    /// Run only this section, and keep the rest of the report.
    #[arg(long)]
    only: Option<Part>,
}

/// A section of the report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Random postcodes, natively and in Chromium.
    Postcodes,
    /// Random orders that are added up.
    Money,
    /// Orders during kills, crashes, an unreliable connection and a race.
    Orders,
    /// More load than the server can handle, or than one client may cause.
    Overload,
    /// A mail server that hangs and loses responses.
    Mails,
    /// Databases that fail and recover.
    Faults,
    /// Random API requests.
    Api,
}

/// Runs for minutes, and returns a section of the report.
type Section = fn() -> anyhow::Result<String>;

pub(crate) fn run(stress: &Stress) -> anyhow::Result<()> {
    tools::debian("/usr/bin/chromium", &["chromium"])?;
    tools::debian("/usr/lib/postgresql", &["postgresql"])?;
    tools::node_packages()?;
    let mut report = Report::open(
        &root().join("docs/stress-tests.md"),
        format!("# Stress tests\n\nWritten by `cargo xtask stress` {}.\n", machine()?),
        stress.only.is_some(),
    )?;
    let parts: [(Part, Section); 7] = [
        (Part::Postcodes, postcodes),
        (Part::Money, money),
        (Part::Orders, orders),
        (Part::Overload, overload),
        (Part::Mails, mails),
        (Part::Faults, faults),
        (Part::Api, requests),
    ];
    for (part, section) in parts {
        if stress.only.is_none_or(|only| only == part) {
            report.keep(&section()?)?;
        }
    }
    Ok(())
}

/// Look-ups of random texts, natively and in Chromium.
fn postcodes() -> anyhow::Result<String> {
    Ok([random_texts()?, look_ups()?].concat())
}

/// Random texts, half of them in the format of a postcode: the look-up never panics, never
/// returns a region other than that of the four levels, and takes at most a millisecond.
fn random_texts() -> anyhow::Result<String> {
    const TEST: &str = "region::table::tests::random_text_never_panics_and_valid_postcodes_match_the_table";
    let test = |arguments: &[&str]| {
        let mut test = cargo();
        test.args(["test", "--release", "--package", "contract", "--lib"]).args(arguments);
        test.env("STRESS_TEXTS", TEXTS.to_string());
        test
    };
    step("compile the look-up's tests", &mut test(&["--no-run"]))?;
    let started = Instant::now();
    step("look up random texts", &mut test(&["--", "--exact", TEST]))?;
    let took = started.elapsed();
    Ok(format!(
        "\n## Postcodes\n\n{TEXTS} random texts, half of them in the format of a postcode: no panic, every valid \
         postcode in the region that the table names, each look-up within 1 ms. Total time: {:.1} s.\n",
        took.as_secs_f64()
    ))
}

/// Orders with random lines: their parts add up, and no refund exceeds the payment.
fn money() -> anyhow::Result<String> {
    let mut test = cargo();
    test.args([
        "test",
        "--release",
        "--package",
        "contract",
        "--lib",
        "order_totals_are_the_sum_of_their_parts",
    ]);
    test.env("MONEY_CASES", MONEY_CASES.to_string());
    step("add up random orders", &mut test)?;
    Ok(format!(
        "\n## Money\n\n{MONEY_CASES} random orders of up to 30 lines: lines, delivery, VAT by rate and discounts \
         add up to the total, and two refunds for all items add up to the payment.\n"
    ))
}

/// Orders, whatever fails meanwhile.
fn orders() -> anyhow::Result<String> {
    let tests = [
        (
            "durability::an_acknowledged_order_survives_a_kill_once_and_whole",
            ("KILL_CYCLES", KILL_CYCLES),
            "SIGKILL while four buyers order, on SQLite",
        ),
        (
            "durability::an_acknowledged_order_survives_a_crash_of_postgres",
            ("CRASH_CYCLES", CRASH_CYCLES),
            "PostgreSQL crashes while four buyers order",
        ),
        (
            "durability::a_line_that_loses_answers_stalls_and_repeats_makes_one_order_of_each_intent",
            ("LOSSY_ORDERS", LOSSY_ORDERS),
            "A connection that loses, delays and repeats requests and responses",
        ),
        (
            "order_stock::a_thousand_buyers_get_exactly_what_there_is",
            ("RACE_SEEDS", RACE_SEEDS),
            "1,000 concurrent buyers of 100 badges, single, in boxes and both, on SQLite and on PostgreSQL",
        ),
    ];
    long_forms("Orders", build::Profile::Dev, &tests)
}

/// More load than the server can handle, or than one client may cause.
fn overload() -> anyhow::Result<String> {
    let tests = [
        (
            "overload::flood_of_dense_posters_is_queued_or_refused",
            ("POSTERS", POSTERS),
            "Concurrent posters of 150 lines, which may take 200 MB and delay a page by 200 ms",
        ),
        (
            "overload::posters_in_a_row_do_not_grow_memory",
            ("POSTERS_IN_A_ROW", POSTERS_IN_A_ROW),
            "The same posters one after another",
        ),
        (
            "rendering::page_that_a_hundred_visitors_ask_for_at_once_is_rendered_once",
            ("PUBLISHES", PUBLISHES),
            "A page that 100 visitors request at once after a change of the content",
        ),
        (
            "rendering::uncached_pages_are_rendered_once_each_in_bounded_memory",
            ("UNCACHED_PAGES", UNCACHED_PAGES),
            "Pages that are not in the cache",
        ),
        (
            "overload::renders_that_clients_do_not_wait_for_are_limited",
            ("ABANDONED_PAGES", ABANDONED_PAGES),
            "The same for clients that hang up at once",
        ),
        (
            "overload::slow_bodies_take_no_places_and_are_given_up",
            ("SLOW_BODIES", SLOW_BODIES),
            "Requests whose body never ends, over HTTP/1.1",
        ),
        (
            "overload::slow_streams_take_no_places",
            ("SLOW_STREAMS", SLOW_STREAMS),
            "The same over three HTTP/2 connections",
        ),
        (
            "overload::connection_that_never_sends_a_whole_head_is_closed_within_15_seconds",
            ("IDLE_CONNECTIONS", IDLE_CONNECTIONS),
            "As many idle connections as the server accepts",
        ),
        (
            "overload::invented_methods_add_no_series",
            ("INVENTED_METHODS", INVENTED_METHODS),
            "Requests with unknown methods",
        ),
        (
            "overload::requests_that_nobody_scrapes_do_not_grow_memory",
            ("UNSCRAPED_REQUESTS", UNSCRAPED_REQUESTS),
            "Requests while the metrics are not scraped",
        ),
        (
            "overload::overloaded_server_answers_in_time_or_turns_away",
            ("OVERLOAD_CONNECTIONS", OVERLOAD_CONNECTIONS),
            "More concurrent requests than slots, each answered within 500 ms or refused",
        ),
        (
            "shared_limits::two_servers_take_exactly_what_is_allowed_and_keep_no_more_of_it",
            ("LIMITED_WRITES", LIMITED_WRITES),
            "Orders beyond the limits, on two servers with one PostgreSQL database",
        ),
    ];
    long_forms("Overload", build::Profile::Release, &tests)
}

/// Emails through a mail server that hangs and loses responses.
fn mails() -> anyhow::Result<String> {
    let tests = [(
        "mails::mails_arrive_once_though_some_hang_and_twice_only_where_the_answer_was_lost",
        ("MAILS", MAILS),
        "A mail server that hangs at one email in ten and loses its response to another, on SQLite and on \
         PostgreSQL",
    )];
    long_forms("Emails", build::Profile::Release, &tests)
}

/// Databases that fail and recover while orders are placed.
fn faults() -> anyhow::Result<String> {
    let cycles = ("FAULT_CYCLES", FAULT_CYCLES);
    let tests = [
        ("faults::full_disk_refuses_writes_until_there_is_room", cycles, "A full disk"),
        ("faults::locked_database_refuses_writes_until_it_is_free", cycles, "An SQLite file that is locked"),
        ("faults::removed_file_refuses_writes_until_it_is_back", cycles, "An SQLite file that is removed"),
        (
            "faults::read_only_file_refuses_writes_until_it_can_be_written",
            cycles,
            "An SQLite file that becomes read-only",
        ),
        (
            "faults::read_only_file_refuses_writes_until_its_mode_is_changed",
            cycles,
            "An SQLite file that becomes read-only, and writable again in place",
        ),
        (
            "faults::full_disk_of_postgres_refuses_writes_until_there_is_room",
            cycles,
            "PostgreSQL that reports a full disk",
        ),
        (
            "faults::read_only_postgres_refuses_writes_until_it_can_be_written",
            cycles,
            "PostgreSQL that becomes read-only",
        ),
        ("faults::postgres_that_is_gone_refuses_writes_until_it_is_back", cycles, "PostgreSQL that crashes"),
        (
            "faults::pool_that_is_used_up_refuses_requests_until_it_is_free",
            cycles,
            "PostgreSQL whose table is locked until all connections wait",
        ),
    ];
    long_forms("Database faults", build::Profile::Release, &tests)
}

/// A test of the server, the variable that sets its length, and what it tests.
type LongForm = (&'static str, (&'static str, u32), &'static str);

/// Runs tests of the server in their long form, one at a time; returns a section with their
/// results, which are the output lines that start with the count.
fn long_forms(heading: &str, profile: build::Profile, tests: &[LongForm]) -> anyhow::Result<String> {
    let test = |arguments: &[&str]| {
        // Thousands of connections are open at once.
        let mut test = program("prlimit");
        test.arg(format!("--nofile={OPEN_FILES}:")).arg(cargo().get_program());
        // What is compiled already: by `cargo xtask test`, or for the server in release.
        let what: &[&str] = match profile {
            build::Profile::Release => &["--release", "--package", "campaign-hub-server"],
            build::Profile::Dev | build::Profile::Tested => &["--workspace"],
        };
        test.arg("test").args(what).args(["--test", "http"]);
        test.args(arguments);
        test
    };
    step("compile the server's tests", &mut test(&["--no-run"]))?;
    let mut section = format!("\n## {heading}\n\n");
    for &(name, (variable, count), what) in tests {
        eprintln!("→ {what}");
        let started = Instant::now();
        let run = test(&[name, "--", "--exact", "--nocapture"]).env(variable, count.to_string()).output();
        let run = run.context("the test cannot be started")?;
        let told = String::from_utf8_lossy(&run.stderr);
        anyhow::ensure!(run.status.success(), "{what}: {told}");
        let start = format!("{count} ");
        let figures: Vec<&str> = told.lines().filter(|line| line.starts_with(&start)).collect();
        anyhow::ensure!(!figures.is_empty(), "{what}: no figures in {told}");
        writeln!(section, "- {what}: {} ({} s).", figures.join("; "), started.elapsed().as_secs())?;
    }
    Ok(section)
}

/// Random requests generated from the API description.
fn requests() -> anyhow::Result<String> {
    let cases = crate::test::random_requests(build::Profile::Release, REQUESTS_EACH)?;
    anyhow::ensure!(cases >= REQUESTS, "only {cases} requests were sent");
    Ok(format!(
        "\n## API\n\n{cases} valid and invalid requests that Schemathesis generated from the API description: no \
         response of 500 or above, every response as described, no invalid request accepted, no valid request \
         refused.\n"
    ))
}

/// The region finder in Chromium, from the event to the result on the page.
fn look_ups() -> anyhow::Result<String> {
    build::site(build::Optimise::Required)?;
    let server = Server::start(&build::server(build::Profile::Release)?, 512, &Database::Sqlite)?;
    eprintln!("→ look-ups in Chromium");
    let text = output(program("node").arg("tests/bench/look-ups.mjs").arg(server.site()))
        .context("the look-ups in Chromium failed")?;
    let result: Value = serde_json::from_str(&text)?;
    let figure = |name: &str| result[name].as_f64().context(name.to_owned());
    let mut section = String::new();
    writeln!(
        section,
        "\nIn Chromium, CPU slowed 4 times, {} look-ups in a row, from the event to the result on the page \
         (budget 5 ms): {:.2} ms on average, 99% within {:.1} ms, slowest {:.1} ms. The module's memory: {:.2} MB \
         after {} look-ups to warm up, {:.2} MB at the end.",
        figure("lookUps")?,
        figure("mean")?,
        figure("p99")?,
        figure("slowest")?,
        figure("before")?,
        figure("warmUp")?,
        figure("after")?,
    )?;
    if figure("after")? > figure("before")? {
        bail!("the memory grew\n{section}");
    }
    Ok(section)
}
