//! The events of a streamed chat completion. Only what is used is read, and any of it may be missing.

use std::collections::VecDeque;

use serde::Deserialize;
use serde_json::Value;

use crate::llm::models::{Delta, Finish, ToolCall, Usage};
use crate::llm::ports::ModelError;

use super::wire::Reading;

/// What says that nothing more comes.
const DONE: &str = "[DONE]";

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Counted>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Option<Piece>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Piece {
    content: Option<String>,
    refusal: Option<String>,
    tool_calls: Option<Vec<CallPiece>>,
}

#[derive(Deserialize)]
struct CallPiece {
    index: Option<usize>,
    id: Option<String>,
    function: Option<FunctionPiece>,
}

#[derive(Deserialize)]
struct FunctionPiece {
    name: Option<String>,
    arguments: Option<String>,
}

#[derive(Deserialize)]
struct Counted {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

/// What a server says that fails after it began.
fn failure(error: &Value) -> ModelError {
    match error["code"].as_u64().and_then(|code| u16::try_from(code).ok()) {
        Some(401 | 403) => ModelError::Unauthorized,
        Some(429) => ModelError::RateLimited { retry_after: None },
        Some(status @ 400..=499) => ModelError::Rejected { status },
        Some(status @ 500..=599) => ModelError::Overloaded { status, retry_after: None },
        _ => ModelError::Overloaded { status: 500, retry_after: None },
    }
}

/// Puts the pieces of calls together and knows whether the answer is whole.
#[derive(Default)]
pub struct Chunks {
    calls: Vec<ToolCall>,
    usage: Option<Usage>,
    refused: bool,
    finish: Option<Finish>,
    ended: bool,
}

impl Reading for Chunks {
    fn take(&mut self, data: &str, pieces: &mut VecDeque<Delta>) -> Result<(), ModelError> {
        if data.trim() == DONE {
            self.finish(pieces);
            return if self.ended { Ok(()) } else { Err(ModelError::CutOff) };
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|_| ModelError::Garbled)?;
        if let Some(error) = chunk.error {
            return Err(failure(&error));
        }
        if let Some(counted) = chunk.usage {
            // Some servers count along; the last figure is the sum.
            self.usage = Some(Usage { input_tokens: counted.prompt_tokens, output_tokens: counted.completion_tokens });
        }
        for choice in chunk.choices {
            if let Some(piece) = choice.delta {
                self.refused |= piece.refusal.is_some_and(|refusal| !refusal.is_empty());
                pieces.extend(piece.content.filter(|text| !text.is_empty()).map(Delta::Text));
                piece.tool_calls.unwrap_or_default().into_iter().for_each(|call| self.call(call));
            }
            if let Some(reason) = choice.finish_reason {
                self.finish = Some(finish(&reason));
            }
        }
        Ok(())
    }

    fn finish(&mut self, pieces: &mut VecDeque<Delta>) {
        let Some(finish) = self.finish.filter(|_| !self.ended) else { return };
        self.ended = true;
        let finish = match finish {
            _ if self.refused => Finish::Refused,
            // Some servers end calls like any other answer.
            Finish::Done if !self.calls.is_empty() => Finish::ToolCalls,
            other => other,
        };
        // A call that was cut is none.
        if finish == Finish::ToolCalls {
            pieces.extend(self.calls.drain(..).map(Delta::ToolCall));
        }
        pieces.extend(self.usage.map(Delta::Usage));
        pieces.push_back(Delta::End(finish));
    }
}

impl Chunks {
    fn call(&mut self, piece: CallPiece) {
        let id = piece.id.filter(|id| !id.is_empty());
        let known = match (piece.index, &id) {
            (Some(index), _) => index,
            // Without an index a new id is a new call.
            (None, Some(id)) => self.calls.iter().position(|call| call.id == *id).unwrap_or(self.calls.len()),
            (None, None) => self.calls.len().saturating_sub(1),
        };
        if known >= self.calls.len() {
            let id = id.unwrap_or_else(|| format!("call_{}", self.calls.len()));
            self.calls.push(ToolCall { id, name: String::new(), arguments: String::new() });
        }
        let place = known.min(self.calls.len() - 1);
        let (call, function) = (&mut self.calls[place], piece.function);
        if let Some(function) = function {
            call.name.push_str(&function.name.unwrap_or_default());
            call.arguments.push_str(&function.arguments.unwrap_or_default());
        }
    }
}

fn finish(reason: &str) -> Finish {
    match reason {
        "length" => Finish::Length,
        "tool_calls" | "function_call" => Finish::ToolCalls,
        "content_filter" => Finish::Refused,
        // What other servers call an end, an end-of-text token among them.
        _ => Finish::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(events: &[&str]) -> Result<Vec<Delta>, ModelError> {
        let (mut chunks, mut pieces) = (Chunks::default(), VecDeque::new());
        for event in events {
            chunks.take(event, &mut pieces)?;
        }
        Ok(pieces.into())
    }

    #[test]
    fn servers_differ_in_what_they_send() {
        let call = |id: &str, arguments: &str| {
            Delta::ToolCall(ToolCall { id: id.to_owned(), name: "book".to_owned(), arguments: arguments.to_owned() })
        };
        let indexed = [
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"book","arguments":""}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"day\""}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}]}"#,
            "[DONE]",
        ];
        assert_eq!(read(&indexed).unwrap(), [call("a", r#"{"day":1}"#), Delta::End(Finish::ToolCalls)]);
        // Without indices, whole calls at a time, and ended like any answer.
        let whole = [
            r#"{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"book","arguments":"{}"}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"id":"b","function":{"name":"book","arguments":"{}"}}]}}]}"#,
            r#"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
            "[DONE]",
        ];
        let usage = Delta::Usage(Usage { input_tokens: 3, output_tokens: 4 });
        assert_eq!(read(&whole).unwrap(), [call("a", "{}"), call("b", "{}"), usage, Delta::End(Finish::ToolCalls)]);
    }

    #[test]
    fn an_answer_says_how_it_ended() {
        let ended = |reason: &str| {
            let last = format!(r#"{{"choices":[{{"delta":{{"content":"a"}},"finish_reason":"{reason}"}}]}}"#);
            read(&[&last, "[DONE]"]).unwrap().pop().unwrap()
        };
        assert_eq!(ended("stop"), Delta::End(Finish::Done));
        assert_eq!(ended("length"), Delta::End(Finish::Length));
        assert_eq!(ended("content_filter"), Delta::End(Finish::Refused));
        let refused = [r#"{"choices":[{"delta":{"refusal":"No."},"finish_reason":"stop"}]}"#, "[DONE]"];
        assert_eq!(read(&refused).unwrap(), [Delta::End(Finish::Refused)]);
        assert_eq!(read(&["[DONE]"]), Err(ModelError::CutOff));
        assert_eq!(read(&["<html>"]), Err(ModelError::Garbled));
        let failed = |error: &str| read(&[&format!(r#"{{"error":{error}}}"#)]).unwrap_err().kind();
        assert_eq!((failed(r#"{"code":429}"#), failed(r#"{"code":"x"}"#)), ("rate_limited", "overloaded"));
    }
}
