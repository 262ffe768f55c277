//! Polished sections as they are kept and as the page shows them. Pure types, shared with the page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::prompt::models::{PlatformPrompt, PromptFormat};

/// A section in other words than the generated ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Polished {
    /// The generated text it stands for; with another one beneath, it lapses.
    pub base: String,
    pub text: String,
}

/// Everything that was taken, by format and section.
pub type PolishedSections = BTreeMap<PromptFormat, BTreeMap<String, Polished>>;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    Kept,
    Added,
    Removed,
}

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DiffLine {
    pub change: LineChange,
    pub text: String,
}

/// A section as a model would put it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SectionProposal {
    /// Id of the section.
    pub section: String,
    pub title: String,
    /// The generated text.
    pub before: String,
    /// The model's.
    pub after: String,
    /// From the one to the other, line by line.
    pub lines: Vec<DiffLine>,
    /// The lint's score of this prompt as generated.
    #[schema(minimum = 0, maximum = 100)]
    pub lint_before: u8,
    /// The same with this section in the model's words.
    #[schema(minimum = 0, maximum = 100)]
    pub lint_after: u8,
    /// Why it cannot be taken; null for one that can.
    pub refused: Option<String>,
}

/// What of a prompt is not as generated: in its `metadata` under `polished`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolishNote {
    /// Sections in words that the owner took from a model.
    pub sections: Vec<String>,
    /// Sections whose polished words no longer stand, since what they were made from has changed.
    pub lapsed: Vec<String>,
}

impl PolishNote {
    /// What a prompt's metadata says; nothing for one that is as generated.
    pub fn of(prompt: &PlatformPrompt) -> Option<PolishNote> {
        serde_json::from_value(prompt.metadata.get("polished")?.clone()).ok()
    }
}
