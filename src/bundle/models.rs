//! What a bundle holds, as the page and the API show it. Pure types, shared with the page.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intent::models::FieldId;
use crate::prompt::models::PlatformPrompt;
use crate::tools::models::ToolConfig;

use super::own_tests::{Expectations, RunMessage};

/// One file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BundleFile {
    /// Path inside the zip, forward slashes.
    pub path: String,
    pub bytes: u64,
}

/// A platform as a card of the bundle tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TargetCard {
    pub id: String,
    pub name: String,
    pub files: Vec<BundleFile>,
    /// What the platform cannot express, one sentence each.
    pub losses: Vec<String>,
    /// The program that loaded such files when they were last checked, how far it went and when.
    pub verified_with: Option<String>,
}

/// A platform that a bundle serves, whatever the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TargetInfo {
    pub id: String,
    pub name: String,
    /// What loads the files.
    pub platform: String,
    /// Their paths in the platform's zip, for an agent of no kind and without tools: some names follow the kind, and a
    /// platform with a file for each tool has those as well.
    pub files: Vec<String>,
    /// The program that loaded such files when they were last checked; null where none did yet.
    pub verified_with: Option<String>,
}

/// The bundle tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleView {
    /// Name of the zip.
    pub file_name: String,
    pub targets: Vec<TargetCard>,
    /// Plain sentences: what is assumed or missing.
    pub assumptions: Vec<String>,
}

/// The neutral export document: everything about one agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExportDocument {
    pub session_id: String,
    pub agent_type: Option<String>,
    pub agent_goals: Vec<String>,
    pub agent_tone: Vec<String>,
    #[schema(value_type = Object)]
    pub prompts: std::collections::BTreeMap<String, PlatformPrompt>,
    pub tools: Vec<ToolConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_diagram: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_summary: Option<String>,
    #[schema(value_type = Object)]
    pub spec: crate::intent::models::AgentSpec,
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// One acceptance test, for a person or an evaluation tool to play.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AcceptanceTest {
    pub name: String,
    /// The user's words, or the situation to act out.
    pub user_says: String,
    /// What a grader looks for in the answer.
    pub expects: String,
    /// The field the test rests on; none for one of the owner's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldId>,
    /// Of an own test: what it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Of an own test: the run it was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<RunMessage>,
    /// Of an own test: what a program can check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Expectations>,
}

impl AcceptanceTest {
    /// Whether the owner made it.
    pub fn is_own(&self) -> bool {
        self.checks.is_some()
    }
}
