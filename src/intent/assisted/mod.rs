//! What of a language model's reading counts. A model's answer is data: [`schema`] is the shape it must have, [`read()`]
//! checks each value by itself against the conversation and the vocabulary, and [`merge`] lets it add to what the
//! grammars read and never take anything from the person. Pure.

mod evidence;
mod language;
pub mod merge;
pub mod read;
pub mod schema;
#[cfg(test)]
mod tests;
mod worth;

use std::ops::Range;

pub use merge::{Combined, Disagreement, combine};
pub use read::read;
pub use schema::answer_schema;

use super::grammar::Finding;
use super::models::{AgentSpec, FieldId, Provenance};

/// How the words of a quote stand to a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolNaming {
    /// They name it as a system.
    Named,
    /// They do not, as far as the catalogue knows.
    Implied,
}

/// What is known where a model's answer is read.
pub struct Known<'a> {
    pub spec: &'a AgentSpec,
    /// The user's messages with their numbers, in order; the one just written last.
    pub messages: &'a [(u32, &'a str)],
    /// How the words (second) stand to the tool with an id (first); `None` where no tool has that id.
    pub tool: &'a dyn Fn(&str, &str) -> Option<ToolNaming>,
}

/// A value that a model read and that passed every check by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Its evidence is always letters of one of the user's messages.
    pub finding: Finding,
    /// Where the evidence stands in its message, in bytes.
    pub at: Range<usize>,
    /// Whether the sentence around the evidence plainly corrects something said before.
    pub corrects: bool,
}

impl Suggestion {
    pub fn field(&self) -> FieldId {
        self.finding.field
    }

    pub fn is_said(&self) -> bool {
        self.finding.item.provenance == Provenance::Said
    }

    /// The number of the message that the evidence stands in.
    pub fn message(&self) -> Option<u32> {
        self.finding.item.evidence.as_ref().map(|evidence| evidence.message)
    }
}

/// What a model's answer tells, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suggestions {
    /// The number of the message that was read.
    pub message: u32,
    pub found: Vec<Suggestion>,
    /// How many values of the answer did not pass.
    pub dropped: u32,
}

/// Why nothing of an answer can be used. The text is meant for the model that is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("it holds no JSON document")]
    NoDocument,
    #[error("its JSON document breaks off or has a mistake")]
    Broken,
    #[error("it has no list named `findings`")]
    NoFindings,
    #[error("it is longer than allowed")]
    TooLong,
}
