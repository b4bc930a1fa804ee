//! `cargo xtask prove`: the long forms of what the tests show in short.

use std::{fmt::Write as _, fs, time::Instant};

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::{
    bench::{Database, Server},
    build,
    command::{cargo, machine, output, program, root, step},
    tools,
};

/// How many random texts the look-up is given.
const TEXTS: u32 = 200_000;
/// How many random orders are added up.
const MONEY_CASES: u32 = 100_000;
/// How often a server is killed that takes orders.
const KILL_CYCLES: u32 = 200;
/// How often PostgreSQL crashes under a server that takes orders.
const CRASH_CYCLES: u32 = 50;
/// How often a thousand buyers race for what there is.
const RACE_SEEDS: u32 = 50;
/// How many orders are placed over a bad line.
const LOSSY_ORDERS: u32 = 1_000;
/// How many random requests are drawn for each operation of the API, and how many
/// there are altogether, at least.
const REQUESTS_EACH: u32 = 600;
const REQUESTS: u64 = 20_000;

pub(crate) fn run() -> anyhow::Result<()> {
    tools::debian("/usr/bin/chromium", &["chromium"])?;
    tools::node_packages()?;
    let mut report = format!("# Proofs\n\nWritten by `cargo xtask prove` {}.\n", machine()?);
    report.push_str(&random_texts()?);
    report.push_str(&look_ups()?);
    report.push_str(&money()?);
    report.push_str(&orders()?);
    report.push_str(&requests()?);
    let target = root().join("docs/proofs.md");
    fs::write(&target, &report)?;
    eprintln!("{report}\nwritten to {}", target.display());
    Ok(())
}

/// Random texts, half of them shaped like a postcode: never a panic, never
/// another region than the four tiers give, each answer within a millisecond.
fn random_texts() -> anyhow::Result<String> {
    const TEST: &str =
        "region::table::tests::random_text_never_panics_and_well_formed_codes_lie_where_their_tiers_say";
    let test = |arguments: &[&str]| {
        let mut test = cargo();
        test.args(["test", "--release", "--package", "contract", "--lib"]).args(arguments);
        test.env("PROOF_TEXTS", TEXTS.to_string());
        test
    };
    step("compile the look-up's tests", &mut test(&["--no-run"]))?;
    let started = Instant::now();
    step("look up random texts", &mut test(&["--", "--exact", TEST]))?;
    let took = started.elapsed();
    Ok(format!(
        "\n## Postcodes\n\n{TEXTS} random texts, of which half are shaped like a postcode: no panic, every \
         whole postcode in the region that the four tiers give, each answer within 1 ms. All of it took {:.1} s.\n",
        took.as_secs_f64()
    ))
}

/// Orders of random lines: their parts add up, and no more is given back than was paid.
fn money() -> anyhow::Result<String> {
    let mut test = cargo();
    test.args(["test", "--release", "--package", "contract", "--lib", "the_parts_of_an_order_add_up"]);
    test.env("MONEY_CASES", MONEY_CASES.to_string());
    step("add up random orders", &mut test)?;
    Ok(format!(
        "\n## Money\n\n{MONEY_CASES} random orders of up to 30 lines: lines, sending, VAT by rate and discounts add \
         up to the total, and what is given back in two goes is what was paid.\n"
    ))
}

/// Orders, whatever breaks while they are taken.
fn orders() -> anyhow::Result<String> {
    let proofs = [
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
            "A line that loses requests and answers, stalls and repeats",
        ),
        (
            "orders::a_thousand_buyers_get_exactly_what_there_is",
            ("RACE_SEEDS", RACE_SEEDS),
            "1,000 buyers at once for 100 badges, alone, in boxes and both, on SQLite and on PostgreSQL",
        ),
    ];
    let mut section = "\n## Orders\n\n".to_owned();
    for (test, (variable, count), what) in proofs {
        eprintln!("→ {what}");
        let mut command = cargo();
        command.args(["test", "--package", "campaign-hub-server", "--test", "http", test]);
        command.args(["--", "--exact", "--nocapture"]).env(variable, count.to_string());
        let started = Instant::now();
        let run = command.output().context("the test cannot be started")?;
        let told = String::from_utf8_lossy(&run.stderr);
        anyhow::ensure!(run.status.success(), "{what}: {told}");
        let start = format!("{count} ");
        let figures: Vec<&str> = told.lines().filter(|line| line.starts_with(&start)).collect();
        anyhow::ensure!(!figures.is_empty(), "{what}: no figures in {told}");
        writeln!(section, "- {what}: {} ({} s).", figures.join("; "), started.elapsed().as_secs())?;
    }
    Ok(section)
}

/// Random requests of the API's description.
fn requests() -> anyhow::Result<String> {
    let cases = crate::test::random_requests(build::Profile::Release, REQUESTS_EACH)?;
    anyhow::ensure!(cases >= REQUESTS, "only {cases} requests were sent");
    Ok(format!(
        "\n## API\n\n{cases} requests that Schemathesis has made of the API's description, good ones and bad \
         ones: no answer of 500 or more, every answer as the description says, nothing taken that it forbids, \
         nothing refused that it allows.\n"
    ))
}

/// The finder in Chromium, from the event to the new answer.
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
        "\nIn Chromium, CPU slowed 4 times, {} in a row, from the event to the new answer on the page (5 ms): \
         {:.2} ms on average, 99 % within {:.1} ms, slowest {:.1} ms. The module's memory: {:.2} MB before, after {} others, and {:.2} MB after.",
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
