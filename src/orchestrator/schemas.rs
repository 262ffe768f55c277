//! What the page shows of one interview: everything in one document, ready to draw.

use serde::{Deserialize, Serialize};

use crate::intent::models::{Change, Evidence, FieldId, FieldKind, Provenance};
use crate::prompt::lint::LintReport;
use crate::prompt::models::PlatformPrompt;
use crate::session::models::{Role, SessionId, Status};
use crate::tools::models::ToolConfig;
use crate::workflow::models::{Graph, Unmet};

use super::models::{Choice, Progress};

/// One value as the fields pane shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemView {
    /// What is stored: an id or a text.
    pub value: String,
    /// What is shown.
    pub text: String,
    pub provenance: Provenance,
    pub evidence: Option<Evidence>,
}

/// One row of the fields pane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldView {
    pub field: FieldId,
    pub required: bool,
    /// Empty while the field is not known.
    pub items: Vec<ItemView>,
    /// Values to choose from when it is edited; empty for free text.
    pub options: Vec<Choice>,
}

impl FieldView {
    pub fn is_list(&self) -> bool {
        self.field.kind() != FieldKind::Flag && self.field.kind().is_list()
    }

    /// The provenance of the field as a whole.
    pub fn provenance(&self) -> Option<Provenance> {
        self.items.iter().map(|item| item.provenance).max()
    }
}

/// One message of the chat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageView {
    pub seq: u32,
    pub role: Role,
    pub content: String,
    /// What a user's message changed; shown under it.
    pub changes: Vec<Change>,
    /// Whether a model was to read a user's message and did not, so that the built-in interviewer answered alone.
    pub unaided: bool,
}

/// A session in lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionSummary {
    pub id: SessionId,
    pub title: String,
    /// One line about the agent.
    pub description: String,
    pub status: Status,
    pub stage: crate::session::models::Stage,
    pub fields_known: u32,
    pub required_left: u32,
    /// Milliseconds since 1970.
    pub updated_ms: i64,
}

/// A turn that is being made: its events can be followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningTurn {
    pub turn_id: String,
    /// The message it answers, which is not in the transcript yet.
    pub text: String,
}

/// A platform's prompt and what could be wrong with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckedPrompt {
    pub prompt: PlatformPrompt,
    /// Of this prompt alone: its places are lines of it.
    pub lint: LintReport,
}

/// Everything the workspace needs, but for prompts and bundle, which are loaded with their tabs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    pub session_id: SessionId,
    pub title: String,
    pub status: Status,
    pub version: u64,
    pub progress: Progress,
    pub messages: Vec<MessageView>,
    /// All twenty fields, required first.
    pub fields: Vec<FieldView>,
    /// Assumptions "finish now" would make for what is still missing: label and value.
    pub finish_assumptions: Vec<(FieldId, String)>,
    pub graph: Graph,
    pub unmet: Vec<Unmet>,
    pub tools: Vec<ToolConfig>,
    pub mermaid: String,
    pub can_undo: bool,
    /// The number of the user's message that undo takes back, where it takes back a message.
    pub undoes: Option<u32>,
    pub can_redo: bool,
    /// Whether messages go to a model first, so that the reply takes a while and is worth following.
    pub uses_model: bool,
    pub running: Option<RunningTurn>,
}
