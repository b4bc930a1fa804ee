//! A fake payment provider that implements the part of Stripe's API that is used.

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
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;

use crate::server::{Answer, START, TestServer};

/// The state of the provider.
#[derive(Default)]
pub(crate) struct ProviderState {
    pub(crate) sessions: Vec<Value>,
    /// How often it was asked about a payment.
    pub(crate) look_ups: usize,
    /// Responses by idempotency key.
    answers: HashMap<String, Value>,
    pub(crate) refunds: Vec<HashMap<String, String>>,
    /// Whether it is down.
    pub(crate) down: bool,
    /// Whether it carries out requests, but the responses are lost.
    pub(crate) swallows: bool,
    /// Whether it has forgotten all idempotency keys.
    pub(crate) forgets: bool,
    /// Whether it refuses refunds.
    pub(crate) refuses: bool,
    /// How many of the first refunds fail later.
    pub(crate) failed: usize,
}

/// A response.
type Answered = Result<Json<Value>, (StatusCode, Json<Value>)>;

pub(crate) type Provider = Arc<Mutex<ProviderState>>;

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
        "adaptive_pricing": form["adaptive_pricing[enabled]"],
    });
    known.answers.insert(key, session.clone());
    known.sessions.push(session.clone());
    Ok(Json(session))
}

async fn look_up(State(provider): State<Provider>, headers: HeaderMap, Path(id): Path<String>) -> Answered {
    allowed(&provider, &headers)?;
    let mut known = provider.lock().expect("a provider");
    known.look_ups += 1;
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
    if known.refuses {
        let error = json!({ "type": "invalid_request_error", "code": "charge_disputed" });
        return Err((StatusCode::BAD_REQUEST, Json(json!({ "error": error }))));
    }
    // After a day it has forgotten the key, and would make the refund again.
    if !known.answers.contains_key(&key) || known.forgets {
        known.refunds.push(form);
        known.answers.insert(key, Value::Null);
    }
    if known.swallows {
        let error = json!({ "type": "api_error" });
        return Err((StatusCode::BAD_GATEWAY, Json(json!({ "error": error }))));
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
    let of = known.refunds.iter().enumerate();
    let of = of.filter(|(_, made)| made["payment_intent"] == query["payment_intent"]);
    let status = |index| if index < known.failed { "failed" } else { "succeeded" };
    let event = |(index, made): (usize, &HashMap<String, String>)| refund_event(made, status(index));
    Ok(Json(json!({ "data": of.map(event).collect::<Vec<_>>() })))
}

/// A refund, in the format of a webhook.
pub(crate) fn refund_event(made: &HashMap<String, String>, status: &str) -> Value {
    let mark = &made["metadata[campaign_hub_refund]"];
    json!({ "object": "refund", "status": status, "metadata": { "campaign_hub_refund": mark } })
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

/// Pays on a page, like a customer with a card.
pub(crate) fn pay(provider: &Provider, index: usize) -> Value {
    let session = &mut provider.lock().expect("a provider").sessions[index];
    session["payment_status"] = "paid".into();
    session["payment_intent"] = format!("pi_{index}").into();
    session.clone()
}

/// Sends the webhook about a payment page as the provider does, signed.
pub(crate) async fn tell(server: &TestServer, secret: &str, time: &str, session: &Value) -> Answer {
    let kind = if session["status"] == "expired" { "expired" } else { "completed" };
    tell_of(server, secret, time, &format!("checkout.session.{kind}"), session).await
}

/// Sends a webhook of any kind.
pub(crate) async fn tell_of(
    server: &TestServer,
    secret: &str,
    time: &str,
    kind: &str,
    object: &Value,
) -> Answer {
    let body = json!({ "id": "evt_1", "type": kind, "data": { "object": object } });
    let seconds = time.parse::<jiff::Timestamp>().expect("a moment").as_second();
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{seconds}.{body}").as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let signature = format!("t={seconds},v1={hex}");
    server.post_json("/webhooks/stripe", &[("stripe-signature", &signature)], &body).await
}
