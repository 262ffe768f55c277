//! Instructions for models and the rules for their words, read from the data files.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::intent::matcher::Matcher;
use crate::intent::text::{Text, fold};

/// How a message is to be read.
pub const READING: &str = include_str!("../data/consult/reading.md");
/// How the reply to it is to be worded in the same answer.
pub const REPLYING: &str = include_str!("../data/consult/replying.md");
/// How a reply is to be worded by itself.
pub const PHRASING: &str = include_str!("../data/consult/phrasing.md");
/// What is said when an answer cannot be used; `{why}` is filled in.
pub const REPAIR: &str = include_str!("../data/consult/repair.md");

/// So many words in a row that stand in the instructions too are the instructions.
pub const LEAK_WORDS: usize = 7;

#[derive(Deserialize)]
struct File {
    claims: Vec<String>,
    claims_anywhere: Vec<String>,
    domains: HashSet<String>,
}

/// What a sentence of a model may not hold.
pub struct Rules {
    /// Claims of deeds.
    pub claims: Matcher<()>,
    pub claims_anywhere: Vec<String>,
    /// Ends of addresses.
    pub domains: HashSet<String>,
    /// Every stretch of [`LEAK_WORDS`] words of the instructions.
    pub instructions: HashSet<String>,
}

pub static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("../data/consult/rules.toml")).expect("embedded data, parsed by a test");
    Rules {
        claims: Matcher::names(file.claims.iter().map(|claim| (claim, ()))),
        claims_anywhere: file.claims_anywhere.iter().map(|claim| fold(claim)).collect(),
        domains: file.domains,
        instructions: [READING, REPLYING, PHRASING, REPAIR].iter().flat_map(|text| stretches(text)).collect(),
    }
});

/// Every stretch of [`LEAK_WORDS`] words of a text, folded.
pub fn stretches(text: &str) -> Vec<String> {
    let text = Text::new(text);
    let words: Vec<&str> = text.tokens.iter().filter(|it| it.is_word).map(|it| it.norm.as_str()).collect();
    words.windows(LEAK_WORDS).map(|run| run.join(" ")).collect()
}
