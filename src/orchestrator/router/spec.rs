//! What the interview filled in, and changing it by hand.

use axum::Json;
use axum::extract::{FromRef, State};
use serde_json::{Map, Value};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::intent::models::AgentSpec;
use crate::orchestrator::patch_schema::SpecPatch;
use crate::orchestrator::service::TurnService;
use crate::server::api_error::{ApiError, ChangeProblems, ReadProblems};
use crate::server::extract::{ApiJson, SessionPath};
use crate::session::ports::Caller;

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(get_spec, patch_spec))
}

/// The agent's description: every field with its value, its provenance and its evidence.
#[utoipa::path(get, path = "/sessions/{id}/spec", tag = "sessions",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = Object, description = "`{field: {value, provenance, evidence, items}}`"),
        ReadProblems))]
async fn get_spec(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<AgentSpec>, ApiError> {
    Ok(Json(turns.spec(&caller, &id).await?))
}

/// Replaces fields by hand, `null` clears one: all of them, or none with what is wrong with each.
#[utoipa::path(patch, path = "/sessions/{id}/spec", tag = "sessions",
    params(("id" = String, Path, description = "Session id")),
    request_body(content = SpecPatch, description = "`{field: value}`; null clears a field",
        example = json!({"agent_name": "Mia", "brand_voice": null})),
    responses((status = 200, body = Object, description = "The new spec"), ChangeProblems))]
async fn patch_spec(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiJson(fields): ApiJson<Map<String, Value>>,
) -> Result<Json<AgentSpec>, ApiError> {
    Ok(Json(turns.patch(&caller, &id, None, &fields).await?.session.interview.spec.clone()))
}
