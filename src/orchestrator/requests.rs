//! Changes of the workflow asked for outside the conversation, done to the interview. Pure.

use crate::intent::models::Item;
use crate::workflow::edit::{self, Refusal, read_request};
use crate::workflow::models::GraphEdit;
use crate::workflow::synthesizer::synthesize;

use super::models::{Interview, ModelUse, ReplyPlan, TurnOutcome};
use super::{amend, turn};

/// Does each request after the other; answers those that were not understood.
pub fn apply_all(interview: Interview, texts: &[String]) -> (TurnOutcome, Vec<String>) {
    let (reply, plan) = (String::new(), ReplyPlan::default());
    let mut done = TurnOutcome { interview, reply, plan, changes: Vec::new(), is_complete: false };
    let mut not_understood = Vec::new();
    for text in texts {
        let interview = &done.interview;
        let graph = synthesize(&interview.spec, &interview.step_edits).graph;
        let Some(request) = read_request(text, &graph, &interview.spec) else {
            not_understood.push(text.clone());
            continue;
        };
        let before = done.interview.clone();
        amend::carry_out(&mut done.interview, request, |value, _| Item::edited(value));
        let outcome = turn::settle(before, done.interview, text);
        done = TurnOutcome { changes: [done.changes, outcome.changes.clone()].concat(), ..outcome };
    }
    (done, not_understood)
}

/// Does all of these changes of the graph as one step, or none with what is wrong with each.
pub fn draw(interview: Interview, edits: &[GraphEdit], reason: &str) -> Result<TurnOutcome, Vec<Refusal>> {
    let kept = edit::draw(&interview.spec, &interview.step_edits, edits)?;
    let mut drawn = interview.clone();
    drawn.step_edits.extend(kept);
    Ok(turn::settle(interview, drawn, reason))
}

/// The start of an interview about the same agent: everything known, nothing to undo, open for changes.
pub fn copy(interview: Interview) -> Interview {
    let (undo, redo, model_use) = (Vec::new(), Vec::new(), ModelUse::default());
    turn::reopen(Interview { undo, redo, model_use, ..interview })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_survives_turns_and_is_one_step_to_undo() {
        let interview = turn::apply(turn::open().0, "A phone receptionist that books appointments.").interview;
        let graph = synthesize(&interview.spec, &interview.step_edits).graph;
        let rename = |id: &str, label: &str| GraphEdit::UpdateNode {
            id: id.to_owned(),
            label: Some(label.to_owned()),
            description: None,
            config: Default::default(),
        };
        let edits = [rename(&graph.nodes[1].id, "Say hello"), rename("end_node", "Hang up")];
        let drawn = draw(interview.clone(), &edits, "drawn").unwrap().interview;
        assert_eq!(drawn.undo.len(), interview.undo.len() + 1);
        let later = turn::apply(drawn.clone(), "It should be friendly.").interview;
        let graph = synthesize(&later.spec, &later.step_edits).graph;
        assert_eq!(
            (graph.nodes[1].label.as_str(), graph.node("end_node").unwrap().label.as_str()),
            ("Say hello", "Hang up")
        );
        assert_eq!(turn::undo(drawn).unwrap().interview.step_edits, interview.step_edits);
    }

    #[test]
    fn what_is_not_understood_changes_nothing() {
        let (interview, _) = turn::open();
        let (outcome, not_understood) = apply_all(interview.clone(), &["xyzzy plugh".to_owned()]);
        assert_eq!(not_understood, ["xyzzy plugh"]);
        assert_eq!(outcome.interview, interview);
    }

    #[test]
    fn each_request_can_be_taken_back() {
        let interview = turn::apply(turn::open().0, "A phone receptionist that books appointments.").interview;
        for request in ["add a check of the caller's identity before the end", "put a consent question first"] {
            let (outcome, not_understood) = apply_all(interview.clone(), &[request.to_owned()]);
            assert!(not_understood.is_empty(), "{not_understood:?}");
            let changed = &outcome.interview;
            assert_ne!((&changed.spec, &changed.step_edits), (&interview.spec, &interview.step_edits), "{request}");
            let undone = turn::undo(outcome.interview).unwrap().interview;
            assert_eq!((&undone.spec, &undone.step_edits), (&interview.spec, &interview.step_edits), "{request}");
        }
    }
}
