//! What a conversation is: its id, its state, its messages. Pure types, shared with the page.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest message a person may send, in characters.
pub const MAX_MESSAGE_CHARS: usize = 8_000;
/// The most messages one session takes from its user.
pub const MAX_TURNS: u32 = 500;

/// A random UUID in hyphenated lowercase. Parsed at the edge, so that a malformed id never reaches a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(String);

impl SessionId {
    /// Reads an id; `None` when it is not a hyphenated UUID.
    pub fn parse(text: &str) -> Option<SessionId> {
        let shape = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        shape.then(|| SessionId(text.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SessionId {
    type Error = String;

    fn try_from(text: String) -> Result<SessionId, String> {
        SessionId::parse(&text).ok_or_else(|| "a session id is a UUID".to_owned())
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> String {
        id.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a session still takes turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Active,
    /// The user approved.
    Completed,
    /// No turn for as long as the configuration says; `resume` makes it active again.
    Abandoned,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Completed => "completed",
            Status::Abandoned => "abandoned",
        }
    }

    pub fn parse(text: &str) -> Option<Status> {
        [Status::Active, Status::Completed, Status::Abandoned].into_iter().find(|status| status.as_str() == text)
    }
}

/// How far the interview is; computed from the spec, never stepped through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    #[default]
    Initial,
    CollectingBasics,
    ExploringTools,
    ConfiguringTools,
    ReviewingWorkflow,
    Finalizing,
    Completed,
}

impl Stage {
    pub const ALL: [Stage; 7] = [
        Stage::Initial,
        Stage::CollectingBasics,
        Stage::ExploringTools,
        Stage::ConfiguringTools,
        Stage::ReviewingWorkflow,
        Stage::Finalizing,
        Stage::Completed,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Initial => "initial",
            Stage::CollectingBasics => "collecting_basics",
            Stage::ExploringTools => "exploring_tools",
            Stage::ConfiguringTools => "configuring_tools",
            Stage::ReviewingWorkflow => "reviewing_workflow",
            Stage::Finalizing => "finalizing",
            Stage::Completed => "completed",
        }
    }

    pub fn parse(text: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.as_str() == text)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    User,
    Assistant,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Role::User => "user",
            Role::Assistant => "assistant",
        }
    }
}

/// One line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Position in the session, from 0, both roles counted.
    pub seq: u32,
    pub role: Role,
    pub content: String,
    pub created_at: DateTime<Utc>,
}
