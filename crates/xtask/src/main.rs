//! The project's tasks. `cargo xtask serve` is all that a newcomer needs.

mod bench;
mod build;
mod checks;
mod command;
mod icons;
mod lint;
mod report;
mod serve;
mod static_site;
mod stress;
mod styles;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The campaign hub's tasks.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build what is missing and serve the site.
    Serve(serve::Serve),
    /// Build the site for production into `dist/`, and the server.
    Build(Build),
    /// Insert scripts and styles into the document made by Trunk, which calls this.
    #[command(hide = true)]
    Document,
    /// Run every deterministic check.
    Test(test::Test),
    /// Run clippy on both targets, and check the dependencies' licences.
    Lint,
    /// Run the long stress tests, and record the results in `docs/stress-tests.md`.
    Stress(stress::Stress),
    /// Run the benchmarks, and record the results in `docs/benchmarks.md`.
    Bench(bench::Bench),
}

#[derive(clap::Args)]
struct Build {
    /// Build only the app, into `dist-static/`, for a static host.
    #[arg(long = "static", requires = "api")]
    is_static: bool,
    /// Origin of the API that the app calls, e.g. `https://api.example.org`.
    #[arg(long, requires = "is_static")]
    api: Option<String>,
}

impl Build {
    fn run(&self) -> anyhow::Result<()> {
        match &self.api {
            Some(api) => static_site::build(api),
            None => {
                build::site(build::Optimise::Required)?;
                build::server(build::Profile::Release).map(drop)
            }
        }
    }
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Serve(serve) => serve::run(&serve),
        Task::Build(build) => build.run(),
        Task::Document => build::document(),
        Task::Test(test) => test::run(&test),
        Task::Lint => lint::run(),
        Task::Stress(stress) => stress::run(&stress),
        Task::Bench(bench) => bench::run(&bench),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
