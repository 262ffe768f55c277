//! How near what was captured comes to what was meant.

use std::collections::{BTreeSet, HashSet};

use agentwright::intent::text::{Text, fold};

/// Words of a phrase that do not have to be found.
const SMALL: &[&str] = &[
    "a", "about", "all", "also", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "don't", "doesn't",
    "for", "from", "get", "has", "have", "her", "his", "if", "in", "into", "is", "it", "its", "it's", "just", "may",
    "me", "more", "most", "must", "my", "never", "no", "not", "of", "on", "only", "or", "our", "out", "should", "so",
    "than", "that", "the", "their", "them", "then", "they", "this", "to", "up", "us", "was", "we", "were", "what",
    "what's", "when", "where", "which", "who", "will", "with", "without", "would", "you", "your", "de", "la", "el",
    "le", "les", "un", "una", "une", "y", "et", "und", "e", "der", "die", "das", "il", "lo", "per", "che", "que",
    "qui", "du", "des", "al", "no", "non", "nicht",
];

fn words(text: &str) -> Vec<String> {
    let text = fold(text).replace(['-', '\''], " ");
    Text::new(&text).tokens.into_iter().filter(|token| token.is_word).map(|token| token.stem).collect()
}

/// Share of the phrases all of whose words of substance occur in the captured texts.
pub fn recall(phrases: &[String], captured: &[&str]) -> Option<f64> {
    let known: HashSet<String> = captured.iter().flat_map(|text| words(text)).collect();
    let small: HashSet<String> = SMALL.iter().flat_map(|word| words(word)).collect();
    let near =
        |word: &String| word.chars().count() >= 6 && known.iter().any(|other| strsim::levenshtein(word, other) <= 1);
    let found = |phrase: &&String| {
        words(phrase).iter().filter(|word| !small.contains(*word)).all(|word| known.contains(word) || near(word))
    };
    (!phrases.is_empty()).then(|| phrases.iter().filter(found).count() as f64 / phrases.len() as f64)
}

/// Harmonic mean of precision and recall of two sets of ids.
pub fn f1(wanted: &[String], captured: &[&str]) -> f64 {
    let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let captured: BTreeSet<&str> = captured.iter().copied().collect();
    if wanted.is_empty() && captured.is_empty() {
        return 1.0;
    }
    2.0 * wanted.intersection(&captured).count() as f64 / (wanted.len() + captured.len()) as f64
}

#[test]
fn recall_wants_every_word_of_substance() {
    let phrases = ["refund orders".to_owned(), "opening the hours".to_owned()];
    assert_eq!(recall(&phrases, &["Answers about opening hours", "Refunds"]), Some(0.5));
    assert_eq!(f1(&["a".into(), "b".into()], &["a"]), 2.0 / 3.0);
}
