//! `cargo xtask test`: every deterministic check, with its set-up.

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
    /// Rules that the compiler cannot check.
    Rules,
    /// Unit tests, and the server's HTTP tests with both databases.
    Native,
    /// Components in Chromium.
    Web,
    /// End-to-end tests, accessibility and size budgets with the real server.
    #[value(name = "e2e")]
    EndToEnd,
    /// Random requests generated from the API description.
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
    if wanted(Part::EndToEnd) {
        end_to_end()?;
    }
    if wanted(Part::Api) {
        random_requests(build::Profile::Tested, REQUESTS)?;
    }
    Ok(())
}

/// Component tests in a real browser.
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

/// The number of random requests for each operation in the tests; at least 500 in total.
const REQUESTS: u32 = 20;

/// Random valid and invalid requests, generated from the API description by Schemathesis and
/// sent to the real server; returns their number.
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

fn end_to_end() -> anyhow::Result<()> {
    tools::debian("/usr/bin/chromium", &["chromium"])?;
    tools::node_packages()?;
    build::site(build::Optimise::Required)?;
    // The end-to-end tests replace this API with their own server.
    static_site::assemble("https://api.example.org")?;
    let server = build::server(build::Profile::Tested)?;
    step(
        "check the types of the end-to-end tests",
        program("node_modules/.bin/tsc").args(["--project", "tests/e2e"]),
    )?;
    step(
        "run the end-to-end tests",
        program("node_modules/.bin/playwright")
            .args(["test", "--config", "tests/e2e/playwright.config.ts"])
            .env("CAMPAIGN_HUB_SERVER", server)
            .env("CI", env::var_os("CI").unwrap_or_default()),
    )
}
