//! One live session: what a turn reads and replaces, and its forms in the store and in the cache.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intent::models::{AgentSpec, FieldId};
use crate::session::models::{Message, Role, SessionId, Stage, Status};
use crate::session::ports::{CacheError, Finals, LiveState, OwnerId, SessionState, StoreError, StoredSession};

use super::models::{Interview, Progress};
use super::{turn, view};

/// How many messages the state document holds: the newest.
pub const HISTORY: usize = 40;

/// A session at one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    pub id: SessionId,
    pub owner: Option<OwnerId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
    pub version: u64,
    pub status: Status,
    pub message_count: u32,
    pub interview: Interview,
    /// The newest [`HISTORY`] messages.
    pub history: Vec<Message>,
    pub final_prompt: Option<String>,
}

/// A stored interview that this program cannot read.
#[derive(Debug, thiserror::Error)]
#[error("unreadable interview: {0}")]
pub struct Unreadable(#[from] serde_json::Error);

impl From<Unreadable> for StoreError {
    fn from(error: Unreadable) -> StoreError {
        StoreError::Corrupt(error.to_string())
    }
}

impl Session {
    /// A session out of the store, with its newest messages.
    pub fn from_store(stored: StoredSession, history: Vec<Message>) -> Result<Session, Unreadable> {
        let spec = serde_json::from_str(&stored.state.spec_json)?;
        let rest: Interview = serde_json::from_str(&stored.state.interview_json)?;
        Ok(Session {
            id: stored.id,
            owner: stored.owner,
            created_at: stored.created_at,
            updated_at: stored.state.updated_at,
            completed_at: stored.state.completed_at,
            version: stored.version,
            status: stored.state.status,
            message_count: stored.message_count,
            interview: Interview { spec, ..rest },
            history,
            final_prompt: stored.state.finals.map(|finals| finals.prompt),
        })
    }

    /// What the store keeps of it. `expires_after` counts from the last change.
    pub fn to_store(
        &self,
        progress: &Progress,
        finals: Option<Finals>,
        expires_after: Duration,
    ) -> Result<SessionState, Unreadable> {
        Ok(SessionState {
            status: self.status,
            stage: progress.stage,
            summary: view::summary(self, progress),
            spec_json: serde_json::to_string(&self.interview.spec)?,
            interview_json: serde_json::to_string(&self.interview)?,
            updated_at: self.updated_at,
            expires_at: self.updated_at + expires_after,
            completed_at: self.completed_at,
            finals,
        })
    }

    /// Appends a message; the oldest leave the history.
    pub fn push(&mut self, role: Role, content: impl Into<String>) -> Message {
        let message = Message { seq: self.message_count, role, content: content.into(), created_at: self.updated_at };
        self.message_count += 1;
        self.history.push(message.clone());
        if self.history.len() > HISTORY {
            self.history.drain(..self.history.len() - HISTORY);
        }
        message
    }

    /// The session with its history as the user has it read now.
    pub fn as_it_reads(&self) -> Cow<'_, Session> {
        if self.interview.resaid.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut session = self.clone();
        session.interview.overlay(&mut session.history);
        Cow::Owned(session)
    }

    /// Each known field as a plain text or a list of texts.
    pub fn collected(&self) -> BTreeMap<FieldId, serde_json::Value> {
        let spec = &self.interview.spec;
        spec.filled().map(|(field, _)| (field, view::plain(spec, field))).collect()
    }

    /// The session after the next step, before its messages.
    pub fn next(&self, interview: Interview, now: DateTime<Utc>) -> Session {
        Session {
            id: self.id.clone(),
            owner: self.owner.clone(),
            created_at: self.created_at,
            updated_at: now.max(self.updated_at),
            completed_at: self.completed_at,
            version: self.version + 1,
            status: self.status,
            message_count: self.message_count,
            interview,
            history: self.history.clone(),
            final_prompt: self.final_prompt.clone(),
        }
    }
}

impl LiveState for Session {
    fn version(&self) -> u64 {
        self.version
    }

    fn to_document(&self) -> Result<String, CacheError> {
        let document = StateDocument::of(self, turn::progress(&self.interview).stage);
        serde_json::to_string(&document).map_err(|error| CacheError(error.to_string()))
    }

    fn from_document(document: &str) -> Option<Session> {
        let document: StateDocument = serde_json::from_str(document).ok()?;
        let interview = Interview { spec: document.spec, ..document.interview? };
        let first = document.message_count.checked_sub(u32::try_from(document.conversation_history.len()).ok()?)?;
        let history = document.conversation_history.into_iter().zip(first..).map(|(line, seq)| line.at(seq)).collect();
        Some(Session {
            id: document.session_id,
            owner: document.owner,
            created_at: document.created_at,
            updated_at: document.updated_at,
            completed_at: document.completed_at,
            version: document.version,
            status: document.status,
            message_count: document.message_count,
            interview,
            history,
            final_prompt: document.final_prompt,
        })
    }
}

/// One line of a conversation in the state document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryLine {
    pub role: Role,
    pub content: String,
    pub timestamp: DateTime<Utc>,
}

impl HistoryLine {
    fn at(self, seq: u32) -> Message {
        Message { seq, role: self.role, content: self.content, created_at: self.timestamp }
    }
}

impl From<&Message> for HistoryLine {
    fn from(message: &Message) -> HistoryLine {
        HistoryLine { role: message.role, content: message.content.clone(), timestamp: message.created_at }
    }
}

/// The state of a session in one document: under `session:{session_id}` in the cache, and the answer of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StateDocument {
    // A shared cache reads these two off the beginning.
    pub session_id: SessionId,
    pub version: u64,
    pub status: Status,
    pub stage: Stage,
    pub agent_type: Option<String>,
    pub goals: Option<Vec<String>>,
    pub tone: Option<Vec<String>>,
    pub use_tools: Option<bool>,
    /// Ids; their configuration is in `spec`.
    pub tools: Vec<String>,
    /// The newest 40 messages.
    pub conversation_history: Vec<HistoryLine>,
    pub collected_fields: Vec<FieldId>,
    /// The workflow as it stands; drawn when it is asked for.
    #[schema(value_type = Option<Object>)]
    pub workflow: Option<serde_json::Value>,
    /// Present once completed.
    pub final_prompt: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
    pub message_count: u32,
    #[schema(value_type = Object)]
    pub spec: AgentSpec,
    /// Never in an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub owner: Option<OwnerId>,
    /// The rest of the interview; never in an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub interview: Option<Interview>,
}

impl StateDocument {
    /// All of it, with what is the server's alone.
    pub fn of(session: &Session, stage: Stage) -> StateDocument {
        let spec = &session.interview.spec;
        let list = |field| spec.has(field).then(|| spec.values(field).map(str::to_owned).collect());
        StateDocument {
            session_id: session.id.clone(),
            status: session.status,
            stage,
            agent_type: spec.agent_type().map(str::to_owned),
            goals: list(FieldId::Goals),
            tone: list(FieldId::Tone),
            use_tools: spec.use_tools(),
            tools: spec.values(FieldId::Tools).map(str::to_owned).collect(),
            conversation_history: session.history.iter().map(HistoryLine::from).collect(),
            collected_fields: spec.filled().map(|(field, _)| field).collect(),
            workflow: None,
            final_prompt: session.final_prompt.clone(),
            created_at: session.created_at,
            updated_at: session.updated_at,
            completed_at: session.completed_at,
            version: session.version,
            message_count: session.message_count,
            spec: spec.clone(),
            owner: session.owner.clone(),
            interview: Some(session.interview.clone()),
        }
    }

    /// Without what is the server's alone.
    pub fn public(self) -> StateDocument {
        StateDocument { owner: None, interview: None, ..self }
    }
}
