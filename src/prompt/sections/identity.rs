//! Who the agent is, where it works, for whom and to what end.

use crate::intent::models::{FieldId, Provenance};
use crate::prompt::brief::{Brief, code, own_words};
use crate::prompt::parts::{Block, Mark, Piece};
use crate::prompt::wording::{clean, fill, in_words, quoted, sentence};
use crate::tools::models::Risk;

pub(super) fn identity(brief: &Brief<'_>) -> Vec<Block> {
    let (phrases, kind) = (brief.phrases, brief.kind);
    let name = brief.spec.text(FieldId::AgentName).map(clean).filter(|name| !name.is_empty());
    let kind_known = brief.provenance(FieldId::AgentType);
    let mut pieces = vec![match &name {
        Some(name) => {
            let text = fill(&phrases.identity_named, &[("name", name), ("role", &kind.role)]);
            Piece::of(Mark::Text, text, FieldId::AgentName, brief.provenance(FieldId::AgentName))
        }
        None => Piece::of(Mark::Text, fill(&phrases.identity, &[("role", &kind.role)]), FieldId::AgentType, kind_known),
    }];
    let item = brief.spec.items(FieldId::AgentType).first();
    if let Some((words, item)) = item.and_then(|item| Some((own_words(item, &in_words(&item.value))?, item))) {
        let text = fill(&phrases.owner_description, &[("quote", &quoted(&words))]);
        pieces.push(Piece::of_item(Mark::Text, text, FieldId::AgentType, item));
    }
    pieces.push(Piece::ours(Mark::Text, &*kind.duty, Some(FieldId::AgentType)));
    if speaks_as_owner(brief) {
        pieces.push(Piece::ours(Mark::Text, &*phrases.owner_voice, None));
    }
    vec![Block::plain(pieces)]
}

/// Whether the owner's texts say "I" or "my", which an agent would otherwise take for itself.
fn speaks_as_owner(brief: &Brief<'_>) -> bool {
    const PRONOUNS: [&str; 7] = ["i", "me", "my", "mine", "we", "us", "our"];
    let fields = [
        FieldId::Goals,
        FieldId::Constraints,
        FieldId::EscalationRules,
        FieldId::EdgeCases,
        FieldId::TargetUsers,
        FieldId::AdditionalNotes,
        FieldId::SuccessCriteria,
        FieldId::KnowledgeSources,
    ];
    let texts = fields.into_iter().flat_map(|field| brief.spec.values(field));
    let mut words = texts.flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric() && letter != '\''));
    words.any(|word| {
        // A lone capital "US" is a country.
        let shout = word.len() > 1 && word.chars().all(char::is_uppercase);
        let word = word.split('\'').next().unwrap_or_default();
        !shout && PRONOUNS.contains(&word.to_lowercase().as_str())
    })
}

pub(super) fn channel(brief: &Brief<'_>) -> Vec<Block> {
    let Some(item) = brief.spec.items(FieldId::Channel).first() else { return Vec::new() };
    let Some(channel) = brief.texts.style.channels.get(brief.channel) else { return Vec::new() };
    // Where the channel was read off a goal, the goal says it.
    let of_goal =
        |words: &String| brief.spec.values(FieldId::Goals).any(|goal| clean(goal).eq_ignore_ascii_case(words));
    let words = own_words(item, &item.value).filter(|words| !of_goal(words));
    let label = words.map(|words| format!(" ({})", quoted(&words))).unwrap_or_default();
    let text = fill(&channel.place, &[("label", &label)]);
    vec![Block::plain(vec![Piece::of_item(Mark::Text, text, FieldId::Channel, item)])]
}

pub(super) fn audience(brief: &Brief<'_>) -> Vec<Block> {
    let template = if brief.is("api") { &brief.phrases.audience_api } else { &brief.phrases.audience };
    let pieces = brief.texts_of(FieldId::TargetUsers).map(|(text, item)| {
        Piece::of_item(Mark::Text, fill(template, &[("text", &end(&text))]), FieldId::TargetUsers, item)
    });
    vec![Block::plain(pieces.collect())]
}

/// The text after a colon: ended like a sentence, its first letter left as it is.
pub(super) fn end(text: &str) -> String {
    let ended = sentence(text);
    let first = text.chars().next();
    match first {
        Some(first) if first.is_lowercase() => first.to_string() + ended.get(first_len(&ended)..).unwrap_or_default(),
        _ => ended,
    }
}

fn first_len(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

pub(super) fn knowledge(brief: &Brief<'_>) -> Vec<Block> {
    let field = FieldId::KnowledgeSources;
    let mut pieces: Vec<Piece> = bullets(brief, field);
    if pieces.is_empty() {
        return Vec::new();
    }
    let lead = Piece::of(Mark::Text, &*brief.phrases.knowledge, field, brief.provenance(field));
    let tool = brief.spec.tools().find(|tool| tool.id == "knowledge_base");
    let (closing, rests_on) = match tool {
        Some(tool) => (fill(&brief.phrases.knowledge_tool, &[("tool", &code(&tool.id))]), FieldId::Tools),
        None => (brief.phrases.knowledge_given.clone(), field),
    };
    // An agent that looks things up with other tools may reach its sources through those.
    let reads = brief.spec.tools().any(|tool| tool.risk == Risk::Read);
    if tool.is_some() || !reads {
        pieces.push(Piece::ours(Mark::Text, closing, Some(rests_on)));
    }
    vec![Block::list(lead, pieces)]
}

pub(super) fn notes(brief: &Brief<'_>) -> Vec<Block> {
    titled(brief, FieldId::AdditionalNotes, &brief.phrases.notes)
}

pub(super) fn goals(brief: &Brief<'_>) -> Vec<Block> {
    let several = brief.spec.items(FieldId::Goals).len() > 1;
    titled(brief, FieldId::Goals, if several { &brief.phrases.goals } else { &brief.phrases.goal })
}

pub(super) fn success(brief: &Brief<'_>) -> Vec<Block> {
    titled(brief, FieldId::SuccessCriteria, &brief.phrases.success)
}

/// A field's texts as a list under a line of ours.
pub(super) fn titled(brief: &Brief<'_>, field: FieldId, lead: &str) -> Vec<Block> {
    vec![Block::list(Piece::of(Mark::Text, lead, field, Provenance::Default), bullets(brief, field))]
}

/// A field's texts as list items, each a sentence in the owner's words.
pub(super) fn bullets(brief: &Brief<'_>, field: FieldId) -> Vec<Piece> {
    brief.texts_of(field).map(|(text, item)| Piece::of_item(Mark::Bullet, sentence(&text), field, item)).collect()
}
