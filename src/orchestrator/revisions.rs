//! The revisions of an interview as the page shows them. Pure types.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intent::models::Change;
use crate::prompt::polish::models::DiffLine;
use crate::workflow::models::GraphDiff;

/// What made a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Maker {
    /// A message of the user.
    Said,
    /// A hand on a field, the diagram or a test.
    Edited,
    /// A model's words that were taken.
    Generated,
    /// Undo or redo.
    Stepped,
    /// An approval, or the end of one.
    Decided,
}

impl Maker {
    pub fn label(self) -> &'static str {
        match self {
            Maker::Said => "said",
            Maker::Edited => "edited",
            Maker::Generated => "generated",
            Maker::Stepped => "undo",
            Maker::Decided => "decided",
        }
    }
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RevisionView {
    /// The version of the session that it made.
    pub version: u64,
    pub made: Maker,
    /// In plain words.
    pub reason: String,
    pub changes: Vec<Change>,
    /// Milliseconds since 1970.
    pub at_ms: i64,
}

/// What one revision made otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RevisionDiff {
    /// The version of the session that it made.
    pub version: u64,
    pub fields: Vec<Change>,
    pub graph: GraphDiff,
    /// The generic prompt, line by line: what changed, with a line before and after it.
    pub prompt: Vec<DiffLine>,
}

/// What an earlier message said otherwise would change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetellPreview {
    /// The version of the session it was read against.
    pub version: u64,
    pub fields: Vec<Change>,
    pub graph: GraphDiff,
}
