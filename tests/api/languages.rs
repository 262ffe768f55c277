//! The language of the interviewer and of the page: chosen by header, kept by session and by cookie.

use reqwest::header::{ACCEPT_LANGUAGE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Place, Server, id_of, ok, visitor};

async fn create_in(server: &Server, languages: &str) -> Value {
    let request = server.request(Method::POST, "/api/v1/sessions/create").header(ACCEPT_LANGUAGE, languages);
    let created = request.json(&json!({})).send().await.unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);
    created.json().await.unwrap()
}

#[tokio::test]
async fn an_interview_is_held_in_the_language_it_began_in() {
    let place = Place::new();
    let server = place.start().await;
    let created = create_in(&server, "fr, de-AT;q=0.8, es;q=0.2").await;
    assert!(created["message"].as_str().unwrap().starts_with("Was soll Ihr Agent tun?"), "{created}");
    // The header of later requests does not matter.
    let answer = server.say(&id_of(&created), "A friendly phone receptionist that books appointments.").await;
    let reply = answer["ai_response"].as_str().unwrap();
    assert!(reply.contains("Empfang") && reply.contains("Termine buchen") && reply.contains('?'), "{reply}");
    assert!(!reply.contains("eceptionist") && !reply.contains("What"), "{reply}");

    let created = create_in(&server, "es").await;
    assert!(created["message"].as_str().unwrap().starts_with("¿Qué debe hacer su agente?"), "{created}");
    for other in ["", "fr", "*", "en, de"] {
        let created = create_in(&server, other).await;
        assert!(created["message"].as_str().unwrap().starts_with("What should your agent do?"), "{other}: {created}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_offered_in_german_is_understood() {
    let place = Place::new();
    let server = place.start().await;
    let id = id_of(&create_in(&server, "de").await);
    let mut answer = server.say(&id, "A phone receptionist that books appointments.").await;
    for _ in 0..20 {
        let asking = answer["asking"].clone();
        let Some(choice) = asking["choices"].get(0) else { break };
        let (value, label) = (choice["value"].as_str().unwrap(), choice["label"].as_str().unwrap());
        assert!(!asking["question"].as_str().unwrap().contains("What "), "{asking}");
        answer = server.say(&id, label).await;
        assert_ne!(answer["asking"], asking, "“{label}” for “{value}” was not understood");
    }
    let answer = server.say(&id, "Jetzt abschließen").await;
    assert_eq!(answer["is_complete"], true, "{answer}");
    assert!(answer["ai_response"].as_str().unwrap().starts_with("Fertig."), "{answer}");
    let quotes = server.get_json(&format!("/api/v1/sessions/{id}/spec")).await.to_string();
    assert!(!quotes.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_page_is_in_the_language_that_was_chosen_or_that_the_browser_likes() {
    let place = Place::new();
    let server = place.start().await;
    let page = |cookie: &'static str, languages: &'static str| {
        let request = visitor().get(server.url("/")).header(COOKIE, cookie).header(ACCEPT_LANGUAGE, languages);
        async { request.send().await.unwrap().text().await.unwrap() }
    };
    for (cookie, languages, lang, title) in [
        ("", "", "en", "What should your agent do?"),
        ("", "de-CH, en;q=0.5", "de", "Was soll Ihr Agent tun?"),
        ("language=es", "de", "es", "¿Qué debe hacer su agente?"),
        ("language=xx", "de", "de", "Was soll Ihr Agent tun?"),
    ] {
        let page = page(cookie, languages).await;
        assert!(page.contains(&format!("<html lang=\"{lang}\" dir=\"ltr\"")), "{cookie} {languages}");
        assert!(page.contains(title), "{cookie} {languages}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_choice_is_kept_and_leads_back() {
    let place = Place::new();
    let server = place.start().await;
    let choose = |language: &'static str, back: &'static str| {
        let form = [("language", language), ("back", back)];
        let request = visitor().post(server.url("/language")).form(&form);
        async { request.send().await.unwrap() }
    };
    let chosen = choose("de", "/history?q=a").await;
    assert_eq!(
        (chosen.status(), &chosen.headers()[LOCATION]),
        (StatusCode::SEE_OTHER, &"/history?q=a".parse().unwrap())
    );
    let cookie = chosen.headers()[SET_COOKIE].to_str().unwrap();
    assert_eq!(cookie, "language=de; Path=/; Max-Age=31536000; SameSite=Lax");
    let elsewhere = choose("xx", "//evil.example").await;
    assert_eq!(elsewhere.headers()[LOCATION], "/");
    assert!(!elsewhere.headers().contains_key(SET_COOKIE));
    let foreign = visitor().post(server.url("/language")).header("sec-fetch-site", "cross-site");
    let foreign = foreign.form(&[("language", "de")]).send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    server.stop().await;
}

#[tokio::test]
async fn the_page_begins_interviews_in_its_language() {
    let place = Place::new();
    let server = place.start().await;
    let client = visitor();
    client.get(server.url("/")).send().await.unwrap();
    let form = client.post(server.url("/rpc/start_interview")).header("accept", "text/html,*/*");
    let form = form.header(ACCEPT_LANGUAGE, "es").form(&[("text", "A friendly phone receptionist.")]);
    let started = form.send().await.unwrap();
    let id = started.headers()[LOCATION].to_str().unwrap().trim_start_matches("/s/").to_owned();
    let called = client.post(server.url("/rpc/load_workspace")).header(ACCEPT_LANGUAGE, "es");
    let workspace = ok(called.form(&[("session_id", id.as_str())]).send().await.unwrap()).await;
    let text = workspace["messages"].to_string();
    assert!(text.contains('¿') && text.contains("Recepción"), "{text}");
    let kind = workspace["fields"].as_array().unwrap().iter().find(|field| field["field"] == "agent_type").unwrap();
    assert_eq!((&kind["items"][0]["value"], &kind["items"][0]["text"]), (&json!("receptionist"), &json!("Recepción")));
    server.stop().await;
}
