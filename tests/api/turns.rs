//! Turns that are followed while they are made.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::{Place, Server, ok, problem};

/// The events of a turn: id, name and data.
pub async fn events(server: &Server, id: &str, turn: &str, after: Option<&str>) -> Vec<(u64, String, Value)> {
    let mut request = server.request(Method::GET, &format!("/api/v1/sessions/{id}/turns/{turn}/events"));
    if let Some(after) = after {
        request = request.header("last-event-id", after);
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let text = answer.text().await.unwrap();
    let field = |event: &str, name: &str| {
        event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned))
    };
    let event = |event: &str| {
        let id = field(event, "id")?.parse().unwrap();
        Some((id, field(event, "event")?, serde_json::from_str(&field(event, "data")?).unwrap()))
    };
    text.split("\n\n").filter_map(event).collect()
}

pub fn names(events: &[(u64, String, Value)]) -> Vec<&str> {
    events.iter().map(|(_, name, _)| name.as_str()).collect()
}

#[tokio::test]
async fn a_turn_is_followed_and_read_again_from_any_point() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let said = json!({"message": "A receptionist 🦷 that books visits", "client_message_id": "m-1"});
    let started = server.post(&format!("/api/v1/sessions/{id}/turns"), said.clone()).await;
    assert_eq!(started.status(), StatusCode::ACCEPTED);
    assert_eq!(ok(started).await, json!({"turn_id": "m-1"}));
    let all = events(&server, &id, "m-1", None).await;
    assert_eq!(names(&all), ["fields", "workflow", "token", "done"]);
    assert_eq!(all.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let done = &all[3].2;
    assert_eq!(done["ai_response"], all[2].2["text"]);
    assert_eq!(done["collected_fields"], all[0].2["turn"]["collected_fields"]);
    assert_eq!(names(&events(&server, &id, "m-1", Some("2")).await), ["token", "done"]);
    // Sent again, also as a plain message, it is the same turn.
    ok(server.post(&format!("/api/v1/sessions/{id}/turns"), said.clone()).await).await;
    assert_eq!(&server.post_json(&format!("/api/v1/sessions/{id}/message"), said.clone()).await, done);
    assert_eq!(server.times_said(&id, said["message"].as_str().unwrap()).await, 1);
    let other = json!({"message": "Something else", "client_message_id": "m-1"});
    let refused = server.post(&format!("/api/v1/sessions/{id}/turns"), other).await;
    problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    let stopped = server.request(Method::POST, &format!("/api/v1/sessions/{id}/turns/m-1/stop")).send().await.unwrap();
    assert_eq!(stopped.status(), StatusCode::ACCEPTED);
    server.stop().await;

    // Another server knows the turn from the store.
    let server = place.start().await;
    let again = events(&server, &id, "m-1", None).await;
    assert_eq!(names(&again), ["fields", "token", "done"]);
    assert_eq!(&again[2].2, done);
    server.stop().await;
}

#[tokio::test]
async fn a_refused_turn_ends_with_its_reason() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let late = json!({"message": "A tutor", "expected_version": 7});
    let started = server.post_json(&format!("/api/v1/sessions/{id}/turns"), late).await;
    let turn = started["turn_id"].as_str().unwrap().to_owned();
    let heard = events(&server, &id, &turn, None).await;
    assert_eq!(names(&heard), ["error"]);
    assert_eq!((&heard[0].2["code"], &heard[0].2["version"]), (&json!("version_conflict"), &json!(1)));
    let empty = server.post(&format!("/api/v1/sessions/{id}/turns"), json!({"message": " "})).await;
    problem(empty, StatusCode::UNPROCESSABLE_ENTITY, "invalid").await;
    let strange = "00000000-0000-4000-8000-000000000000";
    let unknown = server.post(&format!("/api/v1/sessions/{strange}/turns"), json!({"message": "hi"})).await;
    problem(unknown, StatusCode::NOT_FOUND, "not_found").await;
    let unknown = server.request(Method::POST, &format!("/api/v1/sessions/{id}/turns/none/stop")).send().await.unwrap();
    problem(unknown, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn a_caller_that_leaves_loses_nothing() {
    let place = Place::new();
    let server = place.start().await;
    for round in 0..20 {
        let id = server.create().await;
        let body = json!({"message": "It books appointments."}).to_string();
        let head = format!(
            "POST /api/v1/sessions/{id}/message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_micros(400 * round)).await;
        drop(stream);
        tokio::time::sleep(Duration::from_millis(60)).await;
        // The cache answers the one, the store the other; on a slow machine the turn ends between the two.
        let began = Instant::now();
        loop {
            let status = server.get_json(&format!("/api/v1/sessions/{id}/status")).await;
            let kept = server.transcript(&id).await.len();
            if status["conversation_length"] == kept {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(10), "{kept} messages, and {status}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    server.stop().await;
}
