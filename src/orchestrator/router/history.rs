//! What was said in a session and what changed.

use axum::Json;
use axum::extract::{FromRef, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::orchestrator::answers::StepAnswer;
use crate::orchestrator::service::TurnService;
use crate::server::api_error::{ApiError, ChangeProblems, ReadProblems};
use crate::server::extract::{ApiQuery, RepeatHeader, RepeatKey, SessionPath};
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
        .routes(routes!(undo_change))
        .routes(routes!(redo_change))
        .routes(routes!(reopen_session))
}

/// The messages, oldest first.
#[utoipa::path(get, path = "/sessions/{id}/messages", tag = "sessions",
    params(("id" = String, Path, description = "Session id"), MessagesQuery),
    responses((status = 200, body = MessagesAnswer), ReadProblems))]
async fn list_messages(
    State(sessions): State<SessionService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiQuery(query): ApiQuery<MessagesQuery>,
) -> Result<Json<MessagesAnswer>, ApiError> {
    let limit = page_size(query.limit, MAX_PAGE)?;
    let mut messages = sessions.messages(&caller, &id, query.after, limit + 1).await?;
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
