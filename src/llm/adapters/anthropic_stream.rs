//! The events of a streamed message of Anthropic's. Only what is used is read.

use std::collections::{BTreeMap, VecDeque};

use serde::Deserialize;
use serde_json::Value;

use crate::llm::models::{Delta, Finish, ToolCall, Usage};
use crate::llm::ports::ModelError;

use super::wire::Reading;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    MessageStart {
        message: Start,
    },
    ContentBlockStart {
        index: usize,
        content_block: Block,
    },
    ContentBlockDelta {
        index: usize,
        delta: Piece,
    },
    ContentBlockStop {
        index: usize,
    },
    MessageDelta {
        delta: Ending,
        usage: Option<Counted>,
    },
    MessageStop,
    Error {
        error: Failure,
    },
    /// Signs of life, and what newer versions add.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Start {
    usage: Option<Counted>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    ToolUse {
        id: String,
        name: String,
        input: Option<Value>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Piece {
    TextDelta {
        text: String,
    },
    InputJsonDelta {
        partial_json: String,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Ending {
    stop_reason: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Counted {
    input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(rename = "type")]
    kind: String,
}

impl Failure {
    fn error(&self) -> ModelError {
        match self.kind.as_str() {
            "overloaded_error" => ModelError::Overloaded { status: 529, retry_after: None },
            "rate_limit_error" => ModelError::RateLimited { retry_after: None },
            "authentication_error" | "permission_error" => ModelError::Unauthorized,
            "invalid_request_error" => ModelError::Rejected { status: 400 },
            _ => ModelError::Overloaded { status: 500, retry_after: None },
        }
    }
}

/// Puts calls together and knows whether the answer is whole.
pub struct Events {
    /// The tool whose arguments are the answer itself.
    json_tool: Option<String>,
    /// Calls under way, by their block.
    calls: BTreeMap<usize, Call>,
    usage: Usage,
    finish: Option<Finish>,
    ended: bool,
}

struct Call {
    call: ToolCall,
    /// What it starts with; the arguments when none follow.
    input: Option<Value>,
    is_answer: bool,
}

impl Events {
    pub fn new(json_tool: Option<String>) -> Events {
        Events { json_tool, calls: BTreeMap::new(), usage: Usage::default(), finish: None, ended: false }
    }

    fn count(&mut self, counted: &Counted) {
        let input = [counted.input_tokens, counted.cache_creation_input_tokens, counted.cache_read_input_tokens];
        let input: u64 = input.into_iter().flatten().sum();
        // Later figures include the earlier ones.
        self.usage.input_tokens = self.usage.input_tokens.max(input);
        self.usage.output_tokens = self.usage.output_tokens.max(counted.output_tokens.unwrap_or(0));
    }

    fn begin(&mut self, index: usize, block: Block) {
        if let Block::ToolUse { id, name, input } = block {
            let is_answer = self.json_tool.as_ref() == Some(&name);
            let call = ToolCall { id, name, arguments: String::new() };
            self.calls.insert(index, Call { call, input, is_answer });
        }
    }

    fn go_on(&mut self, index: usize, piece: Piece, pieces: &mut VecDeque<Delta>) {
        match piece {
            Piece::TextDelta { text } if !text.is_empty() => pieces.push_back(Delta::Text(text)),
            Piece::InputJsonDelta { partial_json } => {
                let Some(call) = self.calls.get_mut(&index) else { return };
                call.call.arguments.push_str(&partial_json);
                if call.is_answer && !partial_json.is_empty() {
                    pieces.push_back(Delta::Text(partial_json));
                }
            }
            Piece::TextDelta { .. } | Piece::Other => {}
        }
    }

    fn end(&mut self, index: usize, pieces: &mut VecDeque<Delta>) {
        let Some(Call { mut call, input, is_answer }) = self.calls.remove(&index) else { return };
        let came_at_once = call.arguments.is_empty();
        if came_at_once {
            call.arguments = input.filter(Value::is_object).map_or_else(|| "{}".to_owned(), |input| input.to_string());
        }
        match (is_answer, came_at_once) {
            (true, true) => pieces.push_back(Delta::Text(call.arguments)),
            (true, false) => {}
            (false, _) => pieces.push_back(Delta::ToolCall(call)),
        }
    }
}

impl Reading for Events {
    fn take(&mut self, data: &str, pieces: &mut VecDeque<Delta>) -> Result<(), ModelError> {
        match serde_json::from_str(data).map_err(|_| ModelError::Garbled)? {
            Event::MessageStart { message } => message.usage.iter().for_each(|counted| self.count(counted)),
            Event::ContentBlockStart { index, content_block } => self.begin(index, content_block),
            Event::ContentBlockDelta { index, delta } => self.go_on(index, delta, pieces),
            Event::ContentBlockStop { index } => self.end(index, pieces),
            Event::MessageDelta { delta, usage } => {
                usage.iter().for_each(|counted| self.count(counted));
                if let Some(reason) = delta.stop_reason {
                    self.finish = Some(finish(&reason, self.json_tool.is_some()));
                }
            }
            Event::MessageStop => {
                self.finish(pieces);
                return if self.ended { Ok(()) } else { Err(ModelError::CutOff) };
            }
            Event::Error { error } => return Err(error.error()),
            Event::Other => {}
        }
        Ok(())
    }

    fn finish(&mut self, pieces: &mut VecDeque<Delta>) {
        let Some(finish) = self.finish.filter(|_| !self.ended) else { return };
        self.ended = true;
        pieces.push_back(Delta::Usage(self.usage));
        pieces.push_back(Delta::End(finish));
    }
}

fn finish(reason: &str, has_json_tool: bool) -> Finish {
    match reason {
        "max_tokens" | "model_context_window_exceeded" => Finish::Length,
        "tool_use" if !has_json_tool => Finish::ToolCalls,
        "refusal" => Finish::Refused,
        _ => Finish::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json_tool: Option<&str>, events: &[&str]) -> Result<Vec<Delta>, ModelError> {
        let (mut reading, mut pieces) = (Events::new(json_tool.map(str::to_owned)), VecDeque::new());
        for event in events {
            reading.take(event, &mut pieces)?;
        }
        Ok(pieces.into())
    }

    const CALL: [&str; 6] = [
        r#"{"type":"message_start","message":{"usage":{"input_tokens":5,"cache_read_input_tokens":2,"output_tokens":1}}}"#,
        r#"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"read","input":{}}}"#,
        r#"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}"#,
        r#"{"type":"content_block_stop","index":1}"#,
        r#"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}"#,
        r#"{"type":"message_stop"}"#,
    ];

    #[test]
    fn a_forced_tool_is_the_answer_and_any_other_a_call() {
        let arguments = r#"{"a":1}"#.to_owned();
        let usage = Delta::Usage(Usage { input_tokens: 7, output_tokens: 9 });
        assert_eq!(
            read(Some("read"), &CALL).unwrap(),
            [Delta::Text(arguments.clone()), usage.clone(), Delta::End(Finish::Done)]
        );
        let call = ToolCall { id: "a".to_owned(), name: "read".to_owned(), arguments };
        assert_eq!(read(None, &CALL).unwrap(), [Delta::ToolCall(call), usage, Delta::End(Finish::ToolCalls)]);
    }

    #[test]
    fn what_is_new_is_passed_over_and_what_is_missing_is_seen() {
        let odd = [
            r#"{"type":"ping"}"#,
            r#"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
            r#"{"type":"content_block_stop","index":0}"#,
            r#"{"type":"news","what":1}"#,
        ];
        assert_eq!(read(None, &odd).unwrap(), []);
        assert_eq!(read(None, &[r#"{"type":"message_stop"}"#]), Err(ModelError::CutOff));
        assert_eq!(read(None, &["{}"]), Err(ModelError::Garbled));
        let failed = |kind: &str| {
            let event = format!(r#"{{"type":"error","error":{{"type":"{kind}","message":"m"}}}}"#);
            read(None, &[&event]).unwrap_err().kind()
        };
        assert_eq!((failed("overloaded_error"), failed("rate_limit_error")), ("overloaded", "rate_limited"));
    }
}
