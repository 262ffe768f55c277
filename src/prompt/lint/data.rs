//! The rules as `data/lint.toml` describes them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::prompt::models::PromptFormat;

use super::models::Severity;
use super::remedy::Remedy;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LintData {
    pub score: Score,
    pub rules: Vec<Rule>,
    pub lengths: BTreeMap<PromptFormat, Length>,
    pub speech: Speech,
    pub words: Words,
    pub secrets: Vec<Secret>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Score {
    error: u32,
    warning: u32,
    hint: u32,
    pub most: u32,
}

impl Score {
    pub fn of(&self, severity: Severity) -> u32 {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Hint => self.hint,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub id: String,
    pub severity: Severity,
    pub message: String,
    pub fix: Option<String>,
    /// What one click does about it.
    pub remedy: Option<Remedy>,
}

/// What an ear can take.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Speech {
    /// Entries of a list.
    pub entries: usize,
    /// Words of a greeting.
    pub greeting: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Length {
    pub tokens: u32,
    /// What happens from there on.
    pub why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub stop: Vec<String>,
    pub limits: Vec<String>,
    pub refusal: Vec<String>,
    /// Stems of words that say nothing of what an agent does.
    pub vague: BTreeSet<String>,
    pub negations: Vec<String>,
    pub emphasis: Vec<String>,
    pub person: Vec<String>,
    /// What cannot be said aloud, with what it is.
    pub markup: BTreeMap<String, String>,
    pub placeholders: Vec<String>,
    /// Pairs of tones that pull apart.
    pub tones: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Secret {
    pub kind: String,
    pub prefix: String,
    /// How many characters follow at least.
    pub rest: usize,
}

pub(super) static DATA: LazyLock<LintData> = LazyLock::new(|| {
    // Embedded and read by a test, so this cannot fail in use.
    toml::from_str(include_str!("../data/lint.toml")).expect("the embedded lint rules are well formed")
});
