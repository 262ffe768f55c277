//! Names that a platform takes, made from anybody's words.
//!
//! A rule (`[ids.…]` in a target's data file) says which letters, how many, which words are taken. Names are legal by
//! construction and unique under it, letter case aside. Pure.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::prompt::wording::clean;

/// Which letters a name is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::bundle) enum Letters {
    /// ASCII letters, digits and `_`, never a digit first: an identifier of most languages.
    Identifier,
    /// As `Identifier`, lower-case.
    Snake,
    /// As `Identifier`, with capitals at the words and nothing between them: `BookAppointments`.
    Pascal,
    /// ASCII letters, digits, `_` and `-`.
    Dashed,
    /// Lower-case ASCII letters, digits and single `-` inside.
    Kebab,
    /// Printable text on one line.
    Text,
}

/// What a platform takes as a name of one kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::bundle) struct Rule {
    letters: Letters,
    /// In characters.
    max: usize,
    /// Words that are no names there; letter case does not matter.
    #[serde(default)]
    reserved: BTreeSet<String>,
    /// Python's keywords, built-in names and soft keywords are no names either.
    #[serde(default)]
    python: bool,
}

/// Python's own words, one a line.
static PYTHON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../data/python_words.txt").split_whitespace().collect());

impl Rule {
    /// The nearest legal form of a text; empty where nothing of it can stay.
    fn shaped(&self, text: &str) -> String {
        let text = match self.letters {
            Letters::Text => return cut(&clean(text), self.max),
            _ => ascii(text),
        };
        let name = match self.letters {
            Letters::Kebab => joined(&text.to_ascii_lowercase(), '-', |letter| letter.is_ascii_alphanumeric()),
            Letters::Dashed => {
                joined(&text, '_', |letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
            }
            Letters::Snake => joined(&text.to_ascii_lowercase(), '_', |letter| letter.is_ascii_alphanumeric()),
            Letters::Pascal => text.split(|letter: char| !letter.is_ascii_alphanumeric()).map(capital).collect(),
            _ => joined(&text, '_', |letter| letter.is_ascii_alphanumeric() || letter == '_'),
        };
        let name = match self.letters {
            Letters::Identifier | Letters::Snake if name.starts_with(|first: char| first.is_ascii_digit()) => {
                format!("n_{name}")
            }
            Letters::Pascal if name.starts_with(|first: char| first.is_ascii_digit()) => format!("N{name}"),
            _ => name,
        };
        cut(&name, self.max)
    }

    fn is_reserved(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        self.reserved.iter().any(|word| word.to_lowercase() == lower)
            || self.python && (PYTHON.contains(name) || PYTHON.contains(lower.as_str()))
    }

    /// The name with a number behind it, cut so that both fit.
    fn numbered(&self, name: &str, number: usize) -> String {
        let tail = match self.letters {
            Letters::Kebab => format!("-{number}"),
            Letters::Text => format!(" {number}"),
            Letters::Pascal => number.to_string(),
            _ => format!("_{number}"),
        };
        cut(name, self.max.saturating_sub(tail.len())) + &tail
    }
}

/// The letters that satisfy `keep`, and one `joint` for each run of others inside.
fn joined(text: &str, joint: char, keep: impl Fn(char) -> bool) -> String {
    let mut name = String::with_capacity(text.len());
    for letter in text.chars() {
        if keep(letter) {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with(joint) {
            name.push(joint);
        }
    }
    name.trim_end_matches(joint).to_owned()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// The text without accents, as far as that leaves ASCII.
fn ascii(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let bare = text.nfkd().filter(|letter| !unicode_normalization::char::is_combining_mark(*letter));
    bare.collect::<String>().replace('ß', "ss")
}

/// The first `max` characters, without a joint at the end.
fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let short: String = text.chars().take(max).collect();
    short.trim_end_matches([' ', '_', '-']).to_owned()
}

/// Names given out under one rule: each thing has one, no two have the same.
pub(in crate::bundle) struct Names<'a> {
    rule: &'a Rule,
    taken: HashSet<String>,
    given: BTreeMap<String, String>,
}

impl<'a> Names<'a> {
    pub fn new(rule: &'a Rule) -> Names<'a> {
        Names { rule, taken: HashSet::new(), given: BTreeMap::new() }
    }

    /// Keeps a name for the platform's or the file's own use.
    pub fn keep(&mut self, name: &str) {
        self.taken.insert(name.to_lowercase());
    }

    /// The name of the thing with this key, made from the words wanted for it the first time it is asked for; `spare` is
    /// a legal word for when nothing of them can stay.
    pub fn of(&mut self, key: &str, wanted: &str, spare: &str) -> String {
        if let Some(name) = self.given.get(key) {
            return name.clone();
        }
        let shaped = self.rule.shaped(wanted);
        let shaped = if shaped.is_empty() { self.rule.shaped(spare) } else { shaped };
        let free = |name: &String| !self.taken.contains(&name.to_lowercase()) && !self.rule.is_reserved(name);
        let candidates = std::iter::once(shaped.clone()).chain((2..).map(|number| self.rule.numbered(&shaped, number)));
        // The candidates never run out, and only finitely many names are taken.
        let name = candidates.into_iter().find(free).unwrap_or(shaped);
        self.keep(&name);
        self.given.insert(key.to_owned(), name.clone());
        name
    }

    /// The name a key was given.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.given.get(key).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule(letters: Letters, max: usize) -> Rule {
        Rule { letters, max, reserved: ["end".to_owned(), "START".to_owned()].into(), python: true }
    }

    const ALL: [Letters; 6] =
        [Letters::Identifier, Letters::Snake, Letters::Pascal, Letters::Dashed, Letters::Kebab, Letters::Text];

    /// Whether a name is what its letters promise, said once more without the code above.
    fn legal(letters: Letters, name: &str) -> bool {
        let inside = |extra: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c));
        let letter_first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        match letters {
            Letters::Identifier => inside("_") && letter_first,
            Letters::Snake => inside("_") && letter_first && !name.contains(|c: char| c.is_ascii_uppercase()),
            Letters::Pascal => inside("") && letter_first,
            Letters::Dashed => inside("_-"),
            Letters::Kebab => {
                let single = !name.contains("--") && !name.starts_with('-') && !name.ends_with('-');
                inside("-") && single && !name.contains(|c: char| c.is_ascii_uppercase())
            }
            Letters::Text => !name.chars().any(char::is_control),
        }
    }

    proptest! {
        #[test]
        fn every_name_is_legal_and_no_two_are_the_same(
            wanted in prop::collection::vec(prop_oneof![".{0,12}", "[a-zA-Z_ -]{0,30}", Just("class".to_owned()), Just("End".to_owned()), Just("end".to_owned())], 1..20),
            max in 8..40_usize,
        ) {
            for letters in ALL {
                let rule = rule(letters, max);
                let mut names = Names::new(&rule);
                let mut seen = HashSet::new();
                for (at, wanted) in wanted.iter().enumerate() {
                    let name = names.of(&at.to_string(), wanted, "step");
                    prop_assert!(!name.is_empty() && name.chars().count() <= max, "{name:?}");
                    prop_assert!(legal(letters, &name), "{letters:?} {name:?}");
                    prop_assert!(!["end", "start", "class", "none"].contains(&name.to_lowercase().as_str()), "{name:?}");
                    prop_assert!(seen.insert(name.to_lowercase()), "{name:?} twice");
                    prop_assert_eq!(names.of(&at.to_string(), "other", "step"), name);
                }
            }
        }
    }

    #[test]
    fn names_stay_readable() {
        let name = |letters, text: &str| Names::new(&rule(letters, 24)).of("x", text, "step");
        assert_eq!(name(Letters::Snake, "Größe & Fußnote"), "grosse_fussnote");
        assert_eq!(name(Letters::Kebab, "Mia, Receptionist!"), "mia-receptionist");
        assert_eq!(name(Letters::Pascal, "read_it_back"), "ReadItBack");
        assert_eq!(name(Letters::Identifier, "2nd try"), "n_2nd_try");
        assert_eq!(name(Letters::Text, "# Mia\nthe 1st"), "Mia the 1st");
        assert_eq!(name(Letters::Snake, "日本"), "step");
        assert_eq!(name(Letters::Snake, "end"), "end_2");
    }
}
