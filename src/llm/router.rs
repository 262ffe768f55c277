//! Models over REST.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::server::api_error::ReadProblems;

/// The vendors whose models may phrase and extract.
const PROVIDERS: [&str; 2] = ["openai", "anthropic"];
const NOTE: &str =
    "This version has no connection to models yet: interviews run without one, and a key changes nothing.";

/// Below the API's base.
pub fn routes<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list_providers))
}

/// A vendor of models. Its key is never shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Provider {
    id: &'static str,
    /// Whether there is a key and a model for it.
    configured: bool,
    /// Whether it answered when it was last asked; null while nobody asked.
    reachable: Option<bool>,
    model: Option<String>,
    last_error: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
struct ProvidersAnswer {
    providers: Vec<Provider>,
    /// What to know about them.
    note: &'static str,
}

/// The vendors of models and whether they are in use.
#[utoipa::path(get, path = "/llm/providers", tag = "reference",
    responses((status = 200, body = ProvidersAnswer), ReadProblems))]
async fn list_providers() -> Json<ProvidersAnswer> {
    let provider = |id| Provider { id, configured: false, reachable: None, model: None, last_error: None };
    Json(ProvidersAnswer { providers: PROVIDERS.map(provider).to_vec(), note: NOTE })
}
