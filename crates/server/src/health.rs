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

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use axum::{
        Router,
        body::Body,
        http::{Request, StatusCode, header},
        response::Response,
    };
    use http_body_util::BodyExt as _;
    use jiff::Timestamp;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tempfile::TempDir;
    use tokio::{sync::Notify, task::yield_now};
    use tower::ServiceExt as _;

    use super::router;
    use crate::state::AppState;

    async fn readiness(state: &AppState) -> Response {
        let request = Request::get("/health/ready").body(Body::empty()).expect("a request");
        let router: Router = router().with_state(state.clone());
        router.oneshot(request).await.expect("an answer")
    }

    #[tokio::test]
    async fn crashed_worker_is_reported_until_it_succeeds() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let _recording = metrics::set_default_local_recorder(&recorder);
        let folder = TempDir::new().expect("a temporary folder");
        let state = AppState::for_tests(folder.path()).await;
        assert_eq!(readiness(&state).await.status(), StatusCode::NO_CONTENT);

        let (may_succeed, has_succeeded) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let worker = state.workers.supervise("mails", {
            let (workers, has_crashed) = (state.workers.clone(), Arc::new(AtomicBool::new(false)));
            let (may_succeed, has_succeeded) = (Arc::clone(&may_succeed), Arc::clone(&has_succeeded));
            move || {
                let (workers, has_crashed) = (workers.clone(), Arc::clone(&has_crashed));
                let (may_succeed, has_succeeded) = (Arc::clone(&may_succeed), Arc::clone(&has_succeeded));
                async move {
                    assert!(has_crashed.swap(true, Ordering::SeqCst), "it crashes once");
                    may_succeed.notified().await;
                    workers.succeeded("mails", Timestamp::UNIX_EPOCH);
                    has_succeeded.notify_one();
                    std::future::pending::<()>().await;
                }
            }
        });
        while state.workers.unhealthy().is_empty() {
            yield_now().await;
        }
        let answer = readiness(&state).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.headers().contains_key(header::RETRY_AFTER));
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        let body = String::from_utf8_lossy(&body);
        assert!(body.contains("these workers have crashed: mails"), "{body}");
        let metrics = recorder.handle().render();
        assert!(metrics.contains("worker_crashes_total{worker=\"mails\"} 1\n"), "{metrics}");

        may_succeed.notify_one();
        has_succeeded.notified().await;
        assert_eq!(readiness(&state).await.status(), StatusCode::NO_CONTENT);
        worker.abort();
    }
}
