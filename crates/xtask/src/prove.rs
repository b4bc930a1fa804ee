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

pub(crate) fn run() -> anyhow::Result<()> {
    tools::debian("/usr/bin/chromium", &["chromium"])?;
    tools::node_packages()?;
    let mut report = format!("# Proofs\n\nWritten by `cargo xtask prove` {}.\n", machine()?);
    report.push_str(&random_texts()?);
    report.push_str(&look_ups()?);
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
