//! Tests of the owner's own: a run of the agent that was played, and what has to happen when it is played again. Pure
//! types, shared with the page.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Who says something in a run of the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunRole {
    User,
    /// The agent.
    Assistant,
    /// What a tool answers.
    Tool,
}

/// A call that the agent makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunCall {
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// The tool's name as the model knows it.
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    #[schema(value_type = Object)]
    pub arguments: Value,
}

/// One message of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunMessage {
    pub role: RunRole,
    /// What is said, or the tool's answer.
    #[serde(default)]
    #[schema(max_length = 8000)]
    pub content: String,
    /// The calls that the agent makes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 8)]
    pub tool_calls: Vec<RunCall>,
    /// The call that a tool answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub call_id: Option<String>,
}

impl RunMessage {
    pub fn user(content: impl Into<String>) -> RunMessage {
        RunMessage::said(RunRole::User, content)
    }

    pub fn agent(content: impl Into<String>) -> RunMessage {
        RunMessage::said(RunRole::Assistant, content)
    }

    pub fn result(call_id: &str, content: impl Into<String>) -> RunMessage {
        RunMessage { call_id: Some(call_id.to_owned()), ..RunMessage::said(RunRole::Tool, content) }
    }

    fn said(role: RunRole, content: impl Into<String>) -> RunMessage {
        RunMessage { role, content: content.into(), tool_calls: Vec::new(), call_id: None }
    }
}

/// What has to happen in a run. Everything that is left out is left open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Expectations {
    /// Ids of tools that must be called.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub calls: Vec<String>,
    /// Ids of tools that must not be called.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub never_calls: Vec<String>,
    /// Words that the agent must use at some point; letter case does not matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub says: Vec<String>,
    /// Words that the agent must never use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub never_says: Vec<String>,
    /// Whether the conversation must be handed to a person, or must not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hands_over: Option<bool>,
}

impl Expectations {
    /// One by one.
    pub fn each(&self) -> impl Iterator<Item = Expectation<'_>> {
        let calls = self.calls.iter().map(|tool| Expectation::Calls(tool));
        let never_calls = self.never_calls.iter().map(|tool| Expectation::NeverCalls(tool));
        let says = self.says.iter().map(|words| Expectation::Says(words));
        let never_says = self.never_says.iter().map(|words| Expectation::NeverSays(words));
        calls.chain(never_calls).chain(says).chain(never_says).chain(self.hands_over.map(Expectation::HandsOver))
    }
}

/// One thing that has to happen in a run, or must not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation<'a> {
    Calls(&'a str),
    NeverCalls(&'a str),
    Says(&'a str),
    NeverSays(&'a str),
    HandsOver(bool),
}

/// A test of the owner's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OwnTest {
    /// Lowercase snake case, made from the title; unique among the agent's tests.
    pub name: String,
    pub title: String,
    /// The run it was made from. The user's messages and the tools' answers are played again.
    pub messages: Vec<RunMessage>,
    pub expects: Expectations,
}

impl OwnTest {
    /// What the user says, in order.
    pub fn turns(&self) -> impl Iterator<Item = &str> {
        self.messages.iter().filter(|it| it.role == RunRole::User).map(|it| it.content.as_str())
    }
}
