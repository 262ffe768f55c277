//! Tools over REST.

use axum::Json;
use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::AppError;
use crate::server::api_error::ApiError;
use crate::server::extract::{ApiJson, ApiQuery};
use crate::session::ports::Caller;
use crate::session::service::page_size;

use super::schemas::{
    CatalogCreate, CatalogCreated, CatalogsAnswer, Deleted, ImportAnswer, ImportRequest, SelectAnswer, SelectRequest,
    ToolCreate, ToolDetail, ToolProblems, ToolsAnswer, ToolsQuery,
};
use super::service::{ToolError, ToolService};

/// Entries of a page of the list unless asked otherwise.
const PAGE: u32 = 50;

/// All of it, below the API's base.
pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    ToolService: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(list_tools, create_tool))
        .routes(routes!(import_tools))
        .routes(routes!(select_tools))
        .routes(routes!(list_catalogs, create_catalog))
        .routes(routes!(delete_catalog))
        .routes(routes!(get_tool, delete_tool))
}

impl From<ToolError> for ApiError {
    fn from(error: ToolError) -> ApiError {
        let text = error.to_string();
        match error {
            ToolError::Nobody => ApiError::new(StatusCode::FORBIDDEN, "no_owner", text),
            ToolError::NoTool | ToolError::NoCatalog => ApiError::new(StatusCode::NOT_FOUND, "not_found", text),
            ToolError::Exists(_) => ApiError::new(StatusCode::CONFLICT, "tool_exists", text),
            ToolError::Full(_) => ApiError::new(StatusCode::CONFLICT, "tools_full", text),
            ToolError::Invalid(problems) => AppError::InvalidFields { problems }.into(),
            ToolError::Unreadable(_) => AppError::field("document", text).into(),
            ToolError::TooLong => AppError::TooLong.into(),
            ToolError::Store(error) => AppError::from(error).into(),
            ToolError::Failed(_) => {
                tracing::error!(%text, "tools");
                AppError::Internal.into()
            }
        }
    }
}

/// The catalogue's tools and the caller's own.
#[utoipa::path(get, path = "/tools", tag = "tools", params(ToolsQuery),
    responses((status = 200, body = ToolsAnswer), ToolProblems))]
async fn list_tools(
    State(tools): State<ToolService>,
    caller: Caller,
    ApiQuery(query): ApiQuery<ToolsQuery>,
) -> Result<Json<ToolsAnswer>, ApiError> {
    let limit = page_size(query.limit, PAGE)? as usize;
    let start: usize = match &query.cursor {
        Some(cursor) => place(cursor).ok_or_else(|| AppError::field("cursor", "is none that this list gave"))?,
        None => 0,
    };
    let items = tools.list(&caller, &query).await?;
    let end = start.saturating_add(limit);
    let next = (end < items.len()).then(|| end.to_string());
    Ok(Json(ToolsAnswer { tools: items.into_iter().skip(start).take(limit).collect(), next }))
}

/// How many tools the pages before had.
fn place(cursor: &str) -> Option<usize> {
    let is_number = cursor.len() <= 9 && cursor.bytes().all(|byte| byte.is_ascii_digit());
    cursor.parse().ok().filter(|_| is_number)
}

/// One tool with the configuration an agent begins with.
#[utoipa::path(get, path = "/tools/{tool_id}", tag = "tools",
    params(("tool_id" = String, Path, description = "Tool id")),
    responses((status = 200, body = ToolDetail), ToolProblems))]
async fn get_tool(
    State(tools): State<ToolService>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ToolDetail>, ApiError> {
    Ok(Json(tools.get(&caller, &id).await?))
}

/// Keeps a tool of the caller's own.
#[utoipa::path(post, path = "/tools", tag = "tools", request_body = ToolCreate,
    responses((status = 201, body = ToolDetail), ToolProblems))]
async fn create_tool(
    State(tools): State<ToolService>,
    caller: Caller,
    ApiJson(tool): ApiJson<ToolCreate>,
) -> Result<(StatusCode, Json<ToolDetail>), ApiError> {
    Ok((StatusCode::CREATED, Json(tools.add(&caller, tool).await?)))
}

/// Deletes a tool of the caller's own; agents that use it keep their configuration.
#[utoipa::path(delete, path = "/tools/{tool_id}", tag = "tools",
    params(("tool_id" = String, Path, description = "Tool id")),
    responses((status = 200, body = Deleted), ToolProblems))]
async fn delete_tool(
    State(tools): State<ToolService>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Deleted>, ApiError> {
    tools.remove(&caller, &id).await?;
    Ok(Json(Deleted { message: "The tool is deleted.".to_owned() }))
}

/// Reads tools from an OpenAPI document, an MCP server's list or plain JSON. Nothing is fetched and nothing is called.
#[utoipa::path(post, path = "/tools/import", tag = "tools", request_body = ImportRequest,
    responses((status = 200, body = ImportAnswer), ToolProblems))]
async fn import_tools(
    State(tools): State<ToolService>,
    caller: Caller,
    ApiJson(request): ApiJson<ImportRequest>,
) -> Result<Json<ImportAnswer>, ApiError> {
    Ok(Json(tools.import(&caller, request).await?))
}

/// Chooses the tools a text asks for, and says which of its words speak for each.
#[utoipa::path(post, path = "/tools/select", tag = "tools", request_body = SelectRequest,
    responses((status = 200, body = SelectAnswer), ToolProblems))]
async fn select_tools(
    State(tools): State<ToolService>,
    caller: Caller,
    ApiJson(request): ApiJson<SelectRequest>,
) -> Result<Json<SelectAnswer>, ApiError> {
    Ok(Json(tools.select(&caller, request).await?))
}

/// Keeps a catalogue of the caller's own, to choose from.
#[utoipa::path(post, path = "/tools/catalogs", tag = "tools", request_body = CatalogCreate,
    responses((status = 201, body = CatalogCreated), ToolProblems))]
async fn create_catalog(
    State(tools): State<ToolService>,
    caller: Caller,
    ApiJson(catalog): ApiJson<CatalogCreate>,
) -> Result<(StatusCode, Json<CatalogCreated>), ApiError> {
    let id = tools.add_catalog(&caller, catalog).await?.to_string();
    Ok((StatusCode::CREATED, Json(CatalogCreated { id })))
}

/// The caller's catalogues.
#[utoipa::path(get, path = "/tools/catalogs", tag = "tools",
    responses((status = 200, body = CatalogsAnswer), ToolProblems))]
async fn list_catalogs(State(tools): State<ToolService>, caller: Caller) -> Result<Json<CatalogsAnswer>, ApiError> {
    Ok(Json(CatalogsAnswer { catalogs: tools.catalogs(&caller).await? }))
}

/// Deletes a catalogue of the caller's own.
#[utoipa::path(delete, path = "/tools/catalogs/{catalog_id}", tag = "tools",
    params(("catalog_id" = String, Path, description = "Catalogue id")),
    responses((status = 200, body = Deleted), ToolProblems))]
async fn delete_catalog(
    State(tools): State<ToolService>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Deleted>, ApiError> {
    tools.remove_catalog(&caller, &id).await?;
    Ok(Json(Deleted { message: "The catalogue is deleted.".to_owned() }))
}
