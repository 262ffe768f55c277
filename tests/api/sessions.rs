//! The life of a session.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Place, Server, id_of, ok, problem};

#[tokio::test]
async fn a_session_is_created_talked_to_and_looked_at() {
    let place = Place::new();
    let server = place.start().await;
    let created = server.post("/api/v1/sessions/create", json!({})).await;
    assert_eq!(created.status(), StatusCode::CREATED);
    let created: Value = created.json().await.unwrap();
    let id = id_of(&created);
    assert_eq!(created["status"], "active");
    assert_eq!(created["version"], 1);
    assert!(!created["message"].as_str().unwrap().is_empty());
    assert!(created["created_at"].as_str().unwrap().ends_with('Z'), "{created}");
    for field in ["stage", "asking", "missing_required", "missing_optional", "collected_fields", "progress_percentage"]
    {
        assert!(created.get(field).is_some(), "{field} in {created}");
    }

    let answer = server.say(&id, "It should answer our phone.").await;
    assert_eq!(answer["version"], 2);
    assert_eq!(answer["degraded"], false);
    assert!(!answer["ai_response"].as_str().unwrap().is_empty());
    assert!(answer["changes"].is_array());

    let status = server.get_json(&format!("/api/v1/sessions/{id}/status")).await;
    assert_eq!((&status["version"], &status["conversation_length"]), (&json!(2), &json!(3)));
    assert_eq!(status["collected_info"], status["collected_data"]);
    let document = server.get_json(&format!("/api/v1/sessions/{id}")).await;
    assert_eq!(document["conversation_history"].as_array().unwrap().len(), 3);
    assert!(document.get("owner").is_none() && document.get("interview").is_none(), "{document}");

    let transcript = server.transcript(&id).await;
    assert_eq!(transcript.iter().map(|it| it["seq"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(transcript[1]["content"], "It should answer our phone.");
    let page = server.get_json(&format!("/api/v1/sessions/{id}/messages?after=0&limit=1")).await;
    assert_eq!((page["messages"].as_array().unwrap().len(), &page["next"]), (1, &json!(1)));
    server.stop().await;
}

#[tokio::test]
async fn the_five_first_paths_answer_without_the_base() {
    let place = Place::new();
    let server = place.start().await;
    let created = server.post_json("/sessions/create", json!({"initial_message": "A phone receptionist."})).await;
    let id = id_of(&created);
    assert_eq!(server.times_said(&id, "A phone receptionist.").await, 1);
    server.post_json(&format!("/sessions/{id}/message"), json!({"message": "For a dentist."})).await;
    assert_eq!(server.get_json(&format!("/sessions/{id}/status")).await["conversation_length"], 4);
    assert_eq!(
        ok(server.request(Method::POST, &format!("/sessions/{id}/resume")).send().await.unwrap()).await["status"],
        "active"
    );
    ok(server.request(Method::DELETE, &format!("/sessions/{id}")).send().await.unwrap()).await;
    problem(server.get(&format!("/sessions/{id}/status")).await, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    server.say(&id, "It should answer our phone.").await;
    let before = server.get_json(&format!("/api/v1/sessions/{id}")).await;
    server.stop().await;

    let server = place.start().await;
    assert_eq!(server.get_json(&format!("/api/v1/sessions/{id}")).await, before);
    let resumed =
        ok(server.request(Method::POST, &format!("/api/v1/sessions/{id}/resume")).send().await.unwrap()).await;
    assert_eq!(resumed["status"], "active");
    assert_eq!(resumed["message"], before["conversation_history"][2]["content"]);
    assert_eq!(resumed["collected_fields"], before["collected_fields"]);
    server.stop().await;
}

#[tokio::test]
async fn an_abandoned_session_is_kept_and_resumed() {
    let place = Place::with_expiry(Duration::from_secs(1));
    let server = place.start().await;
    let id = server.create().await;
    server.say(&id, "It should answer our phone.").await;
    let status = format!("/api/v1/sessions/{id}/status");
    wait_for(&server, &status, "abandoned").await;
    let resumed =
        ok(server.request(Method::POST, &format!("/api/v1/sessions/{id}/resume")).send().await.unwrap()).await;
    assert_eq!(resumed["status"], "active");
    assert_eq!(server.transcript(&id).await.len(), 3);
    // A message wakes it up too.
    wait_for(&server, &status, "abandoned").await;
    server.say(&id, "And book appointments.").await;
    assert_eq!(server.transcript(&id).await.len(), 5);
    server.stop().await;
}

async fn wait_for(server: &Server, path: &str, status: &str) {
    for _ in 0..300 {
        if server.get_json(path).await["status"] == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path} never became {status}");
}

#[tokio::test]
async fn delete_leaves_nothing() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    server.say(&id, "Mostly harmless words to look for").await;
    server.get(&format!("/api/v1/prompts/{id}/export/download?format=json")).await;
    ok(server.request(Method::DELETE, &format!("/api/v1/sessions/{id}")).send().await.unwrap()).await;
    for path in ["", "/status", "/messages", "/spec", "/revisions"] {
        problem(server.get(&format!("/api/v1/sessions/{id}{path}")).await, StatusCode::NOT_FOUND, "not_found").await;
    }
    problem(server.get(&format!("/api/v1/workflows/{id}")).await, StatusCode::NOT_FOUND, "not_found").await;
    problem(server.get(&format!("/api/v1/prompts/{id}/exports")).await, StatusCode::NOT_FOUND, "not_found").await;
    let again = server.request(Method::DELETE, &format!("/api/v1/sessions/{id}")).send().await.unwrap();
    problem(again, StatusCode::NOT_FOUND, "not_found").await;
    let message = server.post(&format!("/api/v1/sessions/{id}/message"), json!({"message": "hello?"})).await;
    problem(message, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;

    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}", place.database().display())).await.unwrap();
    let rows: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM messages) + (SELECT count(*) FROM revisions) \
         + (SELECT count(*) FROM prompt_exports)",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn a_repeated_message_gets_the_first_answer() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let path = format!("/api/v1/sessions/{id}/message");
    let message = json!({"message": "It answers the phone.", "client_message_id": "m-1", "expected_version": 1});
    let first = server.post_json(&path, message.clone()).await;
    server.say(&id, "And it books appointments.").await;
    assert_eq!(server.post_json(&path, message.clone()).await, first, "whatever came since");
    let header = server.request(Method::POST, &path).header("Idempotency-Key", "m-1");
    assert_eq!(ok(header.json(&json!({"message": "It answers the phone."})).send().await.unwrap()).await, first);
    let other = json!({"message": "Something else.", "client_message_id": "m-1"});
    let refused =
        problem(server.post(&path, other.clone()).await, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    assert_eq!(refused["errors"][0]["field"], "client_message_id");
    server.stop().await;

    let server = place.start().await;
    assert_eq!(server.post_json(&path, message).await, first, "after a restart");
    problem(server.post(&path, other).await, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    assert_eq!(server.times_said(&id, "It answers the phone.").await, 1);
    assert_eq!(server.transcript(&id).await.len(), 5);
    server.stop().await;
}

/// Whatever changes a session can be sent again under its key.
#[tokio::test]
async fn a_repeated_request_is_made_once() {
    let place = Place::new();
    let server = place.start().await;
    let post = |path: String, key: &'static str, body: Value| {
        let request = server.request(Method::POST, &path).header("Idempotency-Key", key).json(&body);
        async move { request.send().await.unwrap() }
    };
    let key = "5f0c2a2e-7d3c-4a57-9d3e-0d6f6a2f1b11";
    let create = |body: Value| post("/api/v1/sessions/create".to_owned(), key, body);
    let first = ok(create(json!({"initial_message": "A receptionist who books visits"})).await).await;
    let id = id_of(&first);
    server.say(&id, "It is called Mia.").await;
    let again = ok(create(json!({"initial_message": "A receptionist who books visits"})).await).await;
    assert_eq!(again, first, "the same session, as it was answered first");
    let other = create(json!({"initial_message": "A tutor"})).await;
    problem(other, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    let guessed = post("/api/v1/sessions/create".to_owned(), "1", json!({})).await;
    problem(guessed, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;

    let version =
        || async { server.get_json(&format!("/api/v1/sessions/{id}/status")).await["version"].as_u64().unwrap() };
    let before = version().await;
    let undone = ok(post(format!("/api/v1/sessions/{id}/undo"), "u-1", Value::Null).await).await;
    assert_eq!(ok(post(format!("/api/v1/sessions/{id}/undo"), "u-1", Value::Null).await).await, undone);
    assert_eq!(version().await, before + 1, "undone once");
    let redo = post(format!("/api/v1/sessions/{id}/redo"), "u-1", Value::Null).await;
    problem(redo, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    server.stop().await;
}

#[tokio::test]
async fn the_same_message_many_times_at_once_is_one_turn() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let message = json!({"message": "Only once.", "client_message_id": "m-1"});
    let requests = (0..16).map(|_| {
        let request = server.request(Method::POST, &format!("/api/v1/sessions/{id}/message")).json(&message);
        tokio::spawn(async move { ok(request.send().await.unwrap()).await })
    });
    let mut answers = Vec::new();
    for request in requests.collect::<Vec<_>>() {
        answers.push(request.await.unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(server.transcript(&id).await.len(), 3);
    server.stop().await;
}

#[tokio::test]
async fn messages_at_the_same_time_are_all_kept() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let texts: Vec<String> = (0..24).map(|number| format!("Message number {number}.")).collect();
    let requests = texts.iter().map(|text| {
        let path = format!("/api/v1/sessions/{id}/message");
        let request = server.request(Method::POST, &path).json(&json!({"message": text}));
        tokio::spawn(async move { ok(request.send().await.unwrap()).await["version"].as_u64().unwrap() })
    });
    let mut versions = Vec::new();
    for request in requests.collect::<Vec<_>>() {
        versions.push(request.await.unwrap());
    }
    versions.sort_unstable();
    assert_eq!(versions, (2..=25).collect::<Vec<_>>(), "each is a turn of its own");
    for text in &texts {
        assert_eq!(server.times_said(&id, text).await, 1, "{text}");
    }
    server.stop().await;
}

#[tokio::test]
async fn of_two_that_looked_at_the_same_version_one_wins() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let path = format!("/api/v1/sessions/{id}/message");
    let send = |text: &str| {
        let body = json!({"message": text, "expected_version": 1});
        let request = server.request(Method::POST, &path).json(&body);
        tokio::spawn(async move { request.send().await.unwrap() })
    };
    let (one, two) = (send("The one."), send("The other."));
    let answers = [one.await.unwrap(), two.await.unwrap()];
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status().is_success());
    assert_eq!(won.len(), 1);
    for answer in lost {
        assert_eq!(problem(answer, StatusCode::CONFLICT, "version_conflict").await["version"], 2);
    }
    assert_eq!(server.transcript(&id).await.len(), 3);
    server.stop().await;
}

#[tokio::test]
async fn fields_are_edited_by_hand() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let path = format!("/api/v1/sessions/{id}/spec");
    let patch = |body: Value| server.request(Method::PATCH, &path).json(&body).send();
    let spec = ok(patch(json!({"agent_name": "Mia"})).await.unwrap()).await;
    assert_eq!(spec, server.get_json(&path).await);
    assert_eq!(spec["agent_name"]["value"], "Mia");
    assert_eq!(spec["agent_name"]["provenance"], "edited");
    let revisions = server.get_json(&format!("/api/v1/sessions/{id}/revisions")).await;
    assert_eq!(revisions["revisions"][0]["reason"], "Edited: Name", "{revisions}");

    // What is sent together is taken back together.
    ok(patch(json!({"agent_name": "Ann", "channel": "voice", "goals": ["Answer the phone"]})).await.unwrap()).await;
    ok(server.request(Method::POST, &format!("/api/v1/sessions/{id}/undo")).send().await.unwrap()).await;
    assert_eq!(server.get_json(&path).await, spec);

    let refused = patch(json!({"agent_nam": "Mia", "agent_name": "Ann"})).await.unwrap();
    let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    assert_eq!(refused["errors"][0]["field"], "agent_nam");
    assert_eq!(server.get_json(&path).await, spec, "all or nothing");
    problem(patch(json!({})).await.unwrap(), StatusCode::UNPROCESSABLE_ENTITY, "invalid").await;
    problem(patch(json!([])).await.unwrap(), StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    server.stop().await;
}

#[tokio::test]
async fn tools_are_configured_by_hand() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let path = format!("/api/v1/sessions/{id}/spec");
    let patch = |body: Value| server.request(Method::PATCH, &path).json(&body).send();
    let spec = ok(patch(json!({"tools": ["calendar"]})).await.unwrap()).await;
    let mut calendar = spec["tools"]["value"][0].clone();
    calendar["usage_context"] = "Only for new patients.".into();
    let spec = ok(patch(json!({"tools": [calendar, {"id": "sms", "needs_confirmation": false}]})).await.unwrap()).await;
    assert_eq!(spec["tools"]["value"][0]["usage_context"], "Only for new patients.", "{spec}");
    assert_eq!(spec["tools"]["value"][1]["needs_confirmation"], false);
    assert_eq!(spec["use_tools"]["value"], true);
    for contradiction in [
        json!({"use_tools": true, "tools": []}),
        json!({"use_tools": false, "tools": ["calendar"]}),
        json!({"tools": [{"id": "sms", "usage": "x"}]}),
        json!({"tools": [{"id": "sms", "parameters": 3}]}),
    ] {
        let refused = patch(contradiction).await.unwrap();
        problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    }
    assert_eq!(server.get_json(&path).await, spec);
    server.stop().await;
}

#[tokio::test]
async fn there_is_not_always_something_to_undo() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    for step in ["undo", "redo", "reopen"] {
        let refused = server.request(Method::POST, &format!("/api/v1/sessions/{id}/{step}")).send().await.unwrap();
        problem(refused, StatusCode::CONFLICT, "nothing_to_do").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_copy_knows_the_same_and_goes_its_own_way() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    server.say(&id, "A phone receptionist called Mia who books appointments. Friendly.").await;
    let rename = |title: Value| {
        let request = server.request(Method::PATCH, &format!("/api/v1/sessions/{id}"));
        async move { request.json(&json!({ "title": title })).send().await.unwrap() }
    };
    assert_eq!(ok(rename(json!("Front desk")).await).await["title"], "Front desk");
    for bad in [json!(" "), json!("x".repeat(121)), json!(null)] {
        problem(rename(bad).await, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    }
    let workflow = server.get_json(&format!("/api/v1/workflows/{id}")).await["workflow"].clone();
    let edits = json!([{"op": "update_node", "id": workflow["nodes"][1]["id"], "label": "Say hello"}]);
    let drawn = server.request(Method::PATCH, &format!("/api/v1/workflows/{id}"));
    ok(drawn.json(&json!({"version": workflow["version"], "edits": edits})).send().await.unwrap()).await;

    let path = format!("/api/v1/sessions/{id}/duplicate");
    let made = server.request(Method::POST, &path).send().await.unwrap();
    assert_eq!(made.status(), StatusCode::CREATED);
    let made: Value = made.json().await.unwrap();
    let copy = id_of(&made);
    assert_ne!(copy, id);
    assert_eq!((&made["status"], &made["version"]), (&json!("active"), &json!(1)));
    let both = |what: &'static str| {
        let (one, other) = (format!("/api/v1/sessions/{id}{what}"), format!("/api/v1/sessions/{copy}{what}"));
        let server = &server;
        async move { (server.get_json(&one).await, server.get_json(&other).await) }
    };
    let (spec, same) = both("/spec").await;
    assert_eq!(spec, same);
    let drawn = server.get_json(&format!("/api/v1/workflows/{copy}")).await;
    assert_eq!(drawn["workflow"]["nodes"][1]["label"], "Say hello");
    let transcript = server.transcript(&copy).await;
    assert_eq!(transcript.len(), 1);
    let opening = transcript[0]["content"].as_str().unwrap();
    assert!(opening.contains("copy of “Front desk”"), "{opening}");
    assert_eq!(made["message"], opening);

    server.say(&copy, "Change the name to Tom.").await;
    let (spec, other) = both("/spec").await;
    assert_ne!(spec["agent_name"], other["agent_name"]);
    let nobody = server.request(Method::POST, "/api/v1/sessions/nobody/duplicate").send().await.unwrap();
    problem(nobody, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}
