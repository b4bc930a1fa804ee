//! `cargo xtask test`: every deterministic check, with what it needs.

use std::{env, fs};

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::{
    bench::{Database, Server},
    build, checks,
    command::{cargo, program, root, step},
    static_site, tools,
};

/// Run every deterministic check.
#[derive(Args)]
pub(crate) struct Test {
    /// Run one part only.
    #[arg(long)]
    only: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The rules that no compiler holds.
    Rules,
    /// Unit tests, and the server's HTTP tests on both engines.
    Native,
    /// Components in Chromium.
    Web,
    /// Journeys, accessibility and byte budgets against the real server.
    Journeys,
    /// Random requests made of the API's description.
    Api,
}

pub(crate) fn run(Test { only }: &Test) -> anyhow::Result<()> {
    let wanted = |part| only.is_none_or(|only| only == part);
    if wanted(Part::Rules) {
        checks::run()?;
    }
    if wanted(Part::Native) {
        tools::debian("/usr/lib/postgresql", &["postgresql"])?;
        tools::debian("/usr/bin/openssl", &["openssl"])?;
        step("run the unit and HTTP tests", cargo().args(["test", "--workspace"]))?;
    }
    if wanted(Part::Web) {
        web()?;
    }
    if wanted(Part::Journeys) {
        journeys()?;
    }
    if wanted(Part::Api) {
        random_requests(build::Profile::Tested, REQUESTS)?;
    }
    Ok(())
}

/// Components, in the browser that people have and not in an imitation of it.
fn web() -> anyhow::Result<()> {
    tools::debian("/usr/bin/chromium", &["chromium"])?;
    tools::debian("/usr/bin/chromedriver", &["chromium-driver"])?;
    step(
        "run the component tests in Chromium",
        cargo()
            .args(["test", "--package", "campaign-hub", "--target", "wasm32-unknown-unknown"])
            .args(["--features", "hydrate", "--test", "web"])
            .env("PATH", tools::path_with_build_tools()?)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
            .env("CHROMEDRIVER", "/usr/bin/chromedriver"),
    )
}

/// How many requests are drawn for each operation in the tests; at least 500 of all.
const REQUESTS: u32 = 20;

/// Random requests, good ones and bad ones, made of the API's description by
/// Schemathesis against the real server; how many there were.
pub(crate) fn random_requests(profile: build::Profile, each: u32) -> anyhow::Result<u64> {
    let schemathesis = tools::python_packages()?.join("st");
    if !root().join("dist/index.html").exists() {
        build::site(build::Optimise::Required)?;
    }
    let server = Server::start(&build::server(profile)?, 512, &Database::Sqlite)?;
    let report = root().join("target/schemathesis.json");
    step(
        "send random requests",
        program(schemathesis)
            .args(["--config-file", "tests/api/schemathesis.toml", "run"])
            .arg(format!("{}/api/v1/openapi.json", server.site()))
            .args(["--max-examples", &each.to_string(), "--report-json-path"])
            .arg(&report)
            .env("CAMPAIGN_HUB_URL", server.site())
            .env("SCHEMATHESIS_HOOKS", root().join("tests/api/hooks.py"))
            .env("HYPOTHESIS_STORAGE_DIRECTORY", root().join("target/hypothesis"))
            .env("PYTHONDONTWRITEBYTECODE", "1"),
    )?;
    let report: serde_json::Value = serde_json::from_str(&fs::read_to_string(report)?)?;
    let cases = report["test_cases"]["generated"].as_u64().context("how many cases there were")?;
    anyhow::ensure!(cases >= 500, "only {cases} requests were sent");
    eprintln!("  {cases} requests: none that breaks the server or its description");
    Ok(cases)
}

fn journeys() -> anyhow::Result<()> {
    tools::debian("/usr/bin/chromium", &["chromium"])?;
    tools::node_packages()?;
    build::site(build::Optimise::Required)?;
    // The journeys put their own server in the place of this API.
    static_site::assemble("https://api.example.org")?;
    let server = build::server(build::Profile::Tested)?;
    step(
        "check the types of the journeys",
        program("node_modules/.bin/tsc").args(["--project", "tests/e2e"]),
    )?;
    step(
        "run the journeys",
        program("node_modules/.bin/playwright")
            .args(["test", "--config", "tests/e2e/playwright.config.ts"])
            .env("CAMPAIGN_HUB_SERVER", server)
            .env("CI", env::var_os("CI").unwrap_or_default()),
    )
}
