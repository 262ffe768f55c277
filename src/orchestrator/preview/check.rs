//! Whether the messages of a run fit together. Pure.

use std::collections::BTreeSet;

use crate::bundle::own_tests::{RunMessage, RunRole};
use crate::error::AppError;

use super::models::{MAX_CALL_ID, MAX_CALLS, MAX_CHARS, MAX_MESSAGES, MAX_NAME, MAX_RUN_CHARS};

/// Refuses what is too much and what no run can be: every call is answered once, before anybody else speaks.
pub fn check(messages: &[RunMessage]) -> Result<(), AppError> {
    let wrong = |at: usize, field: &str, message: String| AppError::field(format!("messages[{at}].{field}"), message);
    if messages.len() > MAX_MESSAGES {
        return Err(AppError::field("messages", format!("must be at most {MAX_MESSAGES}; begin the run again")));
    }
    let chars = |message: &RunMessage| {
        let arguments: usize = message.tool_calls.iter().map(|call| call.arguments.to_string().chars().count()).sum();
        message.content.chars().count() + arguments
    };
    if messages.iter().map(chars).sum::<usize>() > MAX_RUN_CHARS {
        return Err(AppError::field("messages", format!("hold more than {MAX_RUN_CHARS} characters together")));
    }
    let mut open: BTreeSet<&str> = BTreeSet::new();
    let mut made: BTreeSet<&str> = BTreeSet::new();
    for (at, message) in messages.iter().enumerate() {
        if chars(message) > MAX_CHARS {
            return Err(wrong(at, "content", format!("has more than {MAX_CHARS} characters")));
        }
        if message.content.contains('\0') {
            return Err(wrong(at, "content", "holds a NUL character".to_owned()));
        }
        if message.content.trim().is_empty() && message.tool_calls.is_empty() {
            return Err(wrong(at, "content", "must not be empty".to_owned()));
        }
        let is_agent = message.role == RunRole::Assistant;
        if !is_agent && !message.tool_calls.is_empty() || message.tool_calls.len() > MAX_CALLS {
            return Err(wrong(at, "tool_calls", format!("are the agent's alone, and at most {MAX_CALLS}")));
        }
        if message.role == RunRole::Tool {
            let answered = message.call_id.as_deref().is_some_and(|id| open.remove(id));
            if !answered {
                return Err(wrong(at, "call_id", "must name a call before it that is not answered yet".to_owned()));
            }
        } else if message.call_id.is_some() {
            return Err(wrong(at, "call_id", "belongs to a tool's message".to_owned()));
        } else if !open.is_empty() {
            return Err(wrong(at, "role", "cannot be this while a call has no answer".to_owned()));
        }
        for call in &message.tool_calls {
            let sound = |text: &str, most: usize| {
                (1..=most).contains(&text.chars().count()) && !text.contains(char::is_control)
            };
            let fits = sound(&call.id, MAX_CALL_ID) && sound(&call.name, MAX_NAME) && call.arguments.is_object();
            if !fits || !made.insert(&call.id) {
                return Err(wrong(
                    at,
                    "tool_calls",
                    "must each have an id of its own, a name and an object".to_owned(),
                ));
            }
            open.insert(&call.id);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn checked(messages: Value) -> Result<(), String> {
        let messages: Vec<RunMessage> = serde_json::from_value(messages).unwrap();
        check(&messages).map_err(|error| error.to_string())
    }

    #[test]
    fn a_whole_run_is_taken() {
        let call = json!([{"id": "c1", "name": "calendar", "arguments": {"date": "2027-01-02"}}]);
        let run = json!([
            {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "A visit"},
            {"role": "assistant", "tool_calls": call}, {"role": "tool", "call_id": "c1", "content": "{}"},
            {"role": "assistant", "content": "Done"}
        ]);
        assert_eq!(checked(run), Ok(()));
        assert_eq!(checked(json!([])), Ok(()));
    }

    #[test]
    fn what_no_run_can_be_is_refused_with_its_place() {
        let call = json!([{"id": "c1", "name": "calendar", "arguments": {}}]);
        for (messages, place) in [
            (json!([{"role": "user", "content": " "}]), "messages[0].content"),
            (json!([{"role": "user", "content": "a\0"}]), "messages[0].content"),
            (json!([{"role": "user", "content": "x".repeat(8_001)}]), "messages[0].content"),
            (json!([{"role": "user", "content": "x", "tool_calls": call}]), "messages[0].tool_calls"),
            (json!([{"role": "user", "content": "x", "call_id": "c1"}]), "messages[0].call_id"),
            (json!([{"role": "tool", "content": "x", "call_id": "c1"}]), "messages[0].call_id"),
            (json!([{"role": "assistant", "tool_calls": call}, {"role": "user", "content": "x"}]), "messages[1].role"),
            (
                json!([{"role": "assistant", "tool_calls": [{"id": "", "name": "x", "arguments": {}}]}]),
                "messages[0].tool_calls",
            ),
            (
                json!([{"role": "assistant", "tool_calls": [{"id": "a", "name": "x", "arguments": []}]}]),
                "messages[0].tool_calls",
            ),
            (json!(vec![json!({"role": "user", "content": "x"}); 61]), "messages:"),
            (json!(vec![json!({"role": "user", "content": "x".repeat(5_000)}); 21]), "messages:"),
        ] {
            let refused = checked(messages).unwrap_err();
            assert!(refused.starts_with(place), "{place}: {refused}");
        }
    }
}
