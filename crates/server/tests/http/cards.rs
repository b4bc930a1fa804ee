//! Payments by card, against a server of ours that speaks Stripe's API as far as it is
//! used: messages late, twice, out of order and forged; a provider that is down.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use contract::orders::OrderState;
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;

use crate::server::{Answer, START, TestServer, on_both_engines};

/// What the provider knows.
#[derive(Default)]
pub(crate) struct Known {
    sessions: Vec<Value>,
    /// Answers by idempotency key.
    answers: HashMap<String, Value>,
    pub(crate) refunds: Vec<HashMap<String, String>>,
    /// Whether it answers at all.
    down: bool,
    /// Whether it does what is asked for, and its answer is lost.
    pub(crate) swallows: bool,
    /// Whether it has forgotten every key.
    pub(crate) forgets: bool,
}

/// What it answers.
type Answered = Result<Json<Value>, (StatusCode, Json<Value>)>;

pub(crate) type Provider = Arc<Mutex<Known>>;

fn allowed(provider: &Provider, headers: &HeaderMap) -> Result<String, (StatusCode, Json<Value>)> {
    if provider.lock().expect("a provider").down {
        return Err((StatusCode::BAD_GATEWAY, Json(json!({}))));
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if header("authorization") != "Bearer sk_test" || header("stripe-version").is_empty() {
        let body = json!({ "error": { "message": "Invalid API Key" } });
        return Err((StatusCode::UNAUTHORIZED, Json(body)));
    }
    Ok(header("idempotency-key").to_owned())
}

async fn open(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Answered {
    let key = allowed(&provider, &headers)?;
    let mut known = provider.lock().expect("a provider");
    if let Some(answer) = known.answers.get(&key) {
        return Ok(Json(answer.clone()));
    }
    let id = format!("cs_test_{}", known.sessions.len());
    let started: jiff::Timestamp = START.parse().expect("a moment");
    let session = json!({
        "id": id, "object": "checkout.session", "url": format!("https://pay.example/{id}"), "status": "open",
        "expires_at": started.as_second() + 86_400, "payment_status": "unpaid", "payment_intent": null,
        "currency": form["line_items[0][price_data][currency]"],
        "amount_total": form["line_items[0][price_data][unit_amount]"].parse::<u64>().expect("pence"),
        "client_reference_id": form["client_reference_id"], "success_url": form["success_url"],
    });
    known.answers.insert(key, session.clone());
    known.sessions.push(session.clone());
    Ok(Json(session))
}

async fn look_up(State(provider): State<Provider>, headers: HeaderMap, Path(id): Path<String>) -> Answered {
    allowed(&provider, &headers)?;
    let known = provider.lock().expect("a provider");
    Ok(Json(known.sessions.iter().find(|session| session["id"] == id).expect("a page").clone()))
}

async fn close(State(provider): State<Provider>, headers: HeaderMap, Path(id): Path<String>) -> Answered {
    allowed(&provider, &headers)?;
    let mut known = provider.lock().expect("a provider");
    let session = known.sessions.iter_mut().find(|session| session["id"] == id).expect("a page");
    session["status"] = "expired".into();
    Ok(Json(session.clone()))
}

async fn refund(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Answered {
    let key = allowed(&provider, &headers)?;
    let mut known = provider.lock().expect("a provider");
    // A day later it has forgotten the key, and would give it back once more.
    if !known.answers.contains_key(&key) || known.forgets {
        known.refunds.push(form);
        known.answers.insert(key, Value::Null);
    }
    if known.swallows {
        return Err((StatusCode::BAD_GATEWAY, Json(json!({}))));
    }
    Ok(Json(json!({ "id": "re_1", "status": "succeeded" })))
}

async fn list_refunds(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Answered {
    allowed(&provider, &headers)?;
    let known = provider.lock().expect("a provider");
    let of = known.refunds.iter().filter(|made| made["payment_intent"] == query["payment_intent"]);
    let told = |made: &HashMap<String, String>| {
        json!({
            "status": "succeeded",
            "metadata": { "campaign_hub_refund": made["metadata[campaign_hub_refund]"] },
        })
    };
    Ok(Json(json!({ "data": of.map(told).collect::<Vec<_>>() })))
}

pub(crate) async fn start() -> (Provider, String) {
    let provider = Provider::default();
    let router = Router::new()
        .route("/v1/checkout/sessions", post(open))
        .route("/v1/checkout/sessions/{id}", get(look_up))
        .route("/v1/checkout/sessions/{id}/expire", post(close))
        .route("/v1/refunds", post(refund).get(list_refunds))
        .with_state(Arc::clone(&provider));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (provider, url)
}

/// Pays on a page, as somebody with a card does.
pub(crate) fn pay(provider: &Provider, index: usize) -> Value {
    let session = &mut provider.lock().expect("a provider").sessions[index];
    session["payment_status"] = "paid".into();
    session["payment_intent"] = format!("pi_{index}").into();
    session.clone()
}

/// A message as the provider sends and signs it.
async fn tell(server: &TestServer, secret: &str, time: &str, session: &Value) -> Answer {
    let kind = if session["status"] == "expired" { "expired" } else { "completed" };
    let body =
        json!({ "id": "evt_1", "type": format!("checkout.session.{kind}"), "data": { "object": session } });
    let seconds = time.parse::<jiff::Timestamp>().expect("a moment").as_second();
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{seconds}.{body}").as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let signature = format!("t={seconds},v1={hex}");
    server.post_json("/webhooks/stripe", &[("stripe-signature", &signature)], &body).await
}

async fn order(server: &TestServer, key: &str) -> (String, String) {
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

async fn states(server: &TestServer, page: &str) -> Vec<String> {
    let order = server.get(&format!("/api/v1{page}")).await.json();
    let moves = order["moves"].as_array().expect("moves");
    moves.iter().map(|own| own["state"].as_str().expect("a state").to_owned()).collect()
}

#[tokio::test]
async fn a_card_is_charged_on_the_providers_page_and_counts_once() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        assert_eq!(server.get("/api/v1/shop").await.json()["card"], false);
        assert_eq!(server.post_json("/webhooks/stripe", &[], &json!({})).await.status, StatusCode::NOT_FOUND);
        let server = server.taking_cards(&url);
        assert_eq!(server.get("/api/v1/shop").await.json()["card"], true);
        let (page, reference) = order(&server, "key-of-a-card-order").await;
        // However often somebody goes there, it is the same page.
        for _ in 0..3 {
            let answer = server.get(&format!("{page}/pay")).await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (StatusCode::SEE_OTHER, "https://pay.example/cs_test_0")
            );
        }
        let asked = provider.lock().expect("a provider").sessions[0].clone();
        assert_eq!(provider.lock().expect("a provider").sessions.len(), 1);
        assert_eq!((&asked["amount_total"], &asked["currency"]), (&json!(1500), &json!("gbp")));
        assert_eq!(asked["client_reference_id"], reference);
        assert_eq!(asked["success_url"], format!("https://week.example{page}/paid"));

        // Whoever has not paid is led back to an order that waits.
        assert_eq!(server.get(&format!("{page}/paid")).await.header("location"), page);
        assert_eq!(states(&server, &page).await, ["awaiting-payment"]);
        let shown = server.get(&page).await.text();
        assert!(shown.contains("Pay £15.00 by card"));

        // Nobody else says that it is paid.
        let paid = pay(&provider, 0);
        assert_eq!(tell(&server, "whsec_other", START, &paid).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let early = tell(&server, "whsec_test", "2026-11-22T11:54:00Z", &paid).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut less = paid.clone();
        less["amount_total"] = json!(1);
        assert_eq!(tell(&server, "whsec_test", START, &less).await.status, StatusCode::NO_CONTENT);
        let mut others = paid.clone();
        others["id"] = json!("cs_test_of_somebody");
        assert_eq!(tell(&server, "whsec_test", START, &others).await.status, StatusCode::NO_CONTENT);
        assert_eq!(states(&server, &page).await, ["awaiting-payment"]);

        // Twice, and a message that was sent before it and comes after it.
        let mut before = paid.clone();
        before["payment_status"] = json!("unpaid");
        before["status"] = json!("expired");
        for message in [&paid, &paid, &before, &paid] {
            assert_eq!(tell(&server, "whsec_test", START, message).await.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(states(&server, &page).await, ["awaiting-payment", "confirmed"]);
        assert_eq!(server.get(&format!("{page}/pay")).await.header("location"), page);
    })
    .await;
}

#[tokio::test]
async fn who_returns_before_the_message_finds_the_order_paid() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        let (page, _) = order(&server, "key-of-a-late-message").await;
        server.get(&format!("{page}/pay")).await;
        let paid = pay(&provider, 0);
        for _ in 0..2 {
            assert_eq!(server.get(&format!("{page}/paid")).await.header("location"), page);
        }
        assert_eq!(tell(&server, "whsec_test", START, &paid).await.status, StatusCode::NO_CONTENT);
        assert_eq!(states(&server, &page).await, ["awaiting-payment", "confirmed"]);
    })
    .await;
}

#[tokio::test]
async fn a_page_that_has_run_out_is_replaced() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        let (page, _) = order(&server, "key-of-two-pages-1").await;
        server.get(&format!("{page}/pay")).await;
        server.set_clock("2026-11-24T12:00:00Z");
        let second = server.get(&format!("{page}/pay")).await;
        assert_eq!(second.header("location"), "https://pay.example/cs_test_1");
        assert_eq!(provider.lock().expect("a provider").sessions.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn nobody_pays_twice_and_what_was_paid_too_much_goes_back() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        // Paid on a page that has run out since, and no message came.
        let (page, _) = order(&server, "key-of-a-lost-message").await;
        server.get(&format!("{page}/pay")).await;
        pay(&provider, 0);
        server.set_clock("2026-11-24T12:00:00Z");
        assert_eq!(server.get(&format!("{page}/pay")).await.header("location"), page);
        assert_eq!(states(&server, &page).await, ["awaiting-payment", "confirmed"]);
        assert_eq!(provider.lock().expect("a provider").sessions.len(), 1);

        // The desk has the money already when it comes by card.
        server.set_clock(START);
        let (page, reference) = order(&server, "key-of-money-twice-1").await;
        server.get(&format!("{page}/pay")).await;
        server.desk().await.move_to(&reference, OrderState::Confirmed, "By telephone").await.expect("a move");
        let paid = pay(&provider, 1);
        provider.lock().expect("a provider").swallows = true;
        assert_eq!(tell(&server, "whsec_test", START, &paid).await.status, StatusCode::SERVICE_UNAVAILABLE);
        // The refund was made, its answer lost, and its key is forgotten by now.
        {
            let mut known = provider.lock().expect("a provider");
            (known.swallows, known.forgets) = (false, true);
        }
        for _ in 0..2 {
            assert_eq!(tell(&server, "whsec_test", START, &paid).await.status, StatusCode::NO_CONTENT);
        }
        let refunds = provider.lock().expect("a provider").refunds.clone();
        assert_eq!((refunds.len(), &*refunds[0]["payment_intent"]), (1, "pi_1"));
        let shown = server.get(&format!("/api/v1{page}")).await.json();
        assert_eq!((&shown["state"], &shown["refunded_pence"]), (&json!("confirmed"), &json!(0)));
    })
    .await;
}

#[tokio::test]
async fn what_was_paid_for_a_cancelled_order_goes_back() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        // Paid, then cancelled: given back at once.
        let (page, _) = order(&server, "key-of-a-paid-order").await;
        server.get(&format!("{page}/pay")).await;
        let paid = pay(&provider, 0);
        tell(&server, "whsec_test", START, &paid).await;
        let cancelled = server.post_form(&page, "act=cancel").await;
        assert_eq!(cancelled.status, StatusCode::SEE_OTHER, "{}", cancelled.text());
        assert_eq!(states(&server, &page).await, ["awaiting-payment", "confirmed", "cancelled", "refunded"]);
        let refunds = || provider.lock().expect("a provider").refunds.clone();
        assert_eq!(
            (refunds().len(), &*refunds()[0]["amount"], &*refunds()[0]["payment_intent"]),
            (1, "1500", "pi_0")
        );
        assert_eq!(server.get(&format!("/api/v1{page}")).await.json()["refunded_pence"], 1500);

        // Cancelled, then paid in another tab: the message gives it back, and is sent
        // again as long as the provider is down.
        let (page, _) = order(&server, "key-of-a-late-payment").await;
        server.get(&format!("{page}/pay")).await;
        server.post_form(&page, "act=cancel").await;
        assert_eq!(provider.lock().expect("a provider").sessions[1]["status"], "expired");
        let mut paid = pay(&provider, 1);
        paid["status"] = json!("complete");
        provider.lock().expect("a provider").down = true;
        for _ in 0..2 {
            assert_eq!(
                tell(&server, "whsec_test", START, &paid).await.status,
                StatusCode::SERVICE_UNAVAILABLE
            );
        }
        provider.lock().expect("a provider").down = false;
        for _ in 0..2 {
            assert_eq!(tell(&server, "whsec_test", START, &paid).await.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(states(&server, &page).await, ["awaiting-payment", "cancelled", "refunded"]);
        assert_eq!((refunds().len(), &*refunds()[1]["payment_intent"]), (2, "pi_1"));
    })
    .await;
}

#[tokio::test]
async fn an_order_is_safe_while_the_provider_is_down() {
    on_both_engines(async |server| {
        let (provider, url) = start().await;
        let server = server.taking_cards(&url);
        let (page, _) = order(&server, "key-of-a-bad-moment").await;
        provider.lock().expect("a provider").down = true;
        let answer = server.get(&format!("{page}/pay")).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.text().contains("Our payment provider does not answer just now"));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(server.get(&format!("{page}/paid")).await.header("location"), page);
        provider.lock().expect("a provider").down = false;
        assert_eq!(server.get(&format!("{page}/pay")).await.status, StatusCode::SEE_OTHER);
        // A provider that is not there at all.
        let server = server.taking_cards("http://127.0.0.1:9");
        let (page, _) = order(&server, "key-of-a-worse-moment").await;
        assert_eq!(server.get(&format!("{page}/pay")).await.status, StatusCode::SERVICE_UNAVAILABLE);
    })
    .await;
}
