//! Changes of the workflow asked for in words, done to the interview. Pure.

use serde_json::Value;

use crate::error::AppError;
use crate::intent::models::{AgentSpec, FieldId};
use crate::workflow::edit::{Request, read_request};
use crate::workflow::models::StepEdit;
use crate::workflow::synthesizer::synthesize;

use super::edits::merge;
use super::models::{Interview, TurnOutcome, Undoable};
use super::turn;

/// Does each request after the other; answers those that were not understood.
pub fn apply_all(interview: Interview, texts: &[String]) -> Result<(TurnOutcome, Vec<String>), AppError> {
    let mut done = TurnOutcome { interview, reply: String::new(), changes: Vec::new(), is_complete: false };
    let mut not_understood = Vec::new();
    for text in texts {
        let interview = &done.interview;
        let graph = synthesize(&interview.spec, &interview.step_edits).graph;
        match read_request(text, &graph, &interview.spec) {
            Some(request) => done = merge(done.changes, apply(done.interview, request, text)?),
            None => not_understood.push(text.clone()),
        }
    }
    Ok((done, not_understood))
}

fn apply(interview: Interview, request: Request, text: &str) -> Result<TurnOutcome, AppError> {
    match request {
        Request::Step(step) => Ok(add_step(interview, step, text)),
        Request::AddTool { id, .. } => {
            let mut tools = values(&interview.spec, FieldId::Tools);
            tools.push(id);
            let outcome = edit(interview, FieldId::UseTools, Value::Bool(true))?;
            Ok(merge(outcome.changes, edit(outcome.interview, FieldId::Tools, tools.into())?))
        }
        Request::RemoveTool { id } => {
            let mut tools = values(&interview.spec, FieldId::Tools);
            tools.retain(|tool| *tool != id);
            edit(interview, FieldId::Tools, tools.into())
        }
        Request::RemoveGoal { index } => {
            let mut goals = values(&interview.spec, FieldId::Goals);
            if index < goals.len() {
                goals.remove(index);
            }
            edit(interview, FieldId::Goals, goals.into())
        }
    }
}

fn values(spec: &AgentSpec, field: FieldId) -> Vec<String> {
    spec.values(field).map(str::to_owned).collect()
}

/// An edit by hand; an empty list clears the field.
fn edit(interview: Interview, field: FieldId, value: Value) -> Result<TurnOutcome, AppError> {
    let value = Some(value).filter(|value| value.as_array().is_none_or(|list| !list.is_empty()));
    turn::edit(interview, field, value).map_err(AppError::invalid)
}

fn add_step(mut interview: Interview, step: StepEdit, text: &str) -> TurnOutcome {
    let before = interview.step_edits.clone();
    interview.step_edits.push(step);
    interview.redo.clear();
    interview.undo.push(Undoable {
        reason: text.to_owned(),
        changes: Vec::new(),
        slots: Vec::new(),
        tool_configs: None,
        step_edits: Some(before),
    });
    TurnOutcome { interview, reply: String::new(), changes: Vec::new(), is_complete: false }
}
