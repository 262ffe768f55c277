//! Workflows on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::{Object, ObjectBuilder, Type};

use crate::session::models::SessionId;
use crate::tools::models::ToolConfig;

use super::models::{Edge, Graph, GraphDiff, GraphEdit, Node, Unmet};

/// The most edits one request can hold.
pub const MAX_EDITS: usize = 100;

/// A workflow and the agent it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Workflow {
    pub session_id: SessionId,
    pub agent_type: Option<String>,
    pub goals: Vec<String>,
    pub tone: Vec<String>,
    pub use_tools: Option<bool>,
    pub tools: Vec<ToolConfig>,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    /// The flow in a few sentences.
    pub description: String,
    /// The version of the session it was drawn from.
    pub version: u64,
}

/// A workflow with its diagram and what is open about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WorkflowAnswer {
    pub session_id: SessionId,
    pub workflow: Workflow,
    pub mermaid_diagram: String,
    /// Whether the user approved it.
    pub is_final: bool,
    /// Invariants it breaks; empty for a sound one.
    pub problems: Vec<String>,
    /// What of the goals nothing covers.
    pub unmet: Vec<Unmet>,
}

/// A workflow to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Visualization {
    pub session_id: SessionId,
    pub mermaid_diagram: String,
    pub text_summary: String,
    /// The same as `text_summary`.
    pub summary: String,
    pub json_structure: Graph,
}

/// One change or several, in the user's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RequestedChanges {
    One(String),
    Many(Vec<String>),
}

impl From<RequestedChanges> for Vec<String> {
    fn from(changes: RequestedChanges) -> Vec<String> {
        match changes {
            RequestedChanges::One(text) => vec![text],
            RequestedChanges::Many(texts) => texts,
        }
    }
}

/// What the user thinks of the workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Approves the agent as it is: the interview is completed.
    pub approved: bool,
    /// Kept with the revision.
    #[serde(default)]
    pub feedback: Option<String>,
    /// What to change first; only without approval.
    #[serde(default)]
    pub requested_changes: Option<RequestedChanges>,
}

/// How a [`Review`] may look: an approval asks for nothing.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum ReviewForm {
    Approval(Approval),
    Objection(Objection),
}

/// Approves the agent as it is: the interview is completed.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "described, never made")]
pub struct Approval {
    #[schema(schema_with = always::<true>, required)]
    approved: bool,
    /// Kept with the revision.
    feedback: Option<ChangeText>,
}

/// Asks for changes.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "described, never made")]
pub struct Objection {
    #[schema(schema_with = always::<false>, required)]
    approved: bool,
    /// Read as one more change.
    feedback: Option<ChangeText>,
    requested_changes: Option<ChangeTexts>,
}

/// One change or several, in the user's words.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum ChangeTexts {
    One(ChangeText),
    Many(ChangeList),
}

#[derive(ToSchema)]
#[schema(max_items = 20)]
#[expect(dead_code, reason = "described, never made")]
pub struct ChangeList(Vec<ChangeText>);

/// A text in the user's words; one that holds nothing is left out.
#[derive(ToSchema)]
#[schema(max_length = 8000, pattern = r"^[^\x00]*$")]
#[expect(dead_code, reason = "described, never made")]
pub struct ChangeText(String);

fn always<const VALUE: bool>() -> Object {
    ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([VALUE])).build()
}

/// Changes to make before drawing again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Regenerate {
    #[serde(default)]
    #[schema(value_type = Vec<ChangeText>, max_items = 20)]
    pub changes: Vec<String>,
}

/// Changes of the graph itself, done in this order: all of them or none.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowPatch {
    /// The version of the session the edits were drawn on; refused with 409 if it is another one by now.
    #[serde(deserialize_with = "crate::json::whole")]
    pub version: u64,
    #[schema(min_items = 1, max_items = 100)]
    pub edits: Vec<GraphEdit>,
}

/// What a review or a regeneration led to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReviewAnswer {
    pub session_id: SessionId,
    pub approved: bool,
    /// What happened, in a sentence or two.
    pub message: String,
    pub workflow: Workflow,
    pub mermaid_diagram: String,
    pub is_final: bool,
    pub diff: GraphDiff,
    /// Requested changes that were not understood; nothing was done about them.
    pub not_understood: Vec<String>,
}
