//! One turn of a preview: the agent's prompt and tools on a model, nothing called, nothing kept.

use serde_json::{Value, json};

use crate::bundle::own_tests::{RunCall, RunMessage, RunRole};
use crate::error::AppError;
use crate::intent::models::AgentSpec;
use crate::llm::models::{
    ChatMessage, ChatRequest, Collected, Finish, OutputShape, Purpose, ToolCall, ToolDefinition, Usage,
};

use crate::orchestrator::outputs::{self, synthesis};
use crate::orchestrator::state::Session;
use crate::orchestrator::wording;
use crate::orchestrator::workshop::Workshop;
use crate::prompt::models::{PlatformPrompt, PromptFormat};
use crate::prompt::tool_schemas::{self, tool_name};
use crate::session::models::SessionId;
use crate::session::ports::Caller;
use crate::tools::models::ToolConfig;
use crate::tools::simulate;
use crate::workflow::models::Graph;
use crate::workflow::track::{Event, Place, track};

use super::check;
use super::models::{MAX_CALL_ID, MAX_CALLS, MAX_CHARS, MAX_NAME, PreviewAnswer, PreviewCall, PreviewRequest};

/// The most tokens of one answer.
const MOST_TOKENS: u32 = 1_000;
/// What stands for the user's silence where the agent speaks first: some models only answer.
const SILENCE: &str = "(The conversation begins.)";

/// The agent that is played: one version of a session with the prompt of one format.
pub(in crate::orchestrator) struct Played<'a> {
    pub spec: &'a AgentSpec,
    pub graph: Graph,
    pub prompt: PlatformPrompt,
}

impl Workshop {
    /// What the agent says and does next. A run without messages is opened with the agent's first words, which needs no
    /// model.
    pub async fn preview(
        &self,
        caller: &Caller,
        id: &SessionId,
        asked: PreviewRequest,
    ) -> Result<PreviewAnswer, AppError> {
        let PreviewRequest { format, messages } = asked;
        check(&messages)?;
        let session = self.turns.load(caller, id).await?;
        let played = Played::new(&session, format);
        match messages.last().map(|message| message.role) {
            None => Ok(played.opening()),
            Some(RunRole::Assistant) => Err(AppError::field("messages", "must end with the user's or a tool's")),
            Some(RunRole::User | RunRole::Tool) => self.play(&played, &messages).await,
        }
    }

    /// The next turn of a run that was checked.
    pub(in crate::orchestrator) async fn play(
        &self,
        played: &Played<'_>,
        messages: &[RunMessage],
    ) -> Result<PreviewAnswer, AppError> {
        let answer = self.ask(Purpose::Preview, &played.request(messages)).await?;
        Ok(played.turn(messages, answer))
    }
}

impl<'a> Played<'a> {
    pub fn new(session: &'a Session, format: PromptFormat) -> Played<'a> {
        let graph = synthesis(session).graph;
        let prompt = outputs::prompt(session, &graph, format);
        Played { spec: &session.interview.spec, graph, prompt }
    }

    /// The agent's first words.
    pub fn opening(&self) -> PreviewAnswer {
        let message = self.prompt.first_message.clone();
        let note = message.trim().is_empty().then(|| "This agent waits for somebody to speak.".to_owned());
        let said: Vec<RunMessage> = note.is_none().then(|| RunMessage::agent(message.as_str())).into_iter().collect();
        let place = self.place(&said);
        PreviewAnswer {
            message,
            tool_calls: Vec::new(),
            node: place.as_ref().map(|place| place.node.clone()),
            path: place.map(|place| place.path).unwrap_or_default(),
            model: None,
            usage: Usage::default(),
            degraded: false,
            note,
        }
    }

    /// Where a run is in the workflow.
    pub fn place<'m>(&'m self, messages: &'m [RunMessage]) -> Option<Place> {
        let mut events = Vec::new();
        for message in messages {
            match message.role {
                RunRole::User => events.push(Event::UserSays(&message.content)),
                RunRole::Tool => events.push(Event::Answered { failed: failed(&message.content) }),
                RunRole::Assistant => {
                    let said = Some(Event::AgentSays(&message.content)).filter(|_| !message.content.trim().is_empty());
                    events.extend(said);
                    let called = |call: &'m RunCall| {
                        let tool = self.tool(&call.name)?;
                        Some(Event::Calls { tool: &tool.id, arguments: &call.arguments })
                    };
                    events.extend(message.tool_calls.iter().filter_map(called));
                }
            }
        }
        track(&self.graph, self.spec, events)
    }

    /// The tool that a model knows by this name.
    pub fn tool(&self, name: &str) -> Option<&'a ToolConfig> {
        self.spec.tools().find(|tool| tool_name(&tool.id) == name)
    }

    fn request(&self, messages: &[RunMessage]) -> ChatRequest {
        let mut sent: Vec<ChatMessage> = Vec::with_capacity(messages.len() + 1);
        if messages.first().is_some_and(|message| message.role == RunRole::Assistant) {
            sent.push(ChatMessage::User(SILENCE.to_owned()));
        }
        sent.extend(messages.iter().map(chat_message));
        ChatRequest {
            system: self.prompt.system_prompt.clone(),
            messages: sent,
            output: OutputShape::Text,
            tools: self.spec.tools().map(definition).collect(),
            max_output_tokens: MOST_TOKENS,
        }
    }

    fn turn(&self, messages: &[RunMessage], answer: Collected) -> PreviewAnswer {
        let text = answer.text.trim();
        let message: String = text.chars().take(MAX_CHARS).collect();
        let cut = answer.finish == Finish::Length || message.len() < text.len();
        let tool_calls = self.calls(messages, answer.tool_calls);
        let note = match () {
            () if message.is_empty() && tool_calls.is_empty() => Some("The model answered nothing."),
            () if cut => Some("The answer was cut: it is longer than a preview takes."),
            () => None,
        };
        let made = |call: &PreviewCall| RunCall {
            id: call.id.clone(),
            name: call.name.clone(),
            arguments: call.arguments.clone(),
        };
        let calls = tool_calls.iter().map(made).collect();
        let said = RunMessage { tool_calls: calls, ..RunMessage::agent(message.as_str()) };
        let place = self.place(&[messages, &[said]].concat());
        PreviewAnswer {
            message,
            tool_calls,
            node: place.as_ref().map(|place| place.node.clone()),
            path: place.map(|place| place.path).unwrap_or_default(),
            model: Some(answer.model),
            usage: answer.usage,
            degraded: note.is_some(),
            note: note.map(str::to_owned),
        }
    }

    /// The calls as they can be sent back: each with an id of its own, an object, an answer.
    fn calls(&self, messages: &[RunMessage], made: Vec<ToolCall>) -> Vec<PreviewCall> {
        let mut taken: Vec<String> =
            messages.iter().flat_map(|message| &message.tool_calls).map(|call| call.id.clone()).collect();
        let mut calls = Vec::new();
        for ToolCall { id, name, arguments } in made.into_iter().take(MAX_CALLS) {
            let plain = |text: &str, most| wording::clip(&text.replace(char::is_control, " "), most);
            let mut id = plain(&id, MAX_CALL_ID);
            if id.trim().is_empty() || taken.contains(&id) {
                id = format!("call_{}", taken.len() + 1);
            }
            taken.push(id.clone());
            let name = plain(if name.trim().is_empty() { "nameless" } else { &name }, MAX_NAME);
            calls.push(self.call(id, name, &arguments));
        }
        calls
    }

    fn call(&self, id: String, name: String, arguments: &str) -> PreviewCall {
        let written = if arguments.trim().is_empty() { "{}" } else { arguments };
        let read = serde_json::from_str::<Value>(written).ok();
        let read = read.filter(|value| value.is_object() && written.chars().count() <= MAX_CHARS);
        let (is_object, arguments) = (read.is_some(), read.unwrap_or_else(|| json!({})));
        let Some(tool) = self.tool(&name) else {
            let problem = Some("The agent has no tool of this name.".to_owned());
            return PreviewCall { id, simulated: simulate::no_such_tool(&name), name, arguments, tool: None, problem };
        };
        let missing = tool.required_parameters().into_iter().find(|parameter| arguments.get(parameter).is_none());
        let problem = match missing {
            _ if !is_object => Some("The model wrote arguments that are no JSON object.".to_owned()),
            Some(parameter) => Some(format!("The call lacks `{parameter}`, which the tool needs.")),
            None => None,
        };
        let simulated = simulate::result(tool, &arguments);
        PreviewCall { id, name, arguments, tool: Some(tool.id.clone()), simulated, problem }
    }
}

/// Whether a tool says that it failed.
fn failed(answer: &str) -> bool {
    let Ok(Value::Object(answer)) = serde_json::from_str::<Value>(answer) else { return false };
    let says = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_lowercase);
    let error = answer.get("error").is_some_and(|error| !error.is_null() && *error != json!(false));
    error || says("status").is_some_and(|status| matches!(status.as_str(), "error" | "failed" | "failure"))
}

fn chat_message(message: &RunMessage) -> ChatMessage {
    match message.role {
        RunRole::User => ChatMessage::User(message.content.clone()),
        RunRole::Tool => ChatMessage::ToolResult {
            call_id: message.call_id.clone().unwrap_or_default(),
            content: message.content.clone(),
        },
        RunRole::Assistant => {
            let call = |call: &RunCall| ToolCall {
                id: call.id.clone(),
                name: call.name.clone(),
                arguments: call.arguments.to_string(),
            };
            let tool_calls = message.tool_calls.iter().map(call).collect();
            ChatMessage::Assistant { text: message.content.clone(), tool_calls }
        }
    }
}

fn definition(tool: &ToolConfig) -> ToolDefinition {
    let schema = tool_schemas::schema(tool, PromptFormat::Generic);
    let text = |name: &str| schema.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let parameters = schema.get("parameters").cloned().unwrap_or_default();
    ToolDefinition { name: text("name"), description: text("description"), parameters }
}
