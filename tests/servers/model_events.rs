//! Answers in good form, as each dialect has them.

use serde_json::{Value, json};

use super::model_script::{Finish, Script};
use super::{Dialect, Request};

fn event(dialect: Dialect, data: &Value) -> Vec<u8> {
    match dialect {
        Dialect::OpenAi => format!("data: {data}\n\n").into_bytes(),
        Dialect::Anthropic => format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap()).into_bytes(),
    }
}

pub fn spoken(dialect: Dialect, text: &str) -> Vec<u8> {
    let data = match dialect {
        Dialect::OpenAi => choice(json!({"content": text}), None),
        Dialect::Anthropic => {
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}})
        }
    };
    event(dialect, &data)
}

fn choice(delta: Value, finish: Option<&str>) -> Value {
    json!({
        "id": "chatcmpl-test", "object": "chat.completion.chunk", "created": 1, "model": "test",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    })
}

/// The events of an answer in good form: it counts a token for each piece of the text.
pub fn well_formed(
    request: &Request,
    script: &Script,
    text: &str,
    calls: &[(String, Value)],
    finish: Finish,
) -> Vec<Vec<u8>> {
    let characters: Vec<char> = text.chars().collect();
    let size = if script.chunk == 0 { characters.len().max(1) } else { script.chunk };
    let words: Vec<String> = characters.chunks(size).map(|chunk| chunk.iter().collect()).collect();
    let events = match request.dialect {
        Dialect::OpenAi => openai_events(request, &words, calls, finish),
        Dialect::Anthropic => anthropic_events(request, &words, calls, finish),
    };
    let mut bytes: Vec<Vec<u8>> = events.iter().map(|data| event(request.dialect, data)).collect();
    if request.dialect == Dialect::OpenAi {
        bytes.push(b"data: [DONE]\n\n".to_vec());
    }
    bytes
}

fn openai_events(request: &Request, words: &[String], calls: &[(String, Value)], finish: Finish) -> Vec<Value> {
    let field = if finish == Finish::Refused { "refusal" } else { "content" };
    let mut events = vec![choice(json!({"role": "assistant", "content": ""}), None)];
    events.extend(words.iter().map(|word| choice(json!({field: word}), None)));
    for (index, (name, arguments)) in calls.iter().enumerate() {
        let begin = json!({"index": index, "id": format!("call_{index}"), "type": "function",
            "function": {"name": name, "arguments": ""}});
        events.push(choice(json!({"tool_calls": [begin]}), None));
        let rest = json!({"index": index, "function": {"arguments": arguments.to_string()}});
        events.push(choice(json!({"tool_calls": [rest]}), None));
    }
    let reason = match finish {
        Finish::Length => "length",
        Finish::Done | Finish::Refused if calls.is_empty() => "stop",
        Finish::Done | Finish::Refused => "tool_calls",
    };
    events.push(choice(json!({}), Some(reason)));
    if request.body["stream_options"]["include_usage"] == true {
        let usage = json!({"prompt_tokens": 10, "completion_tokens": words.len(), "total_tokens": 10 + words.len()});
        events.push(json!({"id": "chatcmpl-test", "object": "chat.completion.chunk", "created": 1, "model": "test",
            "choices": [], "usage": usage}));
    }
    events
}

fn anthropic_events(request: &Request, words: &[String], calls: &[(String, Value)], finish: Finish) -> Vec<Value> {
    let usage = json!({"input_tokens": 10, "output_tokens": 1});
    let mut events = vec![
        json!({"type": "message_start", "message": {"id": "msg_test", "type": "message", "role": "assistant",
            "content": [], "model": "test", "usage": usage}}),
        json!({"type": "ping"}),
    ];
    let forced = (request.body["tool_choice"]["type"] == "tool").then(|| &request.body["tool_choice"]["name"]);
    let mut block = |index: usize, begin: Value, deltas: Vec<Value>| {
        events.push(json!({"type": "content_block_start", "index": index, "content_block": begin}));
        let pieces = deltas.into_iter();
        events.extend(pieces.map(|delta| json!({"type": "content_block_delta", "index": index, "delta": delta})));
        events.push(json!({"type": "content_block_stop", "index": index}));
    };
    let says = !words.is_empty() && finish != Finish::Refused;
    match forced {
        Some(name) if says => {
            let begin = json!({"type": "tool_use", "id": "toolu_answer", "name": name, "input": {}});
            let piece = |word: &String| json!({"type": "input_json_delta", "partial_json": word});
            block(0, begin, words.iter().map(piece).collect());
        }
        None if says => {
            let piece = |word: &String| json!({"type": "text_delta", "text": word});
            block(0, json!({"type": "text", "text": ""}), words.iter().map(piece).collect());
        }
        _ => {}
    }
    for (number, (name, arguments)) in calls.iter().enumerate() {
        let begin = json!({"type": "tool_use", "id": format!("toolu_{number}"), "name": name, "input": {}});
        let delta = json!({"type": "input_json_delta", "partial_json": arguments.to_string()});
        block(number + 1, begin, vec![delta]);
    }
    let reason = match finish {
        Finish::Refused => "refusal",
        Finish::Length => "max_tokens",
        Finish::Done if forced.is_some() || !calls.is_empty() => "tool_use",
        Finish::Done => "end_turn",
    };
    events.push(json!({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": null},
        "usage": {"output_tokens": words.len()}}));
    events.push(json!({"type": "message_stop"}));
    events
}
