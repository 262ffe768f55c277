//! Tools on their way to an agent. Pure types, shared with the page.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::tools::custom::CustomTool;
use crate::tools::import::Skipped;
use crate::tools::models::{Endpoint, Risk};

/// The most tools of one agent.
pub const MAX_TOOLS: usize = 50;

/// Tools that an agent is to have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddTools {
    #[schema(min_items = 1, max_items = 50)]
    pub tools: Vec<NewTool>,
}

/// A tool that an agent is to have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTool {
    /// Lowercase snake case; made from the name if it is left out.
    #[serde(default)]
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]*$")]
    pub id: Option<String>,
    #[schema(min_length = 1, max_length = 120, pattern = r"\S")]
    pub name: String,
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub description: String,
    /// `custom` if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]*$")]
    pub category: Option<String>,
    /// What its method lets expect, if it is left out.
    #[serde(default)]
    pub risk: Option<Risk>,
    /// JSON Schema of an object: what the agent must get from the conversation.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub parameters: Map<String, Value>,
    #[serde(default)]
    pub endpoint: Option<Endpoint>,
    /// Whether people say yes before each call; where the tool may change something, if it is left out.
    #[serde(default)]
    pub asks_first: Option<bool>,
}

impl From<CustomTool> for NewTool {
    fn from(tool: CustomTool) -> NewTool {
        let CustomTool { id, name, description, category, risk, parameters, endpoint } = tool;
        let (id, category, risk) = (Some(id), Some(category), Some(risk));
        NewTool { id, name, description, category, risk, parameters, endpoint, asks_first: None }
    }
}

/// What a document holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundTools {
    pub tools: Vec<NewTool>,
    /// What is no tool, with why.
    pub skipped: Vec<Skipped>,
}
