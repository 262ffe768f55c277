//! Finds the catalogue's phrases in what somebody wrote. Pure; uses `catalogue` and `words`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::catalogue::{self, Phrase, PhraseKind};
use super::words::{Word, words};

/// Words that may stand between two words of an act: "book a *dental* appointment".
const GAP: usize = 2;

/// How many words before a phrase a negation still reaches it: "no more *email*".
const NEGATION_REACH: usize = 3;

/// A phrase of the catalogue, found.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    pub phrase: &'static Phrase,
    /// Which words of the text it is made of, in order.
    pub places: Vec<usize>,
    /// The phrase is an ordinary word too, and nothing in the text speaks for the tool.
    pub is_doubtful: bool,
    /// A negation in the same breath reaches it: "no email".
    pub is_denied: bool,
}

impl Match {
    /// Bytes of the text from the phrase's first word to its last.
    pub fn span(&self, text: &[Word]) -> (usize, usize) {
        // A phrase has a word at least, as a test makes sure.
        (text[self.places[0]].start, text[self.places[self.places.len() - 1]].end)
    }

    /// The same phrase elsewhere, or the same words under another spelling of it.
    fn repeats(&self, other: &Match) -> bool {
        let is_same = self.phrase == other.phrase && self.is_denied == other.is_denied;
        is_same || (self.places == other.places && self.phrase.tool_ids == other.phrase.tool_ids)
    }

    fn is_inside(&self, longer: &Match) -> bool {
        self.places.len() < longer.places.len() && self.places.iter().all(|place| longer.places.contains(place))
    }
}

struct Pattern {
    phrase: &'static Phrase,
    /// A determiner the phrase begins with has to be there.
    determiner: Option<String>,
    stems: Vec<String>,
    /// The words themselves where the phrase is a noun, not a doing: "directions" is not "direct".
    nouns: Vec<String>,
    /// Breaths it spans itself: "read and send mail" has two.
    breaths: usize,
}

/// The phrases by the stem they begin with.
static PATTERNS: LazyLock<HashMap<String, Vec<Pattern>>> = LazyLock::new(|| {
    let mut patterns: HashMap<String, Vec<Pattern>> = HashMap::new();
    for phrase in catalogue::phrases() {
        let mut found = words(&phrase.text);
        let breaths = found.last().map_or(0, |last| last.clause);
        let Some(first) = found.first_mut() else { continue };
        let determiner = first.determiner.take();
        let is_doing = phrase.kind == PhraseKind::ActObject;
        let nouns = found.iter().filter(|_| !is_doing).map(|word| word.folded.clone()).collect();
        let stems: Vec<String> = found.into_iter().map(|word| word.stem).collect();
        patterns.entry(stems[0].clone()).or_default().push(Pattern { phrase, determiner, stems, nouns, breaths });
    }
    patterns
});

/// Every phrase of the catalogue in a text, each once, without those inside a longer one.
pub fn matches(text: &[Word]) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    for (first, word) in text.iter().enumerate() {
        for pattern in PATTERNS.get(&word.stem).into_iter().flatten() {
            if let Some(places) = places(pattern, text, first) {
                let is_settled = pattern.phrase.capital_settles && word.is_capitalised;
                let is_doubtful = pattern.phrase.uncertain && !is_settled;
                let is_denied = is_denied(text, first);
                found.push(Match { phrase: pattern.phrase, places, is_doubtful, is_denied });
            }
        }
    }
    // The longest say the most.
    found.sort_by_key(|found| (std::cmp::Reverse(found.places.len()), found.places[0]));
    let mut kept: Vec<Match> = Vec::new();
    for candidate in found {
        let is_again = |other: &Match| candidate.repeats(other) || candidate.is_inside(other);
        if !kept.iter().any(is_again) {
            kept.push(candidate);
        }
    }
    kept.sort_by_key(|found| found.places[0]);
    kept
}

/// The words a pattern is made of if it begins at `first`.
fn places(pattern: &Pattern, text: &[Word], first: usize) -> Option<Vec<usize>> {
    if pattern.determiner.is_some() && pattern.determiner != text[first].determiner {
        return None;
    }
    let gap = if pattern.phrase.kind == PhraseKind::ActObject { GAP } else { 0 };
    let mut places = vec![first];
    let mut next = first + 1;
    for stem in &pattern.stems[1..] {
        let reach = text.get(next..)?.iter().take(gap + 1);
        let mut same_breath = reach.take_while(|word| word.clause <= text[first].clause + pattern.breaths);
        next += same_breath.position(|word| word.stem == *stem)?;
        places.push(next);
        next += 1;
    }
    let mut nouns = places.iter().zip(&pattern.nouns);
    nouns.all(|(place, noun)| is_noun(&text[*place], noun, pattern)).then_some(places)
}

/// Whether a word is this noun or its plural; among several words, its singular too. A product of one word has no plural:
/// Canva makes pictures, Canvas has courses.
fn is_noun(word: &Word, noun: &str, pattern: &Pattern) -> bool {
    let is_plural = |many: &str, one: &str| one.len() > 3 && matches!(many.strip_prefix(one), Some("s" | "es"));
    let is_alone = pattern.nouns.len() == 1;
    let is_name = is_alone && pattern.phrase.kind == PhraseKind::Product;
    word.folded == noun
        || word.is_mended
        || !is_name && is_plural(&word.folded, noun)
        || !is_alone && is_plural(noun, &word.folded)
}

/// Whether a negation in the same breath reaches the word at `first`.
fn is_denied(text: &[Word], first: usize) -> bool {
    let before = &text[first.saturating_sub(NEGATION_REACH)..first];
    before.iter().any(|word| word.is_negation && word.clause == text[first].clause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, PhraseKind)> {
        let words = words(text);
        matches(&words)
            .into_iter()
            .filter(|found| !found.is_denied)
            .map(|found| (found.phrase.text.as_str(), found.phrase.kind))
            .collect()
    }

    #[test]
    fn every_phrase_finds_itself() {
        for phrase in catalogue::phrases() {
            let words = words(&phrase.text);
            assert!(!words.is_empty(), "{} has no words", phrase.text);
            let same = |found: &Match| found.phrase.tool_ids[0] == phrase.tool_ids[0];
            assert!(matches(&words).iter().any(same), "{}", phrase.text);
        }
    }

    #[test]
    fn the_longer_phrase_wins() {
        assert_eq!(found("our google sheet"), [("google sheets", PhraseKind::Product)]);
    }

    #[test]
    fn a_noun_is_found_as_such_only() {
        assert_eq!(found("two spreadsheets"), [("spreadsheet", PhraseKind::Synonym)]);
        assert!(found("be direct, at most a bit engaging when it pages").is_empty());
        assert_eq!(found("a blank canvas")[0].0, "canvas");
    }

    #[test]
    fn acts_bear_words_between_and_other_determiners() {
        assert!(found("she books our dental appointments").contains(&("book appointment", PhraseKind::ActObject)));
        assert!(found("it has to see our diary").contains(&("see the diary", PhraseKind::ActObject)));
        assert!(!found("I book. An appointment").contains(&("book appointment", PhraseKind::ActObject)));
    }

    #[test]
    fn what_is_denied_is_not_found() {
        assert!(found("no email, please").is_empty());
        assert_eq!(found("no email, only SMS"), [("sms", PhraseKind::Synonym)]);
    }

    #[test]
    fn a_capital_inside_a_sentence_makes_a_product_certain() {
        let doubtful = |text: &str| matches(&words(text))[0].is_doubtful;
        assert!(doubtful("a square table"));
        assert!(!doubtful("push it into Square"));
    }
}
