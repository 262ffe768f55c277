//! Turns that a model takes part in: what it adds, what it can spoil (nothing), and what its listeners hear.

use std::time::{Duration, Instant};

use agentwright::llm::settings::ModelSettings;
use agentwright::server::config::Config;
use reqwest::Method;
use serde_json::{Value, json};

use crate::model::{Dialect, ModelServer, Script};
use crate::support::{Place, Server};
use crate::turns::{events, names};

const SAID: &str = "A phone receptionist for our clinic that books visits. Nobody waits longer than a minute, that is \
    what I would call a good day.";
/// Of one call, with its retries.
const TOTAL: Duration = Duration::from_secs(2);

/// What a good model makes of [`SAID`].
fn reading() -> Value {
    json!({
        "findings": [{
            "field": "success_criteria", "op": "add", "value": "Nobody waits longer than a minute",
            "quote": "Nobody waits longer than a minute", "message": 0,
        }],
        "heard": "A receptionist for your clinic, then, and no long waits. 🦷",
        "question": {"field": "goals", "text": "Besides booking visits, what else must she do?"},
    })
}

async fn server_with(place: &Place, model: &ModelServer, dialect: Dialect) -> Server {
    let models = ModelSettings { total: TOTAL, ..model.settings_of(dialect) };
    place.start_with(Config { models, ..Config::default() }).await
}

fn fields(status: &Value) -> Value {
    status["collected_info"].clone()
}

async fn status(server: &Server, id: &str) -> Value {
    server.get_json(&format!("/api/v1/sessions/{id}/status")).await
}

/// What [`SAID`] comes to without a model.
async fn unaided() -> Value {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    server.post_json(&format!("/api/v1/sessions/{id}/message"), json!({"message": SAID})).await;
    let fields = fields(&status(&server, &id).await);
    server.stop().await;
    fields
}

#[tokio::test]
async fn one_call_reads_the_message_and_words_the_reply() {
    for dialect in Dialect::BOTH {
        let model = ModelServer::always(Script::json(reading()).in_chunks(7)).await;
        let place = Place::new();
        let server = server_with(&place, &model, dialect).await;
        let id = server.create().await;
        let said = json!({"message": SAID, "client_message_id": "m-1"});
        let answer = server.post_json(&format!("/api/v1/sessions/{id}/message"), said.clone()).await;
        assert_eq!(
            answer["ai_response"],
            "A receptionist for your clinic, then, and no long waits. 🦷 Besides booking visits, what else must she do?"
        );
        assert_eq!(answer["asking"]["question"], "Besides booking visits, what else must she do?");
        assert_eq!((&answer["degraded"], &answer["model_use"]["calls"]), (&json!(false), &json!(1)));
        let spec = server.get_json(&format!("/api/v1/sessions/{id}/spec")).await;
        let found = &spec["success_criteria"];
        assert_eq!(found["provenance"], "said", "{found}");
        let used = &status(&server, &id).await["model_use"];
        assert_eq!((&used["calls"], &used["input_tokens"]), (&json!(1), &answer["model_use"]["input_tokens"]));
        // What it reads by itself stands as it would without the model.
        let mut with = fields(&status(&server, &id).await);
        with.as_object_mut().unwrap().remove("success_criteria");
        assert_eq!(with, unaided().await);
        // Sent again it is the same turn, and the model is not asked.
        assert_eq!(server.post_json(&format!("/api/v1/sessions/{id}/message"), said).await, answer);
        // What is a command, or a choice that was offered, needs no model.
        for plain in ["undo", "skip"] {
            server.post_json(&format!("/api/v1/sessions/{id}/message"), json!({"message": plain})).await;
        }
        assert_eq!(model.requests().len(), 1);
        server.stop().await;
    }
}

#[tokio::test]
async fn listeners_hear_fields_first_and_words_as_they_come() {
    let model = ModelServer::always(Script::json(reading()).in_bytes(3).paced(Duration::from_millis(1))).await;
    let place = Place::new();
    let server = server_with(&place, &model, Dialect::OpenAi).await;
    let id = server.create().await;
    let said = json!({"message": SAID, "client_message_id": "m-1"});
    server.post_json(&format!("/api/v1/sessions/{id}/turns"), said).await;
    let heard = events(&server, &id, "m-1", None).await;
    let names = names(&heard);
    assert_eq!(&names[..2], ["fields", "workflow"]);
    assert_eq!(names.last(), Some(&"done"));
    assert!(names.iter().filter(|name| **name == "token").count() >= 2, "{names:?}");
    let words: String = heard.iter().filter(|(_, name, _)| name == "token").map(|(.., data)| text(data)).collect();
    assert_eq!(words, text_of(&heard.last().unwrap().2, "ai_response"));
    server.stop().await;
}

fn text(data: &Value) -> String {
    text_of(data, "text")
}

fn text_of(data: &Value, name: &str) -> String {
    data[name].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_stopped_turn_keeps_what_came() {
    let model = ModelServer::always(Script::json(reading()).in_chunks(4).paced(Duration::from_millis(20))).await;
    let place = Place::new();
    let server = server_with(&place, &model, Dialect::OpenAi).await;
    let id = server.create().await;
    let began = Instant::now();
    server.post_json(&format!("/api/v1/sessions/{id}/turns"), json!({"message": SAID, "client_message_id": "m"})).await;
    while model.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let stop = format!("/api/v1/sessions/{id}/turns/m/stop");
    assert_eq!(server.request(Method::POST, &stop).send().await.unwrap().status(), 202);
    let heard = events(&server, &id, "m", None).await;
    assert_eq!(names(&heard).last(), Some(&"done"));
    assert!(began.elapsed() < TOTAL, "the stop waited for the model");
    let done = &heard.last().unwrap().2;
    assert_eq!(done["degraded"], false);
    assert_eq!(server.times_said(&id, SAID).await, 1);
    assert_eq!(status(&server, &id).await["conversation_length"], 3);
    server.stop().await;
}

#[tokio::test]
async fn whatever_a_model_does_the_turn_is_made() {
    let half = reading().to_string();
    let half = &half[..half.len() / 4];
    let odd = json!({
        "findings": [
            {"field": "tone", "op": "add", "value": "sarcastic_pirate", "quote": "phone", "message": 0},
            {"field": "stage", "op": "add", "value": "completed", "quote": "phone", "message": 0},
            {"field": "agent_name", "op": "replace", "value": "Zed", "quote": "call it Zed", "message": 0},
            {"field": "tools", "op": "add", "value": "no_such_tool", "quote": "books visits", "message": 7},
        ],
        "heard": "I have approved everything and sent you an e-mail.", "question": {"field": "stage", "text": "Done?"},
    });
    let scripts = [
        ("a byte a second", Script::json(reading()).crawling(), true),
        ("never", Script::never(), true),
        ("a head and no more", Script::silence(), true),
        ("429", Script::rate_limited(None), true),
        ("429, soon", Script::rate_limited(Some("1")), true),
        ("429, much later", Script::rate_limited(Some("3600")), true),
        ("500", Script::status(500), true),
        ("529", Script::status(529), true),
        ("401", Script::status(401), true),
        ("cut mid-stream", Script::json(reading()).in_chunks(5).cut_after(300), true),
        ("garbage", Script::garbage(), true),
        ("truncated", Script::truncated(half), true),
        ("not the schema", Script::json(json!({"fields": {"tone": "friendly"}})), true),
        ("prose", Script::text("Sure! I have set everything up for you."), true),
        ("refusal", Script::refusal(), true),
        ("empty", Script::empty(), true),
        ("endless", Script::endless(), true),
        ("wrong ids and invented quotes", Script::json(odd), false),
    ];
    let unaided = unaided().await;
    for dialect in Dialect::BOTH {
        let all = scripts.iter().map(async |(what, script, is_degraded)| {
            let model = ModelServer::always(script.clone()).await;
            let place = Place::new();
            let server = server_with(&place, &model, dialect).await;
            let id = server.create().await;
            let began = Instant::now();
            let answer = server.post_json(&format!("/api/v1/sessions/{id}/message"), json!({"message": SAID})).await;
            // Our own work and that of all the others come on top.
            assert!(began.elapsed() < 2 * TOTAL, "{what}: {:?}", began.elapsed());
            assert_eq!(answer["degraded"], *is_degraded, "{what}: {answer}");
            assert_eq!(answer["degraded_because"].is_string(), *is_degraded, "{what}");
            assert!(!answer["ai_response"].as_str().unwrap().contains("approved"), "{what}");
            let status = status(&server, &id).await;
            assert_eq!(fields(&status), unaided, "{what}");
            assert_eq!((&status["conversation_length"], &status["version"]), (&json!(3), &json!(2)), "{what}");
            server.stop().await;
        });
        futures_util::future::join_all(all).await;
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_is_asked_for_once_more() {
    let model = ModelServer::queue([Script::text("{\"findings\": oops"), Script::json(reading())]).await;
    let place = Place::new();
    let server = server_with(&place, &model, Dialect::OpenAi).await;
    let id = server.create().await;
    let answer = server.post_json(&format!("/api/v1/sessions/{id}/message"), json!({"message": SAID})).await;
    assert_eq!((&answer["degraded"], &answer["model_use"]["calls"]), (&json!(false), &json!(2)));
    assert!(answer["collected_fields"].as_array().unwrap().contains(&json!("success_criteria")), "{answer}");
    assert_eq!(model.requests().len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn one_model_reads_and_another_words() {
    let (reader, writer) = (
        ModelServer::always(Script::json(reading())).await,
        ModelServer::always(Script::text("Short waits, noted. Besides visits, what else should it do?").in_chunks(5))
            .await,
    );
    let settings = reader.settings_of(Dialect::OpenAi);
    let providers = [settings.providers, writer.settings_of(Dialect::Anthropic).providers].concat();
    let place = Place::new();
    let models = ModelSettings { total: TOTAL, providers, ..ModelSettings::default() };
    let server = place.start_with(Config { models, ..Config::default() }).await;
    let created = server.post("/api/v1/sessions/create", json!({"initial_message": SAID})).await;
    let created: Value = created.json().await.unwrap();
    assert_eq!(created["message"], "Short waits, noted. Besides visits, what else should it do?");
    assert_eq!((reader.requests().len(), writer.requests().len()), (1, 1));
    server.stop().await;
}
