//! `cargo xtask serve`: from a fresh clone to a running site.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::{
    build,
    command::{program, root},
};

/// Build what is missing and serve the site.
#[derive(Args)]
pub(crate) struct Serve {
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: String,
    /// The data folder, with the SQLite database.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Database URL, such as `postgres://…`, if it is not in the data folder.
    #[arg(long)]
    database_url: Option<String>,
    /// Override the current time, e.g. `2027-02-10T12:00:00Z`.
    #[arg(long)]
    now: Option<String>,
}

pub(crate) fn run(serve: &Serve) -> anyhow::Result<()> {
    build::site(build::Optimise::IfPossible)?;
    let server = build::server(build::Profile::Dev)?;
    let mut command = program(server);
    command
        .args(["serve", "--addr", &serve.addr, "--public-url", &format!("http://{}", serve.addr)])
        .arg("--data")
        .arg(root().join(&serve.data))
        .args(serve.database_url.iter().flat_map(|url| ["--database-url", url]))
        .args(serve.now.iter().flat_map(|now| ["--now", now]));
    eprintln!("→ serve at http://{}", serve.addr);
    let status = command.status().context("the server cannot be started")?;
    anyhow::ensure!(status.success(), "the server stopped with an error ({status})");
    Ok(())
}
