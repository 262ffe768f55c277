//! One person who wants an agent: what they say, and what a good interviewer would have captured.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use agentwright::intent::models::FieldId;
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub opening: String,
    pub answers: BTreeMap<FieldId, Option<String>>,
    pub default_answer: String,
    #[serde(default)]
    pub followups: Vec<Followup>,
    #[serde(default, rename = "stated_in_opening")]
    pub stated: Vec<FieldId>,
    pub gold: Gold,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Followup {
    pub after_field: FieldId,
    pub say: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Gold {
    pub agent_type: String,
    pub goals: Vec<String>,
    pub tone: Vec<String>,
    pub use_tools: bool,
    pub tools: Vec<String>,
    #[serde(default)]
    pub constraints: Vec<String>,
}

/// The cases of this project.
pub fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interview/cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            serde_json::from_str(&std::fs::read_to_string(file).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect()
}
