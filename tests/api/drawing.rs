//! Changing the graph by hand.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Place, Server, ok, problem};

async fn receptionist(server: &Server) -> (String, Value) {
    let id = server.create().await;
    server.say(&id, "A phone receptionist called Mia who books appointments in Google Calendar and is friendly.").await;
    let workflow = server.get_json(&format!("/api/v1/workflows/{id}")).await["workflow"].clone();
    (id, workflow)
}

async fn patch(server: &Server, id: &str, body: Value) -> reqwest::Response {
    server.request(Method::PATCH, &format!("/api/v1/workflows/{id}")).json(&body).send().await.unwrap()
}

fn labels(answer: &Value) -> Vec<String> {
    let nodes = answer["workflow"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["label"].as_str().unwrap().to_owned()).collect()
}

fn greeting(workflow: &Value) -> (Value, Value) {
    let nodes = workflow["nodes"].as_array().unwrap();
    let greeting = nodes.iter().find(|node| node["type"] == "greeting").unwrap()["id"].clone();
    let edge = workflow["edges"].as_array().unwrap().iter().find(|edge| edge["source"] == greeting).unwrap();
    (greeting, edge["target"].clone())
}

#[tokio::test]
async fn what_is_drawn_is_one_revision_stays_and_can_be_undone() {
    let place = Place::new();
    let server = place.start().await;
    let (id, workflow) = receptionist(&server).await;
    let (greeting, next) = greeting(&workflow);
    let edits = json!([
        {"op": "add_node", "type": "response", "label": "Say that calls are recorded"},
        {"op": "update_edge", "source": greeting, "target": next, "new_target": "say_that_calls_are_recorded"},
        {"op": "add_edge", "source": "say_that_calls_are_recorded", "target": next},
        {"op": "update_node", "id": greeting, "label": "Say hello", "config": {"say": "Hi, Mia here."}},
    ]);
    let revisions = || async {
        let answer = server.get_json(&format!("/api/v1/sessions/{id}/revisions")).await;
        answer["revisions"].as_array().unwrap().clone()
    };
    let before = revisions().await.len();
    let answer = ok(patch(&server, &id, json!({"version": workflow["version"], "edits": edits})).await).await;
    assert_eq!(answer["problems"], json!([]));
    assert_eq!(labels(&answer)[1..3], ["Say hello", "Say that calls are recorded"]);
    assert_eq!(answer["workflow"]["version"].as_u64(), workflow["version"].as_u64().map(|version| version + 1));
    assert_eq!(server.get_json(&format!("/api/v1/workflows/{id}")).await, answer);
    assert_eq!(revisions().await.len(), before + 1);

    server.say(&id, "It should also answer questions about prices, and be formal.").await;
    let later = server.get_json(&format!("/api/v1/workflows/{id}")).await;
    assert_eq!(labels(&later)[1..3], ["Say hello", "Say that calls are recorded"], "{later}");
    assert!(later["workflow"]["goals"].as_array().unwrap().len() > workflow["goals"].as_array().unwrap().len());

    for _ in 0..2 {
        ok(server.request(Method::POST, &format!("/api/v1/sessions/{id}/undo")).send().await.unwrap()).await;
    }
    let undone = server.get_json(&format!("/api/v1/workflows/{id}")).await;
    assert_eq!(undone["workflow"]["nodes"], workflow["nodes"]);
    server.stop().await;
}

#[tokio::test]
async fn what_would_break_the_flow_is_refused_as_a_whole() {
    let place = Place::new();
    let server = place.start().await;
    let (id, workflow) = receptionist(&server).await;
    let (greeting, next) = greeting(&workflow);
    let version = &workflow["version"];
    let unchanged = server.get_json(&format!("/api/v1/sessions/{id}")).await;
    let edits = json!([
        {"op": "update_node", "id": greeting, "label": "Say hello"},
        {"op": "remove_edge", "source": greeting, "target": next},
        {"op": "add_node", "type": "tool_call", "label": "Fax it", "config": {"tool": "calendar"}},
    ]);
    let refused = patch(&server, &id, json!({"version": version, "edits": edits})).await;
    let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    let errors = refused["errors"].as_array().unwrap();
    assert_eq!((&errors[0]["field"], &errors[1]["field"]), (&json!("edits[1]"), &json!("edits[2]")), "{refused}");
    assert_eq!(errors.len(), 2, "one for each edit: {refused}");
    assert!(errors[0]["message"].as_str().unwrap().contains("No end can be reached"), "{refused}");
    assert!(errors[1]["message"].as_str().unwrap().contains("has no failure path"), "{refused}");

    let unknown = json!([{"op": "remove_node", "id": "nowhere"}]);
    let unknown = patch(&server, &id, json!({"version": version, "edits": unknown})).await;
    let unknown = problem(unknown, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    assert!(unknown["errors"][0]["message"].as_str().unwrap().contains("there is start_node"), "{unknown}");

    let rename = json!({"op": "update_node", "id": greeting, "label": "Hello"});
    let stale = patch(&server, &id, json!({"version": 1, "edits": [rename]})).await;
    assert_eq!(problem(stale, StatusCode::CONFLICT, "version_conflict").await["version"], *version);
    for (edits, field) in [
        (json!([]), "edits"),
        (json!(vec![rename.clone(); 101]), "edits"),
        (json!([{"op": "paint_node", "id": greeting}]), "edits[0].op"),
        (json!([{"op": "remove_node", "id": greeting, "colour": "red"}]), "colour"),
        (json!([{"op": "update_node", "id": greeting, "config": {"goals": [0]}}]), "goals"),
        (json!([rename, {"op": "update_node", "id": greeting, "label": "x".repeat(33)}]), "edits[1]"),
    ] {
        let refused = patch(&server, &id, json!({"version": version, "edits": edits})).await;
        let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    assert_eq!(server.get_json(&format!("/api/v1/sessions/{id}")).await, unchanged);
    let nobody = patch(&server, "00000000-0000-0000-0000-000000000000", json!({"version": 1, "edits": [rename]})).await;
    problem(nobody, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}
