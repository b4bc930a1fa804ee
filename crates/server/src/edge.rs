//! Middleware around every request and response: load shedding, timeouts, headers, metrics and
//! the access log.

use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, HttpBody as _},
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use metrics::Gauge;
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{client::ClientAddress, error::ApiError, monitoring::method_label, site::Site, videos};

/// The timeout of a request.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// The maximum size of a request body, in bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// The timeout for receiving a request body.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// The maximum number of bodies received at once; together they need at most 64 MB.
const BODIES: usize = 1024;
/// A client may use at most 1/`SHARE` of the slots.
const SHARE: usize = 2;

/// A route's name for logs and metrics, set by handlers that serve many URLs.
#[derive(Clone, Copy)]
pub(crate) struct RouteName(pub(crate) &'static str);

#[derive(Clone)]
struct Edge {
    places: Places,
    bodies: Places,
    site: Arc<Site>,
    https: bool,
}

/// Adds the middleware to a router. At most `max_in_flight` requests are processed at once.
pub(crate) fn layers(router: Router, max_in_flight: u32, site: Arc<Site>, https: bool) -> Router {
    let places = usize::try_from(max_in_flight).unwrap_or(usize::MAX);
    let edge = Edge { places: Places::new(places), bodies: Places::new(BODIES), site, https };
    router.layer(CatchPanicLayer::custom(answer_panic)).layer(middleware::from_fn_with_state(edge, pass))
}

impl Edge {
    /// Handles a request. Its body is received before it takes a slot, so that a slow client
    /// does not block others. Requests that need no work take no slot.
    async fn answer(&self, request: Request, next: Next) -> Result<Response, ApiError> {
        let path = request.uri().path();
        let needs_place = !path.starts_with("/health/")
            && !path.starts_with(videos::FOLDER)
            && self.site.asset(path).is_none();
        let client = request.extensions().get::<ClientAddress>().map(|client| client.network());
        let client = client.unwrap_or_default();
        let request = self.receive(request, &client).await?;
        let _place = if needs_place { Some(self.places.take(&client)?) } else { None };
        timeout(TIME_LIMIT, next.run(request)).await.map_err(|_| ApiError::TimedOut)
    }

    /// The request with its whole body in memory.
    async fn receive(&self, request: Request, client: &str) -> Result<Request, ApiError> {
        if request.body().is_end_stream() {
            return Ok(request);
        }
        let _place = self.bodies.take(client)?;
        let _receiving = Receiving::start();
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
struct Places {
    most: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_client: HashMap<String, usize>,
}

impl Places {
    fn new(most: usize) -> Self {
        Self { most, taken: Arc::default() }
    }

    fn take(&self, client: &str) -> Result<Place, ApiError> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.by_client.get(client).copied().unwrap_or_default();
        if taken.all >= self.most || own >= self.most.div_ceil(SHARE) {
            return Err(ApiError::Overloaded);
        }
        taken.all += 1;
        taken.by_client.insert(client.to_owned(), own + 1);
        Ok(Place { taken: Arc::clone(&self.taken), client: client.to_owned() })
    }
}

/// A slot, released when this value is dropped.
struct Place {
    taken: Arc<Mutex<Taken>>,
    client: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        match taken.by_client.get_mut(&self.client) {
            Some(own) if *own > 1 => *own -= 1,
            _ => _ = taken.by_client.remove(&self.client),
        }
    }
}

/// A request whose body is being received, counted until this value is dropped.
struct Receiving(Gauge);

impl Receiving {
    fn start() -> Self {
        let gauge = metrics::gauge!("http_requests_receiving");
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// The response after a handler panicked; the panic hook has logged where.
#[expect(clippy::needless_pass_by_value, reason = "the layer gives it like that")]
fn answer_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    ApiError::internal(anyhow::anyhow!("a handler panicked: {text}")).into_response()
}

async fn pass(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = method_label(request.method());
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = edge.answer(request, next).await.unwrap_or_else(ApiError::into_response);
    add_headers(&mut response, edge.https);

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
    use super::Places;

    #[test]
    fn one_client_takes_a_share_of_the_places_and_all_together_no_more_than_there_are() {
        let places = Places::new(4);
        let one: Vec<_> = (0..3).map(|_| places.take("192.0.2.1")).collect();
        assert_eq!(one.iter().filter(|place| place.is_ok()).count(), 2);
        let other: Vec<_> = (0..3).map(|client| places.take(&format!("198.51.100.{client}"))).collect();
        assert_eq!(other.iter().filter(|place| place.is_ok()).count(), 2);
        drop(one);
        assert!(places.take("192.0.2.1").is_ok(), "a place is free again");
        drop(other);
        let taken = places.taken.lock().expect("nobody panicked");
        assert_eq!((taken.all, taken.by_client.len()), (0, 0));
    }
}
