//! Whether the server lives, and whether it can work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::llm::service::{BreakerState, Models, ProviderState};
use crate::session::ports::{CacheCare, Clock, SessionStore};

use super::state::AppState;

/// What is asked when somebody asks how the server is.
#[derive(Clone)]
pub struct Health {
    store: Arc<dyn SessionStore>,
    cache: Arc<dyn CacheCare>,
    models: Models,
    draining: Arc<AtomicBool>,
}

impl Health {
    pub fn new(store: Arc<dyn SessionStore>, cache: Arc<dyn CacheCare>, models: Models) -> Health {
        Health { store, cache, models, draining: Arc::default() }
    }

    /// From now on the server is not ready: it finishes what it has and takes nothing new.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    async fn checks(&self) -> Checks {
        let answer = |works: bool| if works { Check::Ok } else { Check::Unavailable };
        Checks {
            database: answer(self.store.ping().await.is_ok()),
            cache: answer(self.cache.ping().await.is_ok()),
            llm: self.models(),
        }
    }

    /// Whether any model may answer, as far as it is known.
    fn models(&self) -> Check {
        let providers = self.models.providers();
        let may_answer =
            |(_, _, it): &(_, _, ProviderState)| it.reachable != Some(false) && it.breaker != BreakerState::Open;
        match providers.is_empty() {
            true => Check::NotConfigured,
            false if providers.iter().any(may_answer) => Check::Ok,
            false => Check::Unavailable,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum HealthStatus {
    Healthy,
    /// Something is out of reach; see the checks.
    Degraded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Check {
    Ok,
    Unavailable,
    NotConfigured,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
struct Checks {
    database: Check,
    cache: Check,
    llm: Check,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
struct HealthAnswer {
    status: HealthStatus,
    service: &'static str,
    version: &'static str,
    timestamp: DateTime<Utc>,
    checks: Checks,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
struct ProbeAnswer {
    status: &'static str,
}

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(live)).routes(routes!(ready))
}

/// How the server and its parts are.
#[utoipa::path(get, path = "/health", tag = "health", security(()), responses((status = 200, body = HealthAnswer)))]
async fn health(State(health): State<Health>, State(clock): State<Arc<dyn Clock>>) -> Json<HealthAnswer> {
    let checks = health.checks().await;
    let works = [checks.database, checks.cache, checks.llm].iter().all(|check| *check != Check::Unavailable);
    Json(HealthAnswer {
        status: if works { HealthStatus::Healthy } else { HealthStatus::Degraded },
        service: "agentwright",
        version: env!("CARGO_PKG_VERSION"),
        timestamp: clock.now(),
        checks,
    })
}

/// Whether the process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", security(()), responses((status = 200, body = ProbeAnswer)))]
async fn live() -> Json<ProbeAnswer> {
    Json(ProbeAnswer { status: "alive" })
}

/// Whether requests should be sent here: false while stopping or without a database.
#[utoipa::path(get, path = "/health/ready", tag = "health", security(()), responses(
    (status = 200, body = ProbeAnswer),
    (status = 503, body = ProbeAnswer, description = "Stopping, or without a database"),
))]
async fn ready(State(health): State<Health>) -> (StatusCode, Json<ProbeAnswer>) {
    let draining = health.draining.load(Ordering::Relaxed);
    if !draining && health.store.ping().await.is_ok() {
        (StatusCode::OK, Json(ProbeAnswer { status: "ready" }))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, Json(ProbeAnswer { status: "not ready" }))
    }
}
