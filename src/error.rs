//! What can go wrong, towards people and programs: one closed list, no internals.
//!
//! Feature code has error types of its own; they end here. REST sends it as a [`Problem`], a server function as itself.

use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use utoipa::ToSchema;

use crate::session::models::{MAX_MESSAGE_CHARS, MAX_TURNS};

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name as it was sent.
    pub field: String,
    pub message: String,
}

/// Every way a request can fail. Its text says what happened, what is safe and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AppError {
    /// There is no such thing, or it belongs to somebody else: the two look the same.
    NotFound,
    /// The request makes no sense as it is.
    Invalid { message: String },
    /// Some fields of the request make no sense.
    InvalidFields { problems: Vec<FieldProblem> },
    /// The message is longer than [`MAX_MESSAGE_CHARS`].
    TooLong,
    /// The session took [`MAX_TURNS`] messages.
    Full,
    /// The session changed since it was read; `version` is the current one.
    Conflict { version: u64 },
    /// The interview is finished and takes no messages until it is reopened.
    Completed,
    /// There is nothing to undo, redo or reopen.
    Nothing { message: String },
    /// Something is missing before this can be done.
    NotReady { message: String },
    /// It needs a language model, and none is set up.
    NoModel,
    /// A language model was asked and did not help.
    ModelFailed { reason: String },
    /// Another site sent this with the visitor's cookie.
    Forbidden,
    /// The store cannot be reached, or has too much to do.
    Unavailable,
    /// The browser could not reach the server.
    Offline,
    /// Our mistake; the log has the reason.
    Internal,
}

impl AppError {
    pub fn invalid(message: impl Into<String>) -> AppError {
        AppError::Invalid { message: message.into() }
    }

    pub fn field(field: impl Into<String>, message: impl Into<String>) -> AppError {
        AppError::InvalidFields { problems: vec![FieldProblem { field: field.into(), message: message.into() }] }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            AppError::NotFound => 404,
            AppError::Invalid { .. } | AppError::InvalidFields { .. } => 422,
            AppError::TooLong => 413,
            AppError::Full
            | AppError::Conflict { .. }
            | AppError::Completed
            | AppError::Nothing { .. }
            | AppError::NotReady { .. }
            | AppError::NoModel => 409,
            AppError::Forbidden => 403,
            AppError::Unavailable | AppError::Offline | AppError::ModelFailed { .. } => 503,
            AppError::Internal => 500,
        }
    }

    /// The stable name programs branch on.
    pub fn code(&self) -> &'static str {
        match self {
            AppError::NotFound => "not_found",
            AppError::Invalid { .. } => "invalid",
            AppError::InvalidFields { .. } => "invalid_fields",
            AppError::TooLong => "message_too_long",
            AppError::Full => "session_full",
            AppError::Conflict { .. } => "version_conflict",
            AppError::Completed => "session_completed",
            AppError::Nothing { .. } => "nothing_to_do",
            AppError::NotReady { .. } => "not_ready",
            AppError::NoModel => "no_model",
            AppError::ModelFailed { .. } => "model_failed",
            AppError::Forbidden => "cross_site",
            AppError::Unavailable => "unavailable",
            AppError::Offline => "offline",
            AppError::Internal => "internal",
        }
    }

    /// Whether sending the same again can help.
    pub fn is_retryable(&self) -> bool {
        matches!(self, AppError::Unavailable | AppError::Offline | AppError::ModelFailed { .. } | AppError::Internal)
    }
}

impl std::error::Error for AppError {}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AppError::NotFound => {
                f.write_str("There is no such interview here. It may be deleted, or belong to another browser.")
            }
            AppError::Invalid { message } | AppError::Nothing { message } | AppError::NotReady { message } => {
                f.write_str(message)
            }
            AppError::InvalidFields { problems } => {
                let texts: Vec<String> = problems.iter().map(|it| format!("{}: {}", it.field, it.message)).collect();
                f.write_str(&texts.join("; "))
            }
            AppError::TooLong => {
                write!(
                    f,
                    "The message is longer than {},{:03} characters. Nothing was lost: shorten or split it.",
                    MAX_MESSAGE_CHARS / 1000,
                    MAX_MESSAGE_CHARS % 1000
                )
            }
            AppError::Full => write!(
                f,
                "This interview took {MAX_TURNS} messages, which is the most it takes. Everything is kept; the fields can still be edited."
            ),
            AppError::Conflict { version } => write!(
                f,
                "The interview changed in the meantime (it is at version {version}). Nothing was overwritten: look at it again and repeat your change."
            ),
            AppError::Completed => f.write_str(
                "This interview is completed. Everything is kept; reopen it to change it, or start a new one.",
            ),
            AppError::NoModel => f.write_str(
                "This needs a language model, and this server has none. Everything else works without: set OPENAI_API_KEY or ANTHROPIC_API_KEY, or OPENAI_BASE_URL for a model of your own, and start the server again.",
            ),
            AppError::ModelFailed { reason } => {
                write!(f, "The language model did not help: {reason}. Nothing was changed; try again in a moment.")
            }
            AppError::Forbidden => {
                f.write_str("This request came from another site, so it was refused. Nothing was changed.")
            }
            AppError::Unavailable => f.write_str(
                "The server has too much to do or cannot reach its database. What was saved before is safe; look whether your last change is there, and if not, send it again in a moment.",
            ),
            AppError::Offline => {
                f.write_str("The server cannot be reached. Your text is still here: send it again when you are online.")
            }
            AppError::Internal => f.write_str(
                "Something went wrong on our side. What was saved before is safe; try again, and if it stays, report the request id.",
            ),
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> AppError {
        match error {
            ServerFnErrorErr::Request(_) => AppError::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                AppError::invalid(
                    "The server did not understand this request. Nothing was changed: reload the page and try again.",
                )
            }
            _ => AppError::Internal,
        }
    }
}

/// An error on the wire: `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A stable URI of this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What happened, what is safe, what to do.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// The stable name to branch on.
    pub code: String,
    /// The request's id in the server's log.
    pub request_id: String,
    /// The current version of the session, with `version_conflict`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// What is wrong with single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}
