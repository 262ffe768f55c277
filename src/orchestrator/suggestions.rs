//! What the interview itself knows of a model's reading: what was taken back stays so, and a kind named outright counts.

use crate::intent::assisted::Suggestions;
use crate::intent::grammar::Finding;
use crate::intent::models::{FieldId, Provenance};

use super::kind;
use super::models::Interview;

/// The suggestions that are open to be taken: words of earlier messages may fill only fields that never held anything.
pub fn open(interview: &Interview, suggested: &Suggestions) -> Suggestions {
    let steps = || interview.undo.iter().chain(&interview.redo);
    let was_touched = |field: FieldId| {
        interview.settled.contains(&field)
            || steps().any(|step| step.slots.iter().any(|(touched, _)| *touched == field))
    };
    let mut suggested = suggested.clone();
    let newest = suggested.message;
    suggested.found.retain(|one| one.message() == Some(newest) || !was_touched(one.field()));
    suggested
}

/// A kind of agent that a finding says in so many words outweighs what was said before. Only a model's reading finds
/// one: the grammars weigh kinds.
pub fn name_kind(interview: &mut Interview, findings: &[Finding]) {
    let is_named = |one: &&Finding| one.field == FieldId::AgentType && one.item.provenance == Provenance::Said;
    if let Some(finding) = findings.iter().find(is_named) {
        kind::name(interview, &finding.item);
    }
}
