//! The page's functions, its files, and what protects it.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Place, Server, ok, problem, visitor};

#[tokio::test]
async fn a_plain_form_starts_an_interview_and_goes_on() {
    let place = Place::new();
    let server = place.start().await;
    let client = visitor();
    client.get(server.url("/")).send().await.unwrap();
    let form = client.post(server.url("/rpc/start_interview")).header("accept", "text/html,*/*");
    let started = form.form(&[("text", "A phone receptionist.")]).send().await.unwrap();
    assert_eq!(started.status(), StatusCode::FOUND);
    let place_of = started.headers()["location"].to_str().unwrap().to_owned();
    let id = place_of.strip_prefix("/s/").unwrap().to_owned();

    let form = client.post(server.url("/rpc/send_message")).header("accept", "text/html");
    let sent = form.form(&[("session_id", id.as_str()), ("text", "It books appointments."), ("client_message_id", "")]);
    let sent = sent.send().await.unwrap();
    assert_eq!((sent.status(), sent.headers()["location"].to_str().unwrap()), (StatusCode::FOUND, place_of.as_str()));
    let workspace = call(&server, &client, "load_workspace", &[("session_id", &id)]).await;
    assert_eq!(workspace["messages"].as_array().unwrap().len(), 4);
    server.stop().await;
}

/// Calls a server function as the page's code does.
#[tokio::test]
async fn a_plain_form_that_is_refused_gives_the_text_back() {
    let place = Place::new();
    let server = place.start().await;
    let client = visitor();
    let post = |path: &str| {
        let page = server.url("/");
        client.post(server.url(path)).header("accept", "text/html").header("referer", page)
    };
    let long = format!("</textarea><script>alert(1)</script>{}", "x".repeat(8_000));
    let refused = post("/rpc/start_interview").form(&[("text", &long)]).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let page = refused.text().await.unwrap();
    assert!(page.contains("The message is longer than 8,000 characters."), "{page}");
    assert!(page.contains(&"x".repeat(8_000)) && page.contains("action=\"/rpc/start_interview\""));
    assert!(!page.contains("<script>"), "{page}");

    let started = post("/rpc/start_interview").form(&[("text", "Call it </title><h1>Owned")]).send().await.unwrap();
    let session = started.headers()["location"].to_str().unwrap().trim_start_matches("/s/").to_owned();
    let title = [("session_id", session.as_str()), ("title", "</title><h1>Owned")];
    call(&server, &client, "rename_session", &title).await;
    let page = client.get(server.url(&format!("/s/{session}"))).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Owned") && !page.contains("<h1>Owned"), "{page}");

    let id = "01890000-0000-7000-8000-000000000000";
    let lost = post("/rpc/send_message").form(&[("session_id", id), ("text", "Hello")]).send().await.unwrap();
    assert_eq!(lost.status(), StatusCode::NOT_FOUND);
    let page = lost.text().await.unwrap();
    assert!(page.contains(&format!("href=\"/s/{id}\"")) && page.contains("Hello</textarea>"), "{page}");
    server.stop().await;
}

async fn call(server: &Server, client: &reqwest::Client, name: &str, fields: &[(&str, &str)]) -> Value {
    ok(client.post(server.url(&format!("/rpc/{name}"))).form(fields).send().await.unwrap()).await
}

#[tokio::test]
async fn the_pages_functions_do_what_they_say() {
    let place = Place::new();
    let server = place.start().await;
    let client = visitor();
    let id = call(&server, &client, "start_interview", &[("text", "A phone receptionist.")]).await;
    let id = id.as_str().unwrap().to_owned();
    let session = ("session_id", id.as_str());

    let sent = call(&server, &client, "send_message", &[session, ("text", "Hello."), ("client_message_id", "1")]).await;
    let again =
        call(&server, &client, "send_message", &[session, ("text", "Hello."), ("client_message_id", "1")]).await;
    assert_eq!(sent, again);
    assert_eq!(sent["fields"].as_array().unwrap().len(), 20);
    let edited = call(&server, &client, "edit_field", &[session, ("field", "agent_name"), ("value", "\"Mia\"")]).await;
    assert_eq!(edited["version"].as_u64(), sent["version"].as_u64().map(|version| version + 1));

    call(&server, &client, "rename_session", &[session, ("title", " Front desk ")]).await;
    let list = call(&server, &client, "list_sessions", &[("q", "front"), ("status", "active")]).await;
    assert_eq!((&list[0]["id"], &list[0]["title"]), (&json!(id), &json!("Front desk")));
    call(&server, &client, "resume_session", &[session]).await;
    call(&server, &client, "load_prompt", &[session, ("format", "elevenlabs")]).await;
    call(&server, &client, "load_bundle", &[session]).await;
    call(&server, &client, "delete_session", &[session]).await;
    let gone = client.post(server.url("/rpc/load_workspace")).form(&[session]).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    assert_eq!(gone.json::<Value>().await.unwrap(), json!({"kind": "not_found"}));
    server.stop().await;
}

#[tokio::test]
async fn errors_of_the_pages_functions_are_typed() {
    let place = Place::new();
    let server = place.start().await;
    let client = visitor();
    let error = |name: &'static str, fields: Vec<(&'static str, String)>| {
        let request = client.post(server.url(&format!("/rpc/{name}"))).form(&fields);
        async move {
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_client_error());
            answer.json::<Value>().await.unwrap()["kind"].as_str().unwrap().to_owned()
        }
    };
    assert_eq!(error("start_interview", vec![("text", " ".to_owned())]).await, "invalid");
    assert_eq!(error("start_interview", vec![("text", "x".repeat(8_001))]).await, "too_long");
    assert_eq!(error("start_interview", vec![]).await, "invalid");
    assert_eq!(error("load_workspace", vec![("session_id", "../x".to_owned())]).await, "not_found");
    server.stop().await;
}

#[tokio::test]
async fn browsers_are_told_what_a_page_may_do() {
    let place = Place::new();
    let server = place.start().await;
    let page = server.get("/").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert_eq!(page.headers()["x-content-type-options"], "nosniff");
    assert_eq!(page.headers()["referrer-policy"], "same-origin");
    assert!(page.headers().contains_key("permissions-policy"));
    let html = page.text().await.unwrap();
    for script in html.split("<script").skip(1) {
        assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
    }
    let other = server.get("/").await;
    assert_ne!(other.headers()["content-security-policy"].to_str().unwrap(), policy, "each page has its own");
    let api = server.get("/health").await;
    assert!(api.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    server.stop().await;
}

#[tokio::test]
async fn built_files_are_kept_and_come_compressed() {
    let place = Place::new();
    let folder = place.site().join("pkg");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("agentwright.abc.js"), "plain").unwrap();
    std::fs::write(folder.join("agentwright.abc.js.br"), "brotli").unwrap();
    std::fs::write(place.site().join("favicon.svg"), "<svg/>").unwrap();
    let server = place.start().await;
    let plain = server.get("/pkg/agentwright.abc.js").await;
    assert_eq!(plain.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(plain.text().await.unwrap(), "plain");
    let packed = visitor().get(server.url("/pkg/agentwright.abc.js")).header("accept-encoding", "br");
    let packed = packed.send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "br");
    assert_eq!(packed.text().await.unwrap(), "brotli");
    assert_eq!(server.get("/favicon.svg").await.headers()["content-type"], "image/svg+xml");
    for missing in ["/pkg/nothing.js", "/pkg/../../etc/passwd", "/pkg/%2e%2e/%2e%2e/data/agentwright.db"] {
        assert_eq!(server.get(missing).await.status(), StatusCode::NOT_FOUND, "{missing}");
    }
    let posted = server.post("/nothing", json!({})).await;
    problem(posted, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn the_style_guide_is_plain_markup_in_the_chosen_theme() {
    let place = Place::new();
    let server = place.start().await;
    let client = visitor();
    let ask = |cookie: &'static str| client.get(server.url("/styleguide")).header("cookie", cookie).send();
    let answer = ask("theme=dark").await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    let page = answer.text().await.unwrap();
    assert!(page.contains("data-theme=\"dark\"") && page.contains("data-primitive=\"Button\""), "{page}");
    assert!(!page.contains("<script"), "{page}");
    // What a cookie says otherwise is no theme.
    let page = ask("theme=%22onload%3D").await.unwrap().text().await.unwrap();
    assert!(!page.contains("data-theme"), "{page}");
    let sheet = client.get(server.url("/styleguide.css")).send().await.unwrap();
    assert_eq!(sheet.headers()["content-type"], "text/css; charset=utf-8");
    assert!(sheet.text().await.unwrap().contains(".of-accent { background: var(--accent); }"));
    server.stop().await;
}

#[tokio::test]
async fn the_card_of_a_page_has_the_address_it_was_asked_under() {
    let place = Place::new();
    let server = place.start().await;
    let client = visitor();
    let ask = |host: &'static str, scheme: &'static str| {
        client.get(server.url("/")).header("host", host).header("x-forwarded-proto", scheme).send()
    };
    let page = ask("agents.example", "https").await.unwrap().text().await.unwrap();
    assert!(page.contains("content=\"https://agents.example/social-card.png\""), "{page}");
    let page = ask("127.0.0.1:9000", "http").await.unwrap().text().await.unwrap();
    assert!(page.contains("content=\"http://127.0.0.1:9000/social-card.png\""), "{page}");
    server.stop().await;
}
