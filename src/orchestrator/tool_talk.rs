//! What the conversation says about tools, put into the spec: wanted, refused, or only suggested.

use crate::intent::acts::Act;
use crate::intent::extract::Extraction;
use crate::intent::grammar::{Finding, Op};
use crate::intent::models::{FieldId, Item, Provenance, Slot};
use crate::intent::text::Text;
use crate::intent::tool_talk::Mention;
use crate::tools::{catalogue, mentions, selection};

use super::models::Interview;

/// From this score on the catalogue's search is trusted for an answer the phrases do not cover.
const SEARCH_FROM: f32 = 6.0;
/// Named systems in an opening that make a question about tools needless.
const NAMED_ENOUGH: usize = 2;

/// Applies what a message says about tools.
pub fn apply(interview: &mut Interview, extraction: &Extraction, text: &Text<'_>, number: u32) {
    let is_answer = matches!(extraction.answers, Some(FieldId::Tools | FieldId::UseTools));
    // "No texts at night" in an answer about limits takes no tool away.
    if is_answer || extraction.answers.is_none() {
        extraction.tools.unwanted.iter().for_each(|mention| remove(interview, &mention.id));
    }
    if let Some(at) = &extraction.tools.refusal
        && extraction.tools.wanted.iter().all(|mention| !mention.is_named)
    {
        refuse(interview, Item::said("false", number, text.quote(at.clone())));
    } else if is_answer {
        answer(interview, extraction, text, number);
    } else if is_amendment(interview, extraction) {
        let describes_all = interview.user_messages <= 1;
        want(interview, &extraction.tools.wanted, text, number, describes_all);
    }
}

/// Whether tools named outside an answer about them are meant as wanted, rather than as part of the story.
fn is_amendment(interview: &Interview, extraction: &Extraction) -> bool {
    let named = extraction.tools.wanted.iter().filter(|mention| mention.is_named).count();
    match extraction.answers {
        None if interview.user_messages <= 1 => {
            let products = || extraction.tools.wanted.iter().filter(|mention| mention.product.is_some());
            products().any(|mention| mention.is_used) || named >= NAMED_ENOUGH && products().next().is_some()
        }
        None => interview.spec.use_tools() == Some(true) || named > 0,
        Some(_) => false,
    }
}

fn answer(interview: &mut Interview, extraction: &Extraction, text: &Text<'_>, number: u32) {
    let wanted = &extraction.tools.wanted;
    let whole = text.original.trim();
    let lead = extraction.acts.lead.map(|(act, _)| act);
    // "Yes, otherwise it can't see the stock" says whether; which is still to be asked.
    let only_whether = extraction.answers == Some(FieldId::UseTools) && lead == Some(Act::Affirm) && wanted.len() < 2;
    let denies = lead == Some(Act::Deny) || extraction.acts.has(Act::Deny);
    let agrees = lead == Some(Act::Affirm) || extraction.acts.has(Act::Affirm);
    if !wanted.is_empty() && !only_whether {
        want(interview, wanted, text, number, true);
    } else if denies && !extraction.acts.has(Act::Skip) {
        refuse(interview, Item::said("false", number, whole));
    } else if agrees || extraction.answers == Some(FieldId::UseTools) && speaks_of_need(text) {
        interview.spec.set(FieldId::UseTools, Slot::one(Item::said("true", number, whole)));
    } else if extraction.answers == Some(FieldId::Tools) {
        search(interview, whole, number);
    }
}

/// Takes over what a model read about tools, once the message itself was heard. Answers how much of it is not taken: no
/// tool that was refused, and none that is only implied while nobody said that there are any.
pub fn suggest(interview: &mut Interview, findings: &[Finding], is_answer: bool) -> u32 {
    let mut refused = 0;
    for finding in findings {
        let item = finding.item.clone();
        let taken = match (finding.field, finding.op) {
            (FieldId::Tools, Op::Remove) => {
                remove(interview, &item.value);
                true
            }
            (FieldId::Tools, _) => connect(interview, item, is_answer),
            _ => decide(interview, item),
        };
        refused += u32::from(!taken);
    }
    refused
}

fn connect(interview: &mut Interview, item: Item, is_answer: bool) -> bool {
    let is_said = item.provenance == Provenance::Said;
    let may_be = match interview.spec.items(FieldId::UseTools).first() {
        Some(known) if known.value == "true" => true,
        Some(known) => is_said && known.provenance.is_assumption(),
        None => is_said || is_answer,
    };
    if !may_be || interview.refused_tools.contains(&item.value) {
        return false;
    }
    if interview.spec.use_tools() != Some(true) {
        let uses = Item { value: "true".to_owned(), label: None, ..item.clone() };
        interview.spec.set(FieldId::UseTools, Slot::one(uses));
    }
    let mut slot = interview.spec.get(FieldId::Tools).cloned().unwrap_or_default();
    slot.items.retain(|known| known.provenance != Provenance::Default && known.value != item.value);
    slot.items.push(item);
    super::defaults::configure(&mut interview.spec, &slot);
    interview.spec.set(FieldId::Tools, slot);
    true
}

/// Whether there are tools at all, where nobody said so yet.
fn decide(interview: &mut Interview, item: Item) -> bool {
    let known = interview.spec.items(FieldId::UseTools).first();
    if known.is_some_and(|known| known.value == item.value) {
        return true;
    }
    if known.is_some_and(|known| !known.provenance.is_assumption()) {
        return false;
    }
    if item.value == "false" {
        refuse(interview, item);
    } else {
        interview.spec.set(FieldId::UseTools, Slot::one(item));
    }
    true
}

/// "It'll have to", "it should know the stock": a need, which is a yes.
fn speaks_of_need(text: &Text<'_>) -> bool {
    const NEEDS: &[&str] = &[
        "should", "must", "needs", "need", "has", "have", "it'll", "would", "requires", "debe", "tiene", "doit",
        "muss", "soll", "deve", "moet",
    ];
    (0..text.tokens.len()).any(|at| text.is(at, NEEDS) && !crate::intent::clause::is_negated(text, at + 1))
}

/// Takes tools over. Outside an answer about tools only named systems count.
fn want(interview: &mut Interview, mentions: &[Mention], text: &Text<'_>, number: u32, is_answer: bool) {
    let mentions: Vec<&Mention> = mentions
        .iter()
        .filter(|mention| is_answer || mention.is_named || interview.spec.use_tools() == Some(true))
        .collect();
    let Some(first) = mentions.first() else { return };
    let said = Item::said("true", number, text.quote(first.at.clone()));
    if interview.spec.use_tools() != Some(true) {
        interview.spec.set(FieldId::UseTools, Slot::one(said));
    }
    let mut slot = interview.spec.get(FieldId::Tools).cloned().unwrap_or_default();
    slot.items.retain(|item| item.provenance != Provenance::Default);
    for mention in mentions {
        let mut item = Item::said(mention.id.clone(), number, text.quote(mention.at.clone()));
        item.label = mention.product.clone();
        interview.refused_tools.remove(&mention.id);
        match slot.items.iter_mut().find(|known| known.value == mention.id) {
            Some(known) => known.label = known.label.take().or(item.label),
            None => slot.items.push(item),
        }
    }
    super::defaults::configure(&mut interview.spec, &slot);
    interview.spec.set(FieldId::Tools, slot);
}

/// An answer about tools in words no phrase covers: the nearest tool of the catalogue, as a guess.
fn search(interview: &mut Interview, message: &str, number: u32) {
    let best = selection::select(message, 1).into_iter().next().filter(|found| found.score >= SEARCH_FROM);
    let Some(best) = best else { return };
    let evidence = Item::said("", number, message).evidence;
    let slot = Slot::one(Item::inferred(best.id, evidence));
    super::defaults::configure(&mut interview.spec, &slot);
    interview.spec.set(FieldId::UseTools, Slot::one(Item::said("true", number, message)));
    interview.spec.set(FieldId::Tools, slot);
}

fn refuse(interview: &mut Interview, item: Item) {
    interview.spec.set(FieldId::UseTools, Slot::one(item));
    interview.spec.remove(FieldId::Tools);
    interview.spec.tool_configs.clear();
}

/// Takes a tool out and keeps it out of suggestions.
pub fn remove(interview: &mut Interview, id: &str) {
    interview.refused_tools.insert(id.to_owned());
    let mut slot = interview.spec.get(FieldId::Tools).cloned().unwrap_or_default();
    slot.items.retain(|item| item.value != id);
    interview.spec.set(FieldId::Tools, slot);
    interview.spec.tool_configs.remove(id);
}

/// Tools the goals call for that nobody spoke against: offered, never taken silently.
pub fn suggested(interview: &Interview) -> Vec<String> {
    let goals: Vec<&str> = interview.spec.values(FieldId::Goals).collect();
    let text = goals.join(". ");
    let text = Text::new(&text);
    let mut ids: Vec<String> = Vec::new();
    for mention in mentions::read(&text).wanted {
        let id = mention.id;
        if !interview.refused_tools.contains(&id) && !ids.contains(&id) && catalogue::name(&id).is_some() {
            ids.push(id);
        }
    }
    ids
}
