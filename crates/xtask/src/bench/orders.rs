//! The number of orders that the server acknowledges, compared with the bare database doing
//! the same writes in a loop.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Context as _;
use serde_json::Value;

use super::{
    Bench,
    load::postgres::{self, Cluster},
    server::{Database, Server},
};
use crate::command::{output, program, root, step};

/// The number of concurrent buyers.
const BUYERS: u32 = 8;
/// The writes of an order.
const WRITES: &str = "tests/bench/order.sql";

/// The table for both databases, each with its production durability settings.
pub(super) fn orders(program_path: &Path, bench: &Bench) -> anyhow::Result<String> {
    let mut table = format!(
        "\n## Orders\n\nOrders acknowledged by the server, {BUYERS} buyers at once, {} s; and the bare engine on the \
         same database doing the writes of the same order in a loop (SQLite: one connection, since it has one \
         writer; PostgreSQL: pgbench with {BUYERS}). Commits survive a loss of power. The server also prices the \
         order, queues its email and sends it, here into a file.\n\n\
         | engine | server, orders a second | p50 | p99 | bare, orders a second | server ÷ bare |\n\
         | --- | --- | --- | --- | --- | --- |\n",
        bench.seconds
    );
    let cluster = Cluster::start("-bench", true);
    for database in [Database::Sqlite, Database::Postgres(cluster.new_database("bench"))] {
        let server = Server::start(program_path, 512, &database)?;
        let url = server.database_url();
        step(
            "stock up",
            program(program_path).args([
                "stock",
                "HEART-BADGE-RED-EN",
                "--add",
                "10000000",
                "--database-url",
                url,
            ]),
        )?;
        step("place the model order", program("node").args(["tests/bench/model-order.mjs", &server.site()]))?;
        eprintln!("→ the writes alone, {}", database.name());
        let bare = bare(&database, url, bench.seconds)?;
        eprintln!("→ orders, {}", database.name());
        let placed = wrk(&server.site(), bench.seconds)?;
        let figure = |name: &str| placed[name].as_f64().with_context(|| name.to_owned());
        anyhow::ensure!(figure("refused")? == 0.0, "orders were refused");
        let rate = figure("perSecond")?;
        writeln!(
            table,
            "| {} | {rate:.0} | {:.1} ms | {:.1} ms | {bare:.0} | {:.2} |",
            database.name(),
            figure("p50")?,
            figure("p99")?,
            rate / bare,
        )?;
    }
    Ok(table)
}

/// Places orders for this number of seconds. wrk leaves the processors to the server.
fn wrk(site: &str, seconds: u32) -> anyhow::Result<Value> {
    let text = output(
        program("wrk")
            .args(["-t1", &format!("-c{BUYERS}"), &format!("-d{seconds}s"), "-s", "tests/bench/orders.lua"])
            .arg(site),
    );
    let text = text.context("wrk failed")?;
    let line = text.lines().find(|line| line.starts_with('{')).context("wrk prints the figures")?;
    Ok(serde_json::from_str(line)?)
}

/// The number of orders per second whose writes the database alone can do.
fn bare(database: &Database, url: &str, seconds: u32) -> anyhow::Result<f64> {
    let seconds = seconds.to_string();
    match database {
        Database::Sqlite => {
            let file = url.trim_start_matches("sqlite://");
            let text = output(program("python3").args(["tests/bench/bare_sqlite.py", file, &seconds]));
            let told: Value = serde_json::from_str(&text.context("the writes failed")?)?;
            told["perSecond"].as_f64().context("perSecond")
        }
        Database::Postgres(_) => {
            let script = root().join("target/order.pgbench.sql");
            let writes = fs::read_to_string(root().join(WRITES))?;
            fs::write(&script, ["\\set id random(1, 1000000000000000)\n", &writes].concat())?;
            let text = output(
                program(postgres::bin().join("pgbench"))
                    .args(["--no-vacuum", "--time", &seconds, "--client", &BUYERS.to_string(), "--file"])
                    .arg(script)
                    .arg(url),
            );
            let text = text.context("pgbench failed")?;
            let line = text.lines().find(|line| line.starts_with("tps = ")).context("pgbench tells tps")?;
            Ok(line.split_whitespace().nth(2).context("a figure")?.parse()?)
        }
    }
}
