//! `data/polish.toml`: the request to the model, the limits of its words, the reasons for refusals.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::prompt::models::PlatformPrompt;
use crate::prompt::wording::fill;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolishData {
    pub shortest: f64,
    pub longest: f64,
    pub kept: f64,
    pub known: f64,
    instructions: String,
    pub number_words: HashSet<String>,
    pub capitals: HashSet<String>,
    pub stressed: HashSet<String>,
    reasons: BTreeMap<Reason, String>,
}

/// Why words may not stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    Empty,
    Shorter,
    Longer,
    Structure,
    Placeholder,
    Number,
    NumberLost,
    Address,
    AddressLost,
    Tool,
    ToolLost,
    Name,
    QuoteLost,
    LineLost,
    Invented,
    Lint,
}

impl Reason {
    #[cfg(test)]
    pub const ALL: [Reason; 16] = [
        Reason::Empty,
        Reason::Shorter,
        Reason::Longer,
        Reason::Structure,
        Reason::Placeholder,
        Reason::Number,
        Reason::NumberLost,
        Reason::Address,
        Reason::AddressLost,
        Reason::Tool,
        Reason::ToolLost,
        Reason::Name,
        Reason::QuoteLost,
        Reason::LineLost,
        Reason::Invented,
        Reason::Lint,
    ];

    /// The reason as a sentence about `what`.
    pub fn about(self, what: &str) -> String {
        // Every reason has its sentence; tested.
        DATA.reasons.get(&self).map(|sentence| fill(sentence, &[("what", what)])).unwrap_or_default()
    }
}

pub(super) static DATA: LazyLock<PolishData> = LazyLock::new(|| {
    // Embedded and read by a test, so this cannot fail in use.
    toml::from_str(include_str!("../data/polish.toml")).expect("the embedded rules of polishing are well formed")
});

/// What a model is told before it gets the sections.
pub fn instructions() -> &'static str {
    DATA.instructions.trim()
}

/// The most tokens an answer about this prompt can need: all of it at its longest, and the JSON around it.
pub fn output_tokens(prompt: &PlatformPrompt) -> u32 {
    let most = f64::from(prompt.tokens) * DATA.longest * 1.3;
    // A prompt has at most some ten thousand tokens.
    most.ceil() as u32 + 400
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_sentence() {
        assert_eq!(DATA.reasons.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert!(reason.about("this").ends_with(['.', 's']), "{reason:?}");
        }
        assert!(DATA.shortest < 1.0 && DATA.longest > 1.0);
    }
}
