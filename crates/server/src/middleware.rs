//! Middleware around every request and response: load shedding, timeouts, headers, metrics and
//! the access log.

use std::{
    any::Any,
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, HttpBody},
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Frame, SizeHint};
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    client::ClientAddress,
    error::ApiError,
    monitoring::{InProgress, method_label},
    site::Site,
    videos,
};

/// The timeout of a request.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// The maximum size of a request body, in bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// The timeout for receiving a request body.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// The maximum number of bodies received at once; together they need at most 64 MB.
const MAX_BODIES: usize = 1024;
/// A client may use at most 1/`CLIENT_SHARE` of the slots.
const CLIENT_SHARE: usize = 2;
/// The maximum number of responses that a client has not received completely. An HTTP/2 client
/// that opens no flow-control window never receives them, and answers pings meanwhile.
const MAX_UNREAD: usize = 512;

/// A route's name for logs and metrics, set by handlers that serve many URLs.
#[derive(Clone, Copy)]
pub(crate) struct RouteName(pub(crate) &'static str);

#[derive(Clone)]
struct MiddlewareState {
    slots: RequestSlots,
    body_slots: RequestSlots,
    unread: RequestSlots,
    site: Arc<Site>,
    https: bool,
}

/// Adds the middleware to a router. At most `max_in_flight` requests are processed at once.
pub(crate) fn add_middleware(router: Router, max_in_flight: u32, site: Arc<Site>, https: bool) -> Router {
    let slots = usize::try_from(max_in_flight).unwrap_or(usize::MAX);
    let state = MiddlewareState {
        slots: RequestSlots::new(slots),
        body_slots: RequestSlots::new(MAX_BODIES),
        // No total: there is no time limit, so a few clients would use it up for all.
        unread: RequestSlots { limit: usize::MAX, client_limit: MAX_UNREAD, usage: Arc::default() },
        site,
        https,
    };
    router
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(middleware::from_fn_with_state(state, handle_request))
}

impl MiddlewareState {
    /// Handles a request. Its body is received before it takes a slot, so that a slow client
    /// does not block others. Requests that need no work take no slot. Those whose response takes
    /// memory or a file of its own are counted until the client has received it.
    async fn respond(&self, request: Request, next: Next) -> Result<Response, ApiError> {
        let path = request.uri().path();
        let is_shared = path.starts_with("/health/") || self.site.asset(path).is_some();
        let needs_slot = !is_shared && !path.starts_with(videos::FOLDER);
        let client = request.extensions().get::<ClientAddress>().map(|client| client.network());
        let client = client.unwrap_or_default();
        let mut request = self.receive(request, &client).await?;
        let unread = if is_shared { None } else { Some(Arc::new(self.unread.acquire(&client)?)) };
        let slot = if needs_slot { Some(Arc::new(self.slots.acquire(&client)?)) } else { None };
        if let Some(slot) = &slot {
            request.extensions_mut().insert(Arc::clone(slot));
        }
        let response = timeout(TIME_LIMIT, next.run(request)).await.map_err(|_| ApiError::TimedOut)?;
        Ok(match unread {
            Some(slot) => response.map(|body| Body::new(CountedBody { body, slot })),
            None => response,
        })
    }

    /// The request with its whole body in memory.
    async fn receive(&self, request: Request, client: &str) -> Result<Request, ApiError> {
        if request.body().is_end_stream() {
            return Ok(request);
        }
        let _slot = self.body_slots.acquire(client)?;
        let _counted = InProgress::start("http_requests_receiving");
        let (parts, body) = request.into_parts();
        let received = timeout(BODY_TIMEOUT, Limited::new(body, BODY_LIMIT).collect());
        match received.await {
            Ok(Ok(body)) => Ok(Request::from_parts(parts, Body::from(body.to_bytes()))),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ApiError::BodyTooLarge(BODY_LIMIT)),
            // The client hung up.
            Ok(Err(_)) | Err(_) => Err(ApiError::BodyTooSlow(BODY_TIMEOUT)),
        }
    }
}

/// Slots for requests, of which a client may only use a share.
#[derive(Clone)]
struct RequestSlots {
    limit: usize,
    client_limit: usize,
    usage: Arc<Mutex<SlotUsage>>,
}

#[derive(Default)]
struct SlotUsage {
    total: usize,
    by_client: HashMap<String, usize>,
}

impl RequestSlots {
    fn new(limit: usize) -> Self {
        Self { limit, client_limit: limit.div_ceil(CLIENT_SHARE), usage: Arc::default() }
    }

    fn acquire(&self, client: &str) -> Result<Slot, ApiError> {
        let mut usage = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        let used = usage.by_client.get(client).copied().unwrap_or_default();
        if usage.total >= self.limit || used >= self.client_limit {
            return Err(ApiError::Overloaded);
        }
        usage.total += 1;
        usage.by_client.insert(client.to_owned(), used + 1);
        Ok(Slot { usage: Arc::clone(&self.usage), client: client.to_owned() })
    }
}

/// A slot, released when this value is dropped. Work that goes on after the client has hung up
/// must share it, so that the client cannot start more of it meanwhile.
pub(crate) struct Slot {
    usage: Arc<Mutex<SlotUsage>>,
    client: String,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut usage = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        usage.total -= 1;
        match usage.by_client.get_mut(&self.client) {
            Some(used) if *used > 1 => *used -= 1,
            _ => _ = usage.by_client.remove(&self.client),
        }
    }
}

/// The body of a response, which has its slot until the client has received it.
struct CountedBody {
    body: Body,
    slot: Arc<Slot>,
}

impl HttpBody for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        // The data has the slot too: it may be queued long after the body has ended.
        let count = |data| Bytes::from_owner(CountedData { data, _slot: Arc::clone(&self.slot) });
        polled.map_ok(|frame| frame.map_data(count))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Data of a [`CountedBody`].
struct CountedData {
    data: Bytes,
    _slot: Arc<Slot>,
}

impl AsRef<[u8]> for CountedData {
    fn as_ref(&self) -> &[u8] {
        &self.data
    }
}

/// The response after a handler panicked; the panic hook has logged where.
#[expect(clippy::needless_pass_by_value, reason = "the layer gives it like that")]
fn answer_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    ApiError::internal(anyhow::anyhow!("a handler panicked: {text}")).into_response()
}

async fn handle_request(State(state): State<MiddlewareState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = method_label(request.method());
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = state.respond(request, next).await.unwrap_or_else(ApiError::into_response);
    add_headers(&mut response, state.https);

    let name = response.extensions().get::<RouteName>().map(|name| name.0.to_owned());
    let route = name.or(matched).unwrap_or_else(|| "none".to_owned());
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    let labels = [("method", method.to_owned()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels[..2]).record(elapsed.as_secs_f64());
    tracing::info!(method, route, status, elapsed_us = elapsed.as_micros(), "request");
    response
}

/// Headers of every response; pages set their own content security policy.
fn add_headers(response: &mut Response, https: bool) {
    const HEADERS: [(HeaderName, &str); 6] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // With no-referrer, browsers without Sec-Fetch-Site send `Origin: null` on our own forms.
        (header::REFERRER_POLICY, "same-origin"),
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

#[cfg(test)]
mod tests {
    use super::RequestSlots;

    #[test]
    fn slots_are_limited_per_client_and_in_total() {
        let slots = RequestSlots::new(4);
        let one: Vec<_> = (0..3).map(|_| slots.acquire("192.0.2.1")).collect();
        assert_eq!(one.iter().filter(|slot| slot.is_ok()).count(), 2);
        let other: Vec<_> = (0..3).map(|client| slots.acquire(&format!("198.51.100.{client}"))).collect();
        assert_eq!(other.iter().filter(|slot| slot.is_ok()).count(), 2);
        drop(one);
        assert!(slots.acquire("192.0.2.1").is_ok(), "a slot is free again");
        drop(other);
        let usage = slots.usage.lock().expect("nobody panicked");
        assert_eq!((usage.total, usage.by_client.len()), (0, 0));
    }
}
