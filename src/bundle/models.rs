//! What a bundle holds, as the page and the API show it. Pure types, shared with the page.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::prompt::models::PlatformPrompt;
use crate::tools::models::ToolConfig;

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
    /// Their paths in the platform's zip; a platform with a file for each tool has those as well.
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
