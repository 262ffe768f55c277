//! What holds for any bytes. The long runs in `fuzz_targets` and the short one in `tests/fuzz.rs` throw them.

use std::collections::HashSet;
use std::convert::Infallible;
use std::io::{Cursor, Read};

use agentwright::bundle::File;
use agentwright::bundle::archive::zip;
use agentwright::orchestrator::answers::{MessageAnswer, TurnFields};
use agentwright::orchestrator::intake;
use agentwright::orchestrator::live::LiveTurn;
use agentwright::orchestrator::models::Interview;
use agentwright::orchestrator::streams::Heard;
use agentwright::orchestrator::{hearing, turn};
use agentwright::server::config::DatabaseUrl;
use agentwright::session::adapters::redis_target::RedisTarget;
use agentwright::session::models::SessionId;
use agentwright::tools::import::{Format, MAX_TOOLS, import};
use agentwright::ui::markdown::{Block, Inline, blocks};
use agentwright::workflow::synthesizer::synthesize;
use agentwright::workflow::validator;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use serde_json::Value;

/// What each of these is.
pub type Target = fn(&[u8]);

/// The most messages of one interview: more only take time.
const MESSAGES: usize = 6;
const SECRET: &str = "correct-horse-battery";

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// Paragraphs are the messages of a person: the interview always answers, its quotes are theirs, and what it draws holds.
pub fn interview(data: &[u8]) {
    let text = text(data);
    let said: Vec<String> =
        text.split("\n\n").filter_map(|message| intake::clean(message).ok()).take(MESSAGES).collect();
    let mut interview = turn::open().0;
    for message in &said {
        hearing::hear(message, None, None);
        let outcome = turn::apply(interview, message);
        assert!(!outcome.reply.trim().is_empty(), "no reply");
        interview = outcome.interview;
        check(&interview, &said);
        if interview.approved {
            interview = turn::reopen(interview);
        }
    }
    let finished = turn::apply(interview, "finish now").interview;
    assert!(finished.approved, "cannot be finished");
    check(&finished, &said);
}

fn check(interview: &Interview, said: &[String]) {
    for (field, slot) in interview.spec.filled() {
        for evidence in slot.items.iter().filter_map(|item| item.evidence.as_ref()) {
            let message = said.get(evidence.message as usize).map_or("finish now", String::as_str);
            assert!(message.contains(&evidence.quote), "{field}: {evidence:?}");
        }
    }
    let graph = synthesize(&interview.spec, &interview.step_edits).graph;
    assert_eq!(validator::problems(&graph, &interview.spec), Vec::<String>::new());
}

/// Nothing is drawn that is not in the text, in its order.
pub fn markdown(data: &[u8]) {
    let text = text(data);
    let mut rest = text.chars();
    for block in blocks(&text) {
        let lines = match block {
            Block::Paragraph(line) => vec![line],
            Block::List(_, items) => items,
        };
        for Inline::Text(words) | Inline::Bold(words) in lines.into_iter().flatten() {
            for letter in words.chars().filter(|letter| !letter.is_whitespace()) {
                assert!(rest.any(|next| next == letter), "{letter:?} was made up");
            }
        }
    }
}

/// Lines are paths: an archive has a file for each, none of them outside of it or in the place of another.
pub fn archive(data: &[u8]) {
    let files: Vec<File> =
        text(data).lines().take(64).map(|line| File { path: line.to_owned(), bytes: line.into() }).collect();
    let mut archive = ::zip::ZipArchive::new(Cursor::new(zip(&files))).expect("a zip");
    assert_eq!(archive.len(), files.len());
    let mut names = HashSet::new();
    for (at, file) in files.iter().enumerate() {
        let mut entry = archive.by_index(at).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        assert!(name.is_ascii() && !name.contains(['\\', ':', '\0']), "{name:?}");
        assert!(name.split('/').all(|segment| !segment.trim_matches('.').is_empty()), "{name:?}");
        assert!(names.insert(name.to_ascii_lowercase()), "{name:?} is there twice");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        assert_eq!(bytes, file.bytes);
    }
}

/// A reply arrives as it was written, whatever is in it, in a stream that a strict reader understands.
pub fn events(data: &[u8]) {
    let reply = text(data);
    let progress = turn::progress(&turn::open().0);
    let session_id = SessionId::parse("00000000-0000-4000-8000-000000000000").expect("an id");
    let answer = MessageAnswer {
        turn: TurnFields { session_id, progress, version: 1 },
        ai_response: reply.clone(),
        is_complete: false,
        changes: Vec::new(),
        degraded: false,
        degraded_because: None,
        model_use: None,
        final_prompt: None,
        workflow: None,
    };
    let sent = LiveTurn::of(&answer).follow().borrow().clone();
    let frames = sent.iter().cloned().map(|event| Ok::<Event, Infallible>(Heard::Event(event).into()));
    let body = Sse::new(futures_util::stream::iter(frames.collect::<Vec<_>>())).into_response().into_body();
    let bytes = body.collect().now_or_never().expect("all is there").expect("a body").to_bytes();
    let read = read_events(std::str::from_utf8(&bytes).expect("UTF-8"));
    assert_eq!(read.len(), sent.len());
    for ((id, name, data), event) in read.iter().zip(&sent) {
        assert_eq!((id, name.as_str(), data), (&event.id.to_string(), event.name, &event.data));
        if name == "token" {
            let data: Value = serde_json::from_str(data).expect("JSON");
            assert_eq!(data["text"], reply);
        }
    }
}

/// Id, name and data of each event, by the rules of the HTML standard, "Parsing an event stream".
fn read_events(stream: &str) -> Vec<(String, String, String)> {
    let stream = stream.replace("\r\n", "\n").replace('\r', "\n");
    let mut events = Vec::new();
    let (mut id, mut name, mut data) = (String::new(), String::new(), Vec::new());
    for line in stream.split('\n') {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" if line.is_empty() && !data.is_empty() => {
                events.push((id.clone(), std::mem::take(&mut name), std::mem::take(&mut data).join("\n")));
            }
            "id" => id = value.to_owned(),
            "event" => name = value.to_owned(),
            "data" => data.push(value.to_owned()),
            "" => {}
            other => panic!("no field of an event: {other:?}"),
        }
    }
    assert!(data.is_empty(), "the last event does not end");
    events
}

/// A document of any kind gives tools or a reason.
pub fn imports(data: &[u8]) {
    let text = text(data);
    for format in [Format::Openapi, Format::Mcp, Format::Json] {
        match import(format, &Value::String(text.clone())) {
            Ok(imported) => {
                assert!(imported.tools.len() <= MAX_TOOLS);
                let ids: HashSet<&str> = imported.tools.iter().map(|tool| tool.id.as_str()).collect();
                assert_eq!(ids.len(), imported.tools.len(), "an id is there twice");
                assert!(imported.skipped.iter().all(|skipped| !skipped.reason.is_empty()));
            }
            Err(error) => assert!(!error.to_string().trim().is_empty()),
        }
    }
}

/// An address never shows its password, whatever stands around it.
pub fn addresses(data: &[u8]) {
    let text = text(data);
    for address in [
        format!("postgres://user:{SECRET}@{text}"),
        format!("postgres://{text}?password={SECRET}"),
        format!("postgres://{text}:{SECRET}@host/database"),
    ] {
        let shown = DatabaseUrl(address);
        assert!(!format!("{shown} {shown:?}").contains(SECRET));
    }
    for address in [format!("redis://user:{SECRET}@{text}"), format!("rediss://{text}:{SECRET}@host/1")] {
        match RedisTarget::parse(&address) {
            Ok(shown) => assert!(!format!("{shown} {shown:?}").contains(SECRET)),
            Err(error) => assert!(!format!("{error} {error:?}").contains(SECRET)),
        }
    }
}
