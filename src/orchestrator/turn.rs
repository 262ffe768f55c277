//! One turn of the interview: a message in, the next state and the reply out. Pure.

use crate::intent::models::FieldId;

use super::models::{Interview, Progress, TurnOutcome};

/// The first words of a new interview and its state.
pub fn open() -> (Interview, String) {
    (Interview::default(), "What should your agent do?".to_owned())
}

/// Takes the user's next message.
pub fn apply(interview: Interview, text: &str) -> TurnOutcome {
    let mut interview = interview;
    interview.user_messages += 1;
    TurnOutcome { interview, reply: format!("Noted: {text}"), changes: Vec::new(), is_complete: false }
}

/// Replaces or clears (`None`) one field by hand: provenance `edited`. The error says what is wrong with the value.
pub fn edit(interview: Interview, field: FieldId, value: Option<serde_json::Value>) -> Result<TurnOutcome, String> {
    let _ = (field, value);
    Ok(TurnOutcome { interview, reply: String::new(), changes: Vec::new(), is_complete: false })
}

/// Turns an assumption (inferred or default) into an edited value, unchanged.
pub fn keep(interview: Interview, field: FieldId) -> Interview {
    let _ = field;
    interview
}

/// Takes the last step back; `None` when there is none.
pub fn undo(interview: Interview) -> Option<TurnOutcome> {
    let _ = interview;
    None
}

/// Does again what was taken back last; `None` when there is nothing.
pub fn redo(interview: Interview) -> Option<TurnOutcome> {
    let _ = interview;
    None
}

/// A completed interview, open for changes again.
pub fn reopen(interview: Interview) -> Interview {
    Interview { approved: false, ..interview }
}

/// How far the interview is.
pub fn progress(interview: &Interview) -> Progress {
    let _ = interview;
    todo!("written with the interview")
}

/// What "finish now" would assume for the required fields that are missing: field and value in plain words.
pub fn finish_assumptions(interview: &Interview) -> Vec<(FieldId, String)> {
    let _ = interview;
    Vec::new()
}
