//! The project's tasks. `cargo xtask serve` is all that a newcomer needs.

mod bench;
mod build;
mod checks;
mod command;
mod gather;
mod icons;
mod lint;
mod prove;
mod serve;
mod stub;
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
    /// Build the site into `dist/` as it goes online, and the server.
    Build,
    /// Run every deterministic check.
    Test(test::Test),
    /// Run clippy on both targets, and check the dependencies' licences.
    Lint,
    /// Run the long proofs, and keep their figures in `docs/proofs.md`.
    Prove,
    /// Measure, and keep the figures in `docs/benchmarks.md`.
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Serve(serve) => serve::run(&serve),
        Task::Build => build::site(build::Optimise::Required)
            .and_then(|()| build::server(build::Profile::Release).map(drop)),
        Task::Test(test) => test::run(&test),
        Task::Lint => lint::run(),
        Task::Prove => prove::run(),
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
