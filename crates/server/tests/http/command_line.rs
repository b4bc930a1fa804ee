//! The binary as an operator sees it: flags, loading, stopping.

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    path::Path,
    process::{Command, Output},
    time::{Duration, Instant},
};

use campaign_hub_server::{commands::Cli, config::UnpaidLimits};
use clap::CommandFactory as _;
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpSocket,
};

use crate::{
    hub::{Hub, place, url},
    running::{CONTENT, Running, program},
    server::{copy_of_content, write_site},
};

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn invalid_setting_is_named_and_stops_startup() {
    for (arguments, named) in [
        (["--addr", "nowhere"], "--addr"),
        (["--public-url", "https://week.example/path"], "--public-url"),
        (["--now", "yesterday"], "--now"),
        (["--max-in-flight", "0"], "--max-in-flight"),
        (["--trusted-proxy", "10.0.0.0/33"], "--trusted-proxy"),
        (["--allow-origin", "https://static.example/page"], "--allow-origin"),
        (["--limit-writes-per-network", "many"], "--limit-writes-per-network"),
        (["--limit-links", "3/1h,6/2d"], "--limit-links"),
        (["--database-url", "mysql://db"], "sqlite:// or postgres://"),
        (["--site", "/nowhere"], "no built site in /nowhere"),
    ] {
        let site = TempDir::new().expect("a temporary folder");
        write_site(site.path());
        let mut command = program();
        command.arg("serve").args(arguments);
        if arguments[0] != "--site" {
            command.arg("--site").arg(site.path());
        }
        let output = command.current_dir(site.path()).output().expect("the server runs");
        assert!(!output.status.success(), "{arguments:?}");
        assert!(stderr(&output).contains(named), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn address_in_use_stops_startup() {
    let used = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = used.local_addr().expect("an address").to_string();
    for (flag, message) in [
        ("--addr", format!("cannot listen on {address}")),
        ("--metrics-addr", "cannot listen on the address of --metrics-addr".to_owned()),
    ] {
        let site = TempDir::new().expect("a temporary folder");
        write_site(site.path());
        let mut command = program();
        command.args(["serve", "--content", CONTENT, flag, &address]);
        command.arg("--site").arg(site.path()).arg("--data").arg(site.path());
        let output = command.output().expect("the server runs");
        assert_eq!(output.status.code(), Some(1), "{flag}");
        assert!(stderr(&output).contains(&message), "{flag}: {}", stderr(&output));
    }
}

#[test]
fn documented_limits_are_the_defaults() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/deployment.md");
    let text = fs::read_to_string(file).expect("a file");
    let mut documented = BTreeMap::new();
    for row in text.lines().filter(|row| row.starts_with("| `--limit-") || row.starts_with("| `--unpaid-")) {
        let row = row.replace('`', "");
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        for (flag, default) in cells[1].split(", ").zip(cells[2].split(", ")) {
            // In `--unpaid-orders, -items`, the second one is short for `--unpaid-items`.
            let name = flag.strip_prefix("--").map_or_else(|| ["unpaid", flag].concat(), str::to_owned);
            documented.insert(name, default.to_owned());
        }
    }
    let command = Cli::command();
    let serve = command.find_subcommand("serve").expect("a command");
    let limits = serve.get_arguments().filter_map(|argument| {
        let name = argument.get_long()?;
        let default = argument.get_default_values().first()?.to_str()?;
        let is_limit = name.starts_with("limit-") || name.starts_with("unpaid-");
        is_limit.then(|| (name.to_owned(), default.to_owned()))
    });
    let defaults: BTreeMap<String, String> = limits.collect();
    assert_eq!(documented, defaults);
    // The tests use these.
    let unpaid = UnpaidLimits::default();
    for (name, default) in [
        ("unpaid-orders", u64::from(unpaid.orders)),
        ("unpaid-items", u64::from(unpaid.items)),
        ("unpaid-pence", unpaid.pence),
        ("unpaid-share", u64::from(unpaid.share_percent)),
    ] {
        assert_eq!(documented[name], default.to_string(), "{name}");
    }
}

#[test]
fn invalid_content_is_not_loaded() {
    let content = copy_of_content();
    let file = content.path().join("pages/privacy.toml");
    let text = fs::read_to_string(&file).expect("a file").replacen("title = ", "titel = ", 1);
    fs::write(&file, text).expect("a file");
    let folder = TempDir::new().expect("a temporary folder");
    let url = format!("sqlite://{}/hub.db", folder.path().display());
    let load = |content: &Path| {
        program().arg("load").arg(content).args(["--database-url", &url]).output().expect("the command runs")
    };
    let output = load(content.path());
    assert!(!output.status.success());
    let message = stderr(&output);
    assert!(message.contains("nothing was loaded") && message.contains("pages/privacy.toml:"), "{message}");
    assert!(message.contains("missing field `title`"), "{message}");

    let output = load(Path::new(CONTENT));
    let records = campaign_hub_server::content::read(Path::new(CONTENT)).expect("valid content");
    let expected = format!("{} added, 0 updated, 0 withdrawn, 0 unchanged\n", records.len());
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn stock_and_seed_commands_work() {
    let folder = TempDir::new().expect("a temporary folder");
    let url = format!("sqlite://{}/hub.db", folder.path().display());
    let run = |arguments: &[&str]| {
        program().args(arguments).args(["--database-url", &url]).output().expect("the command runs")
    };
    let message = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(run(&["load", CONTENT]).status.success());
    assert_eq!(message(&run(&["stock", "BUNTING"])), "7 left of BUNTING\n");
    assert_eq!(message(&run(&["stock", "BUNTING", "--add", "48"])), "55 left of BUNTING\n");
    assert_eq!(message(&run(&["stock", "BUNTING", "--add", "-5"])), "50 left of BUNTING\n");
    for counted in ["46", "50"] {
        let expected =
            format!("counted {counted}, of which 0 are reserved for orders\n{counted} left of BUNTING\n");
        assert_eq!(message(&run(&["stock", "BUNTING", "--counted", counted])), expected);
    }
    assert!(!run(&["stock", "BUNTIN", "--counted", "1"]).status.success());
    for arguments in [["stock", "BUNTING", "--add", "-51"], ["stock", "BUNTIN", "--add", "1"]] {
        let output = run(&arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(stderr(&output).contains("unknown SKU"), "{arguments:?}: {}", stderr(&output));
    }
    assert_eq!(message(&run(&["stock", "BUNTING"])), "50 left of BUNTING\n");
    assert_eq!(
        message(&run(&["seed", "--products", "30"])),
        "generated 30 products, 0 news items, 0 events\n"
    );
    assert_eq!(
        message(&run(&["stock", "SEEDED-00000-00", "--add", "1000000"])).split(' ').nth(1),
        Some("left")
    );
    assert_eq!(message(&run(&["seed", "--products", "0"])), "generated 0 products, 0 news items, 0 events\n");
    assert!(!run(&["stock", "SEEDED-00000-00"]).status.success());
}

#[test]
fn staff_are_warned_of_letters_that_no_font_has() {
    let folder = TempDir::new().expect("a temporary folder");
    write_site(folder.path());
    let hub = Hub::start(folder.path());
    let print = |name: &str| {
        let order = json!({
            "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
            "customer": { "name": name, "email": "member@branch.example" },
            "delivery": { "by": "collection", "region": "wales" },
            "payment": { "by": "transfer" },
        });
        let key = format!("key-of-a-printed-{}", name.len());
        let (status, placed) = place(hub.address, &key, &order.to_string()).expect("an answer");
        assert_eq!(status, 201, "{placed}");
        let file = folder.path().join(format!("{key}.pdf"));
        let printed = program()
            .args(["orders", "--database-url", &url(folder.path()), "--data"])
            .arg(folder.path())
            .args(["invoice", placed["reference"].as_str().expect("a reference")])
            .arg(&file)
            .output()
            .expect("the command runs");
        assert!(printed.status.success(), "{}", stderr(&printed));
        assert!(fs::read(file).expect("a file").starts_with(b"%PDF"));
        stderr(&printed)
    };
    let warned = print("Chan 漢");
    assert!(warned.contains("warning: ") && warned.contains("“漢” (U+6F22)"), "{warned}");
    assert_eq!(warned.matches("U+").count(), 1, "{warned}");
    let warned = print("Siân Nguyễn");
    assert!(!warned.contains("warning: "), "{warned}");
}

#[test]
fn metrics_and_logs_contain_routes_not_urls() {
    let server = Running::start();
    assert!(server.get("/cy/join?secret=Zebedee").starts_with("HTTP/1.1 200"));
    assert!(server.get("/api/v1/pages/zebedee?locale=en").starts_with("HTTP/1.1 404"));
    assert!(server.get("/shop?q=zebedee").starts_with("HTTP/1.1 200"));
    assert!(server.get("/api/v1/products?q=zebedee").starts_with("HTTP/1.1 200"));
    assert!(server.get("/zebedee").starts_with("HTTP/1.1 404"));
    assert!(server.get("/api/v1/regions/lookup?postcode=ZE2+9ZZ").starts_with("HTTP/1.1 200"));
    assert!(server.get("/metrics").starts_with("HTTP/1.1 404"), "they have a listener of their own");
    let metrics = server.metrics();
    assert!(
        metrics.contains("http_requests_total{method=\"GET\",route=\"/join\",status=\"200\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("route=\"/api/v1/pages/{slug}\""), "{metrics}");
    let log = server.log();
    assert!(log.contains("/api/v1/pages/{slug}"), "{log}");
    for text in [metrics, log] {
        assert!(
            ["zebedee", "secret", "ze2", "9zz"].iter().all(|word| !text.to_lowercase().contains(word)),
            "{text}"
        );
    }
}

/// Requests the link to an order from a local address, on behalf of a client; returns the
/// status.
async fn find_order(server: &Running, from: &str, client: &str) -> String {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(format!("{from}:0").parse().expect("an address")).expect("a port");
    let mut stream = socket.connect(server.address.parse().expect("an address")).await.expect("a connection");
    let body = format!("reference=H27-{client}&email={client}%40branch.example");
    let head = format!(
        "POST /orders HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nX-Forwarded-For: {client}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all([head, body].concat().as_bytes()).await.expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).split(' ').nth(1).expect("a status").to_owned()
}

#[tokio::test]
async fn client_is_the_peer_unless_it_is_a_trusted_proxy() {
    let options = ["--trusted-proxy", "127.0.0.2,10.0.0.0/8", "--limit-writes-per-network", "1/1h"];
    let server = Running::start_with(&options);
    for (from, client, status) in [
        ("127.0.0.1", "192.0.2.1", "200"),
        ("127.0.0.1", "192.0.2.2", "429"),
        ("127.0.0.2", "192.0.2.3", "200"),
        ("127.0.0.2", "192.0.2.4", "200"),
        ("127.0.0.2", "192.0.2.3", "429"),
        ("127.0.0.3", "192.0.2.5", "200"),
        ("127.0.0.3", "192.0.2.6", "429"),
    ] {
        assert_eq!(find_order(&server, from, client).await, status, "{client} by {from}");
    }
}

#[test]
fn missing_mail_server_is_logged_at_startup() {
    let log = Running::start().log();
    let warned = log.lines().any(|line| line.contains("WARN") && line.contains("are not sent"));
    assert!(warned && log.contains("outbox"), "{log}");
}

#[test]
fn sigterm_shuts_down_gracefully() {
    let mut server = Running::start();
    let started = Instant::now();
    let message = Command::new("kill").args(["-TERM", &server.process.id().to_string()]).status();
    assert!(message.expect("kill runs").success());
    let status = server.process.wait().expect("the server ends");
    assert!(status.success(), "{status}");
    assert!(started.elapsed() < Duration::from_secs(10));
}
