//! Agents that come back from a bundle, and findings that one click mends.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Place, Server, id_of, ok, problem};

const AGENT: &str = "A friendly phone receptionist called Mia for our clinic. She books appointments in Google Calendar \
                     and tells callers our opening hours. She must never give medical advice.";

async fn receptionist(server: &Server) -> String {
    let id = server.create().await;
    server.say(&id, AGENT).await;
    id
}

#[tokio::test]
async fn an_exported_agent_opens_again_with_where_it_came_from() {
    let place = Place::new();
    let server = place.start().await;
    let id = receptionist(&server).await;
    let spec = server.get_json(&format!("/api/v1/sessions/{id}/spec")).await;
    let whole = server.get_json(&format!("/api/v1/prompts/{id}/export")).await;
    for document in [spec.clone(), whole] {
        let answer = server.post("/api/v1/sessions/import", json!({ "document": document })).await;
        assert_eq!(answer.status(), StatusCode::CREATED);
        let copy = id_of(&ok(answer).await);
        assert_ne!(copy, id);
        let back = server.get_json(&format!("/api/v1/sessions/{copy}/spec")).await;
        assert_eq!(back["goals"]["items"], spec["goals"]["items"]);
        assert_eq!(back["goals"]["provenance"], "said");
        // It goes on like any other.
        server.say(&copy, "Make it more formal, please.").await;
        assert_eq!(server.get_json(&format!("/api/v1/sessions/{id}/spec")).await, spec, "the first one is as it was");
    }
    server.stop().await;
}

#[tokio::test]
async fn an_open_agent_spec_agent_opens_as_a_session() {
    let place = Place::new();
    let server = place.start().await;
    let agent = json!({
        "component_type": "Agent", "agentspec_version": "25.4.1", "id": "x", "name": "front_desk",
        "description": "Answers callers.", "system_prompt": "You are kind.",
        "tools": [{ "component_type": "ServerTool", "name": "book_visit", "description": "Books a visit",
            "inputs": [{ "title": "day", "type": "string" }] }],
    });
    let id = id_of(&server.post_json("/api/v1/sessions/import", json!({ "document": agent })).await);
    let spec = server.get_json(&format!("/api/v1/sessions/{id}/spec")).await;
    assert_eq!(spec["agent_name"]["value"], "front desk");
    assert_eq!(spec["tools"]["value"][0]["id"], "book_visit");
    assert_eq!(spec["goals"]["provenance"], "inferred");
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_agent_is_refused_with_its_place() {
    let place = Place::new();
    let server = place.start().await;
    let refused = async |document: Value| {
        let answer = server.post("/api/v1/sessions/import", json!({ "document": document })).await;
        let body = problem(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
        body["errors"][0]["field"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(json!({"hello": 1})).await, "document");
    assert_eq!(refused(json!({"spec_version": "7"})).await, "spec_version");
    assert_eq!(refused(json!({"spec_version": "1", "mood": {}})).await, "mood");
    let goal = json!({"value": [""], "items": [{"value": "", "provenance": "said", "evidence": null}]});
    assert_eq!(refused(json!({"spec_version": "1", "goals": goal})).await, "spec.goals");
    server.stop().await;
}

#[tokio::test]
async fn a_click_mends_a_finding_as_a_revision() {
    let place = Place::new();
    let server = place.start().await;
    let id = receptionist(&server).await;
    let notes = json!({"additional_notes": ["Never argue.", "never argue"]});
    let path = format!("/api/v1/sessions/{id}/spec");
    ok(server.request(reqwest::Method::PATCH, &path).json(&notes).send().await.unwrap()).await;
    let lint = server.get_json(&format!("/api/v1/prompts/{id}/lint")).await;
    let findings = lint["findings"].as_array().unwrap();
    let twice = findings.iter().find(|finding| finding["rule"] == "repetition").unwrap();
    assert_eq!(twice["can_fix"], true, "{twice}");
    let click = json!({"rule": "repetition", "where": twice["where"]});
    let fix = format!("/api/v1/prompts/{id}/lint/fix");
    let answer = server.post_json(&fix, click.clone()).await;
    assert_eq!(answer["changes"][0]["field"], "additional_notes");
    assert!(answer["report"]["score"].as_u64() > lint["score"].as_u64(), "{answer}");
    let revisions = server.get_json(&format!("/api/v1/sessions/{id}/revisions")).await;
    assert!(revisions.to_string().contains("Mended: repetition"), "{revisions}");
    problem(server.post(&fix, click).await, StatusCode::CONFLICT, "nothing_to_do").await;
    server.post_json(&format!("/api/v1/sessions/{id}/undo"), json!({})).await;
    let back = server.get_json(&path).await;
    assert_eq!(back["additional_notes"]["value"].as_array().unwrap().len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn the_zip_holds_the_conversation_the_picture_and_a_manifest() {
    let place = Place::new();
    let server = place.start().await;
    let id = receptionist(&server).await;
    let path = format!("/api/v1/prompts/{id}/export/download?format=zip");
    let first = server.get(&path).await.bytes().await.unwrap();
    assert_eq!(first, server.get(&path).await.bytes().await.unwrap(), "the same version, the same bytes");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(first)).unwrap();
    for name in ["manifest.json", "transcript.md", "workflow.png", "lint.json", "prompts/anthropic.md"] {
        assert!(archive.by_name(name).is_ok(), "{name}");
    }
    server.stop().await;
}
