//! Three servers on one PostgreSQL and one Redis behind nginx, with the configuration that is shipped.

#[path = "servers/mod.rs"]
mod servers;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use agentwright::server::tls::choose_crypto;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use servers::{Backend, free_port, fresh_database, own_redis};

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Killed outright, nginx would leave its workers behind.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

struct Server {
    process: Process,
    port: u16,
}

impl Server {
    async fn start(folder: &Path, database: &str, redis: Option<&Backend>) -> Server {
        let port = free_port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_agentwright"));
        command
            .current_dir(folder)
            .env("PORT", port.to_string())
            .env("DATABASE_URL", database)
            .env("TRUSTED_PROXIES", "127.0.0.1")
            .env("RUST_LOG", "error")
            .stdout(Stdio::null());
        if let Some(redis) = redis {
            command.env("REDIS_HOST", "127.0.0.1").env("REDIS_PORT", redis.port.to_string());
        }
        let server = Server { process: Process(command.spawn().unwrap()), port };
        answers(&server.url("/health/ready")).await;
        server
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

fn client() -> Client {
    choose_crypto();
    Client::builder().cookie_store(true).timeout(Duration::from_secs(20)).build().unwrap()
}

async fn answers(url: &str) {
    let client = client();
    for _ in 0..400 {
        if client.get(url).send().await.is_ok_and(|answer| answer.status().is_success()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{url} does not answer");
}

async fn ok(response: Response) -> Value {
    let (status, url) = (response.status(), response.url().clone());
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{url}: {status} {text}");
    serde_json::from_str(&text).unwrap()
}

/// nginx as shipped, but for where it listens and who is behind it.
async fn balance(folder: &Path, servers: &[Server]) -> (Process, String) {
    let port = free_port();
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/nginx.conf")).unwrap();
    let behind: Vec<String> =
        servers.iter().map(|server| format!("server 127.0.0.1:{} max_fails=2 fail_timeout=5s;", server.port)).collect();
    let mut changed = text.clone();
    for (from, to) in [
        ("server app:8000 max_fails=2 fail_timeout=5s;", behind.join(" ")),
        ("listen 8080;", format!("listen 127.0.0.1:{port}; add_header X-Served-By $upstream_addr always;")),
        ("/tmp/nginx", format!("{}/nginx", folder.display())),
    ] {
        assert!(changed.contains(from), "{from} is not in nginx.conf");
        changed = changed.replace(from, &to);
    }
    let path = folder.join("nginx.conf");
    fs::write(&path, changed).unwrap();
    // Its workers are another user's.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(folder, open).unwrap();
    let process = Command::new("nginx").arg("-c").arg(&path).args(["-g", "daemon off;"]).stdout(Stdio::null()).spawn();
    let process = Process(process.expect("nginx is missing: apt-get install nginx-light"));
    let base = format!("http://127.0.0.1:{port}");
    answers(&format!("{base}/health/ready")).await;
    (process, base)
}

async fn create(client: &Client, base: &str) -> String {
    let made = client.post(format!("{base}/api/v1/sessions/create")).json(&json!({})).send().await.unwrap();
    ok(made).await["session_id"].as_str().unwrap().to_owned()
}

fn message(number: usize) -> Value {
    json!({"message": format!("This is message {number}."), "client_message_id": format!("m{number}")})
}

/// Every message once and in whole turns, and as many versions as turns.
async fn is_whole(client: &Client, base: &str, id: &str, turns: usize) {
    let page = client.get(format!("{base}/api/v1/sessions/{id}/messages?limit=200")).send().await.unwrap();
    let messages = ok(page).await["messages"].as_array().unwrap().clone();
    assert_eq!(messages.len(), 2 * turns + 1);
    let said: BTreeSet<&str> = messages
        .iter()
        .filter(|message| message["role"] == "user")
        .map(|message| message["content"].as_str().unwrap())
        .collect();
    assert_eq!(said.len(), turns, "each message is there once");
    let status = ok(client.get(format!("{base}/api/v1/sessions/{id}/status")).send().await.unwrap()).await;
    assert_eq!(status["version"], json!(turns + 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_move_freely_between_servers() {
    let (database, redis) = (fresh_database().await, own_redis(&[]));
    let folder = tempfile::tempdir().unwrap();
    let start = || Server::start(folder.path(), &database, Some(&redis));
    let (one, two, three) = tokio::join!(start(), start(), start());
    let mut servers = vec![one, two, three];
    let (_balancer, base) = balance(folder.path(), &servers).await;

    // Turn after turn, each by whichever server; what was answered is what the next one reads.
    let visitor = client();
    visitor.get(&base).send().await.unwrap();
    let id = create(&visitor, &base).await;
    let mut served = BTreeSet::new();
    for turn in 0..12 {
        let sent =
            visitor.post(format!("{base}/api/v1/sessions/{id}/message")).json(&message(turn)).send().await.unwrap();
        served.insert(sent.headers()["x-served-by"].to_str().unwrap().to_owned());
        assert_eq!(ok(sent).await["version"], json!(turn + 2));
        let read = visitor.get(format!("{base}/api/v1/sessions/{id}/status")).send().await.unwrap();
        assert_eq!(ok(read).await["version"], json!(turn + 2), "the next server knows of it");
    }
    assert_eq!(served.len(), 3, "{served:?}");
    let stranger = client().get(format!("{base}/api/v1/sessions/{id}/status")).send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::NOT_FOUND, "every server knows whose it is");

    // Events of a turn that another server makes.
    let turn = visitor.post(format!("{base}/api/v1/sessions/{id}/turns")).json(&message(12)).send().await.unwrap();
    let turn = ok(turn).await["turn_id"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        let events = visitor.get(format!("{base}/api/v1/sessions/{id}/turns/{turn}/events")).send().await.unwrap();
        let text = events.text().await.unwrap();
        assert!(text.contains("event: done"), "{text}");
    }

    // A server that dies takes nothing with it.
    servers.pop().unwrap().process.0.kill().unwrap();
    for turn in 13..20 {
        let url = format!("{base}/api/v1/sessions/{id}/message");
        let mut sent = visitor.post(&url).json(&message(turn)).send().await.unwrap();
        if sent.status() == StatusCode::BAD_GATEWAY {
            sent = visitor.post(&url).json(&message(turn)).send().await.unwrap();
        }
        ok(sent).await;
    }
    is_whole(&visitor, &base, &id, 20).await;
    let hidden = visitor.get(format!("{base}/metrics")).send().await.unwrap();
    assert_eq!(hidden.status(), StatusCode::NOT_FOUND);
    for server in &mut servers {
        assert!(server.process.0.try_wait().unwrap().is_none(), "it lives");
    }
}

/// Two servers answer the same session at once: every message is a turn of its own, none is lost and nothing forks.
async fn many_at_once(redis: Option<Backend>) {
    const MESSAGES: usize = 60;
    let database = fresh_database().await;
    let folder = tempfile::tempdir().unwrap();
    let start = || Server::start(folder.path(), &database, redis.as_ref());
    let servers = tokio::join!(start(), start());
    let servers = [servers.0, servers.1];
    let client = client();
    let id = create(&client, &servers[0].url("")).await;
    let mut sending = tokio::task::JoinSet::new();
    for number in 0..MESSAGES {
        // Each message is sent to both servers, as an impatient sender would.
        for server in &servers {
            let url = server.url(&format!("/api/v1/sessions/{id}/message"));
            let request = client.post(url).json(&message(number));
            sending.spawn(async move { (number, ok(request.send().await.unwrap()).await) });
        }
    }
    let mut versions = vec![BTreeSet::new(); MESSAGES];
    while let Some(done) = sending.join_next().await {
        let (number, answer) = done.unwrap();
        versions[number].insert(answer["version"].as_u64().unwrap());
    }
    assert!(versions.iter().all(|both| both.len() == 1), "both senders got the same answer: {versions:?}");
    let all: BTreeSet<u64> = versions.into_iter().flatten().collect();
    assert_eq!(all, (2..MESSAGES as u64 + 2).collect(), "each turn made a version of its own");
    for server in &servers {
        is_whole(&client, &server.url(""), &id, MESSAGES).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_never_fork_a_session() {
    many_at_once(Some(own_redis(&[]))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_without_a_shared_cache() {
    many_at_once(None).await;
}

/// What is shipped names variables, paths and files that exist.
#[test]
fn what_is_shipped_fits_together() {
    let read = |name: &str| fs::read_to_string(format!("{}/deploy/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let compose: serde_yaml_ng::Value = serde_yaml_ng::from_str(&read("compose.yaml")).unwrap();
    let app = &compose["services"]["app"];
    let source = |name: &str| fs::read_to_string(format!("{}/src/server/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let known = source("config.rs") + &source("config_models.rs");
    for (name, _) in app["environment"].as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        assert!(known.contains(&format!("\"{name}\"")), "{name} is no variable of the server");
    }
    assert_eq!(app["read_only"].as_bool(), Some(true));
    let docker = read("Dockerfile");
    for part in ["USER 10001", "HEALTHCHECK", "STOPSIGNAL SIGTERM", "AS build"] {
        assert!(docker.contains(part), "{part}");
    }
    assert!(!docker.lines().any(|line| line.starts_with("USER root")));
    let example = read("example.env");
    for line in read("compose.yaml").lines() {
        for name in line.split("${").skip(1).map(|rest| rest.split([':', '}']).next().unwrap()) {
            assert!(example.contains(&format!("{name}=")), "{name} is not in example.env");
        }
    }
}
