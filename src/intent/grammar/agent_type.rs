//! What kind of agent a message is about.

use std::collections::BTreeMap;

use super::Reading;
use crate::intent::clause::is_negated;
use crate::intent::lexicon::{TypeHint, lexicon};
use crate::intent::matcher::Found;
use crate::intent::models::{Evidence, FieldId};

/// What the first sentence of an opening weighs more: people name the thing there.
const FIRST_SENTENCE: f32 = 1.4;
/// A phrase of several words says more than one word.
const PER_EXTRA_WORD: f32 = 0.25;

/// Evidence for the kinds of agent, gathered over the conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypeEvidence {
    pub scores: BTreeMap<&'static str, f32>,
    /// The words that spoke loudest for each kind.
    pub quotes: BTreeMap<&'static str, (f32, Evidence)>,
}

/// How much a message says about the kind, by what it answers.
fn weight(reading: &Reading<'_>) -> f32 {
    match reading.answers {
        _ if reading.is_opening => 1.2,
        Some(FieldId::AgentType) => 1.6,
        Some(FieldId::Goals) | None => 1.0,
        Some(FieldId::ConversationFlow | FieldId::EdgeCases) => 0.4,
        Some(_) => 0.0,
    }
}

/// Reads the hints of one message. Each phrase counts once however often it stands there.
pub fn evidence(reading: &Reading<'_>) -> TypeEvidence {
    let mut evidence = TypeEvidence::default();
    let weight = weight(reading);
    if weight == 0.0 {
        return evidence;
    }
    let first_sentence = reading.text.sentences().first().map_or(0, |sentence| sentence.end);
    let mut seen: Vec<(&str, String)> = Vec::new();
    for one in lexicon().type_hints.find_all(reading.text) {
        let phrase = (one.meaning.id, reading.text.norm(one.at.clone()));
        if is_negated(reading.text, one.at.start) || seen.contains(&phrase) {
            continue;
        }
        seen.push(phrase);
        let early = if reading.is_opening && one.at.start < first_sentence { FIRST_SENTENCE } else { 1.0 };
        add(reading, &mut evidence, &one, weight * early);
    }
    evidence
}

fn add(reading: &Reading<'_>, evidence: &mut TypeEvidence, one: &Found<TypeHint>, factor: f32) {
    let length = 1.0 + PER_EXTRA_WORD * (one.at.len().saturating_sub(1)) as f32;
    let score = one.meaning.weight * length * factor;
    *evidence.scores.entry(one.meaning.id).or_default() += score;
    let loudest = evidence.quotes.get(one.meaning.id).is_none_or(|(before, _)| *before < score);
    if loudest {
        let quote = reading.text.quote(one.at.clone()).to_owned();
        evidence.quotes.insert(one.meaning.id, (score, Evidence { message: reading.message, quote }));
    }
}
