//! What the interview is made of and how it reads, without a session.

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::AppError;
use crate::intent::schemas::{ExtractAnswer, ExtractRequest};
use crate::intent::spec_schema;
use crate::orchestrator::guide::{Guide, guide};
use crate::orchestrator::hearing::hear;
use crate::server::api_error::{ApiError, ChangeProblems, ReadProblems};
use crate::server::extract::ApiJson;
use crate::session::models::MAX_MESSAGE_CHARS;

pub fn routes<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(extract_intent)).routes(routes!(agent_spec_schema)).routes(routes!(list_stages))
}

/// What a text says about an agent: the fields it fills, with the words they rest on, and what it asks the interview to do.
/// Nothing is kept.
#[utoipa::path(post, path = "/intent/extract", tag = "reference", request_body = ExtractRequest,
    responses((status = 200, body = ExtractAnswer), ChangeProblems))]
async fn extract_intent(ApiJson(request): ApiJson<ExtractRequest>) -> Result<Json<ExtractAnswer>, ApiError> {
    let ExtractRequest { text, context } = request;
    if text.chars().count() > MAX_MESSAGE_CHARS {
        return Err(AppError::TooLong.into());
    }
    if text.trim().is_empty() {
        return Err(AppError::field("text", "must not be empty").into());
    }
    let context = context.unwrap_or_default();
    Ok(Json(hear(&text, context.asked, context.previous).into()))
}

/// JSON Schema (2020-12) of an agent's description, as `GET /sessions/{id}/spec` gives it.
#[utoipa::path(get, path = "/schema/agent-spec.json", tag = "reference",
    responses((status = 200, body = Object, content_type = "application/schema+json"), ReadProblems))]
async fn agent_spec_schema() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/schema+json")], spec_schema::schema().to_string())
}

/// The stages of an interview, the fields each collects, where each leads, and the questions.
#[utoipa::path(get, path = "/orchestrator/stages", tag = "reference",
    responses((status = 200, body = Guide), ReadProblems))]
async fn list_stages() -> Json<Guide> {
    Json(guide())
}
