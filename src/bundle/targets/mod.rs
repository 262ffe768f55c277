//! The platforms a bundle serves, one file each, and what each of them cannot express.

mod anthropic;
mod elevenlabs;
mod gemini;
mod generic;
mod losses;
mod openai;
mod openai_realtime;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::kit::{File, Kit};

/// A platform as `data/targets.toml` describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Target {
    pub id: String,
    pub name: String,
    pub platform: String,
    pub verified_with: Option<String>,
    pub about: String,
    #[serde(rename = "use")]
    pub steps: Vec<String>,
    losses: Vec<losses::Loss>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetFile {
    level: String,
    targets: Vec<Target>,
    losses: BTreeMap<losses::Loss, String>,
}

static FILE: LazyLock<TargetFile> = LazyLock::new(|| {
    // Embedded and read by a test, so this cannot fail in use.
    toml::from_str(include_str!("../data/targets.toml")).expect("the embedded target list is well formed")
});

/// All platforms, in the order of their cards.
pub(super) fn all() -> &'static [Target] {
    &FILE.targets
}

/// The platform with this id, or of the prompt format with it.
pub(super) fn named(id: &str) -> Option<&'static Target> {
    let id = if matches!(id, "openai_chat" | "openai_assistant") { "openai" } else { id };
    all().iter().find(|target| target.id == id)
}

/// The platforms asked for, each once and in the order of their cards; all for none.
pub(super) fn chosen(ids: &[String]) -> Vec<&'static Target> {
    let asked = |target: &&Target| ids.iter().any(|id| named(id).is_some_and(|named| named.id == target.id));
    if ids.is_empty() { all().iter().collect() } else { all().iter().filter(asked).collect() }
}

/// What was done to make sure that the platform takes the files.
pub(super) fn level() -> &'static str {
    &FILE.level
}

impl Target {
    /// The platform's files, `loss.md` included, each in the platform's folder.
    pub fn files(&self, kit: &Kit<'_>) -> Vec<File> {
        let mut files = self.own_files(kit);
        for file in &mut files {
            file.path = format!("{}/{}", self.id, file.path);
        }
        files
    }

    /// The same without the folder.
    pub fn own_files(&self, kit: &Kit<'_>) -> Vec<File> {
        let mut files = match self.id.as_str() {
            "elevenlabs" => elevenlabs::files(kit),
            "openai" => openai::files(kit),
            "openai_realtime" => openai_realtime::files(kit),
            "anthropic" => anthropic::files(kit),
            "gemini" => gemini::files(kit),
            _ => generic::files(kit),
        };
        files.push(File::text("loss.md", self.loss_report(kit)));
        files
    }

    /// What the platform cannot express of this agent, one sentence each.
    pub fn losses(&self, kit: &Kit<'_>) -> Vec<String> {
        self.losses.iter().filter_map(|loss| loss.text(kit, FILE.losses.get(loss)?)).collect()
    }

    fn loss_report(&self, kit: &Kit<'_>) -> String {
        let losses = self.losses(kit);
        let mut text = format!("# What {} cannot express\n\n{}\n", self.name, level());
        if losses.is_empty() {
            text.push_str("\nNothing of this agent is lost.\n");
        } else {
            text.push_str("\nCheck these yourself:\n\n");
            losses.iter().for_each(|loss| text.push_str(&format!("- {loss}\n")));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_loss_has_its_sentence_and_every_id_its_files() {
        for target in all() {
            assert!(target.losses.iter().all(|loss| FILE.losses.contains_key(loss)), "{}", target.id);
            assert!(!target.steps.is_empty() && !target.about.is_empty());
        }
        let ids: Vec<&str> = all().iter().map(|target| target.id.as_str()).collect();
        assert_eq!(ids, ["elevenlabs", "openai", "openai_realtime", "anthropic", "gemini", "generic"]);
    }
}
