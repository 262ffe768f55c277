//! What a step changed, in plain words, and how to take it back.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::intent::models::{AgentSpec, Change, FieldId};
use crate::prompt::models::PromptFormat;
use crate::prompt::polish::models::{Polished, PolishedSections};

use super::models::{Interview, Undoable};
use super::wording;

/// Steps that can be taken back.
const DEPTH: usize = 20;

/// The fields that differ between two specs, in the order of the fields.
pub fn between(before: &AgentSpec, after: &AgentSpec) -> Vec<Change> {
    let words = |spec: &AgentSpec, field: FieldId| -> Vec<String> {
        spec.items(field).iter().map(|item| wording::display(field, item)).collect()
    };
    FieldId::ALL
        .into_iter()
        .filter(|field| words(before, *field) != words(after, *field))
        .map(|field| Change { field, before: words(before, field), after: words(after, field) })
        .collect()
}

/// Puts a step on the undo stack if it changed anything.
pub fn record(before: &Interview, after: &mut Interview, reason: &str) -> Vec<Change> {
    let changes = between(&before.spec, &after.spec);
    let message = (after.user_messages > before.user_messages).then_some(before.user_messages);
    if let Some(step) = step(before, after) {
        let step = Undoable { reason: reason.to_owned(), message, ..step };
        after.undo.push(Arc::new(step));
        let excess = after.undo.len().saturating_sub(DEPTH);
        after.undo.drain(..excess);
        after.redo.clear();
    }
    changes
}

/// How to get from `after` back to `before`, without why; `None` when nothing differs.
fn step(before: &Interview, after: &Interview) -> Option<Undoable> {
    let slots: Vec<_> = FieldId::ALL
        .into_iter()
        .filter(|field| before.spec.get(*field) != after.spec.get(*field))
        .map(|field| (field, before.spec.get(field).cloned()))
        .collect();
    let tool_configs = (before.spec.tool_configs != after.spec.tool_configs).then(|| before.spec.tool_configs.clone());
    let step_edits = (before.step_edits != after.step_edits).then(|| before.step_edits.clone());
    let polished = polished_before(&before.polished, &after.polished);
    let own_tests = (before.own_tests != after.own_tests).then(|| before.own_tests.clone());
    let resaid = (before.resaid != after.resaid).then(|| before.resaid.clone());
    let is_empty = slots.is_empty()
        && tool_configs.is_none()
        && step_edits.is_none()
        && polished.is_empty()
        && own_tests.is_none()
        && resaid.is_none();
    let step = || Undoable {
        reason: String::new(),
        message: None,
        slots,
        tool_configs,
        step_edits,
        polished,
        own_tests,
        resaid,
    };
    (!is_empty).then(step)
}

/// The sections that differ, as they were before.
fn polished_before(
    before: &PolishedSections,
    after: &PolishedSections,
) -> Vec<(PromptFormat, String, Option<Polished>)> {
    let find = |all: &PolishedSections, format, id: &str| all.get(&format).and_then(|it| it.get(id)).cloned();
    let named =
        before.iter().chain(after).flat_map(|(format, sections)| sections.keys().map(|id| (*format, id.clone())));
    let named: BTreeSet<(PromptFormat, String)> = named.collect();
    let changed = named.into_iter().filter(|(format, id)| find(before, *format, id) != find(after, *format, id));
    changed.map(|(format, id)| (format, id.clone(), find(before, format, &id))).collect()
}

/// Takes the last step back. `None` when there is none.
pub fn undo(interview: &mut Interview) -> Option<Vec<Change>> {
    let step = interview.undo.pop()?;
    let (changes, inverse) = revert(interview, Arc::unwrap_or_clone(step));
    interview.redo.extend(inverse.map(Arc::new));
    Some(changes)
}

/// Does the step again that was taken back last. `None` when there is none.
pub fn redo(interview: &mut Interview) -> Option<Vec<Change>> {
    let step = interview.redo.pop()?;
    let (changes, inverse) = revert(interview, Arc::unwrap_or_clone(step));
    interview.undo.extend(inverse.map(Arc::new));
    Some(changes)
}

fn revert(interview: &mut Interview, mut step_back: Undoable) -> (Vec<Change>, Option<Undoable>) {
    let before = interview.clone();
    for (field, slot) in std::mem::take(&mut step_back.slots) {
        match slot {
            Some(slot) => interview.spec.set(field, slot),
            None => interview.spec.remove(field),
        };
    }
    if let Some(tool_configs) = step_back.tool_configs.take() {
        interview.spec.tool_configs = tool_configs;
    }
    if let Some(step_edits) = step_back.step_edits.take() {
        interview.step_edits = step_edits;
    }
    for (format, id, polished) in std::mem::take(&mut step_back.polished) {
        let sections = interview.polished.entry(format).or_default();
        match polished {
            Some(polished) => sections.insert(id, polished),
            None => sections.remove(&id),
        };
    }
    interview.polished.retain(|_, sections| !sections.is_empty());
    if let Some(own_tests) = step_back.own_tests.take() {
        interview.own_tests = own_tests;
    }
    if let Some(resaid) = step_back.resaid.take() {
        interview.resaid = resaid;
    }
    let changes = between(&before.spec, &interview.spec);
    let inverse = step(&before, interview);
    let Undoable { reason, message, .. } = step_back;
    (changes, inverse.map(|inverse| Undoable { reason, message, ..inverse }))
}
