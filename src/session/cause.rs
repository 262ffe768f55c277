//! What can lead to a revision. Pure.

use serde::{Deserialize, Serialize};

/// What led to a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A message of the user.
    Message,
    /// A field edited by hand.
    Edit,
    /// An assumption taken over.
    Keep,
    Undo,
    Redo,
    /// A requested change of the workflow.
    Workflow,
    /// Sections of a prompt taken in a model's words, or back as generated.
    Polish,
    /// A test of the owner's own kept or dropped.
    Test,
    /// The user approved.
    Approve,
    /// A completed session opened again.
    Reopen,
    /// An earlier message said otherwise.
    Retell,
}

impl Cause {
    pub const ALL: [Cause; 11] = [
        Cause::Message,
        Cause::Edit,
        Cause::Keep,
        Cause::Undo,
        Cause::Redo,
        Cause::Workflow,
        Cause::Polish,
        Cause::Test,
        Cause::Approve,
        Cause::Reopen,
        Cause::Retell,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Message => "message",
            Cause::Edit => "edit",
            Cause::Keep => "keep",
            Cause::Undo => "undo",
            Cause::Redo => "redo",
            Cause::Workflow => "workflow",
            Cause::Polish => "polish",
            Cause::Test => "test",
            Cause::Approve => "approve",
            Cause::Reopen => "reopen",
            Cause::Retell => "retell",
        }
    }

    pub fn parse(text: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.as_str() == text)
    }
}
