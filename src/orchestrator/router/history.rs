//! What was said in a session and what changed.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRef, Path, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::AppError;
use crate::orchestrator::answers::StepAnswer;
use crate::orchestrator::revisions::RevisionDiff;
use crate::orchestrator::service::TurnService;
use crate::server::api_error::{ApiError, ChangeProblems, ReadProblems};
use crate::server::extract::{ApiQuery, RepeatHeader, RepeatKey, SessionPath};
use crate::session::models::SessionId;
use crate::session::ports::Caller;
use crate::session::schemas::{MessagesAnswer, MessagesQuery, RevisionItem, RevisionsAnswer};
use crate::session::service::{MAX_PAGE, SessionService, page_size};

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
    SessionService: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(list_messages))
        .routes(routes!(list_revisions))
        .routes(routes!(compare_revision))
        .routes(routes!(undo_change))
        .routes(routes!(redo_change))
        .routes(routes!(reopen_session))
}

/// The messages, oldest first; one said otherwise since reads as it was said last.
#[utoipa::path(get, path = "/sessions/{id}/messages", tag = "sessions",
    params(("id" = String, Path, description = "Session id"), MessagesQuery),
    responses((status = 200, body = MessagesAnswer), ReadProblems))]
async fn list_messages(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiQuery(query): ApiQuery<MessagesQuery>,
) -> Result<Json<MessagesAnswer>, ApiError> {
    let limit = page_size(query.limit, MAX_PAGE)?;
    let mut messages = turns.messages(&caller, &id, query.after, limit + 1).await?;
    let has_more = messages.len() as u64 > u64::from(limit);
    messages.truncate(limit as usize);
    let next = messages.last().filter(|_| has_more).map(|message| message.seq);
    Ok(Json(MessagesAnswer { messages, next }))
}

/// What changed, oldest first.
#[utoipa::path(get, path = "/sessions/{id}/revisions", tag = "sessions",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = RevisionsAnswer), ReadProblems))]
async fn list_revisions(
    State(sessions): State<SessionService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<RevisionsAnswer>, ApiError> {
    let revisions = sessions.revisions(&caller, &id).await?;
    Ok(Json(RevisionsAnswer { revisions: revisions.into_iter().map(RevisionItem::from).collect() }))
}

/// What one revision made otherwise: fields, workflow and generic prompt.
#[utoipa::path(get, path = "/sessions/{id}/revisions/{version}", tag = "sessions",
    params(("id" = String, Path, description = "Session id"),
        ("version" = u64, Path, description = "The version that the revision made")),
    responses((status = 200, body = RevisionDiff), ReadProblems))]
async fn compare_revision(
    State(turns): State<TurnService>,
    caller: Caller,
    path: Result<Path<(String, u64)>, PathRejection>,
) -> Result<Json<RevisionDiff>, ApiError> {
    // A malformed id or version looks like one that is not there.
    let Path((id, version)) = path.map_err(|_| AppError::NotFound)?;
    let id = SessionId::parse(&id).ok_or(AppError::NotFound)?;
    Ok(Json(turns.revision(&caller, &id, version).await?))
}

/// Takes the last change back.
#[utoipa::path(post, path = "/sessions/{id}/undo", tag = "sessions",
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 200, body = StepAnswer), ChangeProblems))]
async fn undo_change(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
) -> Result<Json<StepAnswer>, ApiError> {
    Ok(Json(turns.undo(&caller, &id, key.as_deref()).await?))
}

/// Makes the change again that was taken back last.
#[utoipa::path(post, path = "/sessions/{id}/redo", tag = "sessions",
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 200, body = StepAnswer), ChangeProblems))]
async fn redo_change(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
) -> Result<Json<StepAnswer>, ApiError> {
    Ok(Json(turns.redo(&caller, &id, key.as_deref()).await?))
}

/// Opens a completed session for changes.
#[utoipa::path(post, path = "/sessions/{id}/reopen", tag = "sessions",
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 200, body = StepAnswer), ChangeProblems))]
async fn reopen_session(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
) -> Result<Json<StepAnswer>, ApiError> {
    Ok(Json(turns.reopen(&caller, &id, key.as_deref()).await?))
}
