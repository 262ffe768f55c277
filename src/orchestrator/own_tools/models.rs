//! Tools on their way to an agent. Pure types, shared with the page.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::tools::custom::CustomTool;
use crate::tools::import::Skipped;
use crate::tools::models::{Endpoint, Risk};

/// The most tools of one agent.
pub const MAX_TOOLS: usize = 50;

/// A tool that an agent is to have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTool {
    /// Lowercase snake case; made from the name if it is left out.
    #[serde(default)]
    pub id: Option<String>,
    pub name: String,
    pub description: String,
    /// What its method lets expect, if it is left out.
    #[serde(default)]
    pub risk: Option<Risk>,
    /// JSON Schema of an object.
    #[serde(default)]
    pub parameters: Map<String, Value>,
    #[serde(default)]
    pub endpoint: Option<Endpoint>,
    /// Whether people say yes before each call; where the tool may change something, if it is left out.
    #[serde(default)]
    pub asks_first: Option<bool>,
}

impl From<CustomTool> for NewTool {
    fn from(tool: CustomTool) -> NewTool {
        let CustomTool { id, name, description, risk, parameters, endpoint, .. } = tool;
        NewTool { id: Some(id), name, description, risk: Some(risk), parameters, endpoint, asks_first: None }
    }
}

/// What a document holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundTools {
    pub tools: Vec<NewTool>,
    /// What is no tool, with why.
    pub skipped: Vec<Skipped>,
}
