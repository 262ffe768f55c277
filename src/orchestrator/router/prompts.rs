//! Prompts and files over REST.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{FromRef, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::bundle::export::FileFormat;
use crate::bundle::models::ExportDocument;
use crate::error::AppError;
use crate::orchestrator::outputs::DownloadRequest;
use crate::orchestrator::service::TurnService;
use crate::prompt::lint::LintReport;
use crate::prompt::models::{PlatformPrompt, PromptFormat};
use crate::prompt::schemas::{DownloadQuery, ExportQuery, ExportsAnswer, GenerateRequest};
use crate::server::api_error::{ApiError, ChangeProblems, ReadProblems};
use crate::server::extract::{ApiQuery, OptionalJson, SessionPath};
use crate::session::ports::Caller;
use crate::session::service::SessionService;

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
    SessionService: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(generate_prompts))
        .routes(routes!(lint_prompts))
        .routes(routes!(export_agent))
        .routes(routes!(download_export))
        .routes(routes!(list_exports))
}

/// The download where the page links to it.
pub fn page_files<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
{
    Router::new().route("/s/{id}/download", get(download_export))
}

/// The prompts of the wanted platforms, each line with the field it comes from.
#[utoipa::path(post, path = "/prompts/{id}/generate", tag = "prompts", request_body = Option<GenerateRequest>,
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = BTreeMap<String, PlatformPrompt>, description = "By format"), ChangeProblems))]
async fn generate_prompts(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    OptionalJson(request): OptionalJson<GenerateRequest>,
) -> Result<Json<BTreeMap<PromptFormat, PlatformPrompt>>, ApiError> {
    let wanted: BTreeSet<PromptFormat> = request.formats.into_iter().collect();
    let wanted = if wanted.is_empty() { PromptFormat::ALL.into() } else { wanted };
    Ok(Json(turns.prompts(&caller, &id, wanted).await?))
}

/// What could be wrong with the prompts, the gravest first, and what to do about it.
#[utoipa::path(get, path = "/prompts/{id}/lint", tag = "prompts",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = LintReport), ReadProblems))]
async fn lint_prompts(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<LintReport>, ApiError> {
    Ok(Json(turns.lint(&caller, &id).await?))
}

/// Everything about the agent in one neutral document.
#[utoipa::path(get, path = "/prompts/{id}/export", tag = "prompts",
    params(("id" = String, Path, description = "Session id"), ExportQuery),
    responses((status = 200, body = ExportDocument), ReadProblems))]
async fn export_agent(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiQuery(query): ApiQuery<ExportQuery>,
) -> Result<Json<ExportDocument>, ApiError> {
    Ok(Json(turns.export(&caller, &id, query.include_workflow.unwrap_or(true)).await?))
}

/// The agent as a file, or a zip with the files of each platform.
#[utoipa::path(get, path = "/prompts/{id}/export/download", tag = "prompts",
    params(("id" = String, Path, description = "Session id"), DownloadQuery),
    responses((status = 200, description = "The file", content(
        (Vec<u8> = "application/zip"), (ExportDocument = "application/json"), (ExportDocument = "application/yaml"),
        (String = "text/markdown"), (String = "text/plain"))), ReadProblems))]
async fn download_export(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiQuery(query): ApiQuery<DownloadQuery>,
) -> Result<Response, ApiError> {
    let format = FileFormat::parse(query.format.as_deref().unwrap_or("zip"))
        .ok_or_else(|| AppError::field("format", "must be json, yaml, markdown, text or zip"))?;
    let targets = query.targets.unwrap_or_default();
    let targets = targets.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let include_workflow = query.include_workflow.unwrap_or(true);
    let file = turns.download(&caller, &id, DownloadRequest { format, targets, include_workflow }).await?;
    let disposition = format!("attachment; filename=\"{}\"", file.file_name);
    let headers = [(CONTENT_TYPE, file.media_type.to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, file.bytes).into_response())
}

/// The downloads that were made, the newest first.
#[utoipa::path(get, path = "/prompts/{id}/exports", tag = "prompts",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = ExportsAnswer), ReadProblems))]
async fn list_exports(
    State(sessions): State<SessionService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<ExportsAnswer>, ApiError> {
    Ok(Json(ExportsAnswer { exports: sessions.exports(&caller, &id).await? }))
}
