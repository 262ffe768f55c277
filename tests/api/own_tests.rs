//! Tests of the owner's own: kept, shipped, played, dropped.

use std::io::Read;

use agentwright::llm::settings::ModelSettings;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::model::{ModelServer, Script};
use crate::polish::{interview, kept};
use crate::support::{Place, Server, ok, problem};

/// A run in which an appointment is booked.
fn booking() -> Value {
    let call = json!({"id": "c1", "name": "calendar", "arguments": {"date": "2027-01-02"}});
    json!({
        "name": "Books on a Saturday!",
        "messages": [
            {"role": "assistant", "content": "Hello, Mia here."},
            {"role": "user", "content": "Saturday at ten, please"},
            {"role": "assistant", "content": "", "tool_calls": [call]},
            {"role": "tool", "call_id": "c1", "content": "{\"status\": \"closed on Saturdays\"}"},
            {"role": "assistant", "content": "We are closed then."},
        ],
        "expects": {"calls": ["calendar"], "never_calls": ["call_transfer"], "says": ["closed"], "never_says": ["booked"],
            "hands_over": false},
    })
}

async fn tests(server: &Server, id: &str) -> Value {
    server.get_json(&format!("/api/v1/sessions/{id}/tests")).await
}

async fn run(server: &Server, id: &str, name: &str) -> Value {
    server.post_json(&format!("/api/v1/sessions/{id}/tests/{name}/run"), json!({})).await
}

#[tokio::test]
async fn a_run_becomes_a_test_that_ships_and_can_be_taken_back() {
    let place = Place::new();
    let (server, id) = interview(&place, ModelSettings::default()).await;
    let derived = tests(&server, &id).await;
    assert_eq!(derived["can_run"], false);
    let count = derived["tests"].as_array().unwrap().len();
    assert!(count > 3, "{derived}");
    let path = format!("/api/v1/sessions/{id}/tests");
    server.post_json(&path, booking()).await;
    server.post_json(&path, booking()).await;
    let all = tests(&server, &id).await;
    let own: Vec<&Value> = all["tests"].as_array().unwrap().iter().skip(count).collect();
    assert_eq!((&own[0]["name"], &own[1]["name"]), (&json!("books_on_a_saturday"), &json!("books_on_a_saturday_2")));
    assert_eq!(
        (&own[0]["title"], &own[0]["user_says"]),
        (&json!("Books on a Saturday!"), &json!("Saturday at ten, please"))
    );
    assert!(own[0]["expects"].as_str().unwrap().starts_with("Calls `calendar`."), "{}", own[0]);
    let file = server.get(&format!("/api/v1/prompts/{id}/export/download?format=zip")).await;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file.bytes().await.unwrap())).unwrap();
    let mut shipped = String::new();
    zip.by_name("tests.json").unwrap().read_to_string(&mut shipped).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&shipped).unwrap(), all["tests"]);

    let drop = |name: &str| server.request(Method::DELETE, &format!("{path}/{name}")).send();
    ok(drop("books_on_a_saturday").await.unwrap()).await;
    assert_eq!(tests(&server, &id).await["tests"].as_array().unwrap().len(), count + 1);
    problem(drop("books_on_a_saturday").await.unwrap(), StatusCode::CONFLICT, "nothing_to_do").await;
    problem(drop("goal_1").await.unwrap(), StatusCode::CONFLICT, "nothing_to_do").await;
    server.post_json(&format!("/api/v1/sessions/{id}/undo"), json!({})).await;
    assert_eq!(tests(&server, &id).await, all);
    let copy = server.request(Method::POST, &format!("/api/v1/sessions/{id}/duplicate")).send().await.unwrap();
    let copy = ok(copy).await["session_id"].as_str().unwrap().to_owned();
    assert_eq!(tests(&server, &copy).await, all);
    server.stop().await;
}

#[tokio::test]
async fn tests_that_make_no_sense_are_refused() {
    let place = Place::new();
    let (server, id) = interview(&place, ModelSettings::default()).await;
    let before = kept(&server, &id).await;
    let with = |change: fn(&mut Value)| {
        let mut test = booking();
        change(&mut test);
        test
    };
    for test in [
        with(|test| test["name"] = json!(" ")),
        with(|test| test["name"] = json!("x".repeat(81))),
        with(|test| test["messages"] = json!([])),
        with(|test| test["messages"] = json!([{"role": "assistant", "content": "Hello"}])),
        with(|test| test["expects"]["calls"] = json!(["payments"])),
        with(|test| test["expects"]["says"] = json!([""])),
        with(|test| test["expects"]["sings"] = json!(true)),
    ] {
        let refused = server.post(&format!("/api/v1/sessions/{id}/tests"), test).await;
        problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    }
    assert_eq!(kept(&server, &id).await, before);
    server.stop().await;
}

#[tokio::test]
async fn a_test_is_played_with_its_recorded_answers_and_judged() {
    let place = Place::new();
    let booked = || Script::tool_call("calendar", json!({"date": "2027-01-02", "time": "10:00", "name": "Ann"}));
    let models = ModelServer::queue([
        booked(),
        Script::text("I am sorry, we are closed on Saturdays."),
        booked(),
        Script::text("You are booked!"),
        Script::tool_call("call_transfer", json!({"destination": "front desk"})),
        Script::text("Putting you through."),
        booked(),
    ])
    .await;
    let (server, id) = interview(&place, models.settings()).await;
    server.post_json(&format!("/api/v1/sessions/{id}/tests"), booking()).await;
    let before = kept(&server, &id).await;
    let good = run(&server, &id, "books_on_a_saturday").await;
    assert_eq!((&good["passed"], &good["note"]), (&json!(true), &Value::Null), "{good}");
    assert_eq!(good["checks"].as_array().unwrap().len(), 5);
    assert!(good["messages"].to_string().contains("closed on Saturdays"), "the recorded answer is given: {good}");
    let bad = run(&server, &id, "books_on_a_saturday").await;
    let failed = bad["checks"].as_array().unwrap().iter().filter(|check| check["passed"] == false).count();
    assert_eq!((&bad["passed"], failed), (&json!(false), 2), "{bad}");
    let passed_on = run(&server, &id, "books_on_a_saturday").await;
    assert_eq!(passed_on["passed"], false);
    // From here on the agent calls and calls: the run is stopped.
    let endless = run(&server, &id, "books_on_a_saturday").await;
    assert_eq!(endless["passed"], Value::Null);
    assert!(endless["note"].as_str().unwrap().contains("stopped"), "{endless}");
    let derived = run(&server, &id, "goal_1").await;
    assert_eq!(derived["passed"], Value::Null);
    assert_eq!(kept(&server, &id).await, before);
    let unknown = server.post(&format!("/api/v1/sessions/{id}/tests/nothing/run"), json!({})).await;
    problem(unknown, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn a_model_that_fails_ends_the_run() {
    let place = Place::new();
    let models = ModelServer::always(Script::status(401)).await;
    let (server, id) = interview(&place, models.settings()).await;
    server.post_json(&format!("/api/v1/sessions/{id}/tests"), booking()).await;
    let before = kept(&server, &id).await;
    let answer = server.post(&format!("/api/v1/sessions/{id}/tests/books_on_a_saturday/run"), json!({})).await;
    problem(answer, StatusCode::SERVICE_UNAVAILABLE, "model_failed").await;
    assert_eq!(kept(&server, &id).await, before);
    server.stop().await;
}
