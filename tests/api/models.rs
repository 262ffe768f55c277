//! What the server tells about its language models.

use std::time::Duration;

use agentwright::llm::settings::ModelSettings;
use agentwright::server::config::Config;
use serde_json::{Value, json};

use crate::model::{Dialect, KEY, ModelServer, Script};
use crate::support::{Place, Server};

/// A server with both providers, which are scripted.
async fn with_models(place: &Place, openai: &ModelServer, anthropic: &ModelServer) -> Server {
    let providers = vec![openai.provider(Dialect::OpenAi), anthropic.provider(Dialect::Anthropic)];
    let models = ModelSettings { providers, total: Duration::from_secs(4), ..ModelSettings::default() };
    place.start_with(Config { models, ..Config::default() }).await
}

/// The providers, once it is known whether they are there.
async fn known(server: &Server) -> Value {
    for _ in 0..500 {
        let answer = server.get_json("/api/v1/llm/providers").await;
        if answer["providers"].as_array().unwrap().iter().all(|provider| provider["reachable"].is_boolean()) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("five seconds were not enough to see whether the providers are there");
}

#[tokio::test]
async fn providers_are_shown_as_they_are() {
    let place = Place::new();
    let (openai, anthropic) =
        (ModelServer::always(Script::text("ready")).await, ModelServer::always(Script::status(401)).await);
    let server = with_models(&place, &openai, &anthropic).await;
    let first = server.get_json("/api/v1/llm/providers").await;
    assert_eq!(first["providers"][0]["reachable"], json!(null), "nobody asked yet: {first}");
    let found = known(&server).await;
    assert_eq!(openai.requests().len(), 0, "a look costs no tokens");
    assert_eq!(
        found["providers"][0],
        json!({
            "id": "openai", "configured": true, "reachable": true, "model": "gpt-6-luna", "last_error": null,
            "usage": {"input_tokens": 0, "output_tokens": 0}, "breaker": "closed",
        })
    );
    assert_eq!(found["routes"][1]["purpose"], "phrasing");
    assert_eq!(found["routes"][1]["models"][0], json!({"provider": "anthropic", "model": "claude-sonnet-5-5"}));
    assert_eq!(server.get_json("/health").await["checks"]["llm"], "ok");

    let tested = server.post_json("/api/v1/llm/test", json!({})).await;
    let (well, broken) = (&tested["results"][0], &tested["results"][1]);
    assert_eq!((&well["id"], &well["ok"], &well["error"]), (&json!("openai"), &json!(true), &json!(null)));
    assert!(well["latency_ms"].as_u64().is_some_and(|it| it < 4_000), "{tested}");
    assert_eq!((&broken["ok"], &broken["error"]["kind"]), (&json!(false), &json!("unauthorized")), "{tested}");
    assert_eq!((openai.requests().len(), anthropic.requests().len()), (1, 1));
    let after = server.get_json("/api/v1/llm/providers").await;
    assert_eq!(after["providers"][0]["usage"], json!({"input_tokens": 10, "output_tokens": 1}));
    assert_eq!(after["providers"][1]["last_error"]["message"], "the model's server does not accept the key");

    let metrics = server.get("/metrics").await.text().await.unwrap();
    for line in [
        "agentwright_model_calls_total{provider=\"openai\",purpose=\"preview\",outcome=\"done\"}",
        "agentwright_model_errors_total{provider=\"anthropic\",kind=\"unauthorized\"}",
        "agentwright_model_tokens_total{provider=\"openai\",purpose=\"preview\",kind=\"input\"}",
        "agentwright_model_seconds_bucket{provider=\"openai\",purpose=\"preview\"",
        "agentwright_model_breaker_open{provider=\"anthropic\"} 0",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    let told = format!("{first} {found} {tested} {after} {metrics}");
    assert!(!told.contains(KEY));
    server.stop().await;
}

#[tokio::test]
async fn a_server_whose_models_are_gone_is_degraded_and_works() {
    let place = Place::new();
    let (openai, anthropic) = (ModelServer::always(Script::never()).await, ModelServer::always(Script::never()).await);
    let server = with_models(&place, &openai, &anthropic).await;
    drop((openai, anthropic));
    let found = known(&server).await;
    for provider in found["providers"].as_array().unwrap() {
        assert_eq!((&provider["reachable"], &provider["last_error"]["kind"]), (&json!(false), &json!("unreachable")));
    }
    let health = server.get_json("/health").await;
    assert_eq!((&health["status"], &health["checks"]["llm"]), (&json!("degraded"), &json!("unavailable")));
    let id = server.create().await;
    assert_eq!(server.say(&id, "A phone receptionist").await["session_id"], id.as_str());
    server.stop().await;
}

#[tokio::test]
async fn without_models_everything_says_so() {
    let place = Place::new();
    let server = place.start().await;
    let found = server.get_json("/api/v1/llm/providers").await;
    assert!(found["note"].as_str().unwrap().contains("OPENAI_API_KEY"), "{found}");
    assert!(found["routes"].as_array().unwrap().iter().all(|route| route["models"] == json!([])), "{found}");
    assert_eq!(server.post_json("/api/v1/llm/test", json!({})).await, json!({"results": []}));
    assert_eq!(server.get_json("/health").await["checks"]["llm"], "not_configured");
    server.stop().await;
}
