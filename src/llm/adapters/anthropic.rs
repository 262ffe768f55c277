//! Anthropic's Messages, by a small client of our own: no crate for it is kept as well as what it would save.
//!
//! A document of a schema is asked for by a tool that must be called; newer models refuse that and take the schema
//! itself. What a server refuses is remembered for as long as the process lives.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::llm::data::{complaint, json_only};
use crate::llm::models::{ChatMessage, ChatRequest, ModelName, OutputShape};
use crate::llm::ports::{Answer, ChatModel, ModelError};
use crate::llm::settings::{ProviderSettings, Vendor};

use super::Limits;
use super::anthropic_stream::Events;
use super::wire::{ClientError, Reply, Server, secret_header};

const VERSION: HeaderValue = HeaderValue::from_static("2023-06-01");
/// What a model may think on top of what it may say, where it cannot be kept from thinking.
const THINKING_TOKENS: u32 = 4_096;
/// How often one request is put another way.
const MOST_WAYS: usize = 8;

pub fn server(settings: &ProviderSettings, limits: Limits) -> Result<Server, ClientError> {
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static("anthropic-version"), VERSION);
    if let Some(key) = &settings.key {
        headers.insert(HeaderName::from_static("x-api-key"), secret_header(key)?);
    }
    Server::new(settings, headers, limits)
}

/// One of Anthropic's models, or one whose server speaks like it.
pub struct Anthropic {
    name: ModelName,
    server: Server,
    dialect: Mutex<Dialect>,
}

impl Anthropic {
    pub fn new(server: Server, model: &str) -> Anthropic {
        let name = ModelName { provider: Vendor::Anthropic.id().to_owned(), model: model.to_owned() };
        let dialect = Dialect { json: JsonMode::Tool, thinking: Thinking::BetweenTools };
        Anthropic { name, server, dialect: Mutex::new(dialect) }
    }

    /// Below the base, which some give with the version and some without.
    fn path(&self, call: &str) -> String {
        if self.server.has_version() { call.to_owned() } else { format!("v1/{call}") }
    }
}

#[async_trait]
impl ChatModel for Anthropic {
    fn name(&self) -> &ModelName {
        &self.name
    }

    async fn ask(&self, request: &ChatRequest) -> Result<Answer, ModelError> {
        let known = *self.dialect.lock().unwrap_or_else(PoisonError::into_inner);
        let mut dialect = known;
        let mut ways = 1;
        loop {
            let body = dialect.body(&self.name.model, request);
            let (error, words) = match self.server.post(&self.path("messages"), &body).await? {
                Reply::Begun(begun) => {
                    if dialect != known {
                        tracing::info!(model = %self.name, ?dialect, "the server takes requests another way");
                        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner) = dialect;
                    }
                    return Ok(begun.read(Events::new(dialect.json_tool(&request.output))));
                }
                Reply::Refused { error, words } => (error, words),
            };
            let plainer = dialect.plainer(&words, &request.output).filter(|_| ways < MOST_WAYS);
            dialect = plainer.ok_or(error)?;
            ways += 1;
        }
    }

    async fn reach(&self) -> Result<(), ModelError> {
        self.server.reach(&self.path("models")).await
    }
}

/// How a document of a schema is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum JsonMode {
    /// As the arguments of a tool that must be called.
    Tool,
    Schema,
    /// In words alone.
    Words,
}

/// How a model is kept from thinking before it speaks; models differ in what they take.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Thinking {
    BetweenTools,
    Disabled,
    /// It cannot be.
    AsItLikes,
}

/// What a server takes, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dialect {
    json: JsonMode,
    thinking: Thinking,
}

impl Dialect {
    /// Another way to put a request that the server refused in these words; `None` when they are about something else.
    fn plainer(self, words: &str, output: &OutputShape) -> Option<Dialect> {
        let about = complaint(words);
        let json = match self.json {
            JsonMode::Tool => Some(JsonMode::Schema),
            JsonMode::Schema => Some(JsonMode::Words),
            JsonMode::Words => None,
        };
        let thinking = match self.thinking {
            Thinking::BetweenTools => Some(Thinking::Disabled),
            Thinking::Disabled => Some(Thinking::AsItLikes),
            Thinking::AsItLikes => None,
        };
        let plainer = match json {
            Some(json) if about.output_shape && matches!(output, OutputShape::Json { .. }) => {
                Some(Dialect { json, ..self })
            }
            _ => None,
        };
        plainer.or_else(|| thinking.filter(|_| about.thinking).map(|thinking| Dialect { thinking, ..self }))
    }

    /// The tool whose arguments are the answer, if one is.
    fn json_tool(self, output: &OutputShape) -> Option<String> {
        match output {
            OutputShape::Json { name, .. } if self.json == JsonMode::Tool => Some(name.clone()),
            _ => None,
        }
    }

    fn body(self, model: &str, request: &ChatRequest) -> Value {
        let thinks = self.thinking == Thinking::AsItLikes;
        let tokens = request.max_output_tokens.saturating_add(if thinks { THINKING_TOKENS } else { 0 });
        let mut system = request.system.clone();
        let mut tools: Vec<Value> = request
            .tools
            .iter()
            .map(|it| json!({"name": it.name, "description": it.description, "input_schema": it.parameters}))
            .collect();
        let mut body = json!({
            "model": model, "max_tokens": tokens, "stream": true, "messages": messages(&request.messages),
        });
        match self.thinking {
            Thinking::BetweenTools => body["thinking"] = json!({"type": "between_tools"}),
            Thinking::Disabled => body["thinking"] = json!({"type": "disabled"}),
            Thinking::AsItLikes => {}
        }
        if let OutputShape::Json { name, schema } = &request.output {
            match self.json {
                JsonMode::Tool => {
                    tools.push(json!({"name": name, "description": "Takes the answer.", "input_schema": schema}));
                    body["tool_choice"] = json!({"type": "tool", "name": name});
                }
                JsonMode::Schema => {
                    body["output_config"] = json!({"format": {"type": "json_schema", "schema": schema}})
                }
                JsonMode::Words => system = format!("{system}\n\n{}", json_only(schema)).trim_start().to_owned(),
            }
        }
        if !tools.is_empty() {
            body["tools"] = Value::Array(tools);
        }
        if !system.is_empty() {
            body["system"] = Value::String(system);
        }
        body
    }
}

/// Messages in Anthropic's form: what one side says in a row is one message.
fn messages(messages: &[ChatMessage]) -> Vec<Value> {
    let mut all: Vec<(&str, Vec<Value>)> = Vec::new();
    for message in messages {
        let (role, blocks) = match message {
            ChatMessage::User(text) => ("user", vec![json!({"type": "text", "text": text})]),
            ChatMessage::Assistant { text, tool_calls } => {
                let words = (!text.is_empty()).then(|| json!({"type": "text", "text": text}));
                let calls = tool_calls.iter().map(|call| {
                    let input = serde_json::from_str(&call.arguments).ok().filter(Value::is_object);
                    let input = input.unwrap_or_else(|| json!({}));
                    json!({"type": "tool_use", "id": call.id, "name": call.name, "input": input})
                });
                ("assistant", words.into_iter().chain(calls).collect())
            }
            ChatMessage::ToolResult { call_id, content } => {
                ("user", vec![json!({"type": "tool_result", "tool_use_id": call_id, "content": content})])
            }
        };
        match all.last_mut() {
            Some((last, known)) if *last == role => known.extend(blocks),
            _ if blocks.is_empty() => {}
            _ => all.push((role, blocks)),
        }
    }
    all.into_iter().map(|(role, content)| json!({"role": role, "content": content})).collect()
}
