//! Servers that do not take a request as it is put first.

use agentwright::llm::models::{ChatRequest, Purpose};
use agentwright::llm::ports::ModelError;
use agentwright::llm::settings::{ModelSettings, ProviderSettings};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::model::{Dialect, KEY, ModelServer, Request, Script};
use crate::support::{asked, json_request, models_of, open, request, schema};

/// How each request asked for its document.
fn ways(server: &ModelServer) -> Vec<&'static str> {
    let way = |request: &Request| {
        let format = &request.body["response_format"];
        match () {
            () if format["type"] == "json_schema" => "schema",
            () if format["schema"].is_object() => "object with schema",
            () if format["type"] == "json_object" => "object",
            () if request.body["tool_choice"]["type"] == "tool" => "tool",
            () if request.body["output_config"]["format"]["type"] == "json_schema" => "schema",
            () if request.wants_json() => "words",
            () => "nothing",
        }
    };
    server.requests().iter().map(way).collect()
}

#[tokio::test]
async fn what_a_server_refuses_is_put_plainer_and_remembered() {
    /// Whether a server of this kind takes the request.
    type Takes = fn(&Request) -> bool;
    let servers: [(&str, Takes, &[&str]); 4] = [
        (
            "llama-cpp-python",
            |it| it.body["response_format"]["type"] != "json_schema",
            &["schema", "object with schema"],
        ),
        (
            "an object without a schema",
            |it| it.body["response_format"] == json!({"type": "json_object"}) || it.schema().is_none(),
            &["schema", "object with schema", "object"],
        ),
        (
            "no response_format at all",
            |it| it.body.get("response_format").is_none(),
            &["schema", "object with schema", "object", "words"],
        ),
        ("OpenAI", |_| true, &["schema"]),
    ];
    for (name, takes, expected) in servers {
        let server = ModelServer::start(move |request| match takes(request) {
            true => Script::json(json!({"goal": "x"})),
            false => Script::complaint("'response_format.type' is not supported"),
        })
        .await;
        let models = models_of(&server, Dialect::OpenAi);
        let mut expected = expected.to_vec();
        for _ in 0..2 {
            let answer = models.collect(Purpose::Extraction, &json_request()).await.unwrap();
            assert_eq!(answer.json(), Some(json!({"goal": "x"})), "{name}");
            assert_eq!(ways(&server), expected, "{name}");
            // From the second request on it is known what is taken, whatever the model is asked for.
            expected.push(expected.last().unwrap());
        }
        models.collect(Purpose::Polish, &json_request()).await.unwrap();
        assert_eq!(ways(&server), expected, "{name}");
    }
}

/// As llama-cpp-python 0.3 answers what it does not know.
#[tokio::test]
async fn a_server_that_breaks_over_a_schema_is_asked_in_another_way() {
    let words = "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), \
        'msg': \"Input should be 'text' or 'json_object'\", 'input': 'json_schema'}";
    let server = ModelServer::start(move |request| match request.body["response_format"]["type"].as_str() {
        Some("json_object") => Script::json(json!({"goal": "x"})),
        _ => Script::complaint_as(500, words),
    })
    .await;
    let answer = models_of(&server, Dialect::OpenAi).collect(Purpose::Extraction, &json_request()).await.unwrap();
    assert_eq!(answer.json(), Some(json!({"goal": "x"})));
    assert_eq!(ways(&server), ["schema", "object with schema"]);
}

#[tokio::test]
async fn a_plainer_way_tells_the_schema_in_words() {
    let server = ModelServer::always(Script::json(json!({"goal": "x"})).unless_asked_with("response_format")).await;
    let models = models_of(&server, Dialect::OpenAi);
    models.collect(Purpose::Extraction, &json_request()).await.unwrap();
    let system = server.requests().last().unwrap().system();
    assert!(system.starts_with("You are brief.") && system.contains(&schema().to_string()), "{system}");
    // What is no document is asked for as ever.
    models.collect(Purpose::Phrasing, &request()).await.unwrap();
    assert_eq!(server.requests().last().unwrap().system(), "You are brief.");
}

#[tokio::test]
async fn anthropics_models_differ_in_what_they_take() {
    let newest = |request: &Request| match request.body["tool_choice"]["type"] == "tool" {
        true => Script::complaint("tool_choice: forced tool use is not supported for this model"),
        false => Script::json(json!({"goal": "x"})),
    };
    let older = |request: &Request| match request.body["thinking"]["type"].as_str() {
        Some("between_tools") => Script::complaint(
            "thinking: Input tag 'between_tools' found using 'type' does not match any of the expected tags: 'disabled', 'enabled'",
        ),
        _ => Script::json(json!({"goal": "x"})),
    };
    let other = |request: &Request| match request.body.get("thinking").or(request.body.get("output_config")) {
        Some(_) => Script::complaint("thinking and output_config: Extra inputs are not permitted"),
        None if request.body.get("tool_choice").is_some() => Script::complaint("tool_choice: not supported"),
        None => Script::json(json!({"goal": "x"})),
    };
    let newest = ModelServer::start(newest).await;
    let older = ModelServer::start(older).await;
    let other = ModelServer::start(other).await;
    for (server, expected) in
        [(&newest, &["tool", "schema", "schema"][..]), (&older, &["tool", "tool", "tool"]), (&other, &["words"])]
    {
        let models = models_of(server, Dialect::Anthropic);
        for _ in 0..2 {
            let answer = models.collect(Purpose::Extraction, &json_request()).await.unwrap();
            assert_eq!(answer.json(), Some(json!({"goal": "x"})));
        }
        let ways = ways(server);
        assert!(ways.ends_with(expected), "{ways:?}");
    }
    let last = |server: &ModelServer| server.requests().pop().unwrap().body;
    assert_eq!(last(&newest)["thinking"]["type"], "between_tools");
    assert_eq!(last(&older)["thinking"]["type"], "disabled");
    let free = last(&other);
    assert!(free.get("thinking").is_none());
    assert!(free["max_tokens"].as_u64() > last(&older)["max_tokens"].as_u64(), "room to think");
}

#[tokio::test]
async fn fields_that_servers_do_not_know_are_left_out() {
    for (field, words) in [
        ("stream_options", "Extra inputs are not permitted: stream_options"),
        ("reasoning_effort", "Unrecognized request argument supplied: reasoning_effort"),
        ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
    ] {
        let server = ModelServer::start(move |request| match request.body.get(field) {
            Some(_) => Script::complaint(words),
            None => Script::text("well"),
        })
        .await;
        let models = models_of(&server, Dialect::OpenAi);
        for _ in 0..2 {
            assert_eq!(models.collect(Purpose::Phrasing, &request()).await.unwrap().text, "well");
        }
        assert_eq!(server.requests().len(), 3, "{field}: known after the first");
        let body = &server.requests()[2].body;
        let limit = ["max_tokens", "max_completion_tokens"].iter().find_map(|name| body[name].as_u64());
        assert!(limit.is_some_and(|limit| limit >= 100), "{body}");
    }
}

#[tokio::test]
async fn what_is_wrong_for_another_reason_is_refused_once() {
    for dialect in Dialect::BOTH {
        for request in [request(), json_request()] {
            let server = ModelServer::always(Script::complaint("This model's context is too short for it.")).await;
            let (_, end) = asked(&models_of(&server, dialect), &request).await;
            assert_eq!((end, server.requests().len()), (Err(ModelError::Rejected { status: 400 }), 1), "{dialect:?}");
        }
        // A server that refuses whatever it is asked with is not asked for ever.
        let everything = "response_format schema tool_choice thinking max_tokens stream_options";
        let server = ModelServer::always(Script::complaint(everything)).await;
        let (_, end) = asked(&models_of(&server, dialect), &json_request()).await;
        assert_eq!(end, Err(ModelError::Rejected { status: 400 }));
        assert!(server.requests().len() <= 8, "{}", server.requests().len());
    }
}

/// What one request looks like to a server of these settings.
async fn seen(settings: impl Fn(ProviderSettings) -> ProviderSettings, dialect: Dialect) -> Request {
    let server = ModelServer::always(Script::text("well")).await;
    let settings = ModelSettings { providers: vec![settings(server.provider(dialect))], ..ModelSettings::default() };
    open(settings).collect(Purpose::Phrasing, &ChatRequest { system: String::new(), ..request() }).await.unwrap();
    server.requests().remove(0)
}

#[tokio::test]
async fn keys_headers_and_queries_go_where_they_belong() {
    let usual = seen(|settings| settings, Dialect::OpenAi).await;
    assert_eq!(
        (usual.path.as_str(), usual.header("authorization")),
        ("/v1/chat/completions", Some(&*format!("Bearer {KEY}")))
    );
    assert_eq!((usual.body["stream"].as_bool(), usual.body["messages"].as_array().unwrap().len()), (Some(true), 1));

    let local = seen(|settings| ProviderSettings { key: None, ..settings }, Dialect::OpenAi).await;
    assert_eq!(local.header("authorization"), None);

    let header = |name: &str, value: &str| (name.to_owned(), SecretString::from(value));
    let azure = |settings: ProviderSettings| ProviderSettings {
        base_url: format!("{}/?api-version=2024-10-21", settings.base_url),
        key: None,
        headers: vec![header("api-key", "azure"), header("X-Title", "Agents")],
        ..settings
    };
    let azure = seen(azure, Dialect::OpenAi).await;
    assert_eq!(azure.path, "/v1/chat/completions?api-version=2024-10-21");
    assert_eq!((azure.header("api-key"), azure.header("x-title")), (Some("azure"), Some("Agents")));

    let anthropic = seen(|settings| settings, Dialect::Anthropic).await;
    assert_eq!((anthropic.path.as_str(), anthropic.header("x-api-key")), ("/v1/messages", Some(KEY)));
    assert_eq!(
        (anthropic.header("anthropic-version"), anthropic.body.get("system")),
        (Some("2023-06-01"), None::<&Value>)
    );
    let versioned = |settings: ProviderSettings| {
        let base_url = format!("{}/v1/", settings.base_url);
        ProviderSettings { base_url, ..settings }
    };
    assert_eq!(seen(versioned, Dialect::Anthropic).await.path, "/v1/messages");
}
