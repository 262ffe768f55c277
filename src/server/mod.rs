//! The HTTP server: wires the features to their backends and listens.

pub mod api_error;
pub mod clock;
pub mod config;
mod docs;
pub mod extract;
mod forms;
mod health;
mod middleware;
pub mod ownership;
mod pages;
pub mod router;
pub mod state;
pub mod telemetry;

use std::future::Future;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::session::ports::StoreError;

use config::Config;
use state::AppState;

/// How long requests may take to finish once the server was asked to stop.
const DRAIN: Duration = Duration::from_secs(8);

/// Why the server did not start or ended early.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot open the database: {0}")]
    Store(#[from] StoreError),
    #[error("cannot listen: {0}")]
    Io(#[from] std::io::Error),
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
    let state = AppState::open(&config).await?;
    let stopping = CancellationToken::new();
    let sweeper = tokio::spawn(sweep(state.clone(), config.session_expiry, stopping.clone()));
    tokio::spawn({
        let (stopping, health) = (stopping.clone(), state.health.clone());
        async move {
            stop.await;
            health.drain();
            stopping.cancel();
        }
    });
    let listener = listener.tap_io(|stream| {
        // Answers are small and whole: waiting to fill packets only delays them.
        let _ = stream.set_nodelay(true);
    });
    let serving =
        axum::serve(listener, router::build(state.clone())).with_graceful_shutdown(stopping.clone().cancelled_owned());
    let asked = stopping.clone().cancelled_owned();
    let late = async {
        asked.await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        ended = serving.into_future() => ended?,
        () = late => tracing::warn!("some requests did not finish in time"),
    }
    stopping.cancel();
    let _ = sweeper.await;
    state.close().await;
    Ok(())
}

/// Marks sessions abandoned whose time is over, now and then.
async fn sweep(state: AppState, expiry: Duration, stopping: CancellationToken) {
    let pause = (expiry / 4).clamp(Duration::from_secs(1), Duration::from_secs(60));
    let mut ticks = tokio::time::interval(pause);
    while stopping.run_until_cancelled(ticks.tick()).await.is_some() {
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
