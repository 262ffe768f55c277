//! What the turn service answers, in the shape REST sends it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::intent::models::{Change, FieldId, FieldKind, Provenance, Slot};
use crate::intent::schemas::{ExtractAnswer, ExtractedField};
use crate::session::models::{SessionId, Status};
use crate::workflow::schemas::Workflow;

use super::hearing::Heard;
use super::models::{ModelUse, Progress};
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
    /// Why the model did not help, in plain words, where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degraded_because: Option<String>,
    /// What models did for this message, where one was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_use: Option<ModelUse>,
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

/// How a session is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StatusAnswer {
    #[serde(flatten)]
    pub turn: TurnFields,
    pub status: Status,
    /// Each known field as a plain text or a list of texts.
    #[schema(value_type = Object)]
    pub collected_info: BTreeMap<FieldId, Value>,
    /// The same as `collected_info`.
    #[schema(value_type = Object)]
    pub collected_data: BTreeMap<FieldId, Value>,
    /// How many messages both sides sent.
    pub conversation_length: u32,
    /// What models did for the whole interview so far.
    pub model_use: ModelUse,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
}

/// A session that goes on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResumeAnswer {
    #[serde(flatten)]
    pub turn: TurnFields,
    pub status: Status,
    /// What the interviewer said last.
    pub message: String,
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

impl From<Heard> for ExtractAnswer {
    fn from(heard: Heard) -> ExtractAnswer {
        let field = |(id, slot): (FieldId, &Slot)| {
            let lead = slot.lead()?;
            let values = slot.items.iter().map(|item| item.value.as_str());
            let value = match id.kind() {
                kind if kind.is_list() => values.collect(),
                FieldKind::Flag => Value::Bool(lead.value == "true"),
                _ => Value::from(lead.value.as_str()),
            };
            let (provenance, evidence) = (lead.provenance, lead.evidence.clone());
            Some((id, ExtractedField { value, provenance, evidence, confidence: confidence(provenance) }))
        };
        ExtractAnswer { fields: heard.spec.filled().filter_map(field).collect(), commands: heard.acts }
    }
}

/// Words that say it are nearly certain, conclusions likely, what is usual a guess.
fn confidence(provenance: Provenance) -> f32 {
    match provenance {
        Provenance::Edited => 1.0,
        Provenance::Said => 0.95,
        Provenance::Inferred => 0.6,
        Provenance::Default => 0.3,
    }
}
