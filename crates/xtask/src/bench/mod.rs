//! `cargo xtask bench`: how fast the site is, on a slow phone and under load.
//!
//! Times depend on the machine, so they are reported and not tested.

mod load;
mod orders;
mod server;

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, bail, ensure};
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::{
    build,
    command::{machine, output, program, root, step},
    report::{Report, section},
    tools,
};
use server::ADDRESS;
pub(crate) use server::{Database, Server};

const LIGHTHOUSE: &str = "12.8.2";

/// The title of the section with Lighthouse's results.
const FIRST_VIEW: &str = "A first view on a slow phone";

/// The number of products for measuring the shop.
const MANY: u32 = 2000;

/// Measure, and keep the figures in `docs/benchmarks.md`.
#[derive(Args)]
pub(crate) struct Bench {
    /// Number of Lighthouse runs for each page; the median is kept.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Measure only these pages of `tests/pages.json`, such as `/basket`, in both languages; a query
    /// can be left out. The rows of the other pages are kept.
    #[arg(long)]
    page: Vec<String>,
    /// Duration of each load test, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// Run only this part, and keep the rest of the table.
    #[arg(long)]
    only: Option<Part>,
}

/// A part of the measurements.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Every page with Lighthouse, and the contrast switch.
    Pages,
    /// How much code every page fetches, and how soon the app is ready.
    Views,
    /// Typing in the shop's search.
    Typing,
    /// Lists and searches, by number of entries.
    Lists,
    /// Many concurrent requests.
    Load,
    /// Orders, compared with the bare database.
    Orders,
}

pub(crate) fn run(bench: &Bench) -> anyhow::Result<()> {
    let pages_of_site = page_paths()?;
    for name in &bench.page {
        let is_known = pages_of_site.iter().any(|page| is_named(page, name));
        ensure!(is_known, "tests/pages.json has no page {name}");
    }
    tools::debian("/usr/bin/chromium", &["chromium"])?;
    tools::debian("/usr/bin/wrk", &["wrk"])?;
    tools::debian("/usr/lib/postgresql", &["postgresql"])?;
    build::site(build::Optimise::Required)?;
    let program = build::server(build::Profile::Release)?;
    let target = root().join("docs/benchmarks.md");
    let wanted = |part: Part| bench.only.is_none_or(|only| only == part);
    let mut report = Report::open(&target, heading()?, bench.only.is_some())?;
    {
        let server = Server::start(&program, 512, &Database::Sqlite)?;
        if wanted(Part::Pages) {
            let known = fs::read_to_string(&target).unwrap_or_default();
            report.keep(&pages(bench, section(&known, FIRST_VIEW))?)?;
            if bench.page.is_empty() {
                report.keep(&presses()?)?;
            }
        }
        if wanted(Part::Typing) {
            server.seed(MANY)?;
            report.keep(&typing()?)?;
        }
        if wanted(Part::Lists) {
            report.keep(&load::growth(&server)?)?;
        }
    }
    if wanted(Part::Views) {
        // Without a cache, so that the server renders each time.
        let server = Server::start(&program, 0, &Database::Sqlite)?;
        report.keep(&first_views(&server)?)?;
    }
    if wanted(Part::Load) {
        report.keep(&load::loads(&program, bench)?)?;
    }
    if wanted(Part::Orders) {
        tools::debian("/usr/bin/python3", &["python3"])?;
        report.keep(&orders::orders(&program, bench)?)?;
    }
    Ok(())
}

fn heading() -> anyhow::Result<String> {
    Ok(format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench` {}. Other machines give other times; compare figures of \
         one run.\n",
        machine()?
    ))
}

/// Every page, in English, as in the end-to-end tests.
fn page_paths() -> anyhow::Result<Vec<String>> {
    let list = fs::read_to_string(root().join("tests/pages.json"))?;
    serde_json::from_str(&list).context("tests/pages.json is a list of paths")
}

/// The table of Lighthouse results: mobile defaults, simulated slow 4G, CPU slowed 4 times.
/// Rows of other pages are copied from the `known` table.
fn pages(bench: &Bench, known: &str) -> anyhow::Result<String> {
    let home = root().join("target/lighthouse");
    let cli = home.join("node_modules/lighthouse/cli/index.js");
    if !cli.exists() {
        fs::create_dir_all(&home)?;
        let package = format!("lighthouse@{LIGHTHOUSE}");
        step(
            "install Lighthouse",
            program("npm").args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&home).arg(package),
        )?;
    }
    let mut table = format!(
        "\n## {FIRST_VIEW}\n\nLighthouse {LIGHTHOUSE}, mobile defaults, median of the runs in the last column. Scores: \
         performance, accessibility, best practices, search engines. Bytes are those transferred. A figure that \
         misses its budget is in bold.\n\n\
         | page | scores | first paint | largest paint (1.0 s) | blocking (150 ms) | shift (0.02) | requests | KB | runs |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let english = page_paths()?;
    let welsh: Vec<String> =
        english.iter().map(|page| ["/cy", page.trim_end_matches('/')].concat()).collect();
    for page in english.iter().chain(&welsh).map(String::as_str) {
        let english = page.strip_prefix("/cy").map_or(page, |page| if page.is_empty() { "/" } else { page });
        if !bench.page.is_empty() && !bench.page.iter().any(|wanted| is_named(english, wanted)) {
            let start = format!("| {page} |");
            if let Some(row) = known.lines().find(|line| line.starts_with(&start)) {
                writeln!(table, "{row}")?;
            }
            continue;
        }
        eprintln!("→ Lighthouse on {page}");
        let mut runs = (0..bench.runs).map(|_| lighthouse(&cli, page)).collect::<anyhow::Result<Vec<_>>>()?;
        runs.sort_by(|one, other| one.largest_paint_ms.total_cmp(&other.largest_paint_ms));
        let run = &runs[runs.len() / 2];
        let scores = run.scores.map(|score| format!("{score:.0}")).join(" / ");
        let [performance, others @ ..] = run.scores;
        writeln!(
            table,
            "| {page} | {} | {:.2} s | {} | {} | {} | {} | {:.0} | {} |",
            mark(scores, performance < 99.0 || others.iter().any(|&score| score < 100.0)),
            run.first_paint_ms / 1000.0,
            mark(format!("{:.2} s", run.largest_paint_ms / 1000.0), run.largest_paint_ms > 1000.0),
            mark(format!("{:.0} ms", run.blocking_ms), run.blocking_ms > 150.0),
            mark(format!("{:.3}", run.shift), run.shift > 0.02),
            run.requests,
            run.bytes / 1024.0,
            bench.runs,
        )?;
    }
    Ok(table)
}

/// Whether this is the name of a page: its path, with or without its query.
fn is_named(page: &str, name: &str) -> bool {
    page == name || page.split('?').next() == Some(name)
}

/// What a first view of each page costs until the app is ready.
fn first_views(server: &Server) -> anyhow::Result<String> {
    tools::node_packages()?;
    eprintln!("→ first views");
    let text = output(
        program("node")
            .arg("tests/bench/first_view.mjs")
            .arg(server.site())
            .args(page_paths()?)
            .arg("/orders/{token}"),
    )
    .context("the first views failed")?;
    let mut table = "\n## Until the app is ready\n\nA phone's width, slow 4G (150 ms, 1.6 Mbit/s) and the CPU \
        slowed 4 times; the medians of three views. Code is WebAssembly and JavaScript, compressed with brotli \
        (260 KB, the home page 210 KB). The longest task is that of the main thread; tasks under 50 ms are not \
        reported. Rendering is the server's time without a cache, the median of 30 requests.\n\n\
        | page | code | code files (7) | requests | ready (2.8 s) | longest task | rendering |\n\
        | --- | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    let views: Vec<Value> = serde_json::from_str(&text)?;
    for view in &views {
        let page = view["page"].as_str().context("a page")?;
        let figure = |name: &str| view[name].as_f64().context(name.to_owned());
        let (code_kb, files) = (figure("codeBytes")? / 1024.0, figure("codeFiles")?);
        let (ready_ms, longest_ms) = (figure("readyMs")?, figure("longestTaskMs")?);
        writeln!(
            table,
            "| {page} | {} | {} | {} | {} | {} | {:.1} ms |",
            mark(format!("{code_kb:.0} KB"), code_kb > if page == "/" { 210.0 } else { 260.0 }),
            mark(files.to_string(), files > 7.0),
            figure("requests")?,
            mark(format!("{:.2} s", ready_ms / 1000.0), ready_ms > 2800.0),
            if longest_ms == 0.0 { "under 50 ms".to_owned() } else { format!("{longest_ms:.0} ms") },
            figure("renderMs")?,
        )?;
    }
    Ok(table)
}

/// The time from pressing the contrast switch to the next paint.
fn presses() -> anyhow::Result<String> {
    tools::node_packages()?;
    eprintln!("→ presses of the contrast switch");
    let text = output(program("node").arg("tests/bench/presses.mjs").arg(format!("http://{ADDRESS}/")))
        .context("the presses failed")?;
    let result: Value = serde_json::from_str(&text)?;
    let mut table =
        "\n## The contrast switch\n\nFrom press to paint on the home page, CPU slowed 4 times, 20 \
         presses; the browser rounds to 8 ms and reports nothing under 16 ms. Budget: 50 ms.\n\n\
         | when | median | slowest |\n| --- | --- | --- |\n"
            .to_owned();
    for (name, when) in [("ready", "after hydration"), ("waiting", "before the module has loaded")] {
        let mut times: Vec<u64> = result[name]
            .as_array()
            .context("times")?
            .iter()
            .filter_map(Value::as_f64)
            .map(|ms| ms as u64)
            .collect();
        times.sort_unstable();
        let cell =
            |ms: u64| mark(if ms == 0 { "under 16 ms".to_owned() } else { format!("{ms} ms") }, ms > 50);
        let [.., slowest] = times[..] else { bail!("no press was measured") };
        writeln!(table, "| {when} | {} | {} |", cell(times[times.len() / 2]), cell(slowest))?;
    }
    Ok(table)
}

/// The longest frame while someone types in the shop's search.
fn typing() -> anyhow::Result<String> {
    eprintln!("→ typing in the search");
    let text = output(program("node").arg("tests/bench/typing.mjs").arg(format!("http://{ADDRESS}")))
        .context("the typing failed")?;
    let result: Value = serde_json::from_str(&text)?;
    let figure = |name: &str| result[name].as_f64().context(name.to_owned());
    Ok(format!(
        "\n## Typing in the shop's search\n\n{MANY} products, a phone's width, CPU slowed 4 times: {} letters, after \
         which {} lists were shown. Of {} frames 99 % took up to {:.1} ms, the longest {:.1} ms (50 ms); the longest \
         piece of work on the page's thread took {:.1} ms.\n",
        figure("letters")?,
        figure("lists")?,
        figure("frames")?,
        figure("p99")?,
        figure("longest")?,
        figure("longestTask")?,
    ))
}

/// A figure in bold where it misses its budget.
fn mark(text: String, missed: bool) -> String {
    if missed { format!("**{text}**") } else { text }
}

struct LighthouseRun {
    scores: [f64; 4],
    first_paint_ms: f64,
    largest_paint_ms: f64,
    blocking_ms: f64,
    shift: f64,
    requests: usize,
    bytes: f64,
}

fn lighthouse(cli: &Path, page: &str) -> anyhow::Result<LighthouseRun> {
    const FLAGS: &str = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync";
    let look = || {
        output(
            program("node")
                .arg(cli)
                .arg(format!("http://{ADDRESS}{page}"))
                .args(["--output=json", "--quiet", &format!("--chrome-flags={FLAGS}")])
                .env("CHROME_PATH", "/usr/bin/chromium"),
        )
    };
    // The browser sometimes fails to start, which says nothing about the page.
    let json = (0..3).find_map(|_| look()).with_context(|| format!("Lighthouse failed on {page}"))?;
    let result: Value = serde_json::from_str(&json)?;
    let score = |name: &str| result["categories"][name]["score"].as_f64().unwrap_or_default() * 100.0;
    let figure = |name: &str| result["audits"][name]["numericValue"].as_f64().context(name.to_owned());
    let items = result["audits"]["network-requests"]["details"]["items"].as_array().context("requests")?;
    for audit in result["audits"].as_object().context("audits")?.values() {
        if audit["score"].as_f64().is_some_and(|score| score < 1.0) && audit["scoreDisplayMode"] == "binary" {
            eprintln!("  {page}: {}", audit["title"].as_str().unwrap_or_default());
        }
    }
    Ok(LighthouseRun {
        scores: ["performance", "accessibility", "best-practices", "seo"].map(score),
        first_paint_ms: figure("first-contentful-paint")?,
        largest_paint_ms: figure("largest-contentful-paint")?,
        blocking_ms: figure("total-blocking-time")?,
        shift: figure("cumulative-layout-shift")?,
        requests: items.len(),
        bytes: items.iter().filter_map(|item| item["transferSize"].as_f64()).sum(),
    })
}
