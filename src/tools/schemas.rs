//! Tools on the wire.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::error::Problem;

use super::catalogue::Tool;
use super::custom::CustomTool;
use super::import::{Format, Skipped};
use super::models::{Endpoint, Risk, ToolConfig};
use super::ports::{CatalogHead, CatalogTool};

/// Which tools to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ToolsQuery {
    /// What the tool should do, in any words; the best first.
    #[param(max_length = 2000)]
    pub q: Option<String>,
    /// Only tools of this category, such as `messaging`, or `custom`.
    pub category: Option<String>,
    /// At most this many, up to 200.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[param(pattern = "^[0-9]{1,9}$")]
    pub cursor: Option<String>,
}

/// A tool in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToolItem {
    pub id: String,
    pub name: String,
    pub category: String,
    pub description: String,
    pub risk: Risk,
    /// Whether it is the caller's own.
    pub custom: bool,
}

impl From<&Tool> for ToolItem {
    fn from(tool: &Tool) -> ToolItem {
        ToolItem {
            id: tool.id.clone(),
            name: tool.name.clone(),
            category: tool.category.as_str().to_owned(),
            description: tool.description.clone(),
            risk: tool.risk,
            custom: false,
        }
    }
}

impl From<&CustomTool> for ToolItem {
    fn from(tool: &CustomTool) -> ToolItem {
        ToolItem {
            id: tool.id.clone(),
            name: tool.name.clone(),
            category: tool.category.clone(),
            description: tool.description.clone(),
            risk: tool.risk,
            custom: true,
        }
    }
}

/// A page of tools.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToolsAnswer {
    pub tools: Vec<ToolItem>,
    /// The `cursor` of the next page; null when this was the last.
    pub next: Option<String>,
}

/// A tool with the configuration an agent begins with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ToolDetail {
    #[serde(flatten)]
    pub config: ToolConfig,
    /// Whether it is the caller's own.
    pub custom: bool,
    /// Products that are this tool.
    pub products: Vec<String>,
}

/// A tool of the caller's own.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolCreate {
    /// Lowercase snake case; made from the name if it is left out.
    #[serde(default)]
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]*$")]
    pub id: Option<String>,
    #[schema(min_length = 1, max_length = 120, pattern = r"\S")]
    pub name: String,
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub description: String,
    /// `custom` if it is left out.
    #[serde(default)]
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]*$")]
    pub category: Option<String>,
    /// `read` for an endpoint with GET, else `write`, if it is left out.
    #[serde(default)]
    pub risk: Option<Risk>,
    /// JSON Schema of an object: what the agent must get from the conversation.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub parameters: Option<Map<String, Value>>,
    #[serde(default)]
    pub endpoint: Option<Endpoint>,
}

/// A document to read tools from.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    pub format: Format,
    /// The document itself, or its text in JSON or YAML; at most 1 MB.
    pub document: Value,
    /// Keeps the tools as the caller's own; otherwise they are only read.
    #[serde(default)]
    pub save: bool,
    /// Keeps names and descriptions as a catalogue of this name for `POST /tools/select`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 120, pattern = r"\S")]
    pub catalog: Option<String>,
}

/// What was read, and what was not.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportAnswer {
    pub tools: Vec<CustomTool>,
    pub skipped: Vec<Skipped>,
    /// The id of the catalogue that was kept, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog: Option<String>,
}

/// A catalogue of the caller's own.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogCreate {
    #[schema(min_length = 1, max_length = 120, pattern = r"\S")]
    pub name: String,
    /// At most 2,000, no two of one name.
    #[schema(min_items = 1, max_items = 2000)]
    pub tools: Vec<CatalogTool>,
}

/// A kept catalogue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CatalogCreated {
    pub id: String,
}

/// The caller's catalogues, the oldest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CatalogsAnswer {
    pub catalogs: Vec<CatalogHead>,
}

/// What to choose tools for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectRequest {
    /// What is needed, in any words.
    #[schema(min_length = 1, max_length = 8000, pattern = r"\S")]
    pub text: String,
    /// At most this many tools; 5 if it is left out.
    #[serde(default, deserialize_with = "crate::json::whole_or_none")]
    #[schema(minimum = 1, maximum = 50)]
    pub limit: Option<u32>,
    /// A catalogue of the caller's own to choose from; the built-in one with the caller's own tools if it is left out.
    #[serde(default)]
    pub catalog: Option<String>,
}

/// A chosen tool.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SelectedTool {
    /// For a catalogue of the caller's own, the tool's name.
    pub id: String,
    /// The higher the better; comparable within one answer.
    pub score: f32,
    /// Letters of the text that speak for it.
    pub because: Vec<String>,
}

/// The tools a text asks for, the best first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SelectAnswer {
    pub tools: Vec<SelectedTool>,
    /// Letters of the text that ask for something no tool does.
    pub unmet: Vec<String>,
}

/// What became of something deleted.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ToolDeleted)]
pub struct Deleted {
    pub message: String,
}

/// What a request about tools can be refused with.
#[derive(utoipa::IntoResponses)]
pub enum ToolProblems {
    /// The body is not well-formed JSON.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// The server asks for an API key, and this is none.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// Nothing can be kept for a caller that nobody can tell from others, or another site sent this.
    #[response(status = 403, content_type = "application/problem+json")]
    Nobody(Problem),
    /// No such tool or catalogue, or not yours.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The body took too long to arrive.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(Problem),
    /// The id is taken, or no more can be kept.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// The text or the body is too long.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLong(Problem),
    /// The body is not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(Problem),
    /// Something in the request makes no sense; `errors` says what.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many requests from here; `Retry-After` says how long to wait.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// Our mistake.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// Too much to do, or the store cannot be reached; `Retry-After` says when to try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}
