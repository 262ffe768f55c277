//! Workflows over REST, and their drawings as files.

use axum::extract::{FromRef, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::AppError;
use crate::orchestrator::service::TurnService;
use crate::server::api_error::{ApiError, ChangeProblems, ReadProblems};
use crate::server::extract::{ApiJson, OptionalJson, RepeatHeader, RepeatKey, SessionPath};
use crate::session::ports::Caller;
use crate::workflow::models::Graph;
use crate::workflow::raster;
use crate::workflow::render;
use crate::workflow::schemas::{
    Regenerate, Review, ReviewAnswer, ReviewForm, Visualization, WorkflowAnswer, WorkflowPatch,
};

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(get_workflow, edit_workflow))
        .routes(routes!(visualize_workflow))
        .routes(routes!(diagram_svg))
        .routes(routes!(diagram_png))
        .routes(routes!(diagram_mmd))
        .routes(routes!(diagram_dot))
        .routes(routes!(diagram_json))
        .routes(routes!(review_workflow))
        .routes(routes!(regenerate_workflow))
}

/// The drawings where the page links to them.
pub fn page_files<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
{
    Router::new()
        .route("/s/{id}/diagram.svg", get(diagram_svg))
        .route("/s/{id}/diagram.png", get(diagram_png))
        .route("/s/{id}/diagram.mmd", get(diagram_mmd))
        .route("/s/{id}/diagram.dot", get(diagram_dot))
}

/// The workflow as the interview stands: a draft exists from the first turn on.
#[utoipa::path(get, path = "/workflows/{id}", tag = "workflows",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = WorkflowAnswer), ReadProblems))]
async fn get_workflow(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<WorkflowAnswer>, ApiError> {
    Ok(Json(turns.workflow(&caller, &id).await?))
}

/// Changes the graph itself: all edits in one step, or none with the rule that each refused one would break. What is
/// drawn stays through later turns for as long as the steps it refers to are there.
#[utoipa::path(patch, path = "/workflows/{id}", tag = "workflows", request_body = WorkflowPatch,
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = WorkflowAnswer), ChangeProblems))]
async fn edit_workflow(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiJson(patch): ApiJson<WorkflowPatch>,
) -> Result<Json<WorkflowAnswer>, ApiError> {
    Ok(Json(turns.draw(&caller, &id, patch).await?))
}

/// The workflow to look at: diagram, summary, structure.
#[utoipa::path(get, path = "/workflows/{id}/visualize", tag = "workflows",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = Visualization), ReadProblems))]
async fn visualize_workflow(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<Visualization>, ApiError> {
    Ok(Json(turns.visualize(&caller, &id).await?))
}

/// The diagram as SVG.
#[utoipa::path(get, path = "/workflows/{id}/diagram.svg", tag = "workflows",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, content_type = "image/svg+xml", body = String), ReadProblems))]
async fn diagram_svg(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Response, ApiError> {
    let graph = turns.graph(&caller, &id).await?;
    let mut answer = file("image/svg+xml", "svg", render::svg(&graph));
    // The drawing carries its own style sheet and nothing else that could run or load.
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(answer)
}

/// The diagram as PNG, at twice its size.
#[utoipa::path(get, path = "/workflows/{id}/diagram.png", tag = "workflows",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, content_type = "image/png", body = Vec<u8>), ReadProblems))]
async fn diagram_png(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Response, ApiError> {
    let graph = turns.graph(&caller, &id).await?;
    // Drawing pixels takes tens of milliseconds: other requests go on meanwhile.
    let drawn = tokio::task::spawn_blocking(move || raster::png(&render::svg(&graph))).await;
    match drawn {
        Ok(Ok(bytes)) => Ok(file("image/png", "png", bytes)),
        Ok(Err(error)) => Err(log_failure(&error).into()),
        Err(error) => Err(log_failure(&error).into()),
    }
}

fn log_failure(error: &dyn std::error::Error) -> AppError {
    tracing::error!(%error, "the diagram could not be drawn as PNG");
    AppError::Internal
}

/// The diagram as Mermaid source.
#[utoipa::path(get, path = "/workflows/{id}/diagram.mmd", tag = "workflows",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, content_type = "text/plain", body = String), ReadProblems))]
async fn diagram_mmd(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Response, ApiError> {
    let graph = turns.graph(&caller, &id).await?;
    Ok(file("text/plain; charset=utf-8", "mmd", render::mermaid(&graph)))
}

/// The diagram as Graphviz source.
#[utoipa::path(get, path = "/workflows/{id}/diagram.dot", tag = "workflows",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, content_type = "text/vnd.graphviz", body = String), ReadProblems))]
async fn diagram_dot(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Response, ApiError> {
    let graph = turns.graph(&caller, &id).await?;
    Ok(file("text/vnd.graphviz; charset=utf-8", "dot", render::dot(&graph)))
}

/// The graph itself, with positions.
#[utoipa::path(get, path = "/workflows/{id}/diagram.json", tag = "workflows",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = Graph), ReadProblems))]
async fn diagram_json(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<Graph>, ApiError> {
    Ok(Json(turns.graph(&caller, &id).await?))
}

/// Shown in the browser; a fitting name when it is saved.
fn file(media_type: &'static str, extension: &str, body: impl IntoResponse) -> Response {
    let disposition = format!("inline; filename=\"workflow.{extension}\"");
    ([(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition)], body).into_response()
}

/// Approves the agent as it is, which completes the interview, or asks for changes first.
#[utoipa::path(post, path = "/workflows/{id}/review", tag = "workflows", request_body = ReviewForm,
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 200, body = ReviewAnswer), ChangeProblems))]
async fn review_workflow(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
    ApiJson(review): ApiJson<Review>,
) -> Result<Json<ReviewAnswer>, ApiError> {
    Ok(Json(turns.review(&caller, &id, review, key.as_deref()).await?))
}

/// Draws the workflow again, after changes asked for in words.
#[utoipa::path(post, path = "/workflows/{id}/regenerate", tag = "workflows", request_body = Option<Regenerate>,
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 200, body = ReviewAnswer), ChangeProblems))]
async fn regenerate_workflow(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
    OptionalJson(request): OptionalJson<Regenerate>,
) -> Result<Json<ReviewAnswer>, ApiError> {
    Ok(Json(turns.regenerate(&caller, &id, request, key.as_deref()).await?))
}
