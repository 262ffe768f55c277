//! A preview on the wire and for the page. Pure types.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::bundle::own_tests::RunMessage;
use crate::llm::models::{ModelName, Usage};
use crate::prompt::models::PromptFormat;
use crate::workflow::models::NodeType;

/// The most messages of a run.
pub const MAX_MESSAGES: usize = 60;
/// The longest message, in characters.
pub const MAX_CHARS: usize = 8_000;
/// The longest run, in characters.
pub const MAX_RUN_CHARS: usize = 100_000;
/// The most calls of one message.
pub const MAX_CALLS: usize = 8;
/// The longest name of a call, in characters.
pub const MAX_NAME: usize = 64;
/// The longest id of a call, in characters.
pub const MAX_CALL_ID: usize = 100;

/// A run of the agent so far, to be gone on with.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// Whose prompt the agent has.
    pub format: PromptFormat,
    /// Empty for a run that has not begun; else the last one is the user's or a tool's.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub messages: Vec<RunMessage>,
}

/// A call that the agent makes in a preview. Nothing is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PreviewCall {
    pub id: String,
    /// The tool's name as the model knows it.
    pub name: String,
    #[schema(value_type = Object)]
    pub arguments: Value,
    /// Id of the agent's tool; null when it has none of this name.
    pub tool: Option<String>,
    /// What the tool might answer. Send it back as the tool's message, changed or as it is.
    #[schema(value_type = Object)]
    pub simulated: Value,
    /// What is wrong with the call.
    pub problem: Option<String>,
}

/// What the agent says and does next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PreviewAnswer {
    /// Empty when it only calls tools.
    pub message: String,
    pub tool_calls: Vec<PreviewCall>,
    /// Id of the workflow's step that the run is at, as far as words and calls tell.
    pub node: Option<String>,
    /// Ids of the steps it came through, in order.
    pub path: Vec<String>,
    /// Null where no model was asked.
    pub model: Option<ModelName>,
    pub usage: Usage,
    /// Whether the model did not answer as it should.
    pub degraded: bool,
    /// What to know about the answer.
    pub note: Option<String>,
}

/// One step of the workflow, for a walk without a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WalkAnswer {
    pub node: String,
    #[serde(rename = "type")]
    pub kind: NodeType,
    pub label: String,
    pub description: String,
    /// What the agent says here, or the sense of it.
    pub says: Option<String>,
    /// What it gets from the user here.
    pub asks_for: Vec<String>,
    pub tool_call: Option<WalkCall>,
    /// The ways on; empty at an end.
    pub choices: Vec<WalkChoice>,
}

/// A call as it might be made at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WalkCall {
    /// Id of the tool.
    pub tool: String,
    pub title: String,
    /// Its name as a model knows it.
    pub name: String,
    #[schema(value_type = Object)]
    pub arguments: Value,
    #[schema(value_type = Object)]
    pub simulated: Value,
}

/// A way on from a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WalkChoice {
    /// Null where there is nothing to choose.
    pub label: Option<String>,
    /// When it is taken.
    pub condition: Option<String>,
    /// Id of the step it leads to.
    pub target: String,
    pub target_label: String,
    /// Whether it is taken when the call fails.
    pub is_failure: bool,
}
