//! The platforms and their files over REST.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::bundle::export;
use crate::bundle::schemas::TargetsAnswer;
use crate::error::AppError;
use crate::orchestrator::service::TurnService;
use crate::server::api_error::{ApiError, ReadProblems};
use crate::session::models::SessionId;
use crate::session::ports::Caller;

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(list_targets)).routes(routes!(download_target))
}

/// The platforms, with the files each gets.
#[utoipa::path(get, path = "/bundle/targets", tag = "bundles",
    responses((status = 200, body = TargetsAnswer), ReadProblems))]
async fn list_targets() -> Json<TargetsAnswer> {
    Json(TargetsAnswer { targets: export::targets() })
}

/// One platform's files as a zip; `loss.md` says what the platform cannot express of this agent.
#[utoipa::path(get, path = "/bundle/{id}/{target}", tag = "bundles",
    params(("id" = String, Path, description = "Session id"),
        ("target" = String, Path, description = "Id of a platform; GET /bundle/targets lists them")),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), ReadProblems))]
async fn download_target(
    State(turns): State<TurnService>,
    caller: Caller,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, ApiError> {
    // A malformed id looks like one that is not there.
    let Path((id, target)) = path.map_err(|_| AppError::NotFound)?;
    let id = SessionId::parse(&id).ok_or(AppError::NotFound)?;
    let file = turns.target(&caller, &id, &target).await?.ok_or_else(no_such_target)?;
    let disposition = format!("attachment; filename=\"{}\"", file.file_name);
    let headers = [(CONTENT_TYPE, file.media_type.to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, file.bytes).into_response())
}

fn no_such_target() -> ApiError {
    let ids = export::target_ids().join(", ");
    ApiError::new(StatusCode::NOT_FOUND, "not_found", format!("There is no such platform; there are {ids}."))
}
