//! Settles what kind of agent it is from all that was said, and keeps answers the lexicon does not know.

use crate::intent::extract::Extraction;
use crate::intent::models::{Evidence, FieldId, Item, Provenance, Slot};

use super::data;
use super::models::Interview;

/// From this score on a kind is taken as known.
const KNOWN_FROM: f32 = 1.5;
/// From this score of a single phrase on the person named the kind themselves.
const NAMED_FROM: f32 = 4.0;

/// Adds the evidence of a message and settles the kind when it is clear enough.
pub fn weigh(interview: &mut Interview, extraction: &Extraction, message: &str, number: u32) {
    for (id, score) in &extraction.agent_type.scores {
        *interview.type_scores.entry((*id).to_owned()).or_default() += score;
    }
    for (id, (score, evidence)) in &extraction.agent_type.quotes {
        let louder = interview.type_quotes.get(*id).is_none_or(|(known, _)| known < score);
        if louder {
            interview.type_quotes.insert((*id).to_owned(), (*score, evidence.clone()));
        }
    }
    let is_settled = interview.spec.items(FieldId::AgentType).iter().any(|item| item.provenance == Provenance::Edited);
    if is_settled || extraction.agent_type.scores.is_empty() {
        return;
    }
    let Some((id, score)) = best(interview) else { return };
    if score < KNOWN_FROM {
        return;
    }
    let (loudness, evidence) = interview
        .type_quotes
        .get(&id)
        .cloned()
        .unwrap_or((0.0, Evidence { message: number, quote: message.trim().to_owned() }));
    let provenance = if loudness >= NAMED_FROM { Provenance::Said } else { Provenance::Inferred };
    let item = Item { value: id, label: None, provenance, evidence: Some(evidence) };
    interview.spec.set(FieldId::AgentType, Slot::one(item));
}

/// Lets a kind that the person plainly named outweigh all that was said before.
pub fn name(interview: &mut Interview, item: &Item) {
    let most = best(interview).map_or(0.0, |(_, score)| score);
    interview.type_scores.insert(item.value.clone(), most + NAMED_FROM);
    if let Some(evidence) = &item.evidence {
        interview.type_quotes.insert(item.value.clone(), (NAMED_FROM, evidence.clone()));
    }
}

fn best(interview: &Interview) -> Option<(String, f32)> {
    let best = interview.type_scores.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
    Some((best.0.clone(), *best.1))
}

/// Keeps an answer to a question of closed vocabulary that names no id: the usual value as a guess, the words as label.
pub fn own_words(interview: &mut Interview, field: FieldId, message: &str, number: u32) {
    let kind = data::kind(interview.spec.agent_type());
    let guess = match field {
        FieldId::Tone => kind.tone.first().cloned(),
        FieldId::AgentType => Some("general".to_owned()),
        FieldId::VerbosityLevel => Some("balanced".to_owned()),
        _ => None,
    };
    let (Some(guess), false) = (guess, interview.spec.has(field)) else { return };
    let quote = message.trim().to_owned();
    let item = Item::inferred(guess, Some(Evidence { message: number, quote: quote.clone() })).with_label(quote);
    interview.spec.set(field, Slot::one(item));
}
