//! Changes of the workflow asked for outside the conversation, done to the interview. Pure.

use crate::intent::models::Item;
use crate::workflow::edit::read_request;
use crate::workflow::synthesizer::synthesize;

use super::models::{Interview, TurnOutcome};
use super::{amend, turn};

/// Does each request after the other; answers those that were not understood.
pub fn apply_all(interview: Interview, texts: &[String]) -> (TurnOutcome, Vec<String>) {
    let mut done = TurnOutcome { interview, reply: String::new(), changes: Vec::new(), is_complete: false };
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

#[cfg(test)]
mod tests {
    use super::*;

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
