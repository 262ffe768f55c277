//! Health and the API's own documentation.

use agentwright::server::router::openapi;
use reqwest::StatusCode;
use serde_json::Value;

use crate::support::Place;

#[tokio::test]
async fn health_names_its_checks() {
    let place = Place::new();
    let server = place.start().await;
    let health = server.get_json("/health").await;
    assert_eq!(health["status"], "healthy");
    assert_eq!(health["service"], "agentwright");
    for check in ["database", "cache", "llm"] {
        assert!(health["checks"][check].is_string(), "{health}");
    }
    assert!(health["timestamp"].is_string() && health["version"].is_string());
    for probe in ["live", "ready"] {
        assert_eq!(server.get(&format!("/health/{probe}")).await.status(), StatusCode::OK);
    }
    server.stop().await;
}

#[tokio::test]
async fn documentation_comes_from_the_server_alone() {
    let place = Place::new();
    let server = place.start().await;
    let document = server.get_json("/openapi.json").await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for page in ["/docs/", "/redoc"] {
        let answer = server.get(page).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self';"));
        let html = answer.text().await.unwrap();
        assert!(!html.contains("//cdn") && !html.contains("src=\"http"), "{html}");
    }
    assert_eq!(server.get("/docs/swagger-ui-bundle.js").await.status(), StatusCode::OK);
    assert_eq!(server.get("/redoc/redoc.standalone.js").await.status(), StatusCode::OK);
    server.stop().await;
}

#[test]
fn the_openapi_document_changes_only_on_purpose() {
    insta::assert_json_snapshot!(openapi());
}

#[test]
fn every_operation_says_how_it_fails() {
    let document = serde_json::to_value(openapi()).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} twice");
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            if path.starts_with("/api/") {
                let responses: &Value = &operation["responses"];
                for status in ["422", "500", "503"] {
                    assert!(responses[status].is_object(), "{method} {path} without {status}");
                }
            }
        }
    }
    assert!(ids.len() >= 25, "{ids:?}");
}

#[test]
fn every_reference_of_the_openapi_document_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = serde_json::to_value(openapi()).unwrap();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 50);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}
