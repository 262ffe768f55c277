//! Requests, and models that are asked for them.

use std::time::{Duration, Instant};

use agentwright::llm::models::{ChatMessage, ChatRequest, Delta, Finish, OutputShape, Purpose};
use agentwright::llm::ports::{Answer, ModelError};
use agentwright::llm::service::Models;
use agentwright::llm::settings::ModelSettings;
use agentwright::server::tls::choose_crypto;
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::model::{Dialect, ModelServer};

/// Of one request, with all retries.
pub const TOTAL: Duration = Duration::from_secs(4);

/// Words of which each has characters of several bytes.
pub const MANY_BYTES: &str = "Grüße, 日本語 und 👩‍⚕️ — naïve façade.";

pub fn open(settings: ModelSettings) -> Models {
    choose_crypto();
    Models::open(&settings).unwrap()
}

/// The server as the only provider.
pub fn models_of(server: &ModelServer, dialect: Dialect) -> Models {
    open(ModelSettings { total: TOTAL, ..server.settings_of(dialect) })
}

pub fn request() -> ChatRequest {
    ChatRequest {
        system: "You are brief.".to_owned(),
        messages: vec![ChatMessage::User("A phone receptionist".to_owned())],
        max_output_tokens: 100,
        ..ChatRequest::default()
    }
}

pub fn schema() -> Value {
    json!({
        "type": "object", "properties": {"goal": {"type": "string"}}, "required": ["goal"], "additionalProperties": false,
    })
}

pub fn json_request() -> ChatRequest {
    ChatRequest { output: OutputShape::Json { name: "fields".to_owned(), schema: schema() }, ..request() }
}

/// The text of an answer, and how it ended.
pub async fn read(answer: &mut Answer) -> (String, Result<Finish, ModelError>) {
    let mut text = String::new();
    while let Some(piece) = answer.next().await {
        match piece {
            Ok(Delta::Text(more)) => text.push_str(&more),
            Ok(Delta::End(finish)) => return (text, Ok(finish)),
            Ok(Delta::Usage(_) | Delta::ToolCall(_)) => {}
            Err(error) => return (text, Err(error)),
        }
    }
    panic!("an answer ends with its last piece or an error: {text}")
}

/// Text and end of a request that begins, or why it does not.
pub async fn asked(models: &Models, request: &ChatRequest) -> (String, Result<Finish, ModelError>) {
    match models.ask(Purpose::Phrasing, request).await {
        Ok((_, mut answer)) => read(&mut answer).await,
        Err(error) => (String::new(), Err(error)),
    }
}

/// What work gave, and how long it took.
pub async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let began = Instant::now();
    (work.await, began.elapsed())
}

/// Waits until `is_so`, five seconds at most.
pub async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(5), "waited five seconds for: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
