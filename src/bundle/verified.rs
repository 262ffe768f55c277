//! Which program has loaded a platform's files, as the import tests last found: `data/verified.toml`, written by them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// How far the vendor's own program went with the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// They were read back by our own program.
    Read,
    /// They were held against the vendor's schema or types.
    Schema,
    /// The vendor's library built the agent from them.
    Built,
    /// The vendor's program ran the agent against a scripted model.
    Executed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verified {
    level: Level,
    /// Version of each package.
    with: BTreeMap<String, String>,
    /// Day of the last check, YYYY-MM-DD.
    date: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    none: String,
    read: String,
    schema: String,
    built: String,
    executed: String,
}

static VERIFIED: LazyLock<BTreeMap<String, Verified>> = LazyLock::new(|| {
    // Embedded and read by a test, as the next one, so neither can fail in use.
    toml::from_str(include_str!("data/verified.toml")).expect("the embedded checks are well formed")
});

static SENTENCES: LazyLock<Sentences> =
    LazyLock::new(|| toml::from_str(include_str!("data/levels.toml")).expect("the embedded sentences are well formed"));

impl Verified {
    fn packages(&self) -> String {
        let packages: Vec<String> = self.with.iter().map(|(name, version)| format!("{name} {version}")).collect();
        packages.join(", ")
    }
}

/// "elevenlabs 2.78.0 (schema, 2026-11-28)": what loaded the files, how far it went and when; none where nothing did.
pub(super) fn with(target: &str) -> Option<String> {
    let verified = VERIFIED.get(target)?;
    let level = match verified.level {
        Level::Read => "read",
        Level::Schema => "schema",
        Level::Built => "built",
        Level::Executed => "executed",
    };
    Some(format!("{} ({level}, {})", verified.packages(), verified.date))
}

/// What was done to make sure that the platform takes the files.
pub(super) fn sentence(target: &str) -> String {
    let Some(verified) = VERIFIED.get(target) else { return SENTENCES.none.clone() };
    let template = match verified.level {
        Level::Read => &SENTENCES.read,
        Level::Schema => &SENTENCES.schema,
        Level::Built => &SENTENCES.built,
        Level::Executed => &SENTENCES.executed,
    };
    crate::prompt::wording::fill(template, &[("with", &verified.packages()), ("date", &verified.date)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_targets_there_are_have_been_checked() {
        for (target, verified) in VERIFIED.iter() {
            assert!(crate::bundle::targets::named(target).is_some(), "{target}");
            assert!(sentence(target).contains(&verified.date) && with(target).is_some(), "{target}");
        }
        assert_eq!(sentence("nowhere"), SENTENCES.none);
    }
}
