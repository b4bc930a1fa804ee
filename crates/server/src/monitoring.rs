//! Metrics in the Prometheus text format, on their own listener. Every label has a fixed set
//! of values, so that clients cannot add time series.

use std::{
    future::pending,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use axum::{
    Router,
    extract::State,
    http::{Method, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use metrics::Gauge;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::{net::TcpListener, time::interval};

use crate::{connections, store::Store};

/// The default address of the metrics endpoint.
pub(crate) const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9464);
/// The maximum number of connections to the metrics endpoint.
const CONNECTIONS: usize = 16;
/// The upper bounds of the histograms' buckets, in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// How often samples are moved into their buckets. Until then each takes 8 bytes, which adds up
/// under load.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(1);

/// Installs the metrics recorder for the whole process.
pub(crate) fn record() -> anyhow::Result<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
        .context("the buckets are in order")?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok().context("metrics are already recorded elsewhere")?;
    Ok(handle)
}

/// Serves the metrics on their own listener, if there is one, and keeps them up, for as long as
/// the server runs; calls `succeeded` at intervals.
pub(crate) async fn run(
    handle: PrometheusHandle,
    store: Store,
    listener: Option<Arc<TcpListener>>,
    succeeded: impl Fn(),
) {
    let router = router(handle.clone(), store);
    let serve = async {
        match listener {
            Some(listener) => {
                let is_local = |peer: IpAddr| peer.is_loopback();
                connections::serve(listener, router, CONNECTIONS, is_local, pending()).await;
            }
            None => pending().await,
        }
    };
    tokio::select! {
        () = keep_up(handle, succeeded) => {}
        () = serve => {}
    }
}

/// Prevents samples from accumulating; calls `succeeded` each time.
async fn keep_up(handle: PrometheusHandle, succeeded: impl Fn()) {
    let mut interval = interval(UPKEEP_INTERVAL);
    loop {
        interval.tick().await;
        handle.run_upkeep();
        succeeded();
    }
}

/// The listener for metrics. It is an error if a configured address is in use, but not if the
/// default one is: a second server on the same machine runs without metrics.
pub(crate) async fn listen(address: Option<SocketAddr>) -> anyhow::Result<Option<Arc<TcpListener>>> {
    match TcpListener::bind(address.unwrap_or(DEFAULT_ADDRESS)).await {
        Ok(listener) => Ok(Some(Arc::new(listener))),
        Err(error) if address.is_none() => {
            tracing::error!(%error, address = %DEFAULT_ADDRESS, "metrics are disabled: set a free address with --metrics-addr");
            Ok(None)
        }
        Err(error) => Err(error).context("cannot listen on the address of --metrics-addr"),
    }
}

/// The router of that listener.
fn router(handle: PrometheusHandle, store: Store) -> Router {
    Router::new().route("/metrics", get(show_metrics)).with_state((handle, store))
}

async fn show_metrics(State((handle, store)): State<(PrometheusHandle, Store)>) -> Response {
    let pool = store.connections();
    metrics::gauge!("database_connections", "state" => "idle").set(f64::from(pool.idle));
    metrics::gauge!("database_connections", "state" => "used").set(f64::from(pool.used));
    // A gauge that cannot be updated keeps its last value.
    match store.backlog().await {
        Ok(backlog) => {
            metrics::gauge!("mails_waiting").set(f64::from(backlog.mails_waiting));
            metrics::gauge!("mails_given_up").set(f64::from(backlog.mails_given_up));
            metrics::gauge!("refunds_waiting").set(f64::from(backlog.refunds_waiting));
        }
        Err(error) => tracing::warn!(%error, "could not read the queue lengths"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
}

/// Something in progress, counted by a gauge of this name until this value is dropped.
pub(crate) struct InProgress(Gauge);

impl InProgress {
    pub(crate) fn start(name: &'static str) -> Self {
        let gauge = metrics::gauge!(name);
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// A method as a label.
pub(crate) fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::DEFAULT_ADDRESS;

    #[test]
    fn metrics_are_only_on_this_machine_by_default() {
        assert!(DEFAULT_ADDRESS.ip().is_loopback(), "{DEFAULT_ADDRESS}");
    }
}
