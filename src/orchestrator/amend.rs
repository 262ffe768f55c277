//! Changes asked for in so many words: "change the name to Otto", "remove the second goal", "drop the email step".

use crate::intent::acts::Act;
use crate::intent::extract::Extraction;
use crate::intent::merge::content;
use crate::intent::models::{FieldId, Item, Slot};
use crate::intent::text::{Text, tidy};
use crate::intent::tool_talk::ToolTalk;
use crate::workflow::edit::{self, Request};
use crate::workflow::synthesizer::synthesize;

use super::commands::Obeyed;
use super::data::phrasing;
use super::models::Interview;
use super::wording;
use super::{stages, tool_talk};

/// Words by which people name a field.
const FIELD_WORDS: &[(&str, FieldId)] = &[
    ("name", FieldId::AgentName),
    ("tone", FieldId::Tone),
    ("goal", FieldId::Goals),
    ("channel", FieldId::Channel),
    ("language", FieldId::Languages),
    ("greeting", FieldId::GreetingStyle),
    ("limit", FieldId::Constraints),
    ("constraint", FieldId::Constraints),
    ("rule", FieldId::Constraints),
    ("escal", FieldId::EscalationRules),
    ("handov", FieldId::EscalationRules),
    ("hand-ov", FieldId::EscalationRules),
    ("verbos", FieldId::VerbosityLevel),
    ("length", FieldId::VerbosityLevel),
    ("audienc", FieldId::TargetUsers),
    ("user", FieldId::TargetUsers),
    ("knowledg", FieldId::KnowledgeSources),
    ("note", FieldId::AdditionalNotes),
];
const SETTING: &[&str] = &["change", "set", "make", "rename", "replace", "update"];
const REMOVING: &[&str] = &["remove", "drop", "delete", "clear", "scrap", "forget"];
const FLOW: &[&str] =
    &["add", "drop", "remove", "insert", "put", "delete", "after", "before", "rename", "skip", "include", "ask"];

/// Obeys a request for a change; `None` when the message is no such request.
pub fn obey(interview: &mut Interview, extraction: &Extraction, text: &Text<'_>, number: u32) -> Option<Obeyed> {
    let whole = text.trim(0..text.tokens.len());
    let start = match extraction.acts.lead {
        Some((Act::Affirm, after)) => after,
        _ => whole.start,
    };
    let start = (start..whole.end)
        .find(|at| {
            !text.is(*at, &["please", "but", "and", "can", "could", "you", "also", "actually", "oh", "wait", ","])
        })
        .unwrap_or(start);
    let first = text.tokens.get(start)?.norm.as_str();
    if SETTING.contains(&first)
        && let Some(said) = set_field(interview, text, start, number)
    {
        return Some(said);
    }
    if REMOVING.contains(&first)
        && let Some(said) = remove_value(interview, text, start + 1)
    {
        return Some(said);
    }
    let is_review = stages::missing_required(interview).is_empty();
    let asks_for_flow = FLOW.contains(&first)
        && (interview.asking.is_none() || extraction.answers.is_none_or(|field| !field.is_required()));
    if is_review && asks_for_flow && extraction.tools.refusal.is_none() {
        return change_flow(interview, text.quote(start..whole.end), number);
    }
    None
}

/// "change the name to Otto"
fn set_field(interview: &mut Interview, text: &Text<'_>, start: usize, number: u32) -> Option<Obeyed> {
    let to = (start..text.tokens.len()).find(|at| text.is(*at, &["to", "with", "into"]))?;
    let field = named_field(text, start + 1, to)?;
    let rest = text.trim(to + 1..text.tokens.len());
    if rest.is_empty() {
        return None;
    }
    let quote = text.quote(rest);
    let slot = if wording::options(field).is_empty() {
        Slot::one(Item::said(tidy(quote), number, quote))
    } else {
        let context =
            crate::intent::extract::Context { asked: Some(field), previous: None, message: number, is_opening: false };
        let found = crate::intent::extract::extract(&Text::new(quote), ToolTalk::default(), context).findings;
        Slot {
            items: found
                .into_iter()
                .filter(|one| one.field == field && one.op != crate::intent::grammar::Op::Remove)
                .map(|one| one.item)
                .collect(),
        }
    };
    if slot.items.is_empty() {
        return None;
    }
    interview.spec.set(field, slot);
    interview.answered.push(field);
    Some(Obeyed::default())
}

/// The field named between two places, if the words there are little else.
fn named_field(text: &Text<'_>, from: usize, to: usize) -> Option<FieldId> {
    if to.saturating_sub(from) > 4 {
        return None;
    }
    text.tokens[from..to]
        .iter()
        .find_map(|token| FIELD_WORDS.iter().find(|(word, _)| token.stem.starts_with(word)).map(|(_, field)| *field))
}

/// "remove the name", "drop the goal about refunds"
fn remove_value(interview: &mut Interview, text: &Text<'_>, start: usize) -> Option<Obeyed> {
    let end = text.trim(start..text.tokens.len()).end;
    let named = named_field(text, start, end.min(start + 4));
    let words = content(text.quote(start..end));
    let lists = [
        FieldId::Goals,
        FieldId::Constraints,
        FieldId::EscalationRules,
        FieldId::EdgeCases,
        FieldId::KnowledgeSources,
        FieldId::SuccessCriteria,
        FieldId::Languages,
        FieldId::Tone,
    ];
    for field in lists {
        let found = interview.spec.items(field).iter().find(|item| {
            let own = content(&wording::display(field, item));
            let shared = own.intersection(&words).count();
            shared > 0 && shared * 2 >= own.len().min(3)
        });
        if let Some(value) = found.map(|item| item.value.clone()) {
            crate::intent::merge::remove(&mut interview.spec, field, &value);
            return Some(Obeyed::default());
        }
    }
    let field = named.filter(|field| interview.spec.has(*field))?;
    interview.spec.remove(field);
    interview.settled.insert(field);
    Some(Obeyed::default())
}

/// A change of the flow itself, read against the drawn graph.
fn change_flow(interview: &mut Interview, request: &str, number: u32) -> Option<Obeyed> {
    let before = synthesize(&interview.spec, &interview.step_edits).graph;
    let request = edit::read_request(request, &before, &interview.spec)?;
    carry_out(interview, request, |value, quote| Item::said(value, number, quote));
    let after = synthesize(&interview.spec, &interview.step_edits).graph;
    let diff = edit::diff(&before, &after);
    let what: Vec<String> =
        [("flow_added", &diff.added), ("flow_removed", &diff.removed), ("flow_other", &diff.changed)]
            .into_iter()
            .filter(|(_, labels)| !labels.is_empty())
            .map(|(verb, labels)| phrasing(interview.language, verb, 0).replace("{what}", &labels.join(", ")))
            .collect();
    let say = if what.is_empty() {
        phrasing(interview.language, "flow_covers_that", 0).to_owned()
    } else {
        phrasing(interview.language, "flow_changed", 0).replace("{what}", &what.join("; "))
    };
    Some(Obeyed { say, ..Obeyed::default() })
}

/// Does what a request says; `item` gives a value of it its source.
pub(super) fn carry_out(interview: &mut Interview, request: Request, item: impl Fn(&str, &str) -> Item) {
    match request {
        Request::Step(step) => interview.step_edits.push(step),
        Request::AddTool { id, quote } => {
            let mut slot = interview.spec.get(FieldId::Tools).cloned().unwrap_or_default();
            if slot.items.iter().all(|known| known.value != id) {
                slot.items.push(item(&id, &quote));
            }
            super::defaults::configure(&mut interview.spec, &slot);
            interview.spec.set(FieldId::UseTools, Slot::one(item("true", &quote)));
            interview.spec.set(FieldId::Tools, slot);
        }
        Request::RemoveTool { id } => tool_talk::remove(interview, &id),
        Request::RemoveGoal { index } => {
            if let Some(goal) = interview.spec.items(FieldId::Goals).get(index).map(|goal| goal.value.clone()) {
                crate::intent::merge::remove(&mut interview.spec, FieldId::Goals, &goal);
            }
        }
    }
}
