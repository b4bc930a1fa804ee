//! The metrics: which there are, and what they count.

use std::{
    collections::BTreeSet,
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde_json::json;

use crate::{
    overload::{begin, rest},
    provider,
    running::{Running, page_of},
    server::START,
};

/// The guide for operators, which lists the metrics.
const GUIDE: &str = include_str!("../../../../docs/deployment.md");
const WORKERS: [&str; 7] = ["mails", "refunds", "expiry", "limits", "retention", "metrics", "compression"];

/// The complete response to a `POST` request; each header must end with a line break.
fn post(server: &Running, path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n{headers}");
    rest(begin(server, &format!("{head}Content-Length: {length}\r\n\r\n{body}")))
}

fn post_form(server: &Running, path: &str, body: &str) -> String {
    post(server, path, "Content-Type: application/x-www-form-urlencoded\r\n", body)
}

/// Places an order to be paid by card; returns the path of its page.
fn card_order(server: &Running) -> String {
    let order = json!({
        "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
        "customer": { "name": "A member", "email": "card@branch.example" },
        "delivery": { "by": "collection", "region": "wales" },
        "payment": { "by": "card" },
    });
    let headers = "Content-Type: application/json\r\nIdempotency-Key: key-of-a-card-order\r\n";
    let answer = post(server, "/api/v1/orders", headers, &order.to_string());
    page_of(&answer)
}

/// Prints a document, the invoice of an order, a poster and a share image.
fn print_each_kind(server: &Running) {
    let invoice = format!("{}/invoice.pdf", server.order_page("printed"));
    for path in ["/resources/rep-pack/document.pdf", &invoice, "/share/pages/join.png"] {
        let answer = server.get(path);
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }
    let poster = post_form(server, "/poster-maker", "headline=Join+us");
    assert!(poster.starts_with("HTTP/1.1 200"), "{poster}");
}

fn last_success(server: &Running, worker: &str) -> f64 {
    server.metric(&format!("worker_last_success_timestamp_seconds{{worker=\"{worker}\"}}"))
}

/// Waits until every worker has succeeded.
fn await_workers(server: &Running) {
    let deadline = Instant::now() + Duration::from_secs(20);
    for worker in WORKERS {
        while last_success(server, worker) == 0.0 {
            assert!(Instant::now() < deadline, "{worker} succeeds in time");
            thread::yield_now();
        }
    }
}

#[test]
fn metrics_are_those_in_the_guide() {
    let server = Running::start();
    print_each_kind(&server);
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
    await_workers(&server);
    let (_, table) = GUIDE.split_once("| metric | labels | what |\n").expect("the table of metrics");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let names = |row: &'static str| row.split('|').nth(1).expect("a cell").split('`').skip(1).step_by(2);
    let mut listed: BTreeSet<&str> = rows.flat_map(names).collect();
    assert!(listed.remove("worker_crashes_total"), "no worker has crashed");
    let metrics = server.metrics();
    let types = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let exported: BTreeSet<&str> = types.filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(exported, listed);
    let (_, workers) = GUIDE.split_once("| worker: ").expect("the workers");
    let (workers, _) = workers.split_once(" |").expect("the end of a cell");
    let workers: Vec<&str> = workers.split(", ").filter_map(|worker| worker.split(' ').next()).collect();
    assert_eq!(workers, WORKERS);
    // Summaries of several servers cannot be added up.
    for name in ["http_request_duration_seconds", "page_render_duration_seconds", "print_duration_seconds"] {
        assert!(metrics.contains(&format!("\n{name}_bucket{{")), "{name}: {metrics}");
    }
}

#[test]
fn prints_are_counted_by_kind() {
    let server = Running::start();
    print_each_kind(&server);
    for kind in ["document", "order", "poster", "share image"] {
        let printed = server.metric(&format!("print_duration_seconds_count{{kind=\"{kind}\"}}"));
        assert_eq!(printed, 1.0, "{kind}");
    }
}

#[test]
fn cached_pages_are_counted_as_hits() {
    let server = Running::start();
    let counts = || {
        assert!(server.get("/support").starts_with("HTTP/1.1 200"));
        ["hit", "miss"].map(|result| server.metric(&format!("page_cache_total{{result=\"{result}\"}}")))
    };
    assert_eq!([counts(), counts(), counts()], [[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]]);
}

#[test]
fn last_success_of_each_worker_is_shown() {
    let server = Running::start_with(&["--now", START]);
    // A page to compress, because that worker otherwise succeeds after a minute.
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
    await_workers(&server);
    let metrics = server.metrics();
    let labels = metrics.lines().filter_map(|line| {
        line.strip_prefix("worker_last_success_timestamp_seconds{worker=\"")?.split('"').next()
    });
    assert_eq!(labels.collect::<BTreeSet<&str>>(), BTreeSet::from(WORKERS));
    let started = START.parse::<Timestamp>().expect("a timestamp").as_second() as f64;
    for worker in WORKERS {
        let last = last_success(&server, worker);
        assert!((started..started + 600.0).contains(&last), "{worker}: {last}");
    }
}

/// A mail server that never answers, and its URL.
fn hanging_mail_server() -> (TcpListener, String) {
    let mail_server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("smtp://{}", mail_server.local_addr().expect("an address"));
    (mail_server, url)
}

#[test]
fn given_up_emails_are_counted() {
    let (_mail_server, smtp_url) = hanging_mail_server();
    let server = Running::start_with(&["--smtp-url", &smtp_url]);
    let counts = || ["mails_waiting", "mails_given_up"].map(|name| server.metric(name));
    server.order_page("given-up");
    assert_eq!(counts(), [1.0, 0.0], "the confirmation");
    server.execute("UPDATE mails SET next_try_at = NULL, given_up_at = made_at");
    assert_eq!(counts(), [0.0, 1.0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_emails_and_refunds_are_counted() {
    let (_mail_server, smtp_url) = hanging_mail_server();
    let (provider, stripe_url) = provider::start().await;
    let server = Running::start_with(&[
        "--now",
        START,
        "--smtp-url",
        &smtp_url,
        "--stripe-key",
        "sk_test",
        "--stripe-webhook-secret",
        "whsec_test",
        "--stripe-url",
        &stripe_url,
    ]);
    let waiting = || ["mails_waiting", "refunds_waiting"].map(|name| server.metric(name));
    assert_eq!(waiting(), [0.0, 0.0]);
    server.order_page("transfer");
    assert_eq!(waiting(), [1.0, 0.0], "the confirmation");

    let page = card_order(&server);
    let pay = server.get(&format!("{page}/pay"));
    assert!(pay.contains("location: https://pay.example/"), "{pay}");
    provider::pay(&provider, 0);
    server.get(&format!("{page}/paid"));
    provider.lock().expect("a provider").refuses = true;
    let cancelled = post_form(&server, &page, "act=cancel");
    assert!(cancelled.starts_with("HTTP/1.1 303"), "{cancelled}");
    let [_, refunds] = waiting();
    assert_eq!(refunds, 1.0);
}
