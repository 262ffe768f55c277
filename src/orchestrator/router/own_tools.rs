//! Tools of the owner's own, given to an agent.

use axum::Json;
use axum::extract::{FromRef, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::orchestrator::answers::StepAnswer;
use crate::orchestrator::own_tools::models::AddTools;
use crate::orchestrator::service::TurnService;
use crate::server::api_error::{ApiError, ChangeProblems};
use crate::server::extract::{ApiJson, RepeatHeader, RepeatKey, SessionPath};
use crate::session::ports::Caller;

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(add_tools))
}

/// Gives the agent tools of its owner's own: all of them, or none with what is wrong with each. Can be undone.
/// `POST /tools/import` reads them from an OpenAPI document or the list of an MCP server.
#[utoipa::path(post, path = "/sessions/{id}/tools", tag = "tools", request_body = AddTools,
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 200, body = StepAnswer), ChangeProblems))]
async fn add_tools(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
    ApiJson(AddTools { tools }): ApiJson<AddTools>,
) -> Result<Json<StepAnswer>, ApiError> {
    Ok(Json(turns.add_tools(&caller, &id, tools, key.as_deref()).await?))
}
