//! Turns that are followed while they are made.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{FromRef, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::StreamExt;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::AppError;
use crate::orchestrator::streams::{Heard, TurnStreams};
use crate::server::api_error::{ApiError, ChangeProblems, ReadProblems};
use crate::server::extract::{ApiJson, RepeatHeader, RepeatKey, SessionPath};
use crate::session::models::SessionId;
use crate::session::ports::Caller;
use crate::session::schemas::{MessageRequest, TurnEventItem, TurnStarted};

use super::sessions::incoming;

/// Keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// When a listener should come back after the server stopped.
const RETRY: Duration = Duration::from_secs(1);

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnStreams: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(start_turn)).routes(routes!(turn_events)).routes(routes!(stop_turn))
}

/// Takes the user's next message and answers at once; what becomes of it comes as events.
#[utoipa::path(post, path = "/sessions/{id}/turns", tag = "sessions", request_body = MessageRequest,
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 202, body = TurnStarted), ChangeProblems))]
async fn start_turn(
    State(streams): State<TurnStreams>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
    ApiJson(body): ApiJson<MessageRequest>,
) -> Result<(StatusCode, Json<TurnStarted>), ApiError> {
    let turn_id = streams.start(&caller, &id, incoming(body, key)).await?;
    Ok((StatusCode::ACCEPTED, Json(TurnStarted { turn_id })))
}

/// The turn's events: `fields`, `workflow`, `token`, then `done` (the answer to the message) or `error`. With
/// `Last-Event-ID` only those after it.
#[utoipa::path(get, path = "/sessions/{id}/turns/{turn_id}/events", tag = "sessions",
    params(("id" = String, Path, description = "Session id"), ("turn_id" = String, Path, description = "Turn id"),
        ("Last-Event-ID" = Option<String>, Header, description = "The last event that arrived")),
    responses((status = 200, content_type = "text/event-stream", body = TurnEventItem), ReadProblems))]
async fn turn_events(
    State(streams): State<TurnStreams>,
    caller: Caller,
    path: Option<Path<(String, String)>>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let (id, turn_id) = read_path(path)?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.trim().parse().ok());
    let heard = streams.follow(&caller, &id, &turn_id, last.unwrap_or_default()).await?;
    let events = heard.map(|heard| Ok::<Event, Infallible>(heard.into()));
    // nginx would hold the events back.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"))];
    Ok((unbuffered, Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT))))
}

impl From<Heard> for Event {
    fn from(heard: Heard) -> Event {
        match heard {
            Heard::Event(event) => Event::default().id(event.id.to_string()).event(event.name).data(event.data),
            Heard::Retry => Event::default().retry(RETRY).comment("the server stops"),
        }
    }
}

/// Asks a turn to stop. What came of it is kept.
#[utoipa::path(post, path = "/sessions/{id}/turns/{turn_id}/stop", tag = "sessions",
    params(("id" = String, Path, description = "Session id"), ("turn_id" = String, Path, description = "Turn id")),
    responses((status = 202, body = TurnStarted), ChangeProblems))]
async fn stop_turn(
    State(streams): State<TurnStreams>,
    caller: Caller,
    path: Option<Path<(String, String)>>,
) -> Result<(StatusCode, Json<TurnStarted>), ApiError> {
    let (id, turn_id) = read_path(path)?;
    streams.stop(&caller, &id, &turn_id).await?;
    Ok((StatusCode::ACCEPTED, Json(TurnStarted { turn_id })))
}

/// Malformed ids look like ones that are not there.
fn read_path(path: Option<Path<(String, String)>>) -> Result<(SessionId, String), AppError> {
    let Path((id, turn_id)) = path.ok_or(AppError::NotFound)?;
    let id = SessionId::parse(&id).ok_or(AppError::NotFound)?;
    // No turn has such an id, and not every store takes the question.
    if turn_id.contains(char::is_control) { Err(AppError::NotFound) } else { Ok((id, turn_id)) }
}
