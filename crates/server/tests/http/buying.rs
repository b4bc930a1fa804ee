//! Places orders for tests, and reads the results.

use axum::http::StatusCode;
use futures::StreamExt as _;
use lopdf::Document as Pdf;
use serde_json::{Value, json};

use crate::server::{Answer, TestServer};

pub(crate) async fn place(server: &TestServer, key: &str, order: &Value) -> Answer {
    server.post_json("/api/v1/orders", &[("idempotency-key", key)], order).await
}

/// Places an order that is accepted; returns its page and its reference.
pub(crate) async fn placed(server: &TestServer, key: &str, order: &Value) -> (String, String) {
    let answer = place(server, key, order).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let placed = answer.json();
    let text = |name: &str| placed[name].as_str().expect("a text").to_owned();
    (format!("/orders/{}", text("token")), text("reference"))
}

/// Places an order to be paid by card; returns its page and its reference.
pub(crate) async fn card_order(server: &TestServer, key: &str) -> (String, String) {
    let order = json!({
        "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 2 }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "delivery": { "by": "collection", "region": "wales" },
        "payment": { "by": "card" },
    });
    let answer = server.post_json("/api/v1/orders", &[("idempotency-key", key)], &order).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let placed = answer.json();
    assert_eq!(placed["state"], "awaiting-payment");
    let page = format!("/orders/{}", placed["token"].as_str().expect("a token"));
    assert_eq!(placed["pay_at"], format!("{page}/pay"));
    (page, placed["reference"].as_str().expect("a reference").to_owned())
}

pub(crate) async fn read(server: &TestServer, page: &str) -> Value {
    server.get(&format!("/api/v1{page}")).await.json()
}

/// The statuses that an order has had.
pub(crate) async fn statuses(server: &TestServer, page: &str) -> Vec<String> {
    let order = read(server, page).await;
    let entries = order["moves"].as_array().expect("moves");
    entries.iter().map(|own| own["state"].as_str().expect("a status").to_owned()).collect()
}

pub(crate) async fn stock(server: &TestServer, sku: &str) -> u32 {
    let all = server.store().stock_after(-1).await.expect("stock");
    all.into_iter().find(|(own, _)| own == sku).expect("a variant").1
}

/// An order of mugs by a member, who pays by transfer.
pub(crate) fn mug(quantity: u32) -> Value {
    json!({
        "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": quantity }],
        "customer": { "name": "A member", "email": "member@branch.example" },
        "delivery": { "by": "post", "address": { "line_1": "1 Union Street", "town": "Leeds", "postcode": "ls1 1aa" } },
        "payment": { "by": "transfer" },
    })
}

/// All responses, with as many concurrent requests as the server accepts.
pub(crate) async fn at_once<F: Future<Output = Answer>>(tries: impl Iterator<Item = F>) -> Vec<Answer> {
    futures::stream::iter(tries).buffer_unordered(100).collect().await
}

/// The fields that an order was refused for.
pub(crate) fn refused(answer: &Answer) -> Vec<String> {
    let problem = answer.json();
    let errors = problem["errors"].as_array().expect("fields");
    errors.iter().map(|error| error["field"].as_str().expect("a field").to_owned()).collect()
}

pub(crate) fn for_branch(lines: Value, payment: Value) -> Value {
    json!({
        "lines": lines,
        "customer": { "kind": "branch", "branch": "Leeds General", "name": "A steward 🎉", "email": "steward@branch.example" },
        "delivery": { "by": "post", "address": { "line_1": "1 Union Street", "town": "Leeds", "postcode": "LS1 1AA" } },
        "payment": payment,
    })
}

/// Registers an officer for the branch of [`for_branch`], who approves its large orders.
pub(crate) async fn register_officer(server: &TestServer) {
    let store = server.store();
    store.register_officer("Leeds General", "officer@branch.example").await.expect("an officer");
    assert!(store.set_approval_limit("Leeds General", 25_000).await.expect("a limit"));
}

/// The code in the officer's email, if there is one among these emails.
pub(crate) fn code_in(mails: &[String]) -> Option<String> {
    let mail = mails.iter().find(|mail| mail.contains("To: officer@branch.example"))?;
    let is_code = |line: &&str| line.len() == 8 && line.bytes().all(|byte| byte.is_ascii_digit());
    mail.lines().map(str::trim).find(is_code).map(str::to_owned)
}

/// The text of a PDF, which is tagged.
pub(crate) fn words(bytes: &[u8]) -> String {
    let pdf = Pdf::load_mem(bytes).expect("a PDF");
    let root = pdf.catalog().expect("a catalogue");
    assert!(root.get(b"StructTreeRoot").is_ok() && root.get(b"Lang").is_ok(), "tagged");
    let text = pdf.extract_text(&[1]).expect("a text");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
