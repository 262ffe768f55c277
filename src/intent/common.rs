//! Everyday words that are never a misspelling of a word of the lexicon.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::text::{Token, fold, stem};

static COMMON: LazyLock<HashSet<String>> = LazyLock::new(|| {
    include_str!("data/common_words.txt").split_whitespace().map(|word| stem(&fold(word))).collect()
});

pub fn is_common(token: &Token) -> bool {
    COMMON.contains(&token.stem)
}
