//! From text to words that can be compared: tokens with their place, stems, and the subjects words speak of. Pure; the
//! lists are in `data/words.toml`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Punctuation at which one breath ends and another begins.
const BREATHS: [char; 12] = ['.', ',', ';', ':', '!', '?', '\n', '(', ')', '–', '—', '•'];

/// A piece of a text: its first byte and the one past its last.
pub type Span = (usize, usize);

/// A word of a text. Determiners are no words of their own: they stand with the word they introduce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Lower-case, without accents and apostrophes.
    pub folded: String,
    /// That without its ending.
    pub stem: String,
    /// Bytes of the text it takes up.
    pub start: usize,
    pub end: usize,
    /// Its stem is that of a known word of which it is a misspelling.
    pub is_mended: bool,
    /// The determiner right before it.
    pub determiner: Option<String>,
    /// Counts the breaths of the text: punctuation and words like "but" begin a new one.
    pub clause: usize,
    /// Too common to tell tools apart.
    pub is_common: bool,
    /// Denies what follows it.
    pub is_negation: bool,
    /// Written with a capital though no sentence begins here.
    pub is_capitalised: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    stopwords: String,
    determiners: String,
    negations: String,
    breaks: String,
    talk: String,
    groups: Vec<Vec<String>>,
}

struct Words {
    common: HashSet<String>,
    determiners: HashSet<String>,
    negations: HashSet<String>,
    breaks: HashSet<String>,
    /// Stems of doings that are talk alone.
    talk: HashSet<String>,
    /// Numbers of the groups a stem is in.
    subjects: HashMap<String, Vec<u16>>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // Embedded, and parsed by the tests below: it cannot fail in a build that passed them.
    let lists: Lists = toml::from_str(include_str!("data/words.toml"))
        .unwrap_or_else(|error: toml::de::Error| panic!("data/words.toml: {}", error.message()));
    let set = |list: &str| list.split_whitespace().map(str::to_owned).collect();
    let mut subjects: HashMap<String, Vec<u16>> = HashMap::new();
    for (number, group) in (0..).zip(&lists.groups) {
        for word in group {
            let groups = subjects.entry(stem(word)).or_default();
            if !groups.contains(&number) {
                groups.push(number);
            }
        }
    }
    Words {
        common: set(&lists.stopwords),
        determiners: set(&lists.determiners),
        negations: set(&lists.negations),
        breaks: set(&lists.breaks),
        talk: lists.talk.split_whitespace().map(stem).collect(),
        subjects,
    }
});

/// The subjects a stem speaks of, as numbers of the data file's groups.
pub fn subjects(stem: &str) -> &'static [u16] {
    WORDS.subjects.get(stem).map_or(&[], Vec::as_slice)
}

/// Whether a doing is talk alone, for which no tool is needed: "welcome", "explain".
pub fn is_talk(stem: &str) -> bool {
    WORDS.talk.contains(stem)
}

/// The words of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut determiner = None;
    let mut clause = 0;
    let mut end_of_last = 0;
    let mut begins_sentence = true;
    for (start, end) in spans(text) {
        let between = &text[end_of_last..start];
        // A point between letters is part of a name: "cal.com".
        clause += usize::from(between != "." && between.contains(BREATHS));
        begins_sentence |= between.contains(['.', '!', '?', '\n', ':']);
        end_of_last = end;
        let written = &text[start..end];
        let folded = fold(written);
        if WORDS.determiners.contains(&folded) {
            determiner = Some(folded);
            begins_sentence = false;
            continue;
        }
        clause += usize::from(WORDS.breaks.contains(&folded));
        words.push(Word {
            stem: stem(&folded),
            start,
            end,
            is_mended: false,
            determiner: determiner.take(),
            clause,
            is_common: WORDS.common.contains(&folded),
            is_negation: WORDS.negations.contains(&folded),
            is_capitalised: !begins_sentence && written.starts_with(char::is_uppercase),
            folded,
        });
        begins_sentence = false;
    }
    words
}

/// A name with its parts set apart: `getOrder_status` becomes `get Order status`.
pub fn split_name(name: &str) -> String {
    let mut split = String::with_capacity(name.len() + 8);
    let mut last = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let begins_word = last.is_lowercase() || last.is_numeric();
        let ends_capitals = last.is_uppercase() && letters.peek().is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (begins_word || ends_capitals) {
            split.push(' ');
        }
        split.push(if letter == '_' { ' ' } else { letter });
        last = letter;
    }
    split
}

/// Where the words stand: runs of letters and digits. An apostrophe parts an article from its noun ("l'agenda") and a
/// noun from its ending ("customer's", whose ending is left out), but belongs to "don't".
fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let inside = letter.is_alphanumeric() || is_combining_mark(letter);
        let joins = is_apostrophe(letter) && text[..at].ends_with('n') && matches!(letters.peek(), Some((_, 't')));
        match start {
            None if inside => start = Some(at),
            Some(from) if !inside && !joins => {
                spans.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    spans.extend(start.map(|from| (from, text.len())));
    spans.retain(|&(from, to)| !is_ending(&text[..from], &text[from..to]));
    spans
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’')
}

/// Whether a word is but the ending of the one before: the "s" of "customer's", the "ll" of "she'll".
fn is_ending(before: &str, word: &str) -> bool {
    before.ends_with(is_apostrophe) && ["s", "S", "re", "ll", "ve", "m", "d"].contains(&word)
}

/// Lower-case, without accents and apostrophes.
fn fold(word: &str) -> String {
    let plain = word.nfd().filter(|letter| !is_combining_mark(*letter) && !is_apostrophe(*letter));
    plain.collect::<String>().to_lowercase()
}

/// A folded word without its ending.
fn stem(word: &str) -> String {
    // Words of other languages stay or are shortened by the same rules on both sides, so they still meet.
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

/// Words that are no slips of the finger: each with its stem, and stems with themselves.
#[derive(Default)]
pub struct Lexicon(BTreeMap<String, String>);

impl Lexicon {
    /// The words of these texts, and those of the data file.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Lexicon {
        let mut lexicon = Lexicon::default();
        let told = texts.into_iter().flat_map(words).map(|word| (word.folded, word.stem));
        let listed = WORDS.common.iter().map(|word| (word.clone(), stem(word)));
        for (word, stem) in told.chain(listed).chain(WORDS.subjects.keys().map(|stem| (stem.clone(), stem.clone()))) {
            lexicon.0.insert(stem.clone(), stem.clone());
            lexicon.0.insert(word, stem);
        }
        lexicon
    }

    /// Gives the words that differ from a known one by a slip of the finger that one's stem. Short words are left alone:
    /// too many of them are one letter from another.
    pub fn mend(&self, words: &mut [Word]) {
        for word in words.iter_mut().filter(|word| word.folded.chars().count() >= 6) {
            if self.0.contains_key(&word.folded) || self.0.contains_key(&word.stem) {
                continue;
            }
            if let Some(stem) = self.nearest(&word.folded).or_else(|| self.nearest(&word.stem)) {
                word.stem = stem.to_owned();
                word.is_mended = true;
            }
        }
    }

    /// The stem that all words one slip away have in common.
    fn nearest(&self, slip: &str) -> Option<&str> {
        let first = slip.chars().next()?.to_string();
        let length = slip.chars().count();
        let mut near =
            self.0.range(first.clone()..).take_while(|(word, _)| word.starts_with(&first)).filter(|(word, _)| {
                let other = word.chars().count();
                other >= 5 && other.abs_diff(length) <= 1 && strsim::osa_distance(slip, word) == 1
            });
        let (_, stem) = near.next()?;
        // Where two fit, neither is sure to be meant.
        near.all(|(_, other)| other == stem).then_some(stem.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.stem).collect()
    }

    #[test]
    fn the_lists_are_written_as_words_are_compared() {
        let lists: Lists = toml::from_str(include_str!("data/words.toml")).unwrap();
        for list in [&lists.stopwords, &lists.determiners, &lists.negations, &lists.breaks, &lists.talk] {
            assert!(list.split_whitespace().all(|word| fold(word) == word), "{list}");
        }
        for group in &lists.groups {
            let distinct: HashSet<&String> = group.iter().collect();
            assert_eq!(distinct.len(), group.len(), "{group:?}");
            assert!(
                group.len() > 1 && group.iter().all(|word| fold(word) == *word && !word.contains(' ')),
                "{group:?}"
            );
        }
    }

    #[test]
    fn endings_accents_and_apostrophes_do_not_count() {
        assert_eq!(stems("The customers’ orders"), stems("customer order"));
        assert_eq!(stems("teléfono"), stems("telefono"));
        assert_eq!(stems("don't look, it isn't there"), ["dont", "look", "it", "isnt", "there"]);
        assert_eq!(stems("customer's policy"), ["custom", "polici"]);
    }

    #[test]
    fn a_determiner_stands_with_its_noun() {
        let found = words("l'agenda and our API");
        assert_eq!(found[0].determiner.as_deref(), Some("l"));
        assert_eq!((found[2].stem.as_str(), found[2].determiner.as_deref()), ("api", Some("our")));
    }

    #[test]
    fn words_know_their_place() {
        let text = "no email, only SMS";
        let found = words(text);
        assert!(found[0].is_negation);
        assert_eq!(found[0].clause, found[1].clause);
        assert_ne!(found[1].clause, found[3].clause);
        assert_eq!(&text[found[3].start..found[3].end], "SMS");
    }

    #[test]
    fn names_fall_into_their_parts() {
        assert_eq!(split_name("getOrder_status"), "get Order status");
        assert_eq!(split_name("PDF&URLTool"), "PDF&URL Tool");
    }

    #[test]
    fn one_slip_of_the_finger_is_forgiven() {
        let lexicon = Lexicon::new(["our calendar, payments, receipts, planner"]);
        let mended = |text: &str| {
            let mut found = words(text);
            lexicon.mend(&mut found);
            found.into_iter().map(|word| word.stem).collect::<Vec<_>>()
        };
        assert_eq!(mended("calender reciepts"), stems("calendar receipts"));
        assert_eq!(mended("payments odder tapes"), stems("payments odder tapes"));
    }

    #[test]
    fn related_words_share_a_subject() {
        let (flat, apartment) = (&stems("flat")[0], &stems("apartments")[0]);
        assert!(subjects(flat).iter().any(|subject| subjects(apartment).contains(subject)));
        assert!(subjects("xyzzy").is_empty());
    }
}
