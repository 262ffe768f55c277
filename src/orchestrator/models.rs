//! The state of an interview and what one turn makes of it. Pure types, shared with the page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::bundle::own_tests::OwnTest;
use crate::intent::models::{AgentSpec, Change, Evidence, FieldId, Slot};
use crate::language::Language;
use crate::llm::models::Usage;
use crate::prompt::models::PromptFormat;
use crate::prompt::polish::models::{Polished, PolishedSections};
use crate::session::models::{Message, Stage};
use crate::tools::models::ToolConfig;
use crate::workflow::models::StepEdit;

/// An answer offered as a chip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// What is sent when it is chosen; understood like typed text.
    pub value: String,
    pub label: String,
}

impl Choice {
    /// One that sends what it shows.
    pub fn saying(text: &str) -> Choice {
        Choice::new(text, text)
    }

    pub fn new(value: &str, label: &str) -> Choice {
        Choice { value: value.to_owned(), label: label.to_owned() }
    }
}

/// The open question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Asking {
    pub field: FieldId,
    pub question: String,
    /// Why it is asked, in one clause, where that is not obvious.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    pub choices: Vec<Choice>,
    /// Whether several choices may be taken together.
    #[serde(default)]
    pub several: bool,
    pub required: bool,
}

/// What one step changed and how to take it back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undoable {
    /// Why the change was made, in plain words.
    pub reason: String,
    /// The number of the user's message that made it.
    #[serde(default)]
    pub message: Option<u32>,
    /// The slots as they were before; `None` for a field that was not known.
    pub slots: Vec<(FieldId, Option<Slot>)>,
    /// The tool configurations as they were before, where they changed.
    pub tool_configs: Option<BTreeMap<String, ToolConfig>>,
    /// The step edits as they were before, where they changed.
    pub step_edits: Option<Vec<StepEdit>>,
    /// The polished sections as they were before, where they changed; `None` for one that was as generated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub polished: Vec<(PromptFormat, String, Option<Polished>)>,
    /// The owner's own tests as they were before, where they changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_tests: Option<Vec<OwnTest>>,
    /// The messages said otherwise as they were before, where they changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resaid: Option<BTreeMap<u32, String>>,
}

/// What models did for an interview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelUse {
    /// Calls that were answered, wholly or in part.
    pub calls: u32,
    /// As the providers counted them.
    #[serde(flatten)]
    pub tokens: Usage,
    /// The user's messages, by number, that were to be read by a model and were not.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unaided: BTreeSet<u32>,
}

impl ModelUse {
    pub fn is_none(&self) -> bool {
        *self == ModelUse::default()
    }

    pub fn add(&mut self, other: &ModelUse) {
        self.calls += other.calls;
        self.tokens += other.tokens;
        self.unaided.extend(&other.unaided);
    }
}

/// All that an interview is, apart from its transcript. Serialised into the session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Interview {
    /// Kept beside the rest.
    #[serde(skip_serializing)]
    pub spec: AgentSpec,
    pub asking: Option<Asking>,
    /// The language the interviewer speaks.
    #[serde(skip_serializing_if = "Language::is_default")]
    pub language: Language,
    /// Messages of the user so far: the number the next one gets in evidence.
    pub user_messages: u32,
    /// How often each field was asked about.
    pub asked: BTreeMap<FieldId, u32>,
    /// The fields answered so far, in order: what "go back" returns to and what additions amend.
    pub answered: Vec<FieldId>,
    /// How much the conversation speaks for each kind of agent.
    pub type_scores: BTreeMap<String, f32>,
    /// The words that speak loudest for each kind, and how loudly.
    pub type_quotes: BTreeMap<String, (f32, Evidence)>,
    /// Fields the user has nothing to say about, or has nothing of: not asked again.
    pub settled: BTreeSet<FieldId>,
    /// Tools the user does not want.
    pub refused_tools: BTreeSet<String>,
    /// Optional questions asked so far.
    pub optional_asked: u32,
    /// Whether the user wants more optional questions than usual.
    pub wants_more: bool,
    pub approved: bool,
    pub step_edits: Vec<StepEdit>,
    #[serde(skip_serializing_if = "ModelUse::is_none")]
    pub model_use: ModelUse,
    /// Sections of the prompts in words that the owner took from a model.
    #[serde(skip_serializing_if = "PolishedSections::is_empty")]
    pub polished: PolishedSections,
    /// Tests that the owner made from runs of the agent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub own_tests: Vec<OwnTest>,
    /// Earlier messages that the user had say something else since: their text, by their place in the transcript.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub resaid: BTreeMap<u32, String>,
    /// Newest last; the last few steps only.
    pub undo: Vec<Arc<Undoable>>,
    pub redo: Vec<Arc<Undoable>>,
}

impl Interview {
    /// Has messages read as they were said otherwise.
    pub fn overlay(&self, messages: &mut [Message]) {
        for message in messages {
            if let Some(text) = self.resaid.get(&message.seq) {
                message.content.clone_from(text);
            }
        }
    }
}

/// How far an interview is, as every answer of the API reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    pub stage: Stage,
    pub asking: Option<Asking>,
    pub missing_required: Vec<FieldId>,
    pub missing_optional: Vec<FieldId>,
    pub collected_fields: Vec<FieldId>,
    /// 0 to 100.
    pub progress_percentage: u8,
}

/// The parts of a reply, so that the words of a model can take the place of some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyPlan {
    /// What was understood, or the answer to a command.
    pub heard: String,
    /// What there is to review once nothing required is missing.
    pub review: String,
    /// The question; empty where none is put.
    pub question: String,
    /// Whether other words may say what was understood: it holds nothing that must be said exactly.
    pub heard_is_free: bool,
    /// Whether other words may ask the same.
    pub question_is_free: bool,
    /// Whether some of what a model read was not taken over: its own account of the message may claim too much.
    pub overruled: bool,
}

impl ReplyPlan {
    /// What stands between two parts.
    pub fn divider(&self) -> &'static str {
        let has_paragraphs = [&self.heard, &self.review, &self.question].iter().any(|part| part.contains('\n'));
        if has_paragraphs { "\n\n" } else { " " }
    }

    /// The whole reply: plain text, paragraphs divided by an empty line.
    pub fn text(&self) -> String {
        let parts = [&self.heard, &self.review, &self.question].map(String::as_str);
        let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        said.join(self.divider())
    }
}

/// What one message led to.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnOutcome {
    pub interview: Interview,
    /// What the interviewer says: plain text, paragraphs divided by an empty line.
    pub reply: String,
    /// The reply in its parts.
    pub plan: ReplyPlan,
    pub changes: Vec<Change>,
    pub is_complete: bool,
}
