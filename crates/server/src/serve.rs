//! Starts the server and shuts it down gracefully.

use std::{net::IpAddr, sync::Arc};

use anyhow::Context as _;
use tokio::signal;
use tracing_subscriber::EnvFilter;

use crate::{
    clock::Clock,
    config::{Config, LogFormat},
    connections, content, keys, limits,
    mail::{self, MailTransport},
    monitoring, orders, retention,
    router::router,
    site::Site,
    state::AppState,
    store::Store,
};

/// Serves until SIGTERM or Ctrl-C, then completes the requests in progress.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    start_log(config.log_format);
    // Rendering needs an executor; a second server in the same process finds it set already.
    _ = any_spawner::Executor::init_tokio();

    let site = Site::open(&config.site)?;
    let store = Store::open(&config.database.url()).await.context("cannot open the database")?;
    if store.versions().await?.content == 0 {
        let records = content::read(&config.content).context("no content was loaded")?;
        let change = store.replace_content(&records).await?;
        tracing::info!(%change, "loaded the content into the empty database");
    }
    let secrets = keys::open(&store, &config.keys.source(&config.database)).await?;
    let clock = config.now.map(Clock::starting_at).unwrap_or_default();
    let metrics = monitoring::record()?;
    let card = config.stripe.open()?;
    let state = AppState::new(store.clone(), clock, site, config.public_url, config.page_cache, secrets)
        .taking_cards(card)
        .admitting(config.access)
        .with_rules(config.rules);
    let outbox = config.database.data.join("outbox");
    let transport = Arc::new(MailTransport::open(config.smtp_url.as_deref(), outbox.clone())?);
    let from = state.catalogue.get(&store).await?.facts().email.clone();
    // Errors that are known before the server accepts connections stop it from starting.
    let metrics_listener = monitoring::listen(config.metrics_addr).await?;
    let stop = stop_signal()?;
    let listener =
        connections::listen(config.addr).with_context(|| format!("cannot listen on {}", config.addr))?;
    let listener = Arc::new(listener);
    tracing::info!(address = %listener.local_addr()?, "serving");

    let workers = state.workers.clone();
    let succeeded = |name| {
        let workers = state.workers.clone();
        move |at| workers.succeeded(name, at)
    };
    let running = [
        workers.supervise("mails", {
            let (state, succeeded) = (state.clone(), succeeded("mails"));
            move || {
                let AppState { store, clock, secrets, mail_wake, .. } = state.clone();
                mail::run(
                    store,
                    clock,
                    secrets,
                    Arc::clone(&transport),
                    from.clone(),
                    mail_wake,
                    succeeded.clone(),
                )
            }
        }),
        workers.supervise("refunds", {
            let state = state.clone();
            move || orders::retry_refunds(state.clone())
        }),
        workers.supervise("expiry", {
            let state = state.clone();
            move || orders::expire(state.clone())
        }),
        workers.supervise("retention", {
            let (state, succeeded) = (state.clone(), succeeded("retention"));
            move || {
                retention::run(state.store.clone(), state.clock.clone(), outbox.clone(), succeeded.clone())
            }
        }),
        workers.supervise("limits", {
            let (state, succeeded) = (state.clone(), succeeded("limits"));
            move || limits::sweep(state.store.clone(), state.clock.clone(), succeeded.clone())
        }),
        workers.supervise("metrics", {
            let (store, clock, succeeded) = (store.clone(), state.clock.clone(), succeeded("metrics"));
            move || {
                let (clock, succeeded) = (clock.clone(), succeeded.clone());
                let succeeded = move || succeeded(clock.now());
                monitoring::run(metrics.clone(), store.clone(), metrics_listener.clone(), succeeded)
            }
        }),
        workers.supervise("compression", {
            let (pages, clock) = (Arc::clone(&state.pages), state.clock.clone());
            let succeeded = succeeded("compression");
            move || {
                let (pages, clock, succeeded) = (Arc::clone(&pages), clock.clone(), succeeded.clone());
                async move { pages.compress_well(move || succeeded(clock.now())).await }
            }
        }),
    ];
    let proxies = Arc::clone(&state.trusted_proxies);
    // A local client may be a proxy that was not configured.
    let speaks_for_others = move |peer: IpAddr| {
        peer.is_loopback() || proxies.iter().any(|proxy| proxy.contains(&peer.to_canonical()))
    };
    let router = router(state, config.max_in_flight);
    let most = usize::try_from(config.max_connections).unwrap_or(usize::MAX);
    connections::serve(listener, router, most, speaks_for_others, async {
        stop.await;
        tracing::info!("stopping: completing the requests in progress");
    })
    .await;
    for worker in &running {
        worker.abort();
    }
    store.close().await;
    Ok(())
}

fn start_log(format: LogFormat) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,campaign_hub_server=info"));
    // A log that cannot be written, for example to a full disk, must not end a request.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// Listens for SIGTERM and Ctrl-C from now on; the future completes at the first of them.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let terminate = {
        let mut signals = signal::unix::signal(signal::unix::SignalKind::terminate())
            .context("cannot listen for SIGTERM")?;
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
