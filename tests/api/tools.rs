//! Tools: the catalogue, one's own, import and choosing.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Place, Server, ok, problem, visitor};

/// A visitor with the owner's cookie.
async fn owner(server: &Server) -> Client {
    let client = visitor();
    client.get(server.url("/")).header("accept", "text/html").send().await.unwrap();
    client
}

async fn send(server: &Server, client: &Client, method: Method, path: &str, body: Value) -> reqwest::Response {
    let request = client.request(method, server.url(&format!("/api/v1/tools{path}")));
    if body.is_null() { request.send().await.unwrap() } else { request.json(&body).send().await.unwrap() }
}

fn ids(answer: &Value) -> Vec<&str> {
    answer["tools"].as_array().unwrap().iter().map(|tool| tool["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_catalogue_is_searched_and_paged() {
    let place = Place::new();
    let server = place.start().await;
    let mut seen = Vec::new();
    let mut path = "/api/v1/tools?limit=20".to_owned();
    loop {
        let page = server.get_json(&path).await;
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/tools?limit=20&cursor={next}");
    }
    assert_eq!(seen.len(), 56);
    let found = server.get_json("/api/v1/tools?q=book%20an%20appointment").await;
    assert!(ids(&found)[..2].contains(&"calendar"), "{found}");
    let messaging = server.get_json("/api/v1/tools?category=messaging&limit=200").await;
    assert!(ids(&messaging).contains(&"sms") && !ids(&messaging).contains(&"calendar"));
    let calendar = server.get_json("/api/v1/tools/calendar").await;
    assert_eq!((&calendar["custom"], &calendar["category"]), (&json!(false), &json!("scheduling")));
    assert!(calendar["parameters"]["properties"].is_object() && calendar["products"].as_array().unwrap().len() > 1);
    problem(server.get("/api/v1/tools/nothing").await, StatusCode::NOT_FOUND, "not_found").await;
    problem(server.get("/api/v1/tools?cursor=x").await, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    problem(server.get("/api/v1/tools?limit=0").await, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    server.stop().await;
}

#[tokio::test]
async fn a_tool_of_ones_own_is_its_owners_alone() {
    let place = Place::new();
    let server = place.start().await;
    let (mine, other) = (owner(&server).await, owner(&server).await);
    let tool = json!({"name": "Loyalty points", "description": "Looks up how many loyalty points a customer has.",
        "parameters": {"properties": {"card": {"type": "string"}}, "required": ["card"]},
        "endpoint": {"method": "GET", "url": "https://points.example/v1"}});
    let made = send(&server, &mine, Method::POST, "", tool.clone()).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let made = ok(made).await;
    assert_eq!((&made["id"], &made["risk"], &made["custom"]), (&json!("loyalty_points"), &json!("read"), &json!(true)));
    assert_eq!(made["parameters"]["type"], "object");

    let again = send(&server, &mine, Method::POST, "", tool.clone()).await;
    problem(again, StatusCode::CONFLICT, "tool_exists").await;
    let built_in = json!({"id": "calendar", "name": "Mine", "description": "Mine"});
    problem(send(&server, &mine, Method::POST, "", built_in).await, StatusCode::CONFLICT, "tool_exists").await;
    ok(send(&server, &other, Method::POST, "", tool.clone()).await).await;

    let all = ok(send(&server, &mine, Method::GET, "?category=custom", Value::Null).await).await;
    assert_eq!(ids(&all), ["loyalty_points"]);
    let text = json!({"text": "It should look up the loyalty points of a customer."});
    let chosen = ok(send(&server, &mine, Method::POST, "/select", text.clone()).await).await;
    assert!(ids(&chosen).contains(&"loyalty_points"), "{chosen}");
    let chosen = server.post_json("/api/v1/tools/select", text).await;
    assert!(!ids(&chosen).contains(&"loyalty_points"), "{chosen}");

    problem(server.get("/api/v1/tools/loyalty_points").await, StatusCode::NOT_FOUND, "not_found").await;
    let stranger = server.request(Method::DELETE, "/api/v1/tools/loyalty_points").send().await.unwrap();
    problem(stranger, StatusCode::NOT_FOUND, "not_found").await;
    ok(send(&server, &mine, Method::DELETE, "/loyalty_points", Value::Null).await).await;
    let gone = send(&server, &mine, Method::GET, "/loyalty_points", Value::Null).await;
    problem(gone, StatusCode::NOT_FOUND, "not_found").await;
    ok(send(&server, &other, Method::GET, "/loyalty_points", Value::Null).await).await;
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_kept_for_nobody() {
    let place = Place::new();
    let server = place.start().await;
    let tool = json!({"name": "a", "description": "b"});
    let import = json!({"format": "json", "document": [tool], "save": true});
    for (path, body) in [("", tool), ("/import", import)] {
        let refused = server.post(&format!("/api/v1/tools{path}"), body).await;
        let refused = problem(refused, StatusCode::FORBIDDEN, "no_owner").await;
        assert!(refused["detail"].as_str().unwrap().contains("API key"), "{refused}");
    }
    server.stop().await;
}

/// As a session of nobody's: whoever knows its random id may use it.
#[tokio::test]
async fn a_catalogue_of_nobodys_is_opened_by_its_id() {
    let place = Place::new();
    let server = place.start().await;
    let tools =
        json!([{"name": "rain", "description": "Says when it rains"}, {"name": "post", "description": "Mails"}]);
    let made = server.post_json("/api/v1/tools/catalogs", json!({"name": "c", "tools": tools})).await;
    let ask = json!({"text": "Will it rain today?", "catalog": made["id"]});
    let chosen = server.post_json("/api/v1/tools/select", ask.clone()).await;
    assert_eq!(chosen["tools"][0]["id"], "rain");
    let mine = owner(&server).await;
    let foreign = send(&server, &mine, Method::POST, "/select", ask).await;
    problem(foreign, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn everything_wrong_with_a_tool_is_said_at_once() {
    let place = Place::new();
    let server = place.start().await;
    let mine = owner(&server).await;
    let wrong = json!({"id": "No Id", "name": " ", "description": "x".repeat(1_001), "category": "A b",
        "parameters": {"type": "array"}, "endpoint": {"method": "GET", "url": "file:///etc/passwd"}});
    let refused = send(&server, &mine, Method::POST, "", wrong).await;
    let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    let fields: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["name", "description", "id", "category", "endpoint", "parameters"]);
    let all = ok(send(&server, &mine, Method::GET, "?category=custom", Value::Null).await).await;
    assert!(ids(&all).is_empty());
    server.stop().await;
}

#[tokio::test]
async fn imported_tools_are_kept_only_when_asked_for() {
    let place = Place::new();
    let server = place.start().await;
    let mine = owner(&server).await;
    let yaml = "openapi: 3.1.0\nservers: [{url: 'https://pets.example'}]\npaths:\n  /pets:\n    get: {operationId: \
        listPets, summary: All pets}\n    head: {}\n";
    let mut request = json!({"format": "openapi", "document": yaml});
    let read = server.post_json("/api/v1/tools/import", request.clone()).await;
    assert_eq!(ids(&read), ["list_pets"]);
    assert_eq!(read["tools"][0]["endpoint"], json!({"method": "GET", "url": "https://pets.example/pets"}));
    assert_eq!(read["skipped"][0]["name"], "HEAD /pets");
    problem(send(&server, &mine, Method::GET, "/list_pets", Value::Null).await, StatusCode::NOT_FOUND, "not_found")
        .await;

    request["save"] = json!(true);
    request["catalog"] = json!("Pets");
    let kept = ok(send(&server, &mine, Method::POST, "/import", request.clone()).await).await;
    assert_eq!(ids(&kept), ["list_pets"]);
    ok(send(&server, &mine, Method::GET, "/list_pets", Value::Null).await).await;
    let select = json!({"text": "show me all the pets", "catalog": kept["catalog"]});
    assert_eq!(ids(&ok(send(&server, &mine, Method::POST, "/select", select).await).await), ["list_pets"]);
    let again = ok(send(&server, &mine, Method::POST, "/import", request).await).await;
    assert!(ids(&again).is_empty() && again["skipped"][1]["reason"].as_str().unwrap().contains("already"), "{again}");

    for document in [json!("openapi: [1"), json!({"swagger": "2.0"}), json!(7)] {
        let refused = server.post("/api/v1/tools/import", json!({"format": "openapi", "document": document})).await;
        let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
        assert_eq!(refused["errors"][0]["field"], "document", "{refused}");
    }
    server.stop().await;
}

#[tokio::test]
async fn an_agent_is_given_what_was_imported() {
    let place = Place::new();
    let server = place.start().await;
    let id = server.create().await;
    let yaml = "openapi: 3.1.0\nservers: [{url: 'https://pets.example'}]\npaths:\n  /pets:\n    get: {operationId: \
        listPets, summary: All pets}\n    post: {operationId: addPet, summary: Takes in a pet}\n";
    let read = server.post_json("/api/v1/tools/import", json!({"format": "openapi", "document": yaml})).await;
    let path = format!("/api/v1/sessions/{id}/tools");
    let give = |key: &'static str, tools: Value| {
        let request = server.request(Method::POST, &path).header("idempotency-key", key);
        async move { request.json(&json!({"tools": tools})).send().await.unwrap() }
    };
    let given = ok(give("pets", read["tools"].clone()).await).await;
    assert_eq!(ok(give("pets", read["tools"].clone()).await).await, given, "once, however often it is sent");
    let tools = || async { server.get_json(&format!("/api/v1/sessions/{id}/spec")).await["tools"]["value"].clone() };
    let both = tools().await;
    assert_eq!(
        both.as_array().unwrap().iter().map(|tool| tool["id"].as_str().unwrap()).collect::<Vec<_>>(),
        ["list_pets", "add_pet"]
    );
    let bundle = server.get_json(&format!("/api/v1/prompts/{id}/export")).await.to_string();
    assert!(bundle.contains("list_pets") && bundle.contains("add_pet"), "{bundle}");

    let bad = json!([{"name": "Walk the dog", "description": "Walks it."}, {"name": "", "description": "Nothing."}]);
    problem(give("bad", bad).await, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    assert_eq!(tools().await, both, "all of them or none");
    server.post_json(&format!("/api/v1/sessions/{id}/undo"), json!({})).await;
    assert_eq!(tools().await, Value::Null);
    server.stop().await;
}

#[tokio::test]
async fn tools_are_chosen_from_a_catalogue_of_ones_own() {
    let place = Place::new();
    let server = place.start().await;
    let (mine, other) = (owner(&server).await, owner(&server).await);
    let catalog = json!({"name": "Ours", "tools": [
        {"name": "HomeFinder", "description": "Lists apartments and houses for rent."},
        {"name": "stock_quotes", "description": "Prices of shares on the exchange."},
        {"name": "Cinema", "description": "What is on at the movies tonight."}]});
    let made = send(&server, &mine, Method::POST, "/catalogs", catalog.clone()).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let id = ok(made).await["id"].clone();
    let text = "It should find a flat near the station, and it should polish silver spoons.";
    let request = json!({"text": text, "catalog": id, "limit": 2});
    for _ in 0..2 {
        let chosen = ok(send(&server, &mine, Method::POST, "/select", request.clone()).await).await;
        assert_eq!(ids(&chosen)[0], "HomeFinder", "{chosen}");
        for quote in chosen["tools"][0]["because"].as_array().unwrap() {
            assert!(text.contains(quote.as_str().unwrap()), "{chosen}");
        }
        assert_eq!(chosen["unmet"], json!(["polish silver spoons"]));
    }
    for stranger in [other, visitor()] {
        let refused = send(&server, &stranger, Method::POST, "/select", request.clone()).await;
        problem(refused, StatusCode::NOT_FOUND, "not_found").await;
    }
    let list = ok(send(&server, &mine, Method::GET, "/catalogs", Value::Null).await).await;
    assert_eq!((&list["catalogs"][0]["id"], &list["catalogs"][0]["tools"]), (&id, &json!(3)));

    let twice = json!({"name": "Twice", "tools": [{"name": "a", "description": ""}, {"name": "a", "description": ""}]});
    let refused = send(&server, &mine, Method::POST, "/catalogs", twice).await;
    let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
    assert_eq!(refused["errors"][0]["field"], "tools[1].name");

    let path = format!("/catalogs/{}", id.as_str().unwrap());
    ok(send(&server, &mine, Method::DELETE, &path, Value::Null).await).await;
    problem(send(&server, &mine, Method::POST, "/select", request).await, StatusCode::NOT_FOUND, "not_found").await;
    problem(send(&server, &mine, Method::DELETE, &path, Value::Null).await, StatusCode::NOT_FOUND, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn what_is_kept_outlives_the_server() {
    let place = Place::new();
    let server = place.start().await;
    let mine = owner(&server).await;
    ok(send(&server, &mine, Method::POST, "", json!({"name": "Kept", "description": "Kept"})).await).await;
    server.stop().await;
    let server = place.start().await;
    ok(send(&server, &mine, Method::GET, "/kept", Value::Null).await).await;
    server.stop().await;
}

#[tokio::test]
async fn selections_that_make_no_sense() {
    let place = Place::new();
    let server = place.start().await;
    for (body, field) in [
        (json!({"text": " "}), "text"),
        (json!({"text": "a", "limit": 0}), "limit"),
        (json!({"text": "a", "limit": 51}), "limit"),
    ] {
        let refused = server.post("/api/v1/tools/select", body).await;
        let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
        assert_eq!(refused["errors"][0]["field"], field);
    }
    let long = server.post("/api/v1/tools/select", json!({"text": "a".repeat(8_001)})).await;
    problem(long, StatusCode::PAYLOAD_TOO_LARGE, "message_too_long").await;
    let refused = server.post("/api/v1/tools/select", json!({"text": "a", "catalog": "none"})).await;
    problem(refused, StatusCode::NOT_FOUND, "not_found").await;
    let typo = server.post_json("/api/v1/tools/select", json!({"text": "it needs our calender, no email"})).await;
    assert_eq!(ids(&typo), ["calendar"], "{typo}");
    server.stop().await;
}
