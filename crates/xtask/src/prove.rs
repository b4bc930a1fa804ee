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

pub(crate) fn run() -> anyhow::Result<()> {
    tools::debian("/usr/bin/chromium", &["chromium"])?;
    tools::node_packages()?;
    let mut report = format!("# Proofs\n\nWritten by `cargo xtask prove` {}.\n", machine()?);
    report.push_str(&random_texts()?);
    report.push_str(&look_ups()?);
    report.push_str(&money()?);
    report.push_str(&kills()?);
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

/// A server that is killed in the midst of taking orders, again and again.
fn kills() -> anyhow::Result<String> {
    const TEST: &str = "durability::an_acknowledged_order_survives_a_kill_once_and_whole";
    let mut test = cargo();
    test.args(["test", "--package", "campaign-hub-server", "--test", "http", TEST, "--", "--nocapture"]);
    test.env("KILL_CYCLES", KILL_CYCLES.to_string());
    eprintln!("→ kill a server {KILL_CYCLES} times");
    let run = test.output().context("the test cannot be started")?;
    let told = String::from_utf8_lossy(&run.stderr);
    let figures =
        told.lines().find(|line| line.contains(" kills, ")).context("orders were lost or doubled")?;
    anyhow::ensure!(run.status.success(), "orders were lost or doubled: {told}");
    Ok(format!("\n## Orders on SQLite\n\nSIGKILL while four buyers order: {figures}.\n"))
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
