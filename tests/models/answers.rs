//! Answers that are well, in both dialects.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use agentwright::llm::models::{ChatMessage, ChatRequest, Finish, Purpose, ToolCall, ToolDefinition, Usage};
use futures_util::StreamExt;
use serde_json::json;

use crate::model::{Dialect, ModelServer, Script};
use crate::support::{MANY_BYTES, asked, json_request, models_of, read, request, until};

#[tokio::test]
async fn an_answer_comes_as_it_was_said_however_it_is_torn() {
    for dialect in Dialect::BOTH {
        for script in [
            Script::text(MANY_BYTES),
            Script::text(MANY_BYTES).in_chunks(1),
            Script::text(MANY_BYTES).in_bytes(1),
            Script::text(MANY_BYTES).in_chunks(3).in_bytes(7),
        ] {
            let server = ModelServer::always(script.clone()).await;
            let answer = models_of(&server, dialect).collect(Purpose::Phrasing, &request()).await.unwrap();
            assert_eq!((answer.text.as_str(), answer.finish), (MANY_BYTES, Finish::Done), "{dialect:?} {script:?}");
            assert_eq!(answer.model.provider, dialect.vendor().id());
            assert_eq!(answer.usage.input_tokens, 10, "{dialect:?}");
            assert!(answer.usage.output_tokens >= 1, "{dialect:?}");
        }
    }
}

#[tokio::test]
async fn the_first_words_are_there_before_the_last_are_said() {
    for dialect in Dialect::BOTH {
        let script = Script::text("one two").in_chunks(4).paced(Duration::from_millis(300));
        let server = ModelServer::always(script).await;
        let models = models_of(&server, dialect);
        let (_, mut answer) = models.ask(Purpose::Phrasing, &request()).await.unwrap();
        answer.next().await.unwrap().unwrap();
        assert_eq!(server.under_way(), 1, "{dialect:?}: it still speaks");
        let (text, end) = read(&mut answer).await;
        assert!("one two".ends_with(&text) && text.len() < 7, "{text}");
        assert_eq!(end, Ok(Finish::Done));
        assert_eq!(server.hang_ups(), 0);
    }
}

#[tokio::test]
async fn dropping_an_answer_hangs_up() {
    for dialect in Dialect::BOTH {
        let server = ModelServer::always(Script::endless().paced(Duration::from_millis(5))).await;
        let models = models_of(&server, dialect);
        let (_, mut answer) = models.ask(Purpose::Phrasing, &request()).await.unwrap();
        answer.next().await.unwrap().unwrap();
        drop(answer);
        until("the connection to close", || server.hang_ups() == 1).await;

        // So does whoever leaves before the first word.
        let server = ModelServer::always(Script::never()).await;
        let models = models_of(&server, dialect);
        let asking = tokio::spawn(async move { asked(&models, &request()).await });
        until("the request to come", || server.under_way() == 1).await;
        asking.abort();
        until("the connection to close", || server.hang_ups() == 1).await;
    }
}

#[tokio::test]
async fn a_document_is_asked_for_by_its_schema() {
    for dialect in Dialect::BOTH {
        let server = ModelServer::always(Script::json(json!({"goal": "Grüße"})).in_chunks(2).in_bytes(5)).await;
        let answer = models_of(&server, dialect).collect(Purpose::Extraction, &json_request()).await.unwrap();
        assert_eq!(answer.json(), Some(json!({"goal": "Grüße"})), "{dialect:?}");
        assert_eq!((answer.finish, answer.tool_calls.len()), (Finish::Done, 0));
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0].schema(), Some(crate::support::schema()), "{dialect:?}");
        assert_eq!(
            (requests[0].system().as_str(), requests[0].last_user().as_str()),
            ("You are brief.", "A phone receptionist")
        );
    }
}

#[tokio::test]
async fn tools_are_offered_called_and_answered() {
    for dialect in Dialect::BOTH {
        let script = Script::text("I look.").and_call("find", json!({"day": "Tuesday"})).and_call("book", json!({}));
        let server = ModelServer::always(script.in_bytes(3)).await;
        let tool = |name: &str| ToolDefinition {
            name: name.to_owned(),
            description: format!("To {name}"),
            parameters: json!({"type": "object", "properties": {}}),
        };
        let mut asked = ChatRequest { tools: vec![tool("find"), tool("book")], ..request() };
        let models = models_of(&server, dialect);
        let answer = models.collect(Purpose::Preview, &asked).await.unwrap();
        assert_eq!((answer.text.as_str(), answer.finish), ("I look.", Finish::ToolCalls));
        let called: Vec<(&str, &str)> =
            answer.tool_calls.iter().map(|call| (call.name.as_str(), call.arguments.as_str())).collect();
        assert_eq!(called, [("find", r#"{"day":"Tuesday"}"#), ("book", "{}")]);

        asked.messages.push(ChatMessage::Assistant { text: answer.text, tool_calls: answer.tool_calls.clone() });
        asked.messages.extend(answer.tool_calls.iter().map(|ToolCall { id, .. }| ChatMessage::ToolResult {
            call_id: id.clone(),
            content: "nothing free".to_owned(),
        }));
        models.collect(Purpose::Preview, &asked).await.unwrap();
        let body = &server.requests()[1].body;
        let messages = body["messages"].as_array().unwrap();
        match dialect {
            Dialect::OpenAi => {
                assert_eq!(body["tools"][1]["function"]["name"], "book");
                assert_eq!(messages[2]["tool_calls"][0]["function"]["arguments"], r#"{"day":"Tuesday"}"#);
                assert_eq!((&messages[3]["role"], &messages[4]["tool_call_id"]), (&json!("tool"), &json!("call_1")));
            }
            Dialect::Anthropic => {
                assert_eq!(body["tools"][1]["input_schema"]["type"], "object");
                assert_eq!(messages[1]["content"][1]["input"], json!({"day": "Tuesday"}));
                // Both results are one turn of the user's.
                assert_eq!((messages.len(), messages[2]["content"].as_array().unwrap().len()), (3, 2));
                assert_eq!(messages[2]["content"][1]["tool_use_id"], "toolu_1");
            }
        }
    }
}

#[tokio::test]
async fn what_was_used_is_counted() {
    for dialect in Dialect::BOTH {
        let server = ModelServer::always(Script::text("one two three").in_chunks(1)).await;
        let models = models_of(&server, dialect);
        for _ in 0..2 {
            let answer = models.collect(Purpose::Phrasing, &request()).await.unwrap();
            assert_eq!(answer.usage, Usage { input_tokens: 10, output_tokens: 13 }, "{dialect:?}");
        }
        let (_, _, state) = models.providers().remove(0);
        assert_eq!(state.usage, Usage { input_tokens: 20, output_tokens: 26 });
    }
}

#[tokio::test]
async fn connections_are_used_again() {
    for dialect in Dialect::BOTH {
        for script in [Script::text("one two three").in_chunks(3), Script::text("one two three").in_bytes(1)] {
            let server = ModelServer::always(script).await;
            let models = models_of(&server, dialect);
            for _ in 0..5 {
                models.collect(Purpose::Phrasing, &request()).await.unwrap();
                // The connection is back a moment later.
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            let peers: BTreeSet<SocketAddr> = server.requests().iter().map(|request| request.peer).collect();
            assert_eq!(peers.len(), 1, "{dialect:?}");
        }
    }
}
