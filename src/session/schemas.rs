//! Sessions on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::intent::models::Change;

use super::models::{Message, SessionId, Stage, Status};
use super::ports::{Cause, Revision, SessionHead};

/// Opens a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionCreate {
    /// Taken as the first turn.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 8000, pattern = r"^[^\x00]*[^\s\x00-\x1f\x7f-\x9f][^\x00]*$")]
    pub initial_message: Option<String>,
}

/// A message of the user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageRequest {
    /// At most 8,000 characters. Control characters other than line ends and tabs are dropped, NUL is refused.
    #[schema(min_length = 1, max_length = 8000, pattern = r"^[^\x00]*[^\s\x00-\x1f\x7f-\x9f][^\x00]*$")]
    pub message: String,
    /// Makes sending it again harmless: the same text gets the first answer. The header `Idempotency-Key` does the same.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    pub client_message_id: Option<String>,
    /// Refuses the message if the session is at another version by now.
    #[serde(default, deserialize_with = "crate::json::whole_or_none")]
    pub expected_version: Option<u64>,
}

/// One event of a turn, as a client of server-sent events sees it.
#[derive(Clone, Debug, ToSchema)]
pub struct TurnEventItem {
    /// Counts from 1.
    #[schema(pattern = "^[0-9]+$")]
    pub id: String,
    /// `fields`, `workflow`, `token`, then `done` or `error`.
    pub event: String,
    /// JSON.
    pub data: String,
}

/// A turn that was begun.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TurnStarted {
    /// Where its events are; the `client_message_id` where one was sent.
    pub turn_id: String,
}

/// A new title.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameRequest {
    #[schema(min_length = 1, max_length = 120, pattern = r"\S")]
    pub title: String,
}

/// What became of a deleted session.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Deleted {
    pub message: String,
}

/// Which messages to read.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MessagesQuery {
    /// Only messages after this `seq`.
    #[param(value_type = Option<u64>, maximum = 4_294_967_295_u32)]
    pub after: Option<u32>,
    /// At most this many, up to 200.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// Messages, oldest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessagesAnswer {
    pub messages: Vec<Message>,
    /// The `after` of the next page; null when this was the last.
    pub next: Option<u32>,
}

/// One change of a session.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevisionItem {
    /// The version it made.
    pub version: u64,
    pub cause: Cause,
    /// In plain words.
    pub reason: String,
    pub changes: Vec<Change>,
    /// `seq` of the message that led to it.
    pub message_seq: Option<u32>,
    pub created_at: DateTime<Utc>,
}

impl From<Revision> for RevisionItem {
    fn from(kept: Revision) -> RevisionItem {
        RevisionItem {
            version: kept.version,
            cause: kept.revision.cause,
            reason: kept.revision.reason,
            changes: kept.revision.changes,
            message_seq: kept.revision.message_seq,
            created_at: kept.created_at,
        }
    }
}

/// What changed, oldest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevisionsAnswer {
    pub revisions: Vec<RevisionItem>,
}

/// Which sessions to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SessionsQuery {
    #[param(inline)]
    pub status: Option<Status>,
    /// Words to find in title, goals or the user's messages.
    #[param(max_length = 200, pattern = r"^[^\x00]*$")]
    pub q: Option<String>,
    /// At most this many, up to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[param(pattern = "^[0-9]{1,13}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    pub cursor: Option<String>,
}

/// A session in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionItem {
    pub session_id: SessionId,
    pub title: String,
    pub description: String,
    pub status: Status,
    pub stage: Stage,
    pub fields_known: u32,
    pub required_left: u32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<SessionHead> for SessionItem {
    fn from(head: SessionHead) -> SessionItem {
        SessionItem {
            session_id: head.id,
            title: head.summary.title,
            description: head.summary.description,
            status: head.status,
            stage: head.stage,
            fields_known: head.summary.fields_known,
            required_left: head.summary.required_left,
            created_at: head.created_at,
            updated_at: head.updated_at,
        }
    }
}

/// The caller's own sessions, the last changed first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionsAnswer {
    pub sessions: Vec<SessionItem>,
    /// The `cursor` of the next page; null when this was the last.
    pub next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::MessageRequest;

    #[test]
    fn a_version_is_a_whole_number_however_it_is_written() {
        let read = |version: &str| {
            let body = format!(r#"{{"message": "a", "expected_version": {version}}}"#);
            serde_json::from_str::<MessageRequest>(&body).map(|request| request.expected_version).ok()
        };
        assert_eq!((read("7"), read("7.0"), read("null")), (Some(Some(7)), Some(Some(7)), Some(None)));
        for none in ["-1", "0.5", "9223372036854775808", "1e300", "\"7\""] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
