//! Agents that come back, and findings that are mended, over REST.

use axum::Json;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::intent::models::Change;
use crate::orchestrator::answers::{SessionCreated, TurnFields};
use crate::orchestrator::service::TurnService;
use crate::prompt::lint::{LintReport, Place};
use crate::server::api_error::{ApiError, ChangeProblems};
use crate::server::extract::{ApiJson, SessionPath};
use crate::session::ports::Caller;

/// An agent to open again: `spec.json` or `generic/agent.json` of a bundle, or an Open Agent Spec agent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportRequest {
    #[schema(value_type = Object)]
    document: Value,
}

/// A finding of the lint, as its report names it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FixRequest {
    #[schema(max_length = 64)]
    rule: String,
    #[serde(rename = "where")]
    place: Place,
}

/// What the click changed, and what is left.
#[derive(Serialize, ToSchema)]
struct FixAnswer {
    #[serde(flatten)]
    turn: TurnFields,
    changes: Vec<Change>,
    report: LintReport,
}

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(import_session)).routes(routes!(fix_finding))
}

/// Opens a new session about an agent that was exported before; where each value came from is kept.
#[utoipa::path(post, path = "/sessions/import", tag = "sessions", request_body = ImportRequest,
    responses((status = 201, body = SessionCreated), ChangeProblems))]
async fn import_session(
    State(turns): State<TurnService>,
    caller: Caller,
    ApiJson(request): ApiJson<ImportRequest>,
) -> Result<(StatusCode, Json<SessionCreated>), ApiError> {
    let kept = turns.import(&caller, &request.document).await?;
    Ok((StatusCode::CREATED, Json(SessionCreated::from(&kept))))
}

/// Does what one click does about a finding, as a revision that can be undone.
#[utoipa::path(post, path = "/prompts/{id}/lint/fix", tag = "prompts", request_body = FixRequest,
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = FixAnswer), ChangeProblems))]
async fn fix_finding(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiJson(request): ApiJson<FixRequest>,
) -> Result<Json<FixAnswer>, ApiError> {
    let kept = turns.fix(&caller, &id, &request.rule, &request.place).await?;
    let report = turns.lint(&caller, &id).await?;
    Ok(Json(FixAnswer { turn: kept.turn(), changes: kept.changes.clone(), report }))
}
