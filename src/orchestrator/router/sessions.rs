//! Sessions over REST.

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use chrono::DateTime;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::AppError;
use crate::orchestrator::answers::{MessageAnswer, ResumeAnswer, SessionCreated, StatusAnswer, TurnFields};
use crate::orchestrator::service::{Incoming, TurnService};
use crate::orchestrator::state::StateDocument;
use crate::server::api_error::{ApiError, ChangeProblems, ReadProblems};
use crate::server::extract::{
    ApiJson, ApiQuery, LanguageHeader, OptionalJson, RepeatHeader, RepeatKey, SessionPath, Wanted,
};
use crate::session::models::SessionId;
use crate::session::ports::{Caller, ListCursor, SessionHead};
use crate::session::schemas::{
    Deleted, MessageRequest, RenameRequest, SessionCreate, SessionItem, SessionsAnswer, SessionsQuery,
};
use crate::session::service::{ListFilter, SessionService, page_size};

/// Entries of a page of the list unless asked otherwise.
const PAGE: u32 = 50;

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
    SessionService: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(list_sessions))
        .routes(routes!(create_session))
        .routes(routes!(get_session, rename_session, delete_session))
        .routes(routes!(send_message))
        .routes(routes!(session_status))
        .routes(routes!(resume_session))
        .routes(routes!(duplicate_session))
}

/// The five paths of the founding document, without the API's base.
pub fn seed_routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
    SessionService: FromRef<S>,
{
    Router::new()
        .route("/sessions/create", post(create_session))
        .route("/sessions/{id}/message", post(send_message))
        .route("/sessions/{id}/status", get(session_status))
        .route("/sessions/{id}/resume", post(resume_session))
        .route("/sessions/{id}", delete(delete_session))
}

/// Opens a session; an initial message is taken as its first turn.
///
/// The interviewer speaks the language that `Accept-Language` likes best of English, Spanish and German; else English.
#[utoipa::path(post, path = "/sessions/create", tag = "sessions", request_body = Option<SessionCreate>, params(RepeatHeader, LanguageHeader),
    responses((status = 201, body = SessionCreated), ChangeProblems))]
async fn create_session(
    State(turns): State<TurnService>,
    caller: Caller,
    RepeatKey(key): RepeatKey,
    Wanted(language): Wanted,
    OptionalJson(body): OptionalJson<SessionCreate>,
) -> Result<(StatusCode, Json<SessionCreated>), ApiError> {
    let created = turns.speaking(language).create(&caller, body.initial_message, key.as_deref()).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Takes the user's next message and answers it.
#[utoipa::path(post, path = "/sessions/{id}/message", tag = "sessions", request_body = MessageRequest,
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 200, body = MessageAnswer), ChangeProblems))]
async fn send_message(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
    ApiJson(body): ApiJson<MessageRequest>,
) -> Result<Json<MessageAnswer>, ApiError> {
    Ok(Json(turns.message(&caller, &id, incoming(body, key)).await?))
}

pub(super) fn incoming(body: MessageRequest, key: Option<String>) -> Incoming {
    let MessageRequest { message, client_message_id, expected_version } = body;
    Incoming { text: message, client_message_id: client_message_id.or(key), expected_version }
}

/// How far the interview is and what it collected.
#[utoipa::path(get, path = "/sessions/{id}/status", tag = "sessions",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = StatusAnswer), ReadProblems))]
async fn session_status(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<StatusAnswer>, ApiError> {
    let (session, progress) = turns.status(&caller, &id).await?;
    let collected = session.collected();
    Ok(Json(StatusAnswer {
        turn: TurnFields::new(&session, progress),
        status: session.status,
        collected_info: collected.clone(),
        collected_data: collected,
        conversation_length: session.message_count,
        model_use: session.interview.model_use.clone(),
        created_at: session.created_at,
        updated_at: session.updated_at,
        completed_at: session.completed_at,
    }))
}

/// The whole state in one document.
#[utoipa::path(get, path = "/sessions/{id}", tag = "sessions",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = StateDocument), ReadProblems))]
async fn get_session(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<StateDocument>, ApiError> {
    Ok(Json(turns.document(&caller, &id).await?))
}

/// Makes an abandoned session active again, with everything it had.
#[utoipa::path(post, path = "/sessions/{id}/resume", tag = "sessions",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = ResumeAnswer), ChangeProblems))]
async fn resume_session(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<ResumeAnswer>, ApiError> {
    let kept = turns.resume(&caller, &id).await?;
    Ok(Json(ResumeAnswer { turn: kept.turn(), status: kept.session.status, message: kept.reply }))
}

/// Opens a new session about the same agent: its fields and workflow edits, none of its messages.
#[utoipa::path(post, path = "/sessions/{id}/duplicate", tag = "sessions",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 201, body = SessionCreated), ChangeProblems))]
async fn duplicate_session(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<(StatusCode, Json<SessionCreated>), ApiError> {
    Ok((StatusCode::CREATED, Json(SessionCreated::from(&turns.duplicate(&caller, &id).await?))))
}

/// Gives a session a title of the owner's own.
#[utoipa::path(patch, path = "/sessions/{id}", tag = "sessions", request_body = RenameRequest,
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = SessionItem), ChangeProblems))]
async fn rename_session(
    State(sessions): State<SessionService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    ApiJson(body): ApiJson<RenameRequest>,
) -> Result<Json<SessionItem>, ApiError> {
    sessions.rename(&caller, &id, &body.title).await?;
    Ok(Json(sessions.head(&caller, &id).await?.into()))
}

/// Deletes a session and everything of it.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "sessions",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = Deleted), ChangeProblems))]
async fn delete_session(
    State(sessions): State<SessionService>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<Deleted>, ApiError> {
    sessions.delete(&caller, &id).await?;
    Ok(Json(Deleted { message: format!("Session {id} and everything of it is deleted.") }))
}

/// The caller's own sessions, the last changed first; none for a caller without an owner cookie.
#[utoipa::path(get, path = "/sessions", tag = "sessions", params(SessionsQuery),
    responses((status = 200, body = SessionsAnswer), ReadProblems))]
async fn list_sessions(
    State(sessions): State<SessionService>,
    caller: Caller,
    ApiQuery(query): ApiQuery<SessionsQuery>,
) -> Result<Json<SessionsAnswer>, ApiError> {
    let limit = page_size(query.limit, PAGE)?;
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let text = query.q.unwrap_or_default();
    let mut found = sessions.list(&caller, ListFilter { status: query.status, text, after, limit: limit + 1 }).await?;
    let has_more = found.len() as u64 > u64::from(limit);
    found.truncate(limit as usize);
    let next = found.last().filter(|_| has_more).map(write_cursor);
    Ok(Json(SessionsAnswer { sessions: found.into_iter().map(SessionItem::from).collect(), next }))
}

fn write_cursor(head: &SessionHead) -> String {
    format!("{}_{}", head.updated_at.timestamp_millis(), head.id)
}

fn read_cursor(text: &str) -> Result<ListCursor, AppError> {
    let read = || {
        let (millis, id) = text.split_once('_')?;
        // More digits are years that no store takes.
        let millis: u64 = millis.parse().ok().filter(|_| millis.len() <= 13)?;
        let updated_at = DateTime::from_timestamp_millis(i64::try_from(millis).ok()?)?;
        Some(ListCursor { updated_at, id: SessionId::parse(id)? })
    };
    read().ok_or_else(|| AppError::field("cursor", "is not the `next` of a page"))
}
