//! Everyday words that are never a misspelling of a word of the lexicon.

use std::sync::LazyLock;

static COMMON: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("data/common_words.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// Whether a folded word is in everyday use.
pub fn is_common(norm: &str) -> bool {
    COMMON.binary_search(&norm).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_knows_plurals() {
        assert!(COMMON.is_sorted());
        assert!(is_common("sneakers") && !is_common("freindly"));
    }
}
