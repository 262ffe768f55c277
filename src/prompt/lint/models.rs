//! What the lint reports. Pure types, shared with the page.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The agent will not work as described.
    Error,
    /// Likely to go wrong.
    Warning,
    /// Worth a look.
    Hint,
}

/// The place of a finding: only what it has is there. The same text stands in several prompts; the first one is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// The prompt it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<PromptFormat>,
    /// Line of that prompt's `system_prompt`, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The field whose words cause it, which is where to mend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldId>,
    /// Position of the value in that field, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// Id of the workflow's step it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Id of the rule that found it.
    pub rule: String,
    pub severity: Severity,
    /// What was found, in a sentence or two.
    pub message: String,
    #[serde(rename = "where")]
    pub place: Place,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// Whether `POST …/lint/fix` can do it.
    #[serde(default)]
    pub can_fix: bool,
}

/// What could be wrong with an agent's prompts. The same agent gets the same report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LintReport {
    /// 100 without findings; each takes points off by its severity.
    #[schema(minimum = 0, maximum = 100)]
    pub score: u8,
    /// The gravest first.
    pub findings: Vec<Finding>,
}
