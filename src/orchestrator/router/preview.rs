//! The agent played, with a model or without.

use axum::Json;
use axum::extract::{FromRef, State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::orchestrator::preview::models::{PreviewAnswer, PreviewRequest, WalkAnswer};
use crate::orchestrator::service::TurnService;
use crate::orchestrator::workshop::Workshop;
use crate::server::api_error::{ApiError, ChangeProblems, ReadProblems};
use crate::server::extract::{ApiJson, ApiQuery, SessionPath};
use crate::session::ports::Caller;

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
    Workshop: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(preview_turn)).routes(routes!(walk_workflow))
}

/// What the agent says and does next in a run that the caller keeps: its prompt and its tools on the language model.
/// Nothing is called: each call comes with a made-up answer to send back as the tool's message, changed or as it is. A
/// run without messages is opened with the agent's first words.
///
/// 409 `no_model` where the server has no language model (`GET /workflows/{id}/walk` needs none); 503 `model_failed`
/// where it did not help.
#[utoipa::path(post, path = "/sessions/{id}/preview", tag = "tests", request_body = PreviewRequest,
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = PreviewAnswer), ChangeProblems))]
async fn preview_turn(
    State(workshop): State<Workshop>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiJson(request): ApiJson<PreviewRequest>,
) -> Result<Json<PreviewAnswer>, ApiError> {
    Ok(Json(workshop.preview(&caller, &id, request).await?))
}

/// Where to look at the workflow.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WalkQuery {
    /// Id of a step; the start if it is left out.
    #[param(pattern = "^[a-z][a-z0-9_]*$")]
    at: Option<String>,
}

/// One step of the workflow: what the agent says there, what it gets or calls, and the ways on.
#[utoipa::path(get, path = "/workflows/{id}/walk", tag = "workflows",
    params(("id" = String, Path, description = "Session id"), WalkQuery),
    responses((status = 200, body = WalkAnswer), ReadProblems))]
async fn walk_workflow(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiQuery(query): ApiQuery<WalkQuery>,
) -> Result<Json<WalkAnswer>, ApiError> {
    Ok(Json(turns.walk(&caller, &id, query.at.as_deref()).await?))
}
