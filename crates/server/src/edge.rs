//! What every request passes on its way in and every answer on its way out:
//! shedding, a time limit, headers, metrics and the log.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use tokio::{sync::Semaphore, time::timeout};
use tower_http::catch_panic::CatchPanicLayer;

use crate::error::ApiError;

/// How long a request may take.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// How large a request's body may be, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// A route's name for logs and metrics, set by handlers that serve many
/// addresses.
#[derive(Clone, Copy)]
pub(crate) struct RouteName(pub(crate) &'static str);

#[derive(Clone)]
struct Edge {
    places: Arc<Semaphore>,
    https: bool,
}

/// Puts the edge around a router. `max_in_flight` requests are worked on at
/// once.
pub(crate) fn layers(router: Router, max_in_flight: u32, https: bool) -> Router {
    let places = usize::try_from(max_in_flight).unwrap_or(Semaphore::MAX_PERMITS);
    let edge = Edge { places: Arc::new(Semaphore::new(places)), https };
    router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(|_| ApiError::Internal.into_response()))
        .layer(middleware::from_fn_with_state(edge, pass))
}

async fn pass(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = match edge.places.try_acquire() {
        Err(_) => ApiError::Overloaded.into_response(),
        Ok(_place) => timeout(TIME_LIMIT, next.run(request))
            .await
            .unwrap_or_else(|_| ApiError::TimedOut.into_response()),
    };
    add_headers(&mut response, edge.https);

    let name = response.extensions().get::<RouteName>().map(|name| name.0.to_owned());
    let route = name.or(matched).unwrap_or_else(|| "none".to_owned());
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    let labels = [("method", method.to_string()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels[..2]).record(elapsed.as_secs_f64());
    tracing::info!(%method, route, status, elapsed_us = elapsed.as_micros(), "request");
    response
}

/// Headers that every answer carries; a page brings its own policy.
fn add_headers(response: &mut Response, https: bool) {
    const HEADERS: [(HeaderName, &str); 6] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        ),
    ];
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains; preload"),
        );
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'none'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    ));
}
