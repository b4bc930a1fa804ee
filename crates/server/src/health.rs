//! Health checks for operators: is the server alive, and can it take orders?

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use tokio::{sync::Mutex, time::Instant};

use crate::{error::ApiError, state::AppState};

/// The minimum interval between test writes to the database, however often clients ask.
const WRITE_INTERVAL: Duration = Duration::from_secs(1);

/// When the database was last written to successfully.
#[derive(Clone, Default)]
pub(crate) struct Readiness(Arc<Mutex<Option<Instant>>>);

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/health/live", get(|| async { StatusCode::NO_CONTENT }))
        .route("/health/ready", get(check_ready))
}

/// Ready means that content has been loaded, that the database can be written to, and
/// that no worker has crashed without having succeeded since.
async fn check_ready(State(state): State<AppState>) -> Result<StatusCode, ApiError> {
    if state.store.versions().await?.content == 0 {
        return Err(ApiError::NotReady("no content has been loaded".to_owned()));
    }
    let mut written = state.readiness.0.lock().await;
    if written.is_none_or(|written| written.elapsed() >= WRITE_INTERVAL) {
        *written = None;
        state.store.check_write().await?;
        *written = Some(Instant::now());
    }
    match state.workers.unhealthy().as_slice() {
        [] => Ok(StatusCode::NO_CONTENT),
        workers => Err(ApiError::NotReady(format!("these workers have crashed: {}", workers.join(", ")))),
    }
}
