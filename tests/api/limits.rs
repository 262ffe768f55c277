//! How much is taken from one caller, and what the server tells about itself.

use agentwright::server::config::Config;
use reqwest::StatusCode;
use secrecy::SecretString;

use crate::support::{Place, problem, visitor};

#[tokio::test]
async fn who_asks_for_too_much_has_to_wait() {
    let place = Place::new();
    let trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let server = place.start_with(Config { rate_limit: Some(20), trusted_proxies, ..Config::default() }).await;
    let ask =
        |address: &'static str| visitor().get(server.url("/api/v1/sessions")).header("x-forwarded-for", address).send();
    let mut refused = None;
    for _ in 0..30 {
        let answer = ask("192.0.2.1").await.unwrap();
        if answer.status() != StatusCode::OK {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("one of them is refused");
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    problem(refused, StatusCode::TOO_MANY_REQUESTS, "too_many_requests").await;
    assert_eq!(ask("192.0.2.2").await.unwrap().status(), StatusCode::OK, "another address is not meant");
    assert_eq!(server.get("/health").await.status(), StatusCode::OK, "nor is whoever watches");
    server.stop().await;
}

#[tokio::test]
async fn metrics_count_and_are_not_for_everybody() {
    let place = Place::new();
    let secret = "the-key-of-the-admin";
    let config = Config { admin_key: Some(SecretString::from(secret)), ..Config::default() };
    let server = place.start_with(config).await;
    let id = server.create().await;
    server.say(&id, "A phone receptionist").await;
    let text = server.get("/metrics").await.text().await.unwrap();
    for name in [
        "agentwright_turns_total",
        "agentwright_turn_seconds_bucket{phase=\"commit\"",
        "agentwright_cache_reads_total{result=\"hit\"}",
        "agentwright_requests_total{route=\"/api/v1/sessions/{id}/message\",method=\"POST\",status=\"200\"}",
        "agentwright_store_queue",
    ] {
        assert!(text.contains(name), "{name} in {text}");
    }
    assert!(!text.contains(&id), "no session stands in a label");
    let from_afar = |key: Option<&str>| {
        let request = visitor().get(server.url("/metrics")).header("x-forwarded-for", "192.0.2.1");
        key.map_or(request.try_clone().unwrap(), |key| request.bearer_auth(key)).send()
    };
    problem(from_afar(None).await.unwrap(), StatusCode::NOT_FOUND, "not_found").await;
    problem(from_afar(Some("the-key-of-nobody")).await.unwrap(), StatusCode::NOT_FOUND, "not_found").await;
    assert_eq!(from_afar(Some(secret)).await.unwrap().status(), StatusCode::OK);
    server.stop().await;
}
