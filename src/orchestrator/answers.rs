//! What the turn service answers, in the shape REST sends it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intent::models::Change;
use crate::session::models::SessionId;
use crate::workflow::schemas::Workflow;

use super::models::Progress;
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
