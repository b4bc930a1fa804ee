//! `cargo xtask test`: every deterministic check, with what it needs.

use std::env;

use clap::{Args, ValueEnum};

use crate::{
    build, checks,
    command::{cargo, program, step},
    tools,
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
}

pub(crate) fn run(Test { only }: &Test) -> anyhow::Result<()> {
    let wanted = |part| only.is_none_or(|only| only == part);
    if wanted(Part::Rules) {
        checks::run()?;
    }
    if wanted(Part::Native) {
        tools::debian("/usr/lib/postgresql", &["postgresql"])?;
        step("run the unit and HTTP tests", cargo().args(["test", "--workspace"]))?;
    }
    if wanted(Part::Web) {
        web()?;
    }
    if wanted(Part::Journeys) {
        journeys()?;
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

fn journeys() -> anyhow::Result<()> {
    tools::debian("/usr/bin/chromium", &["chromium"])?;
    tools::node_packages()?;
    build::site(build::Optimise::Required)?;
    let server = build::server(build::Profile::Dev)?;
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
