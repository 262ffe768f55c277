//! Prompts in a model's words.

use axum::Json;
use axum::extract::{FromRef, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::orchestrator::answers::StepAnswer;
use crate::orchestrator::polish::models::{AcceptPolish, DropPolish, PolishProposals, PolishRequest};
use crate::orchestrator::service::TurnService;
use crate::orchestrator::workshop::Workshop;
use crate::server::api_error::{ApiError, ChangeProblems};
use crate::server::extract::{ApiJson, RepeatHeader, RepeatKey, SessionPath};
use crate::session::ports::Caller;

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
    Workshop: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(polish_prompt)).routes(routes!(accept_polish)).routes(routes!(drop_polish))
}

/// Asks the language model to put the sections of a generated prompt better. Nothing is kept: each section is a proposal
/// with its difference and whether it may be taken. It may not where it loses or invents something, changes much of the
/// length, or makes the lint worse.
///
/// 409 `no_model` where the server has no language model; 503 `model_failed` where it did not help.
#[utoipa::path(post, path = "/prompts/{id}/polish", tag = "prompts", request_body = PolishRequest,
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = PolishProposals), ChangeProblems))]
async fn polish_prompt(
    State(workshop): State<Workshop>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiJson(request): ApiJson<PolishRequest>,
) -> Result<Json<PolishProposals>, ApiError> {
    Ok(Json(workshop.polish(&caller, &id, request.format).await?))
}

/// Takes proposed sections: all of them, or none with why for each. They stand wherever the prompt is shown or handed
/// over, each line traced as `inferred`, until the generated text beneath changes; then they lapse, and the prompt's
/// `metadata.polished` says so. Can be undone.
#[utoipa::path(post, path = "/prompts/{id}/polish/accept", tag = "prompts", request_body = AcceptPolish,
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 200, body = StepAnswer), ChangeProblems))]
async fn accept_polish(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
    ApiJson(wanted): ApiJson<AcceptPolish>,
) -> Result<Json<StepAnswer>, ApiError> {
    Ok(Json(turns.accept_polish(&caller, &id, &wanted, key.as_deref()).await?))
}

/// Has sections as generated again. Can be undone.
#[utoipa::path(post, path = "/prompts/{id}/polish/drop", tag = "prompts", request_body = DropPolish,
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 200, body = StepAnswer), ChangeProblems))]
async fn drop_polish(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
    ApiJson(dropped): ApiJson<DropPolish>,
) -> Result<Json<StepAnswer>, ApiError> {
    Ok(Json(turns.drop_polish(&caller, &id, &dropped, key.as_deref()).await?))
}
