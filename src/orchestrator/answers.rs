//! What the turn service answers, in the shape REST sends it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intent::models::Change;
use crate::session::models::{SessionId, Status};
use crate::workflow::schemas::Workflow;

use super::models::Progress;
use super::service::Kept;
use super::state::Session;

/// How far an interview is, at one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TurnFields {
    pub session_id: SessionId,
    #[serde(flatten)]
    pub progress: Progress,
    /// Counts the changes of the session.
    pub version: u64,
}

impl TurnFields {
    pub fn new(session: &Session, progress: Progress) -> TurnFields {
        TurnFields { session_id: session.id.clone(), progress, version: session.version }
    }
}

/// The answer to a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageAnswer {
    #[serde(flatten)]
    pub turn: TurnFields,
    pub ai_response: String,
    /// Whether this message completed the interview.
    pub is_complete: bool,
    pub changes: Vec<Change>,
    /// Whether a model was asked and did not help, so that the built-in interviewer answered alone.
    pub degraded: bool,
    /// Once complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_prompt: Option<String>,
    /// Once complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<Workflow>,
}

/// A new session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SessionCreated {
    #[serde(flatten)]
    pub turn: TurnFields,
    pub status: Status,
    pub created_at: DateTime<Utc>,
    /// What the interviewer says first.
    pub message: String,
}

/// What a change by hand led to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepAnswer {
    #[serde(flatten)]
    pub turn: TurnFields,
    pub status: Status,
    /// What the interviewer says to it; may be empty.
    pub message: String,
    pub changes: Vec<Change>,
}

impl From<&Kept> for SessionCreated {
    fn from(kept: &Kept) -> SessionCreated {
        SessionCreated {
            turn: kept.turn(),
            status: kept.session.status,
            created_at: kept.session.created_at,
            message: kept.reply.clone(),
        }
    }
}

impl From<&Kept> for StepAnswer {
    fn from(kept: &Kept) -> StepAnswer {
        let (status, changes) = (kept.session.status, kept.changes.clone());
        StepAnswer { turn: kept.turn(), status, message: kept.reply.clone(), changes }
    }
}
