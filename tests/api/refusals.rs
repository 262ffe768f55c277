//! Bad input: what is refused, how it is said, and that nothing happened.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Place, Server, ok, problem};

async fn send(server: &Server, id: &str, message: &str) -> reqwest::Response {
    server.post(&format!("/api/v1/sessions/{id}/message"), json!({"message": message})).await
}

#[tokio::test]
async fn messages_that_hold_nothing_or_too_much() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    for empty in ["", "   ", "\n\t\r\n", "\u{1}\u{7}\u{1b}"] {
        problem(send(&server, &id, empty).await, StatusCode::UNPROCESSABLE_ENTITY, "invalid").await;
    }
    let nul = problem(send(&server, &id, "a\0b").await, StatusCode::UNPROCESSABLE_ENTITY, "invalid").await;
    assert!(nul["detail"].as_str().unwrap().contains("NUL"));
    problem(send(&server, &id, &"é".repeat(8_001)).await, StatusCode::PAYLOAD_TOO_LARGE, "message_too_long").await;
    assert_eq!(server.transcript(&id).await.len(), 1, "nothing was kept");
    ok(send(&server, &id, &"é".repeat(8_000)).await).await;
    let refused = server.post("/api/v1/sessions/create", json!({"initial_message": " "})).await;
    problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid").await;
    server.stop().await;
}

#[tokio::test]
async fn letters_of_all_kinds_come_back_as_they_were() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let texts = [
        "סוכן שעונה לטלפון \u{202b}(rtl)\u{202c} 🦷👩🏽‍⚕️",
        "العربية مع English و 123",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "[x](javascript:alert(1)) **b** `c` # d \\ {{7*7}} ${x} %s",
        "'; DROP TABLE sessions; --",
        "a\u{301}\u{200d}\u{feff}ﬀ\u{2028}z",
    ];
    for text in texts {
        ok(send(&server, &id, text).await).await;
        assert_eq!(server.times_said(&id, text).await, 1, "{text:?}");
    }
    ok(send(&server, &id, " bell\u{7} and\r\nline\u{0}".trim_end_matches('\0')).await).await;
    assert_eq!(server.times_said(&id, "bell and\nline").await, 1, "control characters are dropped");
    server.stop().await;
}

#[tokio::test]
async fn session_ids_that_are_none_or_not_there() {
    let place = Place::new();
    let server = place.start().await;
    let ids = [
        "00000000-0000-4000-8000-000000000000",
        "not-a-uuid",
        "00000000000040008000000000000000",
        "%00",
        "%ff%fe",
        "..%2f..%2fetc%2fpasswd",
        "1%20OR%201=1",
        "💥",
    ];
    for id in ids {
        for (method, path) in [
            (Method::GET, format!("/api/v1/sessions/{id}/status")),
            (Method::GET, format!("/api/v1/sessions/{id}")),
            (Method::DELETE, format!("/api/v1/sessions/{id}")),
            (Method::POST, format!("/api/v1/sessions/{id}/resume")),
            (Method::GET, format!("/api/v1/workflows/{id}")),
            (Method::GET, format!("/api/v1/prompts/{id}/export")),
            (Method::GET, format!("/sessions/{id}/status")),
        ] {
            let refused = server.request(method, &path).send().await.unwrap();
            let body = problem(refused, StatusCode::NOT_FOUND, "not_found").await;
            assert!(body["detail"].as_str().unwrap().contains("no such interview"), "the same for all: {body}");
        }
        problem(send(&server, id, "hello").await, StatusCode::NOT_FOUND, "not_found").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn bodies_that_do_not_fit() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let path = format!("/api/v1/sessions/{id}/message");
    let raw = |body: &str| {
        let request = server.request(Method::POST, &path).header("content-type", "application/json");
        request.body(body.to_owned()).send()
    };
    for malformed in ["", "{", r#"{"message": "a""#, "nonsense", r#"{"message": "\ud800"}"#] {
        problem(raw(malformed).await.unwrap(), StatusCode::BAD_REQUEST, "malformed_json").await;
    }
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let deep = raw(&format!(r#"{{"message": {deep}}}"#)).await.unwrap();
    assert!(deep.status().is_client_error());
    for (body, field) in [
        (json!({"message": "a", "mesage": "b"}), "mesage"),
        (json!({}), "message"),
        (json!({"message": 7}), "message"),
        (json!({"message": null}), "message"),
        (json!({"message": "a", "expected_version": -1}), "expected_version"),
        (json!({"message": "a", "client_message_id": ""}), "client_message_id"),
        (json!({"message": "a", "client_message_id": "x".repeat(101)}), "client_message_id"),
    ] {
        let refused = problem(server.post(&path, body).await, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    let unknown = server.post("/api/v1/sessions/create", json!({"first_message": "a"})).await;
    let unknown = problem(unknown, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    assert_eq!(unknown["errors"][0]["field"], "first_message");
    let form = server.request(Method::POST, &path).form(&[("message", "a")]).send().await.unwrap();
    problem(form, StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json").await;
    let large = json!({"message": "a".repeat(1_100_000)});
    problem(server.post(&path, large).await, StatusCode::PAYLOAD_TOO_LARGE, "body_too_large").await;
    assert_eq!(server.transcript(&id).await.len(), 1, "nothing was kept");
    server.stop().await;
}

#[tokio::test]
async fn paths_and_methods_that_are_none() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    for path in ["/api", "/api/", "/api/v1/nothing", "/api/v2/sessions", &format!("/api/v1/sessions/{id}/nothing")] {
        problem(server.get(path).await, StatusCode::NOT_FOUND, "not_found").await;
    }
    for (method, path) in [
        (Method::GET, "/api/v1/sessions/create/".to_owned()),
        (Method::PUT, format!("/api/v1/sessions/{id}")),
        (Method::GET, format!("/api/v1/sessions/{id}/message")),
        (Method::POST, "/health".to_owned()),
    ] {
        let refused = server.request(method, &path).send().await.unwrap();
        let status = if path.ends_with('/') { StatusCode::NOT_FOUND } else { StatusCode::METHOD_NOT_ALLOWED };
        let code = if path.ends_with('/') { "not_found" } else { "method_not_allowed" };
        problem(refused, status, code).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn queries_that_do_not_fit() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    for query in ["limit=x", "limit=-1", "status=gone", "unknown=1"] {
        let refused = server.get(&format!("/api/v1/sessions?{query}")).await;
        problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid").await;
    }
    for limit in ["0", "201"] {
        let refused = server.get(&format!("/api/v1/sessions?limit={limit}")).await;
        problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    }
    let (long, far) = ("x".repeat(201), format!("{}_{id}", "9".repeat(14)));
    for query in [format!("q={long}"), "q=a%00b".to_owned(), "cursor=nonsense".to_owned(), format!("cursor={far}")] {
        let refused = server.get(&format!("/api/v1/sessions?{query}")).await;
        problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    }
    let refused = server.get(&format!("/api/v1/sessions/{id}/messages?after=x")).await;
    problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid").await;
    let format = server.get(&format!("/api/v1/prompts/{id}/export/download?format=docx")).await;
    problem(format, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    let formats = server.post(&format!("/api/v1/prompts/{id}/generate"), json!({"formats": ["cobol"]})).await;
    problem(formats, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    server.stop().await;
}

#[tokio::test]
async fn a_completed_interview_takes_no_message() {
    let place = Place::new();
    let server = place.start().await;
    let id = complete(&server).await;
    problem(send(&server, &id, "One more thing.").await, StatusCode::CONFLICT, "session_completed").await;
    let undo = server.request(Method::POST, &format!("/api/v1/sessions/{id}/undo")).send().await.unwrap();
    problem(undo, StatusCode::CONFLICT, "session_completed").await;
    let status = server.get_json(&format!("/api/v1/sessions/{id}/status")).await;
    assert_eq!(status["status"], "completed");
    assert!(status["completed_at"].is_string());

    let reopened = server.request(Method::POST, &format!("/api/v1/sessions/{id}/reopen")).send().await.unwrap();
    assert_eq!(ok(reopened).await["status"], "active");
    ok(send(&server, &id, "One more thing.").await).await;
    server.stop().await;
}

/// A session whose interview is completed by an approval.
async fn complete(server: &Server) -> String {
    let id = server.create().await;
    let fields = json!({"agent_type": "customer_support", "goals": ["Answer questions"], "tone": ["friendly"], "use_tools": false});
    let path = format!("/api/v1/sessions/{id}/spec");
    ok(server.request(Method::PATCH, &path).json(&fields).send().await.unwrap()).await;
    let review = server.post_json(&format!("/api/v1/workflows/{id}/review"), json!({"approved": true})).await;
    assert_eq!((&review["approved"], &review["is_final"]), (&json!(true), &json!(true)), "{review}");
    id
}

#[tokio::test]
async fn an_unfinished_interview_is_not_approved() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let review = server.post(&format!("/api/v1/workflows/{id}/review"), json!({"approved": true})).await;
    let refused: Value = problem(review, StatusCode::CONFLICT, "not_ready").await;
    assert!(refused["detail"].as_str().unwrap().contains("Goals"), "{refused}");
    server.stop().await;
}
