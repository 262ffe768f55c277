//! How the workflow reads and writes words: folding, stems, short titles, ids. Uses `data/words.toml`. Pure.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::models::{MAX_EDGE_LABEL, MAX_LABEL, MAX_NAME};

/// The longest title of a node, in characters.
pub const NODE_TITLE: usize = MAX_LABEL;
/// The longest label of an edge, in characters.
pub const EDGE_LABEL: usize = MAX_EDGE_LABEL;
/// The longest id, in characters, without the number that makes it unique.
const ID_LENGTH: usize = MAX_NAME;

/// The lists of `data/words.toml`; each is described there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    stopwords: HashSet<String>,
    weak_endings: HashSet<String>,
    joints: Vec<String>,
    lead_ins: Vec<String>,
    pub gathers: Vec<String>,
    pub talks: Vec<String>,
    pub informs: Vec<String>,
    pub contacts: Vec<String>,
    pub request_parameters: HashSet<String>,
    pub composed_parameters: HashSet<String>,
    pub reserved_ids: HashSet<String>,
    pub asking: HashSet<String>,
    pub condition_openings: Vec<String>,
    pub rule_joints: Vec<String>,
    pub rule_doings: HashSet<String>,
    pub handover_verbs: Vec<String>,
    pub advice: Vec<String>,
    pub handover_targets: Vec<String>,
    pub not_targets: HashSet<String>,
    pub quiet_hours: Vec<String>,
    pub checks: Vec<String>,
}

pub static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words: Words = toml::from_str(include_str!("data/words.toml")).expect("data/words.toml is tested");
    for list in [&mut words.lead_ins, &mut words.condition_openings, &mut words.handover_targets] {
        list.sort_by_key(|text| std::cmp::Reverse(text.len()));
    }
    words
});

thread_local! {
    static ENGLISH: Stemmer = Stemmer::create(Algorithm::English);
}

/// Lower-case and without accents.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// Folded words, in order; what is neither letter nor digit divides them, but for a hyphen or apostrophe inside a word.
pub fn tokens(text: &str) -> Vec<String> {
    let folded = fold(text).replace('’', "'");
    let inside = |c: char| c.is_alphanumeric() || c == '-' || c == '\'';
    let words = folded.split(|c: char| !inside(c)).map(|word| word.trim_matches(['-', '\'']));
    words.filter(|word| !word.is_empty()).map(|word| word.strip_suffix("'s").unwrap_or(word).to_owned()).collect()
}

pub fn stem(word: &str) -> String {
    ENGLISH.with(|stemmer| stemmer.stem(word).into_owned())
}

/// Stems of the words that say what a text is about.
pub fn content_stems(text: &str) -> BTreeSet<String> {
    let parts = text.replace('_', " ");
    tokens(&parts)
        .iter()
        .filter(|word| word.len() > 1 && !WORDS.stopwords.contains(*word))
        .map(|word| stem(word))
        .collect()
}

/// One line without control characters, doubled spaces or a closing full stop.
pub fn clean(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.join(" ").trim_end_matches(['.', ',', ';', ':', ' ']).to_owned()
}

/// The text if it fits in `max` characters, else its beginning, cut where a reader would.
pub fn short(text: &str, max: usize) -> String {
    let whole = clean(text);
    if whole.chars().count() <= max {
        return whole;
    }
    let rest = without_lead_in(&whole);
    if rest.chars().count() <= max {
        return rest.to_owned();
    }
    let limit = rest.char_indices().nth(max).map_or(rest.len(), |(at, _)| at);
    let lower = rest.to_ascii_lowercase();
    let fits = |cut: &usize| *cut <= limit && rest[..*cut].split_whitespace().count() >= 2;
    let ends = WORDS.joints.iter().flat_map(|joint| lower.match_indices(joint.as_str()).map(|(at, _)| at));
    let at_joint = ends.filter(fits).max();
    let at_word = rest.match_indices(' ').map(|(at, _)| at).filter(|at| *at <= limit).max();
    let kept = match at_joint.filter(|at| *at * 2 >= limit) {
        Some(at) => without_weak_ending(&rest[..at]),
        None => without_torn_noun(without_weak_ending(&rest[..at_word.unwrap_or(limit)])),
    };
    if kept.is_empty() { rest[..limit].to_owned() } else { kept.to_owned() }
}

fn without_lead_in(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let lead = WORDS.lead_ins.iter().find(|lead| lower.starts_with(&format!("{lead} ")));
    lead.map_or(text, |lead| text[lead.len()..].trim_start())
}

fn without_weak_ending(text: &str) -> &str {
    let mut kept = text.trim_end_matches(|c: char| !c.is_alphanumeric() && !")]\"'%€$!?”’".contains(c));
    while let Some((before, last)) = kept.rsplit_once(' ') {
        if !WORDS.weak_endings.contains(&last.to_ascii_lowercase()) {
            break;
        }
        kept = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    }
    kept
}

/// Without an article and one word at the end: the noun they belong to was cut off.
fn without_torn_noun(text: &str) -> &str {
    let mut words = text.rsplitn(3, ' ');
    let (last, article, rest) = (words.next(), words.next(), words.next());
    let torn = last.is_some() && article.is_some_and(|word| matches!(word, "a" | "an" | "the"));
    rest.filter(|rest| torn && rest.contains(' ')).map_or(text, without_weak_ending)
}

/// Whether a text has these words, as whole words.
pub fn has_whole(text: &str, wanted: &str) -> bool {
    let edge = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
    text.match_indices(wanted)
        .any(|(from, found)| edge(text[..from].chars().next_back()) && edge(text[from + found.len()..].chars().next()))
}

/// With a capital first letter.
pub fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// With a small first letter, unless the first word is an abbreviation or a name with capitals inside.
pub fn lower_first(text: &str) -> String {
    let first_word = text.split_whitespace().next().unwrap_or_default();
    if first_word == "I" || first_word.chars().skip(1).any(char::is_uppercase) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// A node's title.
pub fn title(text: &str) -> String {
    sentence_case(&short(text, NODE_TITLE))
}

/// An edge's label.
pub fn edge_label(text: &str) -> String {
    lower_first(&short(text, EDGE_LABEL))
}

/// A sentence: capital first letter, full stop.
pub fn sentence(text: &str) -> String {
    let text = sentence_case(&clean(text));
    if text.is_empty() || text.ends_with(['!', '?', '…']) { text } else { format!("{text}.") }
}

/// A condition's title: a short question.
pub fn question(text: &str) -> String {
    let text = sentence_case(&short(text, NODE_TITLE - 1));
    format!("{}?", text.trim_end_matches(['?', '!']))
}

/// "a", "a and b", "a, b and c".
pub fn list<T: AsRef<str>>(items: &[T], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [init @ .., end] => {
            let init: Vec<&str> = init.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", init.join(", "), end.as_ref())
        }
    }
}

/// Lower snake case of a text in ASCII; empty when no letter survives.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in fold(text).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if c != '\'' && c != '’' && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    let start = slug.trim_start_matches('_');
    let mut slug: String = start.chars().take(ID_LENGTH).collect();
    slug.truncate(slug.trim_end_matches('_').len());
    if slug.starts_with(|c: char| c.is_ascii_digit()) {
        slug.insert_str(0, "step_");
    }
    slug
}

/// An id in lower snake case that no target reserves and `taken` does not hold yet.
pub fn fresh_id(label: &str, kind: &str, taken: &mut HashSet<String>) -> String {
    let base = match slug(label) {
        slug if slug.is_empty() => format!("{kind}_step"),
        slug if WORDS.reserved_ids.contains(&slug) => format!("{slug}_step"),
        slug => slug,
    };
    let mut id = base.clone();
    let mut number = 1;
    while !taken.insert(id.clone()) {
        number += 1;
        id = format!("{base}_{number}");
    }
    id
}

/// A parameter's name as people say it.
pub fn humane(name: &str) -> String {
    clean(&name.replace(['_', '-'], " "))
}

/// Whether a text opens with one of these words or phrases.
pub fn opens_with(text: &str, openings: &[String]) -> bool {
    let folded = fold(text);
    openings.iter().any(|opening| {
        folded.strip_prefix(opening.as_str()).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    })
}

/// A phrase of a data table: words that must follow one another, a few others between them at most.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Phrase(Vec<Pattern>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    Any,
    Word(String),
    Prefix(String),
}

/// How many other words may stand between two words of a phrase.
const GAP: usize = 3;

impl From<String> for Phrase {
    fn from(text: String) -> Phrase {
        let pattern = |word: &str| match word.strip_suffix('*') {
            Some("") => Pattern::Any,
            Some(prefix) => Pattern::Prefix(prefix.to_owned()),
            None => Pattern::Word(word.to_owned()),
        };
        Phrase(text.split_whitespace().map(pattern).collect())
    }
}

impl Phrase {
    /// Whether the phrase holds whatever is said.
    pub fn is_always(&self) -> bool {
        self.0 == [Pattern::Any]
    }

    /// How many words of its own the phrase has.
    pub fn weight(&self) -> usize {
        self.0.iter().filter(|pattern| **pattern != Pattern::Any).count()
    }

    pub fn holds(&self, tokens: &[String]) -> bool {
        (0..tokens.len()).any(|at| Self::follows(&self.0, tokens, at, 0))
    }

    fn follows(patterns: &[Pattern], tokens: &[String], from: usize, gap: usize) -> bool {
        let Some((first, rest)) = patterns.split_first() else {
            return true;
        };
        let window = from..tokens.len().min(from + gap + 1);
        window.into_iter().any(|at| {
            let fits = match first {
                Pattern::Any => true,
                Pattern::Word(word) => tokens[at] == *word,
                Pattern::Prefix(prefix) => tokens[at].starts_with(prefix.as_str()),
            };
            fits && Self::follows(rest, tokens, at + 1, GAP)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_where_a_reader_would() {
        assert_eq!(short("Track orders.", 24), "Track orders");
        assert_eq!(edge_label("Answer questions about hours and prices"), "hours and prices");
        assert_eq!(title("Take the order right the first time, every time"), "Take the order right");
        assert_eq!(edge_label("VPN problems"), "VPN problems");
        assert_eq!(short(&"x".repeat(60), 24).chars().count(), 24);
        assert!(title("put together a route by train for the whole family").chars().count() <= NODE_TITLE);
    }

    #[test]
    fn ids_are_snake_case_and_never_reserved() {
        let mut taken = HashSet::new();
        assert_eq!(fresh_id("End", "end", &mut taken), "end_step");
        assert_eq!(fresh_id("What's new?", "response", &mut taken), "whats_new");
        assert_eq!(fresh_id("what's new", "response", &mut taken), "whats_new_2");
        assert_eq!(fresh_id("予約", "tool_call", &mut taken), "tool_call_step");
        assert_eq!(fresh_id("24h cover", "response", &mut taken), "step_24h_cover");
    }

    #[test]
    fn phrases_allow_a_few_words_between() {
        let phrase = Phrase::from("track* order*".to_owned());
        assert!(phrase.holds(&tokens("Tracking all of their orders")));
        assert!(!phrase.holds(&tokens("order tracking")));
        assert!(Phrase::from("*".to_owned()).is_always());
    }
}
