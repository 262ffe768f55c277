//! How words become fields, and what the interview is made of.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Place, problem};

#[tokio::test]
async fn a_text_is_read_without_keeping_anything() {
    let place = Place::new();
    let server = place.start().await;
    let text = "A phone receptionist for our clinic. She sounds friendly. She should book appointments.";
    let read = server.post_json("/api/v1/intent/extract", json!({"text": text})).await;
    for field in ["agent_type", "goals", "tone", "channel"] {
        let found = &read["fields"][field];
        assert!(found["confidence"].as_f64().is_some_and(|it| it > 0.0 && it <= 1.0), "{field} in {read}");
        let evidence = &found["evidence"];
        assert_eq!(evidence["message"], 0, "{read}");
        assert!(text.contains(evidence["quote"].as_str().unwrap()), "{read}");
    }
    assert!(read["fields"]["goals"]["value"].is_array() && read["fields"]["channel"]["value"].is_string());
    assert_eq!(read["commands"], json!([]));

    let answer = json!({"text": "no, it only talks", "context": {"asked": "use_tools", "previous": "tone"}});
    let read = server.post_json("/api/v1/intent/extract", answer).await;
    assert_eq!(read["fields"]["use_tools"]["value"], json!(false), "{read}");
    let read = server.post_json("/api/v1/intent/extract", json!({"text": "undo that"})).await;
    assert_eq!((&read["fields"], &read["commands"]), (&json!({}), &json!(["undo"])));

    for (body, field) in [
        (json!({"text": ""}), "text"),
        (json!({"text": "a", "context": {"asked": "colour"}}), "context.asked"),
        (json!({"text": "a", "contxt": {}}), "contxt"),
    ] {
        let refused = server.post("/api/v1/intent/extract", body).await;
        let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields").await;
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    server.stop().await;
}

#[tokio::test]
async fn specs_of_real_interviews_fit_the_published_schema() {
    let place = Place::new();
    let server = place.start().await;
    let schema = server.get_json("/api/v1/schema/agent-spec.json").await;
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for opening in [
        "A friendly phone receptionist for our dental clinic called Mia. She books appointments in Google Calendar, \
         texts a reminder and never gives medical advice. English and Spanish.",
        "hm, not sure yet",
    ] {
        let id = server.create().await;
        for message in [opening, "you decide", "yes", "finish now"] {
            server.say(&id, message).await;
            let spec = server.get_json(&format!("/api/v1/sessions/{id}/spec")).await;
            let errors: Vec<String> = validator.iter_errors(&spec).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?} in {spec}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn the_interview_and_its_models_are_described() {
    let place = Place::new();
    let server = place.start().await;
    let guide = server.get_json("/api/v1/orchestrator/stages").await;
    assert_eq!(guide["stages"][1]["id"], "collecting_basics");
    assert_eq!(guide["stages"][1]["fields"], json!(["agent_type", "goals", "tone"]));
    assert_eq!(guide["stages"][6]["transitions"][0]["stage"], "finalizing");
    let questions = guide["questions"].as_array().unwrap();
    assert!(questions.len() == 20 && questions.iter().all(|question| question["wordings"][0].is_string()));

    let models = server.get_json("/api/v1/llm/providers").await;
    let ids: Vec<&Value> = models["providers"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, ["openai", "anthropic"]);
    assert_eq!(
        (&models["providers"][0]["configured"], &models["providers"][0]["reachable"]),
        (&json!(false), &json!(null))
    );
    server.stop().await;
}
