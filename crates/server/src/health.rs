//! For whoever runs the server: is it alive, is it ready, how is it doing.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};

use crate::{error::ApiError, state::AppState};

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/health/live", get(|| async { StatusCode::NO_CONTENT }))
        .route("/health/ready", get(check_ready))
        .route("/metrics", get(show_metrics))
}

/// Ready means that the database answers and content has been loaded.
async fn check_ready(State(state): State<AppState>) -> Result<StatusCode, ApiError> {
    match state.store.versions().await?.content {
        0 => Ok(StatusCode::SERVICE_UNAVAILABLE),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

/// Counters and durations in Prometheus' text format.
async fn show_metrics(State(state): State<AppState>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], state.metrics.render()).into_response()
}
