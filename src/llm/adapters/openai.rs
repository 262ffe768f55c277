//! Chat completions as OpenAI and many other servers speak them.
//!
//! Requests are made of async-openai's types and sent by a client of our own, because its client bounds neither a wait
//! nor an answer, and what comes back is read by small types of our own, because its types refuse what other servers
//! leave out or add. A server begins with what it should take; what it refuses is remembered for as long as the process
//! lives.

use std::sync::{Mutex, PoisonError};

use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionMessageToolCalls, ChatCompletionRequestAssistantMessage,
    ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage, ChatCompletionRequestToolMessage,
    ChatCompletionRequestUserMessage, ChatCompletionStreamOptions, ChatCompletionTool, ChatCompletionTools,
    CreateChatCompletionRequest, FunctionCall, FunctionObject, ReasoningEffort, ResponseFormat,
    ResponseFormatJsonSchema,
};
use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::llm::data::{complaint, json_only};
use crate::llm::models::{ChatMessage, ChatRequest, ModelName, OutputShape};
use crate::llm::ports::{Answer, ChatModel, ModelError};
use crate::llm::settings::{ProviderSettings, Vendor};

use super::Limits;
use super::openai_stream::Chunks;
use super::wire::{ClientError, Reply, Server, secret_header};

/// Where OpenAI's own models are, which count their thinking and want to be told so by a newer name of the limit.
const VENDORS: [&str; 2] = ["api.openai.com", ".azure.com"];
/// Whose keys have a header of their own.
const AZURE: &str = ".azure.com";
/// What a model may think on top of what it may say, where it cannot be kept from thinking.
const THINKING_TOKENS: u32 = 4_096;
/// How often one request is put another way.
const MOST_WAYS: usize = 8;

pub fn server(settings: &ProviderSettings, limits: Limits) -> Result<Server, ClientError> {
    let mut headers = HeaderMap::new();
    if let Some(key) = &settings.key {
        let host = reqwest::Url::parse(&settings.base_url).ok();
        let is_azure = host.as_ref().and_then(|url| url.host_str()).is_some_and(|host| host.ends_with(AZURE));
        let bearer = || SecretString::from(format!("Bearer {}", key.expose_secret()));
        match is_azure {
            true => headers.insert(HeaderName::from_static("api-key"), secret_header(key)?),
            false => headers.insert(AUTHORIZATION, secret_header(&bearer())?),
        };
    }
    Server::new(settings, headers, limits)
}

/// One model of one server.
pub struct OpenAi {
    name: ModelName,
    server: Server,
    dialect: Mutex<Dialect>,
}

impl OpenAi {
    pub fn new(server: Server, model: &str) -> OpenAi {
        let name = ModelName { provider: Vendor::OpenAi.id().to_owned(), model: model.to_owned() };
        let is_vendors = VENDORS.iter().any(|host| server.host().ends_with(host));
        let limit = if is_vendors { LimitField::MaxCompletionTokens } else { LimitField::MaxTokens };
        let dialect = Dialect { json: JsonMode::Schema, limit, limit_is_sure: false, thinks: false, counts: true };
        OpenAi { name, server, dialect: Mutex::new(dialect) }
    }

    fn known(&self) -> Dialect {
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, dialect: Dialect) {
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner) = dialect;
    }
}

#[async_trait]
impl ChatModel for OpenAi {
    fn name(&self) -> &ModelName {
        &self.name
    }

    async fn ask(&self, request: &ChatRequest) -> Result<Answer, ModelError> {
        let known = self.known();
        let mut dialect = known;
        let mut ways = 1;
        loop {
            let body = dialect.body(&self.name.model, request).map_err(|_| ModelError::Garbled)?;
            let (error, words) = match self.server.post("chat/completions", &body).await? {
                Reply::Begun(begun) => {
                    if dialect != known {
                        tracing::info!(model = %self.name, ?dialect, "the server takes requests another way");
                        self.remember(dialect);
                    }
                    return Ok(begun.read(Chunks::default()));
                }
                Reply::Refused { error, words } => (error, words),
            };
            let plainer = dialect.plainer(&words, request).filter(|_| ways < MOST_WAYS);
            dialect = plainer.ok_or(error)?;
            ways += 1;
        }
    }

    async fn reach(&self) -> Result<(), ModelError> {
        self.server.reach("models").await
    }
}

/// How a document of a schema is asked for, from what holds a model most to what any server takes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum JsonMode {
    Schema,
    /// As llama.cpp and its kin have it.
    ObjectWithSchema,
    Object,
    /// In words alone.
    Words,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum LimitField {
    MaxTokens,
    MaxCompletionTokens,
}

/// What a server takes, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dialect {
    json: JsonMode,
    limit: LimitField,
    /// Whether it refused the other name.
    limit_is_sure: bool,
    /// Whether the model cannot be kept from thinking before it speaks.
    thinks: bool,
    /// Whether it counts tokens in a stream.
    counts: bool,
}

impl Dialect {
    /// Another way to put a request that the server refused in these words; `None` when they are about something else.
    fn plainer(self, words: &str, request: &ChatRequest) -> Option<Dialect> {
        let about = complaint(words);
        let other = match self.limit {
            LimitField::MaxTokens => LimitField::MaxCompletionTokens,
            LimitField::MaxCompletionTokens => LimitField::MaxTokens,
        };
        let asks_json = matches!(request.output, OutputShape::Json { .. });
        let json = match self.json {
            JsonMode::Schema => Some(JsonMode::ObjectWithSchema),
            JsonMode::ObjectWithSchema => Some(JsonMode::Object),
            JsonMode::Object => Some(JsonMode::Words),
            JsonMode::Words => None,
        };
        if about.token_limit && !self.limit_is_sure {
            Some(Dialect { limit: other, limit_is_sure: true, ..self })
        } else if about.usage && self.counts {
            Some(Dialect { counts: false, ..self })
        } else if about.thinking && !self.thinks {
            Some(Dialect { thinks: true, ..self })
        } else if about.output_shape && asks_json {
            json.map(|json| Dialect { json, ..self })
        } else {
            None
        }
    }

    fn body(self, model: &str, request: &ChatRequest) -> Result<Value, serde_json::Error> {
        let mut body = serde_json::to_value(CreateChatCompletionRequest {
            model: model.to_owned(),
            messages: self.messages(request),
            stream: Some(true),
            stream_options: self
                .counts
                .then_some(ChatCompletionStreamOptions { include_usage: Some(true), include_obfuscation: None }),
            reasoning_effort: (!self.thinks).then_some(ReasoningEffort::None),
            tools: (!request.tools.is_empty()).then(|| tools(request)),
            response_format: self.response_format(&request.output),
            ..CreateChatCompletionRequest::default()
        })?;
        let tokens = request.max_output_tokens.saturating_add(if self.thinks { THINKING_TOKENS } else { 0 });
        match self.limit {
            LimitField::MaxTokens => body["max_tokens"] = json!(tokens),
            LimitField::MaxCompletionTokens => body["max_completion_tokens"] = json!(tokens),
        }
        if let (JsonMode::ObjectWithSchema, OutputShape::Json { schema, .. }) = (self.json, &request.output) {
            body["response_format"]["schema"] = schema.clone();
        }
        Ok(body)
    }

    fn response_format(self, output: &OutputShape) -> Option<ResponseFormat> {
        let OutputShape::Json { name, schema } = output else { return None };
        match self.json {
            JsonMode::Schema => {
                let json_schema = ResponseFormatJsonSchema {
                    name: name.clone(),
                    schema: schema.clone(),
                    description: None,
                    strict: Some(is_strict(schema)),
                };
                Some(ResponseFormat::JsonSchema { json_schema })
            }
            JsonMode::ObjectWithSchema | JsonMode::Object => Some(ResponseFormat::JsonObject),
            JsonMode::Words => None,
        }
    }

    fn messages(self, request: &ChatRequest) -> Vec<ChatCompletionRequestMessage> {
        let mut system = request.system.clone();
        if let (OutputShape::Json { schema, .. }, false) = (&request.output, self.json == JsonMode::Schema) {
            system = format!("{system}\n\n{}", json_only(schema)).trim_start().to_owned();
        }
        let system = (!system.is_empty()).then(|| ChatCompletionRequestSystemMessage::from(system).into());
        system.into_iter().chain(request.messages.iter().map(message)).collect()
    }
}

fn message(message: &ChatMessage) -> ChatCompletionRequestMessage {
    match message {
        ChatMessage::User(text) => ChatCompletionRequestUserMessage::from(text.as_str()).into(),
        ChatMessage::Assistant { text, tool_calls } => {
            let call = |call: &crate::llm::models::ToolCall| {
                ChatCompletionMessageToolCalls::Function(ChatCompletionMessageToolCall {
                    id: call.id.clone(),
                    function: FunctionCall { name: call.name.clone(), arguments: call.arguments.clone() },
                })
            };
            let has_text = !text.is_empty() || tool_calls.is_empty();
            ChatCompletionRequestAssistantMessage {
                content: has_text.then(|| text.as_str().into()),
                tool_calls: (!tool_calls.is_empty()).then(|| tool_calls.iter().map(call).collect()),
                ..ChatCompletionRequestAssistantMessage::default()
            }
            .into()
        }
        ChatMessage::ToolResult { call_id, content } => {
            ChatCompletionRequestToolMessage { content: content.as_str().into(), tool_call_id: call_id.clone() }.into()
        }
    }
}

fn tools(request: &ChatRequest) -> Vec<ChatCompletionTools> {
    let tool = |tool: &crate::llm::models::ToolDefinition| {
        ChatCompletionTools::Function(ChatCompletionTool {
            function: FunctionObject {
                name: tool.name.clone(),
                description: Some(tool.description.clone()),
                parameters: Some(tool.parameters.clone()),
                strict: None,
            },
        })
    };
    request.tools.iter().map(tool).collect()
}

/// Whether every object in a schema is closed and complete, as OpenAI's strict mode demands.
fn is_strict(schema: &Value) -> bool {
    match schema {
        Value::Object(fields) => {
            let names = fields.get("properties").and_then(Value::as_object);
            let is_complete = names.is_none_or(|names| {
                let required = fields.get("required").and_then(Value::as_array);
                let is_required = |name: &String| {
                    required.is_some_and(|list| list.iter().any(|it| it.as_str() == Some(name.as_str())))
                };
                fields.get("additionalProperties") == Some(&Value::Bool(false)) && names.keys().all(is_required)
            });
            is_complete && fields.values().all(is_strict)
        }
        Value::Array(items) => items.iter().all(is_strict),
        _ => true,
    }
}
