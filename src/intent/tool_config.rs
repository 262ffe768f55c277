//! A tool as one agent uses it: part of the spec. Pure types, shared with the page.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What a call of the tool can do to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Looks something up; nothing changes.
    Read,
    /// Creates, changes or sends something.
    Write,
    /// Moves money.
    Pay,
}

/// An address of the owner's, where the tool is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Endpoint {
    #[schema(value_type = Method)]
    pub method: String,
    #[schema(max_length = 2000, pattern = r"^https?://[^\s\x00-\x1f\x7f-\x9f]*$")]
    pub url: String,
}

/// What an endpoint is called with.
#[derive(ToSchema)]
#[schema(rename_all = "UPPERCASE")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// One tool as this agent uses it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ToolConfig {
    /// An id of the catalogue, or the user's own in lowercase snake case.
    pub id: String,
    /// What people call it: the product they named, else the catalogue's name.
    pub name: String,
    pub description: String,
    pub category: String,
    pub risk: Risk,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
    /// JSON Schema of an object: what the agent must get from the conversation.
    #[schema(value_type = Object)]
    pub parameters: Map<String, Value>,
    /// What the agent does with the answer.
    pub output_use: String,
    /// When to call it, in one sentence.
    pub usage_context: String,
    /// What must be true before it is called.
    #[serde(default)]
    pub trigger_conditions: Vec<String>,
    /// Whether the user must say yes first: anything that writes, pays or sends.
    pub needs_confirmation: bool,
    /// How the agent asks for that yes.
    pub confirmation: String,
    /// What the agent says when the call fails.
    pub on_failure: String,
}

impl ToolConfig {
    /// Names of the required parameters, in the order of the schema.
    pub fn required_parameters(&self) -> Vec<&str> {
        let required = self.parameters.get("required").and_then(Value::as_array);
        required.map(|names| names.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
    }

    /// What a parameter is, as the schema describes it.
    pub fn parameter_description(&self, name: &str) -> Option<&str> {
        self.parameters.get("properties")?.get(name)?.get("description")?.as_str()
    }
}
