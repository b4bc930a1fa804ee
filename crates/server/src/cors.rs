//! Allows the app on a static host to call the API from another origin (`--allow-origin`).

use std::{sync::Arc, time::Duration};

use axum::http::{HeaderName, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::config::PublicUrl;

/// How long a browser may remember the answer to a preflight request.
const PREFLIGHT_AGE: Duration = Duration::from_hours(2);

/// Allows pages of these origins to call the API and read the responses. There are no cookies,
/// so no request is authenticated by the browser.
pub(crate) fn layer(origins: Arc<[PublicUrl]>) -> CorsLayer {
    let may_read = AllowOrigin::predicate(move |origin, request| {
        let origin = origin.to_str().unwrap_or_default();
        request.uri.path().starts_with("/api/") && origins.iter().any(|allowed| allowed.is_origin(origin))
    });
    CorsLayer::new()
        .allow_origin(may_read)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE, HeaderName::from_static("idempotency-key")])
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT_AGE)
}
