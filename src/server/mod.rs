//! The HTTP server: wires the features to their backends and listens.

pub mod api_error;
pub mod api_keys;
pub mod clock;
pub mod config;
mod config_models;
mod docs;
pub mod extract;
mod forms;
mod health;
mod key_page;
mod language;
mod limits;
mod listen;
mod middleware;
pub mod ownership;
mod pages;
mod plain_page;
pub mod router;
pub mod state;
mod styleguide;
pub mod telemetry;
pub mod tls;

use std::future::Future;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::llm::adapters::ClientError;
use crate::session::ports::StoreError;

use config::Config;
use state::AppState;

/// How long requests may take to finish once the server was asked to stop.
const DRAIN: Duration = Duration::from_secs(7);
/// How long changes whose caller is gone may take after that.
const LAST_CHANGES: Duration = Duration::from_secs(1);

/// Why the server did not start or ended early.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot open the database: {0}")]
    Store(#[from] StoreError),
    #[error("cannot listen: {0}")]
    Io(#[from] std::io::Error),
    #[error("cannot ask models: {0}")]
    Models(#[from] ClientError),
    #[error("cannot count: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
}

/// Serves until the process is asked to stop (SIGTERM, Ctrl+C), then finishes what is under way.
pub async fn serve(listener: TcpListener, config: Config) -> Result<(), ServeError> {
    serve_until(listener, config, asked_to_stop()).await
}

/// Serves until `stop` resolves.
pub async fn serve_until(
    listener: TcpListener,
    config: Config,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    telemetry::start_metrics()?;
    let state = AppState::open(&config).await?;
    let stopping = state.stopping.clone();
    let sweeper = tokio::spawn(sweep(state.clone(), config.session_expiry));
    tokio::spawn({
        let (stopping, health) = (stopping.clone(), state.health.clone());
        async move {
            stop.await;
            health.drain();
            stopping.cancel();
        }
    });
    listen::serve(listener, router::build(state.clone()), config.max_connections, stopping, DRAIN).await;
    // What was begun and has no caller any more is finished all the same.
    state.under_way.close();
    if tokio::time::timeout(LAST_CHANGES, state.under_way.wait()).await.is_err() {
        tracing::warn!("some changes did not finish in time");
    }
    let _ = sweeper.await;
    state.close().await;
    Ok(())
}

/// Marks sessions abandoned whose time is over, now and then, and tidies up.
async fn sweep(state: AppState, expiry: Duration) {
    let pause = (expiry / 4).clamp(Duration::from_secs(1), Duration::from_secs(60));
    let mut ticks = tokio::time::interval(pause);
    while state.stopping.run_until_cancelled(ticks.tick()).await.is_some() {
        state.limits.sweep();
        telemetry::tidy();
        match state.sessions.sweep().await {
            Ok(0) => {}
            Ok(abandoned) => tracing::info!(abandoned, "sessions without a turn for too long"),
            Err(error) => tracing::warn!(%error, "the sweep did not finish"),
        }
    }
}

async fn asked_to_stop() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping");
}
