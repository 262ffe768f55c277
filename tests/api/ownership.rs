//! Whose a session is.

use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::support::{Place, Server, id_of, ok, problem, visitor};

/// A visitor of the page, who has the cookie.
async fn page_visitor(server: &Server) -> Client {
    let client = visitor();
    let page = client.get(server.url("/")).header("accept", "text/html").send().await.unwrap();
    let cookie = page.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("agentwright_owner="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    client
}

async fn create(server: &Server, client: &Client, text: &str) -> String {
    let request = client.post(server.url("/api/v1/sessions/create")).json(&json!({"initial_message": text}));
    id_of(&ok(request.send().await.unwrap()).await)
}

#[tokio::test]
async fn a_session_made_with_the_cookie_answers_only_to_it() {
    let place = Place::new();
    let server = place.start().await;
    let (mine, other, nobody) = (page_visitor(&server).await, page_visitor(&server).await, visitor());
    let id = create(&server, &mine, "A phone receptionist.").await;
    let status = server.url(&format!("/api/v1/sessions/{id}/status"));
    ok(mine.get(&status).send().await.unwrap()).await;
    for stranger in [&other, &nobody] {
        for path in ["/status", "", "/messages", "/spec", "/revisions"] {
            let url = server.url(&format!("/api/v1/sessions/{id}{path}"));
            problem(stranger.get(url).send().await.unwrap(), StatusCode::NOT_FOUND, "not_found").await;
        }
        let message = stranger.post(server.url(&format!("/api/v1/sessions/{id}/message")));
        let message = message.json(&json!({"message": "hi"})).send().await.unwrap();
        problem(message, StatusCode::NOT_FOUND, "not_found").await;
        let delete = stranger.delete(server.url(&format!("/api/v1/sessions/{id}"))).send().await.unwrap();
        problem(delete, StatusCode::NOT_FOUND, "not_found").await;
        for path in [format!("/s/{id}/download?format=json"), format!("/s/{id}/diagram.svg")] {
            problem(stranger.get(server.url(&path)).send().await.unwrap(), StatusCode::NOT_FOUND, "not_found").await;
        }
    }
    server.stop().await;

    let server = place.start().await;
    let moved = server.url(&format!("/api/v1/sessions/{id}/status"));
    problem(nobody.get(&moved).send().await.unwrap(), StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn a_forged_cookie_is_none() {
    let place = Place::new();
    let server = place.start().await;
    let mine = page_visitor(&server).await;
    let id = create(&server, &mine, "A phone receptionist.").await;
    let url = server.url(&format!("/api/v1/sessions/{id}/status"));
    let owner = "00000000-0000-4000-8000-000000000001";
    for cookie in [owner.to_owned(), format!("{}{owner}", "A".repeat(44))] {
        let request = visitor().get(&url).header("cookie", format!("agentwright_owner={cookie}"));
        problem(request.send().await.unwrap(), StatusCode::NOT_FOUND, "not_found").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn lists_show_the_own_sessions_only() {
    let place = Place::new();
    let server = place.start().await;
    let (mine, other) = (page_visitor(&server).await, page_visitor(&server).await);
    let first = create(&server, &mine, "A phone receptionist.").await;
    let second = create(&server, &mine, "A night porter.").await;
    create(&server, &other, "A tutor.").await;
    server.create().await;

    let list = |query: &str| {
        let request = mine.get(server.url(&format!("/api/v1/sessions{query}")));
        async move { ok(request.send().await.unwrap()).await }
    };
    let ids = |answer: &serde_json::Value| answer["sessions"].as_array().unwrap().iter().map(id_of).collect::<Vec<_>>();
    let all = list("").await;
    assert_eq!(ids(&all).len(), 2);
    assert!(all["next"].is_null());
    assert_eq!(ids(&list("?q=PORTER").await), std::slice::from_ref(&second));
    assert_eq!(ids(&list("?status=completed").await).len(), 0);
    let page = list("?limit=1").await;
    let rest = list(&format!("?limit=1&cursor={}", page["next"].as_str().unwrap())).await;
    let mut found = [ids(&page), ids(&rest)].concat();
    found.sort();
    let mut wanted = vec![first, second];
    wanted.sort();
    assert_eq!(found, wanted);
    assert_eq!(server.get_json("/api/v1/sessions").await["sessions"], json!([]), "nobody has none");
    server.stop().await;
}

#[tokio::test]
async fn other_sites_change_nothing_with_the_cookie() {
    let place = Place::new();
    let server = place.start().await;
    let mine = page_visitor(&server).await;
    let id = create(&server, &mine, "A phone receptionist.").await;
    let url = server.url(&format!("/api/v1/sessions/{id}"));
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let refused = mine.delete(&url).header(name, value).send().await.unwrap();
        problem(refused, StatusCode::FORBIDDEN, "cross_site").await;
        let form = visitor().post(server.url("/rpc/start_interview")).header(name, value);
        let refused = form.form(&[("text", "A tutor.")]).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "nor without: a new cookie would replace the old one");
        assert!(!refused.headers().contains_key("set-cookie"));
    }
    ok(mine.get(&url).header("sec-fetch-site", "cross-site").send().await.unwrap()).await;
    let own = mine.delete(&url).header("origin", server.base.clone()).header("sec-fetch-site", "same-origin");
    ok(own.send().await.unwrap()).await;
    server.stop().await;
}
