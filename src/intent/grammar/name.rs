//! The agent's name: "call her Mia", "Rutabaga, haha. no ok: Wanda", "Coach Rep. No, just Rep."

use std::ops::Range;

use super::{Finding, Op, Reading};
use crate::intent::clause::after_correction;
use crate::intent::models::FieldId;
use crate::intent::text::Text;

/// What comes right before a name.
const INTRODUCTIONS: &[&[&str]] = &[
    &["call", "her"],
    &["call", "him"],
    &["call", "it"],
    &["call", "them"],
    &["called"],
    &["named"],
    &["name", "is"],
    &["name", "it"],
    &["name", "her"],
    &["name", "him"],
    &["goes", "by"],
    &["name", "of"],
    &["se", "llame"],
    &["se", "llama"],
    &["llamado"],
    &["llamada"],
    &["s'appelle"],
    &["nomme"],
    &["heisst"],
    &["namens"],
    &["si", "chiama"],
    &["si", "chiami"],
    &["chiamato"],
    &["chiamata"],
    &["se", "chama"],
    &["chamado"],
    &["chamada"],
    &["heet"],
    &["genaamd"],
    &["name", "should", "be"],
    &["under", "the", "name"],
];

/// Words that are no part of a name though they may stand where one does, with or without a capital.
const NOT_NAMES: &[&str] = &[
    "i",
    "we",
    "it",
    "the",
    "a",
    "an",
    "you",
    "he",
    "she",
    "they",
    "no",
    "yes",
    "just",
    "only",
    "maybe",
    "something",
    "anything",
    "like",
    "call",
    "name",
    "named",
    "called",
    "is",
    "would",
    "be",
    "fine",
    "our",
    "my",
    "please",
    "okay",
    "haha",
    "hm",
    "hmm",
    "well",
    "let's",
    "how",
    "about",
    "or",
    "and",
    "but",
    "not",
    "that",
    "this",
    "so",
    "with",
    "after",
    "because",
    "for",
    "us",
    "at",
    "actually",
    "probably",
    "nice",
    "good",
    "perhaps",
    "lol",
    "oh",
    "sure",
    "short",
    "in",
    "on",
    "when",
    "if",
    "of",
    "to",
    "from",
    "who",
    "which",
    "el",
    "la",
    "le",
    "es",
    "llamala",
    "llamalo",
    "se",
    "llama",
    "wir",
    "nennen",
    "sie",
    "ihn",
    "er",
    "soll",
    "heissen",
    "on",
    "l'appelle",
    "lo",
    "si",
    "chiama",
    "chiamiamolo",
    "e",
    "y",
    "und",
    "et",
    "ou",
    "o",
    "als",
    "je",
    "ich",
    "io",
    "eu",
    "chama",
    "pode",
    "ser",
    "nous",
    "nos",
    "don't",
    "doesn't",
    "simply",
    "also",
    "say",
    "go",
    "they'll",
    "customers",
    "everyone",
    "people",
    "everybody",
    "it's",
    "ja",
    "oui",
    "zo",
    "noem",
    "hem",
    "haar",
    "het",
];

/// The longest a name may be, in words.
const MAX_WORDS: usize = 4;

/// The name given in a message.
pub fn agent_name(reading: &Reading<'_>) -> Option<Finding> {
    let at = if reading.answers == Some(FieldId::AgentName) { answered(reading) } else { introduced(reading) }?;
    let item = reading.said(reading.text.quote(at.clone()), at);
    Some(Finding { field: FieldId::AgentName, op: Op::Replace, item })
}

fn introduced(reading: &Reading<'_>) -> Option<Range<usize>> {
    let text = reading.text;
    let by_cue = (0..text.tokens.len()).find_map(|at| {
        let cue = INTRODUCTIONS
            .iter()
            .find(|cue| cue.iter().enumerate().all(|(offset, word)| text.is(at + offset, &[word])))?;
        let start = skip_marks(reading, at + cue.len());
        capitalised(reading, start)
    });
    by_cue.or_else(|| in_apposition(reading))
}

/// "Build Nora, a voice coach who …"
fn in_apposition(reading: &Reading<'_>) -> Option<Range<usize>> {
    const MAKING: &[&str] = &["build", "create", "make", "design", "want", "need", "meet", "imagine"];
    let text = reading.text;
    (0..text.tokens.len()).filter(|at| text.is(*at, MAKING)).find_map(|at| {
        let name = capitalised(reading, at + 1).filter(|name| name.start == at + 1)?;
        let described =
            text.is(name.end, &[",", "(", "-", "–", "—", ":"]) && text.is(name.end + 1, &["a", "an", "our"]);
        described.then_some(name)
    })
}

/// Whether a stretch does nothing but name the agent: "Call her Mia."
pub fn is_naming(text: &Text<'_>, part: &Range<usize>) -> bool {
    INTRODUCTIONS.iter().any(|cue| {
        let introduces = cue.iter().enumerate().all(|(offset, word)| text.is(part.start + offset, &[word]));
        let named = part.start + cue.len()..part.end;
        introduces && !named.is_empty() && named.into_iter().all(|at| text.tokens[at].is_capital)
    })
}

/// In an answer about the name: what is introduced, else the words in capitals, else the first words.
fn answered(reading: &Reading<'_>) -> Option<Range<usize>> {
    let text = reading.text;
    let whole = reading.whole();
    let preferred =
        whole.clone().find(|at| text.is(*at, &["prefer", "prefers", "preferred", "favour"])).map(|at| at + 1);
    let start = preferred.unwrap_or_else(|| after_correction(text, whole.clone()));
    if start == whole.start
        && let Some(at) = introduced(reading)
    {
        return Some(at);
    }
    let quoted = (start..whole.end).find(|at| text.is(*at, &["'", "\"", "“", "«", "„"]));
    let from_quote = quoted.and_then(|at| capitalised(reading, at + 1));
    from_quote
        .or_else(|| (start..whole.end).find_map(|at| capitalised(reading, at).filter(|found| found.start == at)))
        .or_else(|| first_words(reading, start..whole.end))
}

fn skip_marks(reading: &Reading<'_>, at: usize) -> usize {
    let tokens = &reading.text.tokens;
    (at..tokens.len()).find(|index| tokens[*index].is_word).unwrap_or(tokens.len())
}

/// A run of capitalised words that can be a name, beginning at a token.
fn capitalised(reading: &Reading<'_>, start: usize) -> Option<Range<usize>> {
    let tokens = &reading.text.tokens;
    let is_part = |at: usize| {
        let token = &tokens[at];
        token.is_word && token.is_capital && !is_no_name(&token.norm)
    };
    let is_title_dot =
        |at: usize| tokens[at].norm == "." && at > start && TITLES.contains(&tokens[at - 1].norm.as_str());
    let end =
        (start..tokens.len().min(start + MAX_WORDS)).take_while(|at| is_part(*at) || is_title_dot(*at)).last()? + 1;
    Some(start..end)
}

/// "I've" and "she'll" are no names either.
fn is_no_name(norm: &str) -> bool {
    NOT_NAMES.contains(&norm) || norm.split_once('\'').is_some_and(|(word, _)| NOT_NAMES.contains(&word))
}

/// Abbreviations whose full stop does not end a name.
const TITLES: &[&str] = &["dr", "mr", "mrs", "ms", "st", "prof"];

/// For those who write without capitals: up to two words before the first mark.
fn first_words(reading: &Reading<'_>, range: Range<usize>) -> Option<Range<usize>> {
    let tokens = &reading.text.tokens;
    let is_part = |at: usize| tokens[at].is_word && !is_no_name(&tokens[at].norm);
    let start = range.clone().find(|at| is_part(*at))?;
    let end = (start..range.end.min(start + 2)).take_while(|at| is_part(*at)).last()? + 1;
    // A long lower-case sentence is no name.
    (range.len() <= 8).then_some(start..end)
}
