//! Finds phrases of the lexicon in a text: whatever their inflection, tolerant of typing errors, with gaps where a phrase
//! allows them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::text::{Text, Token, phrase_words};

/// How many words a gap (`_` in a phrase) may stand for.
const GAP: usize = 3;
/// Words shorter than this are never taken for a misspelling.
const TYPO_FROM: usize = 5;
/// From this length on two errors are forgiven.
const TWO_TYPOS_FROM: usize = 9;

#[derive(Clone, Debug)]
enum Part {
    Stem(String),
    Gap,
}

#[derive(Clone, Debug)]
struct Phrase<T> {
    parts: Vec<Part>,
    meaning: T,
}

/// A phrase found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<T> {
    /// Token range.
    pub at: Range<usize>,
    pub meaning: T,
}

/// A set of phrases, each with what it means.
#[derive(Clone, Debug)]
pub struct Matcher<T> {
    phrases: Vec<Phrase<T>>,
    by_first: HashMap<String, Vec<usize>>,
    vocabulary: HashSet<String>,
    /// Long words of the vocabulary by first letter, each with its stem, for misspellings.
    near: HashMap<char, Vec<(String, String)>>,
    /// Whether words are compared as they are rather than without their inflection.
    is_exact: bool,
    /// Whether a misspelled word counts as the word meant.
    forgives: bool,
}

impl<T: Clone + PartialEq> Matcher<T> {
    /// `_` in a phrase stands for up to three words, `(a|b|)` for one of those or none.
    pub fn new(phrases: impl IntoIterator<Item = (impl AsRef<str>, T)>) -> Matcher<T> {
        Matcher::build(phrases, false, true)
    }

    /// The same for words whose inflection matters: "cheers" is a manner, "cheer" a deed.
    pub fn exact(phrases: impl IntoIterator<Item = (impl AsRef<str>, T)>) -> Matcher<T> {
        Matcher::build(phrases, true, true)
    }

    /// The same for names, which count only as they are spelled.
    pub fn names(phrases: impl IntoIterator<Item = (impl AsRef<str>, T)>) -> Matcher<T> {
        Matcher::build(phrases, true, false)
    }

    fn build(phrases: impl IntoIterator<Item = (impl AsRef<str>, T)>, is_exact: bool, forgives: bool) -> Matcher<T> {
        let (by_first, vocabulary, near) = (HashMap::new(), HashSet::new(), HashMap::new());
        let mut matcher = Matcher { phrases: Vec::new(), by_first, vocabulary, near, is_exact, forgives };
        for (phrase, meaning) in phrases {
            spellings(phrase.as_ref()).iter().for_each(|phrase| matcher.add(phrase, meaning.clone()));
        }
        matcher
    }

    fn add(&mut self, phrase: &str, meaning: T) {
        let mut parts = Vec::new();
        for piece in phrase.split_whitespace() {
            if piece == "_" {
                parts.push(Part::Gap);
            } else {
                for (word, stem) in phrase_words(piece) {
                    let stem = if self.is_exact { word.clone() } else { stem };
                    parts.push(Part::Stem(stem.clone()));
                    self.learn(word, stem);
                }
            }
        }
        let Some(Part::Stem(first)) = parts.first().cloned() else { return };
        self.by_first.entry(first).or_default().push(self.phrases.len());
        self.phrases.push(Phrase { parts, meaning });
    }

    fn learn(&mut self, word: String, stem: String) {
        self.vocabulary.insert(stem.clone());
        let initial = word.chars().next().filter(|_| word.chars().count() >= TYPO_FROM);
        if let Some(initial) = initial {
            self.near.entry(initial).or_default().push((word, stem));
        }
    }

    /// The longest phrases in a token range; where two end at the same place, both. A phrase inside a longer one does not
    /// count.
    pub fn find(&self, text: &Text<'_>, range: Range<usize>) -> Vec<Found<T>> {
        let stems: Vec<Option<&str>> = text.tokens[range.clone()].iter().map(|token| self.known_stem(token)).collect();
        let mut found: Vec<Found<T>> = Vec::new();
        for start in 0..stems.len() {
            let Some(first) = stems[start] else { continue };
            for &index in self.by_first.get(first).map_or(&[][..], Vec::as_slice) {
                let phrase = &self.phrases[index];
                if let Some(end) = matches_at(&phrase.parts, &stems, start, &text.tokens[range.clone()]) {
                    let at = range.start + start..range.start + end;
                    found.push(Found { at, meaning: phrase.meaning.clone() });
                }
            }
        }
        longest(found)
    }

    pub fn find_all(&self, text: &Text<'_>) -> Vec<Found<T>> {
        self.find(text, 0..text.tokens.len())
    }

    /// The stem of the vocabulary that a token is, or most likely meant to be. Empty for punctuation.
    fn known_stem<'s>(&'s self, token: &'s Token) -> Option<&'s str> {
        if !token.is_word {
            return None;
        }
        let form = if self.is_exact { &token.norm } else { &token.base };
        if let Some(known) = self.vocabulary.get(form) {
            return Some(known);
        }
        let length = token.norm.chars().count();
        if !self.forgives || length < TYPO_FROM || super::common::is_common(&token.norm) {
            return Some(form);
        }
        let allowed = if length >= TWO_TYPOS_FROM { 2 } else { 1 };
        let initial = token.norm.chars().next()?;
        let near = self.near.get(&initial).map_or(&[][..], Vec::as_slice);
        let best = near
            .iter()
            .filter(|(word, _)| word.len().abs_diff(token.norm.len()) <= allowed)
            .map(|(word, stem)| (strsim::osa_distance(word, &token.norm), stem))
            .filter(|(distance, _)| *distance <= allowed)
            .min();
        Some(best.map_or(form.as_str(), |(_, stem)| stem.as_str()))
    }
}

/// The finds of several matchers without those that stand inside a longer one.
pub fn longest<T: Clone + PartialEq>(found: impl IntoIterator<Item = Found<T>>) -> Vec<Found<T>> {
    let mut found: Vec<Found<T>> = found.into_iter().collect();
    let ranges: Vec<Range<usize>> = found.iter().map(|one| one.at.clone()).collect();
    found.retain(|one| !ranges.iter().any(|other| contains(other, &one.at)));
    found.sort_by_key(|one| one.at.start);
    found.dedup();
    found
}

/// The phrases that one with choices stands for: "(i'm|i am) done" for two.
fn spellings(phrase: &str) -> Vec<String> {
    let Some((before, rest)) = phrase.split_once('(') else { return vec![phrase.to_owned()] };
    let (choices, after) = rest.split_once(')').unwrap_or((rest, ""));
    let after = spellings(after);
    choices.split('|').flat_map(|choice| after.iter().map(move |after| format!("{before}{choice}{after}"))).collect()
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end && outer.len() > inner.len()
}

/// Where a phrase that starts at a token ends, if it stands there. Commas and the like end a phrase; quotes do not.
fn matches_at(parts: &[Part], stems: &[Option<&str>], start: usize, tokens: &[Token]) -> Option<usize> {
    let mut at = start;
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Stem(wanted) => {
                while at < stems.len() && matches!(tokens[at].norm.as_str(), "'" | "\"" | "“" | "”") {
                    at += 1;
                }
                if stems.get(at).copied().flatten() != Some(wanted.as_str()) {
                    return None;
                }
                at += 1;
            }
            Part::Gap => {
                let rest = &parts[index + 1..];
                return (0..=GAP)
                    .take_while(|skip| *skip == 0 || stems.get(at + skip - 1).is_some_and(Option::is_some))
                    .find_map(|skip| matches_at(rest, stems, at + skip, tokens));
            }
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(matcher: &Matcher<&'static str>, text: &str) -> Vec<(String, &'static str)> {
        let text = Text::new(text);
        matcher.find_all(&text).into_iter().map(|one| (text.quote(one.at).to_owned(), one.meaning)).collect()
    }

    #[test]
    fn matches_stems_misspellings_and_gaps() {
        let matcher =
            Matcher::new([("friendly", "tone"), ("put _ through", "transfer"), ("google calendar", "calendar")]);
        assert_eq!(found(&matcher, "Freindley, please"), [("Freindley".to_owned(), "tone")]);
        assert_eq!(found(&matcher, "puts the caller through"), [("puts the caller through".to_owned(), "transfer")]);
        assert_eq!(found(&matcher, "our Google Calender"), [("Google Calender".to_owned(), "calendar")]);
        assert_eq!(found(&matcher, "put a, b through"), []);
    }

    #[test]
    fn a_phrase_with_choices_stands_for_each() {
        let matcher = Matcher::new([("(i'm|we are) (all|) done", "finish")]);
        for text in ["I'm done", "we are all done"] {
            assert_eq!(found(&matcher, text), [(text.to_owned(), "finish")]);
        }
        assert_eq!(found(&matcher, "all done"), []);
    }

    #[test]
    fn the_longer_phrase_wins() {
        let matcher = Matcher::new([("call", "channel"), ("call them", "outbound")]);
        assert_eq!(found(&matcher, "calls them daily"), [("calls them".to_owned(), "outbound")]);
    }
}
