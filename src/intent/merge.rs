//! Puts what a message says into the spec: said beats inferred beats default, later beats earlier.

use std::cell::LazyCell;
use std::collections::HashSet;

use super::grammar::{Finding, Op};
use super::models::{AgentSpec, FieldId, FieldKind, Item, Provenance, Slot};
use super::text::Text;

/// From this share of common words on, two goals say the same.
const SAME_GOAL: f32 = 0.6;

/// Applies findings to a spec, in order.
pub fn apply(spec: &mut AgentSpec, findings: &[Finding]) {
    let replaced: HashSet<FieldId> = findings
        .iter()
        .filter(|one| one.op == Op::Replace && one.field.kind().is_list())
        .map(|one| one.field)
        .collect();
    for field in replaced {
        spec.remove(field);
    }
    for finding in findings {
        match finding.op {
            Op::Remove => remove(spec, finding.field, &finding.item.value),
            Op::Add | Op::Replace if finding.field.kind().is_list() => add(spec, finding.field, finding.item.clone()),
            Op::Add | Op::Replace => {
                spec.set(finding.field, Slot::one(finding.item.clone()));
            }
        }
    }
}

/// Takes one value out of a field; ids by id, texts by the words they share.
pub fn remove(spec: &mut AgentSpec, field: FieldId, value: &str) {
    let mut slot = spec.get(field).cloned().unwrap_or_default();
    slot.items.retain(|item| item.value != value);
    spec.set(field, slot);
}

fn add(spec: &mut AgentSpec, field: FieldId, item: Item) {
    let mut slot = spec.get(field).cloned().unwrap_or_default();
    if item.provenance >= Provenance::Said {
        // Guesses give way as soon as the person speaks about the field.
        slot.items.retain(|known| !known.provenance.is_assumption() || field == FieldId::Tools);
    }
    let words = LazyCell::new(|| content(&item.value));
    let same = |known: &Item| {
        known.value.eq_ignore_ascii_case(&item.value)
            || (field == FieldId::Goals && share_goal(&content(&known.value), &words))
    };
    match slot.items.iter().position(same) {
        Some(at) if field.kind() == FieldKind::Ids => slot.items[at] = item,
        Some(at) if slot.items[at].value.len() <= item.value.len() || slot.items[at].provenance < item.provenance => {
            slot.items[at] = item
        }
        Some(_) => {}
        None => slot.items.push(item),
    }
    spec.set(field, slot);
}

/// Whether two goals say the same.
pub fn same_goal(one: &str, other: &str) -> bool {
    share_goal(&content(one), &content(other))
}

fn share_goal(one: &HashSet<String>, other: &HashSet<String>) -> bool {
    let smaller = one.len().min(other.len());
    smaller > 0
        && one.intersection(other).count() as f32 / smaller as f32 >= SAME_GOAL
        && one.len().abs_diff(other.len()) <= smaller + 1
}

/// The stems of a text's words of substance.
pub fn content(text: &str) -> HashSet<String> {
    const SMALL: &[&str] = &[
        "the", "a", "an", "to", "of", "and", "or", "for", "in", "on", "with", "it", "them", "their", "our", "my",
        "that", "is", "are", "what", "if", "they", "i", "me", "how", "when", "where", "who", "she", "he", "we", "you",
    ];
    Text::new(text)
        .tokens
        .into_iter()
        .filter(|token| token.is_word && !SMALL.contains(&token.norm.as_str()))
        .map(|token| token.stem)
        .collect()
}
