//! Starts the server and stops it in good order.

use std::{future::IntoFuture as _, sync::Arc, time::Duration};

use anyhow::Context as _;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::{net::TcpListener, signal, sync::oneshot, time::timeout};
use tracing_subscriber::EnvFilter;

use crate::{
    clock::Clock,
    config::{Config, LogFormat},
    content,
    mail::{self, Post},
    orders,
    router::router,
    secrets::Secrets,
    site::Site,
    state::AppState,
    store::Store,
};

/// How long requests under way may take to finish once the server is told to
/// stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or Ctrl-C, then finishes what is under way.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    start_log(config.log_format);
    // Rendering needs an executor; a second server in one process finds it set.
    _ = any_spawner::Executor::init_tokio();

    let site = Site::open(&config.site)?;
    let store = Store::open(&config.database.database_url).await.context("the database cannot be opened")?;
    if store.versions().await?.content == 0 {
        let records = content::read(&config.content).context("the empty database was not filled")?;
        let change = store.replace_content(&records).await?;
        tracing::info!(%change, "loaded the content into the empty database");
    }
    let secrets = Secrets::open(&config.data.join("secret.key"))?;
    let clock = config.now.map(Clock::starting_at).unwrap_or_default();
    let metrics = PrometheusBuilder::new().build_recorder();
    let handle = metrics.handle();
    metrics::set_global_recorder(metrics).ok().context("metrics are already recorded elsewhere")?;
    let card = config.stripe.open()?;
    let state =
        AppState::new(store.clone(), clock, site, config.public_url, config.page_cache, secrets, handle)
            .taking_cards(card);

    let post = Post::open(config.smtp_url.as_deref(), config.data.join("outbox"))?;
    let from = state.catalogue.get(&store).await?.facts().email.clone();
    let mails =
        tokio::spawn(mail::run(store.clone(), state.clock.clone(), post, from, Arc::clone(&state.mail_wake)));

    let refunds = tokio::spawn(orders::settle(state.clone()));

    // Before anybody can connect: a signal that nobody hears kills the process.
    let stop = stop_signal()?;
    let listener =
        TcpListener::bind(config.addr).await.with_context(|| format!("cannot listen on {}", config.addr))?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    let (stopped, stopping) = oneshot::channel();
    let server = axum::serve(listener, router(state, config.max_in_flight)).with_graceful_shutdown(async {
        stop.await;
        tracing::info!("stopping: requests under way are finished first");
        _ = stopped.send(());
    });
    let server = tokio::spawn(server.into_future());
    // The server ends by itself only where it fails.
    _ = stopping.await;
    if timeout(GRACE, server).await.is_err() {
        tracing::warn!("some requests were not finished in time");
    }
    mails.abort();
    refunds.abort();
    store.close().await;
    Ok(())
}

fn start_log(format: LogFormat) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,campaign_hub_server=info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// Listens for SIGTERM and Ctrl-C from this moment on; the future ends when one
/// of them has come.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let terminate = {
        let mut signals =
            signal::unix::signal(signal::unix::SignalKind::terminate()).context("SIGTERM cannot be heard")?;
        async move { _ = signals.recv().await }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    Ok(async {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            () = terminate => {}
        }
    })
}
