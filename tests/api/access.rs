//! Who may do what: every route against every kind of caller. A route that is not in the matrix fails it.

use std::collections::BTreeSet;
use std::path::Path;

use agentwright::server::api_keys::ApiKeys;
use agentwright::server::config::Config;
use agentwright::server::router::openapi;
use reqwest::header::{AUTHORIZATION, COOKIE};
use reqwest::{Client, Method, StatusCode};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::support::{Place, Server, id_of, ok, problem, visitor};

const KEY: &str = "the-key-of-the-shop";
const OTHER_KEY: &str = "the-key-of-another";

/// What guards a route.
#[derive(Clone, Copy, PartialEq)]
enum Guard {
    /// Answers about one session: to its owner alone.
    Session,
    /// Answers about the caller's own things, whoever it is.
    Caller,
    /// Keeps something for the caller: for everybody who can be told from others.
    Keeper,
    /// Answers about something the caller keeps, here something that is not there.
    Kept,
    /// Answers whoever runs the server, which without an admin key is everybody on its machine.
    Admin,
    /// Answers everybody.
    Open,
}

/// A route with a request that its owner may make: method, path, what guards it, body.
type Route = (Method, &'static str, Guard, Option<Value>);

fn matrix() -> Vec<Route> {
    use Guard::{Admin, Caller, Keeper, Kept, Open, Session};
    let (get, post, patch, delete) = (Method::GET, Method::POST, Method::PATCH, Method::DELETE);
    let said = || Some(json!({"message": "A tutor"}));
    let tool = || Some(json!({"name": "Ours", "description": "Ours"}));
    let run = || json!([{"role": "user", "content": "Hello"}]);
    let agent = || json!({"component_type": "Agent", "name": "ours", "description": "Ours"});
    vec![
        (get.clone(), "/api/v1/sessions", Caller, None),
        (post.clone(), "/api/v1/sessions/create", Caller, None),
        (post.clone(), "/api/v1/sessions/import", Caller, Some(json!({"document": agent()}))),
        (get.clone(), "/api/v1/sessions/{id}", Session, None),
        (delete.clone(), "/api/v1/sessions/{id}", Session, None),
        (post.clone(), "/api/v1/sessions/{id}/message", Session, said()),
        (post.clone(), "/api/v1/sessions/{id}/turns", Session, said()),
        (get.clone(), "/api/v1/sessions/{id}/turns/{turn_id}/events", Session, None),
        (post.clone(), "/api/v1/sessions/{id}/turns/{turn_id}/stop", Session, None),
        (get.clone(), "/api/v1/sessions/{id}/status", Session, None),
        (get.clone(), "/api/v1/sessions/{id}/messages", Session, None),
        (get.clone(), "/api/v1/sessions/{id}/spec", Session, None),
        (patch.clone(), "/api/v1/sessions/{id}/spec", Session, Some(json!({"agent_name": "Mia"}))),
        (patch.clone(), "/api/v1/sessions/{id}", Session, Some(json!({"title": "Mine"}))),
        (post.clone(), "/api/v1/sessions/{id}/duplicate", Session, None),
        (get.clone(), "/api/v1/sessions/{id}/revisions", Session, None),
        (get.clone(), "/api/v1/sessions/{id}/revisions/{version}", Session, None),
        (post.clone(), "/api/v1/sessions/{id}/undo", Session, None),
        (post.clone(), "/api/v1/sessions/{id}/redo", Session, None),
        (post.clone(), "/api/v1/sessions/{id}/reopen", Session, None),
        (post.clone(), "/api/v1/sessions/{id}/resume", Session, None),
        (get.clone(), "/api/v1/workflows/{id}", Session, None),
        (
            patch,
            "/api/v1/workflows/{id}",
            Session,
            Some(json!({"version": 1, "edits": [{"op": "remove_node", "id": "none"}]})),
        ),
        (get.clone(), "/api/v1/workflows/{id}/visualize", Session, None),
        (get.clone(), "/api/v1/workflows/{id}/diagram.svg", Session, None),
        (get.clone(), "/api/v1/workflows/{id}/diagram.png", Session, None),
        (get.clone(), "/api/v1/workflows/{id}/diagram.mmd", Session, None),
        (get.clone(), "/api/v1/workflows/{id}/diagram.dot", Session, None),
        (get.clone(), "/api/v1/workflows/{id}/diagram.json", Session, None),
        (post.clone(), "/api/v1/workflows/{id}/review", Session, Some(json!({"approved": false, "feedback": "Fine"}))),
        (post.clone(), "/api/v1/workflows/{id}/regenerate", Session, None),
        (post.clone(), "/api/v1/prompts/{id}/generate", Session, None),
        (get.clone(), "/api/v1/prompts/{id}/export", Session, None),
        (get.clone(), "/api/v1/prompts/{id}/export/download", Session, None),
        (get.clone(), "/api/v1/prompts/{id}/exports", Session, None),
        (get.clone(), "/api/v1/prompts/{id}/lint", Session, None),
        (post.clone(), "/api/v1/prompts/{id}/polish", Session, Some(json!({"format": "generic"}))),
        (
            post.clone(),
            "/api/v1/prompts/{id}/polish/accept",
            Session,
            Some(json!({"format": "generic", "sections": {"goals": "x"}})),
        ),
        (post.clone(), "/api/v1/prompts/{id}/polish/drop", Session, Some(json!({"format": "generic"}))),
        (post.clone(), "/api/v1/sessions/{id}/preview", Session, Some(json!({"format": "generic"}))),
        (get.clone(), "/api/v1/workflows/{id}/walk", Session, None),
        (get.clone(), "/api/v1/sessions/{id}/tests", Session, None),
        (post.clone(), "/api/v1/sessions/{id}/tests", Session, Some(json!({"name": "x", "messages": run()}))),
        (delete.clone(), "/api/v1/sessions/{id}/tests/{name}", Session, None),
        (post.clone(), "/api/v1/sessions/{id}/tests/{name}/run", Session, None),
        (post.clone(), "/api/v1/sessions/{id}/tools", Session, Some(json!({"tools": [tool()]}))),
        // There is nothing to mend, which only its owner is told.
        (
            post.clone(),
            "/api/v1/prompts/{id}/lint/fix",
            Session,
            Some(json!({"rule": "repetition", "where": {"field": "goals", "item": 0}})),
        ),
        (get.clone(), "/api/v1/bundle/targets", Caller, None),
        (get.clone(), "/api/v1/bundle/{id}/{target}", Session, None),
        (get.clone(), "/api/v1/tools", Caller, None),
        (post.clone(), "/api/v1/tools", Keeper, tool()),
        (get.clone(), "/api/v1/tools/{tool_id}", Kept, None),
        (delete.clone(), "/api/v1/tools/{tool_id}", Kept, None),
        (post.clone(), "/api/v1/tools/import", Caller, Some(json!({"format": "json", "document": [tool()]}))),
        (post.clone(), "/api/v1/tools/select", Caller, Some(json!({"text": "A tutor"}))),
        (get.clone(), "/api/v1/tools/catalogs", Caller, None),
        (post.clone(), "/api/v1/tools/catalogs", Caller, Some(json!({"name": "Ours", "tools": [tool()]}))),
        (delete.clone(), "/api/v1/tools/catalogs/{catalog_id}", Kept, None),
        (post.clone(), "/api/v1/intent/extract", Caller, Some(json!({"text": "A tutor"}))),
        (get.clone(), "/api/v1/schema/agent-spec.json", Caller, None),
        (get.clone(), "/api/v1/orchestrator/stages", Caller, None),
        (get.clone(), "/api/v1/llm/providers", Caller, None),
        (post.clone(), "/api/v1/llm/test", Admin, None),
        (get.clone(), "/health", Open, None),
        (get.clone(), "/health/live", Open, None),
        (get.clone(), "/health/ready", Open, None),
        // The first five, without the base.
        (post.clone(), "/sessions/create", Caller, None),
        (post.clone(), "/sessions/{id}/message", Session, said()),
        (get.clone(), "/sessions/{id}/status", Session, None),
        (post.clone(), "/sessions/{id}/resume", Session, None),
        (delete, "/sessions/{id}", Session, None),
        (get.clone(), "/metrics", Open, None),
        (get.clone(), "/redoc", Open, None),
        (get.clone(), "/redoc/redoc.standalone.js", Open, None),
    ]
}

/// Routes of the page, which are for browsers: the cookie says whose they are.
fn page_matrix() -> Vec<(Method, &'static str, Guard)> {
    use Guard::{Open, Session};
    vec![
        (Method::GET, "/s/{id}/diagram.svg", Session),
        (Method::GET, "/s/{id}/diagram.png", Session),
        (Method::GET, "/s/{id}/diagram.mmd", Session),
        (Method::GET, "/s/{id}/diagram.dot", Session),
        (Method::GET, "/s/{id}/download", Session),
        (Method::GET, "/settings/key", Open),
        (Method::POST, "/settings/key/remove", Open),
        (Method::GET, "/styleguide", Open),
        (Method::GET, "/styleguide.css", Open),
        (Method::POST, "/language", Open),
    ]
}

/// A function of the page: name, what guards it, fields beside the session's id.
type Function = (&'static str, Guard, &'static [(&'static str, &'static str)]);

fn function_matrix() -> Vec<Function> {
    use Guard::{Caller, Kept, Session};
    vec![
        ("load_models", Caller, &[]),
        ("start_interview", Caller, &[("text", "A tutor")]),
        ("list_sessions", Caller, &[("q", "")]),
        ("send_message", Session, &[("text", "A tutor")]),
        ("begin_turn", Session, &[("text", "A tutor")]),
        ("load_draft", Session, &[("turn_id", "m-1")]),
        ("stop_turn", Kept, &[("turn_id", "m-1")]),
        ("load_workspace", Session, &[]),
        ("edit_field", Session, &[("field", "agent_name"), ("value", "\"Mia\"")]),
        ("keep_field", Session, &[("field", "tone")]),
        ("undo_change", Session, &[]),
        ("redo_change", Session, &[]),
        ("reopen_session", Session, &[]),
        ("rename_session", Session, &[("title", "Mine")]),
        ("delete_session", Session, &[]),
        ("resume_session", Session, &[]),
        ("load_prompt", Session, &[("format", "generic")]),
        ("load_bundle", Session, &[]),
        ("load_polish", Session, &[("format", "generic")]),
        ("accept_polish", Session, &[("format", "generic"), ("sections", "{\"goals\": \"x\"}")]),
        ("drop_polish", Session, &[("format", "generic")]),
        ("preview_turn", Session, &[("format", "generic"), ("messages", "[]")]),
        ("walk_step", Session, &[]),
        ("list_tests", Session, &[]),
        (
            "save_test",
            Session,
            &[("test", "{\"name\": \"x\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}")],
        ),
        ("delete_test", Session, &[("name", "t")]),
        ("run_test", Session, &[("name", "goal_1")]),
        ("fix_lint", Session, &[("rule", "repetition"), ("place", "{}")]),
        ("read_tools", Caller, &[("document", r#"[{"name": "ours"}]"#)]),
        ("add_tools", Session, &[("tools", r#"[{"name": "Ours", "description": "Does it."}]"#)]),
        // {"component_type": "Agent", "name": "ours"}
        ("open_file", Caller, &[("file", "eyJjb21wb25lbnRfdHlwZSI6ICJBZ2VudCIsICJuYW1lIjogIm91cnMifQ==")]),
        ("draw_gesture", Session, &[("version", "2"), ("gesture", r#"{"do": "remove", "node": "end_node"}"#)]),
        ("foresee_change", Session, &[("text", "remove the greeting")]),
        ("take_change", Session, &[("version", "2"), ("text", "remove the greeting")]),
        ("load_revisions", Session, &[]),
        ("load_revision", Session, &[("version", "2")]),
        ("foresee_retold", Session, &[("seq", "1"), ("text", "A tutor")]),
        ("retell_message", Session, &[("version", "2"), ("seq", "1"), ("text", "A tutor")]),
    ]
}

/// One who asks: a browser with its cookie, or a program with or without a key.
struct Asker {
    client: Client,
    key: Option<&'static str>,
}

impl Asker {
    fn program(key: Option<&'static str>) -> Asker {
        Asker { client: visitor(), key }
    }

    async fn browser(server: &Server) -> Asker {
        let client = visitor();
        client.get(server.url("/")).send().await.unwrap();
        Asker { client, key: None }
    }

    async fn ask(&self, server: &Server, method: &Method, path: &str, body: Option<&Value>) -> reqwest::Response {
        let mut request = self.client.request(method.clone(), server.url(path));
        if let Some(key) = self.key {
            request = request.header(AUTHORIZATION, format!("Bearer {key}"));
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    /// A session of this one, with a turn of the name `t`.
    async fn session(&self, server: &Server) -> String {
        let made = self.ask(server, &Method::POST, "/api/v1/sessions/create", None).await;
        let id = id_of(&ok(made).await);
        let turn = json!({"message": "A phone receptionist", "client_message_id": "t"});
        ok(self.ask(server, &Method::POST, &format!("/api/v1/sessions/{id}/turns"), Some(&turn)).await).await;
        let events = format!("/api/v1/sessions/{id}/turns/t/events");
        self.ask(server, &Method::GET, &events, None).await.text().await.unwrap();
        id
    }
}

fn filled(path: &str, id: &str) -> String {
    let path = path.replace("{id}", id).replace("{turn_id}", "t").replace("{target}", "openai");
    let path = path.replace("{name}", "goal_1").replace("{version}", "2");
    path.replace("{tool_id}", "none").replace("{catalog_id}", "none")
}

/// Whether a caller was let in; what it asked for may still be refused for another reason.
fn is_let_in(status: StatusCode) -> bool {
    ![StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&status)
}

fn with_keys() -> Config {
    Config { api_keys: ApiKeys::parse(&format!("shop:{KEY},other:{OTHER_KEY}")).unwrap(), ..Config::default() }
}

#[tokio::test]
async fn without_keys_the_cookie_says_whose_a_session_is() {
    let place = Place::new();
    let server = place.start().await;
    let (owner, other, nobody) = (Asker::browser(&server).await, Asker::browser(&server).await, Asker::program(None));
    for (method, path, guard, body) in matrix() {
        let id = owner.session(&server).await;
        for stranger in [&other, &nobody, &Asker::program(Some(KEY))] {
            let answer = stranger.ask(&server, &method, &filled(path, &id), body.as_ref()).await;
            match guard {
                Guard::Session | Guard::Kept => drop(problem(answer, StatusCode::NOT_FOUND, "not_found").await),
                Guard::Keeper if !std::ptr::eq(stranger, &other) => {
                    problem(answer, StatusCode::FORBIDDEN, "no_owner").await;
                }
                Guard::Caller | Guard::Keeper | Guard::Admin | Guard::Open => {
                    assert!(is_let_in(answer.status()), "{method} {path}");
                }
            }
        }
        let own = owner.ask(&server, &method, &filled(path, &id), body.as_ref()).await;
        assert_eq!(is_let_in(own.status()), guard != Guard::Kept, "{method} {path}: {}", own.status());
    }
    server.stop().await;
}

#[tokio::test]
async fn with_keys_the_key_says_it() {
    let place = Place::new();
    let server = place.start_with(with_keys()).await;
    let (owner, other) = (Asker::program(Some(KEY)), Asker::program(Some(OTHER_KEY)));
    let outsiders =
        [Asker::program(None), Asker::browser(&server).await, Asker::program(Some("no-key-of-this-server"))];
    for (method, path, guard, body) in matrix() {
        let id = owner.session(&server).await;
        for (number, outsider) in outsiders.iter().enumerate() {
            let answer = outsider.ask(&server, &method, &filled(path, &id), body.as_ref()).await;
            // Who shows a wrong key hears so wherever it is.
            if matches!(guard, Guard::Open | Guard::Admin) && number < 2 {
                assert!(is_let_in(answer.status()), "{method} {path}");
            } else {
                assert_eq!(answer.headers()["www-authenticate"], "Bearer", "{method} {path}");
                problem(answer, StatusCode::UNAUTHORIZED, "unauthorized").await;
            }
        }
        let foreign = other.ask(&server, &method, &filled(path, &id), body.as_ref()).await;
        match guard {
            Guard::Session | Guard::Kept => drop(problem(foreign, StatusCode::NOT_FOUND, "not_found").await),
            Guard::Caller | Guard::Keeper | Guard::Admin | Guard::Open => {
                assert!(is_let_in(foreign.status()), "{method} {path}");
            }
        }
        let own = owner.ask(&server, &method, &filled(path, &id), body.as_ref()).await;
        assert_eq!(is_let_in(own.status()), guard != Guard::Kept, "{method} {path}: {}", own.status());
    }
    server.stop().await;
}

#[tokio::test]
async fn the_page_answers_the_owner_of_the_cookie() {
    let place = Place::new();
    let server = place.start().await;
    let (owner, other, nobody) = (Asker::browser(&server).await, Asker::browser(&server).await, Asker::program(None));
    for (method, path, guard) in page_matrix() {
        let id = owner.session(&server).await;
        for stranger in [&other, &nobody] {
            let answer = stranger.ask(&server, &method, &filled(path, &id), None).await;
            assert_eq!(is_let_in(answer.status()), guard == Guard::Open, "{method} {path}: {}", answer.status());
        }
        // What makes the owner another comes last.
        let own = owner.ask(&server, &method, &filled(path, &id), None).await;
        assert!(is_let_in(own.status()), "{method} {path}: {}", own.status());
    }
    let owner = Asker::browser(&server).await;
    for (name, guard, fields) in function_matrix() {
        let id = owner.session(&server).await;
        let call = |asker: &Asker| {
            let fields: Vec<_> = fields.iter().copied().chain([("session_id", id.as_str())]).collect();
            asker.client.post(server.url(&format!("/rpc/{name}"))).form(&fields).send()
        };
        for stranger in [&other, &nobody] {
            let status = call(stranger).await.unwrap().status();
            assert_eq!(is_let_in(status), guard == Guard::Caller, "{name}: {status}");
        }
        let status = call(&owner).await.unwrap().status();
        assert_eq!(is_let_in(status), guard != Guard::Kept, "{name}: {status}");
    }
    server.stop().await;
}

#[test]
fn no_route_is_left_out() {
    let document = serde_json::to_value(openapi()).unwrap();
    let mut known: BTreeSet<(String, String)> = BTreeSet::new();
    known.extend(matrix().iter().map(|(method, path, ..)| (method.to_string().to_lowercase(), (*path).to_owned())));
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            assert!(known.contains(&(method.clone(), path.clone())), "{method} {path} is not in the matrix");
        }
    }
    // Routes that are in no document: as they stand in the source.
    let mut paths: BTreeSet<&str> = matrix().iter().map(|(_, path, ..)| *path).collect();
    paths.extend(page_matrix().iter().map(|(_, path, _)| *path));
    let functions: BTreeSet<&str> = function_matrix().iter().map(|(name, ..)| *name).collect();
    let mut found = 0;
    for text in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        for path in quoted_after(&text, ".route(\"") {
            assert!(paths.contains(path), "{path} is not in the matrix");
            found += 1;
        }
        for name in quoted_after(&text, "endpoint = \"") {
            assert!(functions.contains(name), "the function {name} is not in the matrix");
            found += 1;
        }
    }
    assert!(found >= 20, "{found}");
}

fn sources(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(sources(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = std::fs::read_to_string(path).unwrap();
            texts.push(text.split("#[cfg(test)]").next().unwrap().to_owned());
        }
    }
    texts
}

fn quoted_after<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn a_key_attached_to_a_browser_takes_its_interviews_over() {
    let place = Place::new();
    let server = place.start_with(with_keys()).await;
    let client = visitor();
    let page = client.get(server.url("/")).send().await.unwrap();
    let before = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let start = client.post(server.url("/rpc/start_interview")).form(&[("text", "A phone receptionist")]);
    let id: String = ok(start.send().await.unwrap()).await.as_str().unwrap().to_owned();
    let status = format!("/api/v1/sessions/{id}/status");
    problem(client.get(server.url(&status)).send().await.unwrap(), StatusCode::UNAUTHORIZED, "unauthorized").await;

    let attach = |key: &str| client.post(server.url("/settings/key")).form(&[("key", key)]).send();
    assert_eq!(attach("no-key-of-this-server").await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    let forged =
        client.post(server.url("/settings/key")).form(&[("key", KEY)]).header("origin", "https://evil.example");
    assert_eq!(forged.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let attached = attach(KEY).await.unwrap();
    assert_eq!(attached.status(), StatusCode::SEE_OTHER);
    let after = attached.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_ne!(before, after, "the cookie is another one");

    ok(client.get(server.url(&status)).send().await.unwrap()).await;
    let program = Asker::program(Some(KEY));
    ok(program.ask(&server, &Method::GET, &status, None).await).await;
    let stolen = visitor().post(server.url("/rpc/load_workspace")).header(COOKIE, before).form(&[("session_id", &id)]);
    assert_eq!(stolen.send().await.unwrap().status(), StatusCode::NOT_FOUND, "the cookie from before opens nothing");
    server.stop().await;

    // A key that the server no longer has opens nothing either.
    let server = place
        .start_with(Config { api_keys: ApiKeys::parse(&format!("other:{OTHER_KEY}")).unwrap(), ..Config::default() });
    let server = server.await;
    let kept = visitor().get(server.url(&status)).header(COOKIE, after).send().await.unwrap();
    problem(kept, StatusCode::UNAUTHORIZED, "unauthorized").await;
    server.stop().await;
}

#[tokio::test]
async fn who_has_the_admin_key_may_do_what_concerns_the_server() {
    let place = Place::new();
    let admin = "the-key-of-the-admin";
    let with_admin = Config { admin_key: Some(SecretString::from(admin)), ..with_keys() };
    let server = place.start_with(with_admin).await;
    let (method, path) = (Method::POST, "/api/v1/llm/test");
    for key in [None, Some(KEY), Some("no-key-of-this-server")] {
        let refused = Asker::program(key).ask(&server, &method, path, None).await;
        problem(refused, StatusCode::UNAUTHORIZED, "unauthorized").await;
    }
    let by_admin = Asker::program(Some(admin));
    ok(by_admin.ask(&server, &method, path, None).await).await;
    // It opens nothing of the owners'.
    let refused = by_admin.ask(&server, &Method::GET, "/api/v1/sessions", None).await;
    problem(refused, StatusCode::UNAUTHORIZED, "unauthorized").await;
    let from_afar = visitor().get(server.url("/metrics")).header("x-forwarded-for", "192.0.2.1").bearer_auth(admin);
    assert_eq!(from_afar.send().await.unwrap().status(), StatusCode::OK);
    server.stop().await;

    // Without one it is for this machine, and for none of its browsers' other pages.
    let server = place.start().await;
    let from_afar = visitor().post(server.url(path)).header("x-forwarded-for", "192.0.2.1");
    problem(from_afar.send().await.unwrap(), StatusCode::FORBIDDEN, "no_admin_key").await;
    let forged = visitor().post(server.url(path)).header("origin", "https://evil.example");
    problem(forged.send().await.unwrap(), StatusCode::FORBIDDEN, "cross_site").await;
    ok(visitor().post(server.url(path)).send().await.unwrap()).await;
    server.stop().await;
}
