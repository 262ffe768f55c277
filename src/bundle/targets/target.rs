//! A platform: its description in `data/targets/<id>.toml`, what writes its files, and the two documents every platform
//! gets, README.md and loss.md.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::bundle::kit::{File, Kit};
use crate::bundle::readable::markdown_text;
use crate::bundle::verified;
use crate::intent::models::{AgentSpec, FieldId};

use super::losses::{self, Loss};
use super::names::Rule;

/// Writes a platform's own files, without its folder, README.md and loss.md.
pub(super) type Write = fn(&Kit<'_>, &Target) -> Vec<File>;

/// What a data file says about a platform.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    name: String,
    /// What loads the files.
    platform: String,
    /// One line for the bundle's README.
    about: String,
    /// How to load the files, one step a line.
    import: Vec<String>,
    /// How to try the agent there, one step a line.
    test: Vec<String>,
    /// What each file is; `*` in a path stands for any name.
    files: BTreeMap<String, String>,
    /// What has to be filled in: the placeholder, and what it is. Never a value.
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    /// Names of losses in `data/losses.toml`.
    losses: Vec<String>,
    #[serde(default)]
    own_losses: Vec<Loss>,
    /// Codes of languages an agent can start in; empty where it does not matter.
    #[serde(default)]
    languages: Vec<String>,
    /// What is legal as a name, by kind of thing.
    #[serde(default)]
    ids: BTreeMap<String, Rule>,
    /// The longest texts and lists, by kind of thing.
    #[serde(default)]
    limits: BTreeMap<String, usize>,
    /// Names of models and settings that the files carry.
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

/// A platform.
#[derive(Debug)]
pub(in crate::bundle) struct Target {
    /// Its folder in the zip and its name in the API.
    pub id: &'static str,
    description: Description,
    write: Write,
}

impl Target {
    /// A platform from its data file.
    pub(super) fn new(id: &'static str, description: &str, write: Write) -> Target {
        // Embedded and read by a test, so this cannot fail in use.
        let description = toml::from_str(description).unwrap_or_else(|error| panic!("the target {id}: {error}"));
        Target { id, description, write }
    }

    pub fn name(&self) -> &str {
        &self.description.name
    }

    pub fn platform(&self) -> &str {
        &self.description.platform
    }

    pub fn about(&self) -> &str {
        &self.description.about
    }

    /// The rule for names of a kind.
    ///
    /// # Panics
    /// If the platform's data file has no such rule; every platform's test writes its files.
    pub fn ids(&self, kind: &str) -> &Rule {
        self.description.ids.get(kind).unwrap_or_else(|| panic!("{} has no rule for {kind} names", self.id))
    }

    /// The longest text of a kind; as for `ids`.
    pub fn limit(&self, kind: &str) -> usize {
        self.description.limits.get(kind).copied().unwrap_or_else(|| panic!("{} has no limit for {kind}", self.id))
    }

    /// A setting that the files carry; as for `ids`.
    pub fn setting(&self, name: &str) -> &str {
        self.description.settings.get(name).unwrap_or_else(|| panic!("{} has no setting {name}", self.id))
    }

    /// A language as the platform writes it; none that it does not list.
    pub fn language_of(&self, code: &str) -> Option<&str> {
        let base = |code: &str| code.split('-').next().unwrap_or(code).to_ascii_lowercase();
        let codes = || self.description.languages.iter();
        let same = codes().find(|known| known.eq_ignore_ascii_case(code));
        same.or_else(|| codes().find(|known| base(known) == base(code))).map(String::as_str)
    }

    /// The first of the agent's languages that the platform knows, as it writes it.
    pub fn language(&self, spec: &AgentSpec) -> Option<&str> {
        spec.values(FieldId::Languages).find_map(|code| self.language_of(code))
    }

    /// The platform's files, each in the platform's folder.
    pub fn files(&self, kit: &Kit<'_>) -> Vec<File> {
        let mut files = self.own_files(kit);
        for file in &mut files {
            file.path = format!("{}/{}", self.id, file.path);
        }
        files
    }

    /// The same without the folder.
    pub fn own_files(&self, kit: &Kit<'_>) -> Vec<File> {
        let mut files = vec![File::text("README.md", self.readme(kit))];
        files.extend((self.write)(kit, self));
        files.push(File::text("loss.md", self.loss_report(kit)));
        files
    }

    /// What the platform cannot express of this agent, one sentence each.
    pub fn losses(&self, kit: &Kit<'_>) -> Vec<String> {
        let shared = self.description.losses.iter().filter_map(|name| losses::shared(name));
        shared.chain(&self.description.own_losses).filter_map(|loss| loss.text(kit, self)).collect()
    }

    fn loss_report(&self, kit: &Kit<'_>) -> String {
        let losses = self.losses(kit);
        let mut text = format!("# What {} cannot express\n\n{}\n", self.name(), verified::sentence(self.id));
        if losses.is_empty() {
            text.push_str("\nNothing of this agent is lost.\n");
        } else {
            text.push_str("\nCheck these yourself:\n\n");
            losses.iter().for_each(|loss| text.push_str(&format!("- {}\n", markdown_text(loss))));
        }
        text
    }

    fn readme(&self, kit: &Kit<'_>) -> String {
        let described = &self.description;
        let mut text = format!("# {}: {}\n\n{}\n", self.name(), markdown_text(&kit.title()), described.about);
        let mut table = |title: &str, head: &str, rows: &BTreeMap<String, String>| {
            if !rows.is_empty() {
                text.push_str(&format!("\n## {title}\n\n| {head} | what it is |\n|---|---|\n"));
                rows.iter().for_each(|(name, about)| text.push_str(&format!("| `{name}` | {about} |\n")));
            }
        };
        table("What is here", "file", &described.files);
        table("What to fill in", "placeholder", &described.secrets);
        text.push_str("\n## Load it\n\n");
        for (at, step) in described.import.iter().enumerate() {
            text.push_str(&format!("{}. {step}\n", at + 1));
        }
        text.push_str("\n## Try it\n\n");
        for (at, step) in described.test.iter().enumerate() {
            text.push_str(&format!("{}. {step}\n", at + 1));
        }
        let tries = kit.tests.iter().take(TRIES);
        let lines: Vec<String> = tries
            .map(|test| format!("- {} → {}\n", markdown_text(&test.user_says), markdown_text(&test.expects)))
            .collect();
        if !lines.is_empty() {
            text.push_str("\nSay these and look at what comes back:\n\n");
            lines.iter().for_each(|line| text.push_str(line));
        }
        text.push_str(&format!(
            "\n{} `loss.md` says what the platform cannot express of this agent.\n",
            verified::sentence(self.id)
        ));
        text
    }
}

/// How many acceptance tests a README shows.
const TRIES: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::targets::all;
    use crate::bundle::tests::source;
    use crate::prompt::fixtures;

    #[test]
    fn every_description_is_whole() {
        for target in all() {
            let described = &target.description;
            for name in &described.losses {
                assert!(losses::shared(name).is_some(), "{}: there is no loss {name}", target.id);
            }
            assert!(!described.import.is_empty() && !described.test.is_empty(), "{}", target.id);
            for text in [&described.name, &described.platform, &described.about] {
                assert!(!text.is_empty(), "{}", target.id);
            }
        }
    }

    /// Whether a path is one that a description tells of.
    fn fits(pattern: &str, path: &str) -> bool {
        match pattern.split_once('*') {
            Some((before, after)) => {
                path.len() >= before.len() + after.len() && path.starts_with(before) && path.ends_with(after)
            }
            None => pattern == path,
        }
    }

    #[test]
    fn every_file_and_every_placeholder_is_told_of() {
        for fixture in fixtures::ALL {
            let (spec, graph) = (fixture.spec(), fixture.graph());
            let source = source(&spec, &graph, &[]);
            let kit = Kit::new(&source);
            for target in all() {
                let files = target.own_files(&kit);
                let written: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
                let told = &target.description.files;
                for path in written.iter().filter(|path| !matches!(**path, "README.md" | "loss.md")) {
                    assert!(told.keys().any(|pattern| fits(pattern, path)), "{}: {path}", target.id);
                }
                for path in told.keys().filter(|path| !path.contains('*')) {
                    assert!(written.contains(&path.as_str()), "{}: {path} is not written", target.id);
                }
                for file in files.iter().filter(|file| file.path != "README.md" && !file.path.ends_with(".png")) {
                    let text = std::str::from_utf8(&file.bytes).unwrap();
                    for (at, _) in text.match_indices("REPLACE_") {
                        let known = |name: &String| {
                            let stem = name.trim_end_matches('*');
                            text[at..].starts_with(stem)
                        };
                        let about: String = text[at..].chars().take(40).collect();
                        assert!(target.description.secrets.keys().any(known), "{}: {about}", target.id);
                    }
                }
            }
        }
    }
}
