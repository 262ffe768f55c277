//! Workflow, prompts, files.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Place, ok, problem};

#[tokio::test]
async fn the_workflow_is_there_from_the_first_turn_on() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    server.say(&id, "A phone receptionist who books appointments.").await;
    let answer = server.get_json(&format!("/api/v1/workflows/{id}")).await;
    assert_eq!(answer["is_final"], false);
    assert_eq!(answer["workflow"]["session_id"], json!(id));
    assert_eq!(answer["workflow"]["version"], 2);
    for field in ["nodes", "edges", "goals"] {
        assert!(!answer["workflow"][field].as_array().unwrap().is_empty(), "{field} in {answer}");
    }
    let look = server.get_json(&format!("/api/v1/workflows/{id}/visualize")).await;
    assert!(look["mermaid_diagram"].as_str().unwrap().starts_with("flowchart"), "{look}");
    assert_eq!(look["mermaid_diagram"], answer["mermaid_diagram"]);
    assert_eq!(look["summary"], look["text_summary"]);
    assert!(look["json_structure"]["nodes"].is_array());
    for (file, media_type) in [
        ("svg", "image/svg+xml"),
        ("png", "image/png"),
        ("mmd", "text/plain; charset=utf-8"),
        ("dot", "text/vnd.graphviz; charset=utf-8"),
        ("json", "application/json"),
    ] {
        let answer = server.get(&format!("/api/v1/workflows/{id}/diagram.{file}")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], media_type);
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert_eq!(policy.contains("style-src 'unsafe-inline'"), file == "svg", "{file}: {policy}");
        assert!(answer.bytes().await.unwrap().len() > 100, "{file}");
    }
    let other = server.get(&format!("/api/v1/workflows/{id}/diagram.exe")).await;
    problem(other, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn a_request_that_is_not_understood_changes_nothing() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    server.say(&id, "A phone receptionist.").await;
    let before = server.get_json(&format!("/api/v1/sessions/{id}")).await;
    let nonsense = json!({"changes": ["xyzzy plugh"]});
    let answer = server.post_json(&format!("/api/v1/workflows/{id}/regenerate"), nonsense).await;
    assert_eq!(answer["not_understood"], json!(["xyzzy plugh"]));
    assert_eq!(answer["diff"], json!({"added": [], "removed": [], "changed": []}));
    let review = json!({"approved": false, "requested_changes": "xyzzy plugh"});
    let answer = server.post_json(&format!("/api/v1/workflows/{id}/review"), review).await;
    assert_eq!((&answer["approved"], &answer["is_final"]), (&json!(false), &json!(false)));
    assert_eq!(server.get_json(&format!("/api/v1/sessions/{id}")).await, before);
    let both = json!({"approved": true, "requested_changes": ["drop the greeting"]});
    let both = server.post(&format!("/api/v1/workflows/{id}/review"), both).await;
    problem(both, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    let again = server.request(Method::POST, &format!("/api/v1/workflows/{id}/regenerate")).send().await.unwrap();
    assert_eq!(ok(again).await["not_understood"], json!([]));
    server.stop().await;
}

#[tokio::test]
async fn prompts_of_the_wanted_platforms() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let path = format!("/api/v1/prompts/{id}/generate");
    let two = server.post_json(&path, json!({"formats": ["elevenlabs", "anthropic", "anthropic"]})).await;
    let formats = |answer: &Value| answer.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(formats(&two), ["anthropic", "elevenlabs"]);
    assert_eq!(two["elevenlabs"]["format"], "elevenlabs");
    let all = ok(server.request(Method::POST, &path).send().await.unwrap()).await;
    assert_eq!(formats(&all).len(), 7);
    server.stop().await;
}

#[tokio::test]
async fn exports_are_downloads_and_are_remembered() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let document = server.get_json(&format!("/api/v1/prompts/{id}/export?include_workflow=false")).await;
    assert_eq!(document["session_id"], json!(id));
    assert!(document.get("workflow_diagram").is_none());
    for (format, extension) in [("json", "json"), ("yaml", "yaml"), ("markdown", "md"), ("text", "txt"), ("zip", "zip")]
    {
        for path in [
            format!("/api/v1/prompts/{id}/export/download?format={format}"),
            format!("/s/{id}/download?format={format}"),
        ] {
            let file = server.get(&path).await;
            assert_eq!(file.status(), StatusCode::OK, "{path}");
            let disposition = file.headers()["content-disposition"].to_str().unwrap().to_owned();
            let name = disposition.strip_prefix("attachment; filename=\"").unwrap().trim_end_matches('"');
            assert!(name.ends_with(&format!("agent.{extension}")), "{name}");
            assert!(file.bytes().await.unwrap().len() > 500, "{name}");
        }
    }
    let unknown = server.get(&format!("/api/v1/prompts/{id}/export/download?format=zip&targets=nowhere")).await;
    problem(unknown, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    let one = server.get(&format!("/api/v1/prompts/{id}/export/download?targets=openai_chat")).await;
    let all = server.get(&format!("/api/v1/prompts/{id}/export/download")).await;
    assert!(one.bytes().await.unwrap().len() < all.bytes().await.unwrap().len() / 2);
    let history = server.get_json(&format!("/api/v1/prompts/{id}/exports")).await;
    let history = history["exports"].as_array().unwrap();
    assert_eq!(history.len(), 12);
    assert_eq!((&history[1]["targets"], &history[1]["version"]), (&json!(["openai_chat"]), &json!(1)), "newest first");
    assert_eq!(history[4]["format"], "text");
    server.stop().await;
}

#[tokio::test]
async fn lint_says_what_is_wrong_where_and_what_to_do() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    server.say(&id, "A phone receptionist who books appointments in Google Calendar. Friendly.").await;
    let path = format!("/api/v1/prompts/{id}/lint");
    let sound = server.get_json(&path).await;
    let fields = json!({"constraints": ["Always offer a refund", "Never offer a refund"]});
    ok(server.request(Method::PATCH, &format!("/api/v1/sessions/{id}/spec")).json(&fields).send().await.unwrap()).await;
    let report = server.get_json(&path).await;
    assert!(report["score"].as_u64() < sound["score"].as_u64(), "{report}");
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["rule"] == "contradiction").unwrap();
    assert_eq!((&found["severity"], &found["where"]), (&json!("warning"), &json!({"field": "constraints", "item": 1})));
    assert!(found["message"].as_str().unwrap().contains("contradict") && found["fix"].is_string(), "{found}");
    problem(server.get("/api/v1/prompts/nobody/lint").await, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn each_platform_has_its_own_zip() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    server.say(&id, "A phone receptionist.").await;
    let answer = server.get_json("/api/v1/bundle/targets").await;
    let targets = answer["targets"].as_array().unwrap();
    assert!(targets.len() >= 6, "{answer}");
    for target in targets {
        for field in ["id", "name", "platform"] {
            assert!(target[field].as_str().is_some_and(|text| !text.is_empty()), "{field} in {target}");
        }
        assert!(target["verified_with"].is_null() || target["verified_with"].is_string(), "{target}");
        let name = target["id"].as_str().unwrap();
        let file = server.get(&format!("/api/v1/bundle/{id}/{name}")).await;
        assert_eq!(
            (file.status(), &file.headers()["content-type"]),
            (StatusCode::OK, &"application/zip".parse().unwrap())
        );
        let disposition = file.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(disposition.ends_with(&format!("agent_{name}.zip\"")), "{disposition}");
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file.bytes().await.unwrap())).unwrap();
        let files: Vec<String> =
            target["files"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
        // The list is that of an agent of no kind; some names follow the kind.
        let named = |file: &str| file.replace("/receptionist", "/agent");
        assert_eq!(zip.file_names().map(|file| named(&file.unwrap())).collect::<Vec<_>>(), files, "{name}");
        let mut losses = String::new();
        std::io::Read::read_to_string(&mut zip.by_name("loss.md").unwrap(), &mut losses).unwrap();
        assert!(losses.starts_with("# What"), "{losses}");
    }
    let history = server.get_json(&format!("/api/v1/prompts/{id}/exports")).await;
    assert_eq!(history["exports"].as_array().unwrap().len(), targets.len());
    let unknown = server.get(&format!("/api/v1/bundle/{id}/nowhere")).await;
    let unknown = problem(unknown, StatusCode::NOT_FOUND, "not_found").await;
    assert!(unknown["detail"].as_str().unwrap().contains("elevenlabs"), "{unknown}");
    for path in ["/api/v1/bundle/nobody/generic", "/api/v1/bundle/nobody/%FF"] {
        problem(server.get(path).await, StatusCode::NOT_FOUND, "not_found").await;
    }
    server.stop().await;
}
