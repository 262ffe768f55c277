//! What is asked of a language model and what comes back. Pure.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What a model is asked for; each can have its own provider and model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Reads what a message tells: structured output.
    Extraction,
    /// Words the interviewer's reply.
    Phrasing,
    /// Rewrites a section of a generated prompt.
    Polish,
    /// Plays the generated agent.
    Preview,
}

impl Purpose {
    pub const ALL: [Purpose; 4] = [Purpose::Extraction, Purpose::Phrasing, Purpose::Polish, Purpose::Preview];

    /// As it stands in configuration, metrics and on the wire.
    pub fn id(self) -> &'static str {
        match self {
            Purpose::Extraction => "extraction",
            Purpose::Phrasing => "phrasing",
            Purpose::Polish => "polish",
            Purpose::Preview => "preview",
        }
    }
}

/// One request. The answer is always streamed: the first word, a pause and the whole each have their limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChatRequest {
    pub system: String,
    pub messages: Vec<ChatMessage>,
    pub output: OutputShape,
    /// What the model may call.
    pub tools: Vec<ToolDefinition>,
    pub max_output_tokens: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ChatMessage {
    User(String),
    Assistant { text: String, tool_calls: Vec<ToolCall> },
    ToolResult { call_id: String, content: String },
}

/// The shape an answer must have.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum OutputShape {
    #[default]
    Text,
    /// One JSON document that fits the schema. `name` is a plain identifier.
    Json { name: String, schema: Value },
}

/// A function that a model may call.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolDefinition {
    pub name: String,
    pub description: String,
    /// JSON Schema of its arguments, an object.
    pub parameters: Value,
}

/// A function that a model wants to be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    /// JSON as the model wrote it; not checked.
    pub arguments: String,
}

/// A piece of an answer, in the order in which it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delta {
    /// Whole characters.
    Text(String),
    /// A call, once it is complete.
    ToolCall(ToolCall),
    Usage(Usage),
    /// The last piece of an answer that came whole.
    End(Finish),
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    Done,
    ToolCalls,
    /// Cut at the most tokens.
    Length,
    /// The model, or its vendor, would not answer.
    Refused,
}

/// What the provider counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Usage {
    pub input_tokens: u64,
    pub output_tokens: u64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Usage) {
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
    }
}

/// Whose model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct ModelName {
    /// `openai` for every OpenAI-compatible server, or `anthropic`.
    pub provider: String,
    pub model: String,
}

impl std::fmt::Display for ModelName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.provider, self.model)
    }
}

/// A provider as the settings page shows it. Its key is never shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelCard {
    /// As in [`ModelName`].
    pub provider: String,
    /// Its usual model; `None` where the provider is not configured.
    pub model: Option<String>,
    /// Whether it was there when last heard of; `None` while nobody asked.
    pub reachable: Option<bool>,
    /// What it is asked for first.
    pub purposes: Vec<Purpose>,
    /// Since the server started.
    pub usage: Usage,
    pub last_error: Option<String>,
}

/// An answer that came whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Who answered.
    pub model: ModelName,
    pub text: String,
    pub tool_calls: Vec<ToolCall>,
    pub usage: Usage,
    pub finish: Finish,
}

impl Collected {
    /// The JSON document of the answer, also where the model put words or a code fence around it.
    pub fn json(&self) -> Option<Value> {
        let text = self.text.trim();
        serde_json::from_str(text).ok().or_else(|| {
            let (start, end) = (text.find('{')?, text.rfind('}')?);
            serde_json::from_str(text.get(start..=end)?).ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_found_among_words() {
        let answer = |text: &str| Collected {
            model: ModelName { provider: "openai".to_owned(), model: "m".to_owned() },
            text: text.to_owned(),
            tool_calls: Vec::new(),
            usage: Usage::default(),
            finish: Finish::Done,
        };
        let document = Some(serde_json::json!({"a": {"b": "}"}}));
        for text in [r#"{"a":{"b":"}"}}"#, "```json\n{\"a\":{\"b\":\"}\"}}\n```", r#"Here: {"a":{"b":"}"}} Fine?"#] {
            assert_eq!(answer(text).json(), document, "{text}");
        }
        for text in ["", "}{", r#"{"a": "#, "no"] {
            assert_eq!(answer(text).json(), None, "{text}");
        }
    }
}
