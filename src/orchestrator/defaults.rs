//! What is assumed where nobody said anything: visible, marked as default, and what is usual for this kind of agent.

use crate::intent::models::{AgentSpec, FieldId, Item, Provenance, Slot};
use crate::tools::catalogue;

use super::data;
use super::models::Interview;
use super::stages;
use super::tool_talk;
use super::wording;

/// The value a field gets when the user leaves it to us; `None` where there is nothing to assume.
pub fn default_slot(interview: &Interview, field: FieldId) -> Option<Slot> {
    let spec = &interview.spec;
    let kind = data::kind(spec.agent_type());
    let one = |value: &str| Some(Slot::one(Item::default(value)));
    let list = |values: &[String]| Some(Slot { items: values.iter().map(Item::default).collect() });
    match field {
        FieldId::AgentType => one("general"),
        FieldId::Goals => list(&kind.goals),
        FieldId::Tone => list(&kind.tone),
        FieldId::UseTools => {
            one(if kind.needs_tools || !tool_talk::suggested(interview).is_empty() { "true" } else { "false" })
        }
        FieldId::Tools => list(&assumed_tools(interview)),
        FieldId::Channel => one(&kind.channel),
        FieldId::Languages => one("en"),
        FieldId::VerbosityLevel => one(if spec.is_voice() { "concise" } else { "balanced" }),
        _ => None,
    }
}

fn assumed_tools(interview: &Interview) -> Vec<String> {
    let implied = tool_talk::suggested(interview);
    if implied.is_empty() {
        data::kind(interview.spec.agent_type()).tools.iter().take(1).cloned().collect()
    } else {
        implied
    }
}

/// Fills a field with its default. Returns whether there was one.
pub fn assume(interview: &mut Interview, field: FieldId) -> bool {
    let Some(slot) = default_slot(interview, field).filter(|slot| !slot.items.is_empty()) else {
        interview.settled.insert(field);
        return false;
    };
    if field == FieldId::Tools {
        configure(&mut interview.spec, &slot);
    }
    interview.spec.set(field, slot);
    true
}

/// Stops asking for a required field: its default takes its place. Who was asked for tools and named none wants none.
pub fn give_up(interview: &mut Interview, field: FieldId) {
    if field == FieldId::Tools && interview.spec.use_tools().is_none() {
        interview.spec.set(FieldId::UseTools, Slot::one(Item::default("false")));
    } else {
        assume(interview, field);
    }
}

/// Gives every tool of a slot its configuration from the catalogue.
pub fn configure(spec: &mut AgentSpec, slot: &Slot) {
    for item in &slot.items {
        if let Some(config) = catalogue::configure(&item.value, item.label.as_deref()) {
            spec.tool_configs.entry(item.value.clone()).or_insert(config);
        }
    }
}

/// The fields "finish now" fills: the missing required ones, and those every output needs.
fn to_assume(interview: &Interview) -> Vec<FieldId> {
    let mut fields = stages::missing_required(interview);
    let always = [FieldId::Channel, FieldId::Languages, FieldId::VerbosityLevel];
    fields.extend(always.into_iter().filter(|field| !interview.spec.has(*field)));
    fields
}

/// Fills everything that is still open, as "finish now" promises.
pub fn assume_rest(interview: &mut Interview) {
    for field in to_assume(interview) {
        assume(interview, field);
    }
    if interview.spec.use_tools() == Some(true) && !interview.spec.has(FieldId::Tools) {
        assume(interview, FieldId::Tools);
    }
}

/// What "finish now" would assume, in plain words.
pub fn finish_assumptions(interview: &Interview) -> Vec<(FieldId, String)> {
    let mut trial = interview.clone();
    assume_rest(&mut trial);
    trial
        .spec
        .filled()
        .filter(|(field, _)| !interview.spec.has(*field))
        .map(|(field, slot)| {
            let values: Vec<_> = slot.items.iter().map(|item| wording::display(field, item)).collect();
            (field, values.join(", "))
        })
        .collect()
}

/// How many fields nobody said in so many words.
pub fn assumption_count(spec: &AgentSpec) -> usize {
    spec.filled().filter(|(_, slot)| slot.provenance().is_some_and(Provenance::is_assumption)).count()
}
