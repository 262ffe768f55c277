//! What a value that a model read is worth: said in so many words, concluded from them, or nothing.

use std::ops::Range;

use super::super::clause::is_negated;
use super::super::grammar::Op;
use super::super::lexicon::{HEAD_WEIGHT, lexicon};
use super::super::models::{FieldId, FieldKind, Provenance};
use super::super::text::{Text, tidy};
use super::super::vocabulary;
use super::evidence::{Said, words_of};
use super::{Known, ToolNaming, language};

/// From this share of its words on that the user wrote, a text is the user's.
const SAID_SHARE: f32 = 0.7;
/// A conclusion needs at least so many words to rest on, unless they are all of the message.
const LEAST_WORDS: usize = 2;
/// The longest name of an agent, in characters.
const LONGEST_NAME: usize = 80;
/// The longest other text, in characters.
const LONGEST_TEXT: usize = 500;
/// Words of the user's up to this length are kept beside an id, in characters.
const LONGEST_LABEL: usize = 80;
/// A product's name has at most so many words.
const PRODUCT_WORDS: usize = 4;

/// A value as it is kept.
pub struct Worth {
    pub value: String,
    /// How the user put it, where the value is an id.
    pub label: Option<String>,
    pub provenance: Provenance,
}

/// The words a value rests on.
pub struct Basis<'a, 't> {
    pub said: &'a Said<'t>,
    /// Where they stand in the message, in bytes.
    pub at: Range<usize>,
}

impl Basis<'_, '_> {
    pub fn quote(&self) -> &str {
        &self.said.text[self.at.clone()]
    }

    /// Whether the words are denied, by themselves or by what stands before them.
    fn is_denied(&self) -> bool {
        let text = self.said.tokens();
        let is_inside = |at: &Range<usize>| at.start < self.at.end && self.at.start < at.end;
        let Some(first) = text.tokens.iter().position(|token| is_inside(&token.at)) else { return false };
        let negates = text.tokens[first..]
            .iter()
            .take_while(|token| is_inside(&token.at))
            .any(|token| lexicon().is_negator(&token.norm));
        negates || is_negated(text, first)
    }
}

/// What a value is worth with these words as its basis; `None` where it does not count.
pub fn weigh(
    known: &Known<'_>,
    all: &[Said<'_>],
    field: FieldId,
    op: Op,
    value: &str,
    basis: &Basis<'_, '_>,
) -> Option<Worth> {
    let worth = match field.kind() {
        FieldKind::Tools => tool(known, value, basis)?,
        FieldKind::Text | FieldKind::Texts if op == Op::Remove => known_value(known, field, value)?,
        FieldKind::Text | FieldKind::Texts => text(all, field, value, basis)?,
        _ => id(field, value, basis)?,
    };
    let is_by_id = !matches!(field.kind(), FieldKind::Text | FieldKind::Texts | FieldKind::Flag);
    let denied = is_by_id && op != Op::Remove && worth.provenance == Provenance::Said && basis.is_denied();
    (!denied).then_some(worth)
}

/// A value to take out must be there.
fn known_value(known: &Known<'_>, field: FieldId, value: &str) -> Option<Worth> {
    let value = known.spec.values(field).find(|one| one.eq_ignore_ascii_case(value.trim()))?.to_owned();
    Some(Worth { value, label: None, provenance: Provenance::Said })
}

fn id(field: FieldId, value: &str, basis: &Basis<'_, '_>) -> Option<Worth> {
    let (id, _) = vocabulary::options(field).into_iter().find(|(id, _)| *id == value.trim())?;
    let is_named = names(field, id, basis.quote());
    // In which language somebody writes says nothing of the languages of the agent.
    if field == FieldId::Languages && !is_named && language::is_written_in(id, basis.said.text) {
        return None;
    }
    let keeps_words = matches!(field, FieldId::Tone | FieldId::Channel | FieldId::VerbosityLevel);
    let label = keeps_words.then(|| basis.quote().to_lowercase()).filter(|it| it.chars().count() <= LONGEST_LABEL);
    Some(Worth { value: id.to_owned(), label, provenance: provenance(is_named) })
}

/// Whether words name an id of the vocabulary, as the lexicon has it.
fn names(field: FieldId, id: &str, quote: &str) -> bool {
    let text = &Text::new(quote);
    let whole = 0..text.tokens.len();
    let lexicon = lexicon();
    match field {
        FieldId::Tone => lexicon.tones_in(text, whole).iter().any(|one| one.meaning == id),
        FieldId::Channel => lexicon.channel.find(text, whole).iter().any(|one| one.meaning.id == id),
        FieldId::VerbosityLevel => lexicon.verbosity_level.find(text, whole).iter().any(|one| one.meaning == id),
        FieldId::AgentType => {
            let heads = lexicon.type_hints.find(text, whole);
            heads.iter().any(|one| one.meaning.id == id && one.meaning.weight >= HEAD_WEIGHT)
        }
        FieldId::Languages => language::is_named(id, quote),
        FieldId::UseTools => {
            let refuses = || {
                let at = 0..text.tokens.len();
                lexicon.whole_refusal.find(text, at.clone()).into_iter().chain(lexicon.anywhere_refusal.find(text, at))
            };
            id == "false" && refuses().next().is_some()
        }
        _ => false,
    }
}

fn tool(known: &Known<'_>, value: &str, basis: &Basis<'_, '_>) -> Option<Worth> {
    let id = value.trim();
    let is_named = (known.tool)(id, basis.quote())? == ToolNaming::Named;
    // A product that the catalogue does not know goes by the name the user gave it.
    let is_short = basis.quote().split_whitespace().count() <= PRODUCT_WORDS;
    let label = (!is_named && is_short).then(|| basis.quote().to_owned());
    Some(Worth { value: id.to_owned(), label, provenance: provenance(is_named) })
}

fn text(all: &[Said<'_>], field: FieldId, value: &str, basis: &Basis<'_, '_>) -> Option<Worth> {
    let joined = without_controls(value);
    let value = if field == FieldId::AgentName { joined } else { tidy(&joined) };
    let longest = if field == FieldId::AgentName { LONGEST_NAME } else { LONGEST_TEXT };
    let wanted = words_of(&value);
    if wanted.is_empty() || value.chars().count() > longest || leads_elsewhere(&value, all) {
        return None;
    }
    let quoted = words_of(basis.quote());
    if field == FieldId::AgentName {
        let is_given = wanted.iter().all(|word| quoted.contains(word));
        return is_given.then_some(Worth { value, label: None, provenance: Provenance::Said });
    }
    let written = wanted.iter().filter(|word| all.iter().any(|said| said.stems().contains(*word))).count();
    let is_made_of_it = written as f32 / wanted.len() as f32 >= SAID_SHARE;
    let rests_on_it = wanted.iter().any(|word| quoted.contains(word));
    let denies = Text::new(&value).tokens.iter().any(|token| lexicon().is_negator(&token.norm));
    let is_said = is_made_of_it && rests_on_it && numbers_are_known(&value, all) && denies == basis.is_denied();
    let is_whole = basis.quote().len() + 2 >= basis.said.text.trim().len();
    let counts = is_said || quoted.len() >= LEAST_WORDS || is_whole && !quoted.is_empty();
    counts.then_some(Worth { value, label: None, provenance: provenance(is_said) })
}

fn provenance(is_said: bool) -> Provenance {
    if is_said { Provenance::Said } else { Provenance::Inferred }
}

/// One line without control characters.
fn without_controls(text: &str) -> String {
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether every number of a text was written by the user.
fn numbers_are_known(value: &str, all: &[Said<'_>]) -> bool {
    let is_number = |norm: &str| norm.contains(|letter: char| letter.is_ascii_digit());
    let is_written = |norm: &str| all.iter().any(|said| said.tokens().tokens.iter().any(|token| token.norm == norm));
    Text::new(value).tokens.iter().filter(|token| is_number(&token.norm)).all(|token| is_written(&token.norm))
}

/// Whether a text holds an address that the user did not write.
fn leads_elsewhere(value: &str, all: &[Said<'_>]) -> bool {
    let is_address =
        |word: &&str| word.contains("://") || word.contains('@') || word.to_lowercase().starts_with("www.");
    let is_written = |word: &str| all.iter().any(|said| said.text.to_lowercase().contains(&word.to_lowercase()));
    value.split_whitespace().filter(is_address).any(|word| !is_written(word.trim_end_matches(['.', ',', ';', ')'])))
}
