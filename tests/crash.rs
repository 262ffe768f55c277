//! `kill -9` at any moment: what was acknowledged is there once, and nothing is half there.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

/// How often the server is killed; `AGENTWRIGHT_KILLS` asks for more.
const ROUNDS: u64 = 20;
/// Sessions that talk at the same time.
const CLIENTS: usize = 8;

/// What one client knows was acknowledged.
#[derive(Default)]
struct Account {
    id: String,
    /// Message by its client id, with the answer it got.
    acknowledged: BTreeMap<String, Value>,
    sent: u64,
}

/// What the clients of one round share.
#[derive(Default)]
struct Running {
    over: AtomicBool,
    /// Answers so far.
    acknowledged: AtomicUsize,
}

impl Running {
    /// Returns when there were that many answers.
    async fn answered(&self, count: usize) {
        while self.acknowledged.load(Ordering::Relaxed) < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

fn client() -> Client {
    agentwright::server::tls::choose_crypto();
    Client::builder().timeout(Duration::from_secs(20)).build().unwrap()
}

struct Server {
    process: Child,
    base: String,
}

impl Server {
    async fn start(folder: &std::path::Path, client: &Client) -> Server {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(env!("CARGO_BIN_EXE_agentwright"))
            .current_dir(folder)
            .env("PORT", port.to_string())
            .env("HOST", "127.0.0.1")
            .env("DATABASE_URL", "sqlite://crash.db")
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let server = Server { process, base: format!("http://127.0.0.1:{port}") };
        let ready = format!("{}/health/ready", server.base);
        for _ in 0..400 {
            if client.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        server.kill();
        panic!("the server did not start");
    }

    /// SIGKILL: no handler runs, no buffer is flushed.
    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

async fn post(client: &Client, url: String, body: Value) -> Option<Value> {
    let answer = client.post(url).json(&body).send().await.ok()?;
    let status = answer.status();
    let body: Value = answer.json().await.ok()?;
    assert!(status.is_success(), "{status}: {body}");
    Some(body)
}

/// Talks until the server is gone. What was not acknowledged is sent again by the next round, under the same id.
async fn talk(client: Client, base: String, mut account: Account, running: Arc<Running>) -> Account {
    if account.id.is_empty() {
        let Some(created) = post(&client, format!("{base}/api/v1/sessions/create"), json!({})).await else {
            return account;
        };
        account.id = created["session_id"].as_str().unwrap().to_owned();
    }
    while !running.over.load(Ordering::Relaxed) {
        let key = format!("m{}", account.sent);
        let body = json!({"message": text(&key), "client_message_id": key});
        let url = format!("{base}/api/v1/sessions/{}/message", account.id);
        let Some(answer) = post(&client, url, body).await else { return account };
        account.acknowledged.insert(key, answer);
        running.acknowledged.fetch_add(1, Ordering::Relaxed);
        account.sent += 1;
    }
    account
}

fn text(key: &str) -> String {
    format!("This is message {key}.")
}

/// Compares what a client knows with what the server has.
async fn check(client: &Client, base: &str, account: &Account) {
    if account.id.is_empty() {
        return;
    }
    let mut messages = Vec::new();
    let mut after = String::new();
    loop {
        let url = format!("{base}/api/v1/sessions/{}/messages{after}", account.id);
        let page: Value = client.get(url).send().await.unwrap().json().await.unwrap();
        messages.extend(page["messages"].as_array().unwrap().iter().cloned());
        match page["next"].as_u64() {
            Some(next) => after = format!("?after={next}"),
            None => break,
        }
    }
    for (place, message) in messages.iter().enumerate() {
        let role = if place % 2 == 0 { "assistant" } else { "user" };
        assert_eq!((&message["seq"], &message["role"]), (&json!(place), &json!(role)), "half a turn in {}", account.id);
    }
    assert_eq!(messages.len() % 2, 1, "the opening and whole turns");
    let turns = (messages.len() - 1) / 2;
    assert!(turns as u64 == account.sent || turns as u64 == account.sent + 1, "{turns} turns, {} sent", account.sent);
    for key in account.acknowledged.keys() {
        let times = messages.iter().filter(|message| message["content"] == json!(text(key))).count();
        assert_eq!(times, 1, "{key} of {}", account.id);
    }
    let url = format!("{base}/api/v1/sessions/{}/status", account.id);
    let status: Value = client.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(status["version"], json!(turns + 1), "state and messages belong together");
    assert_eq!(status["conversation_length"], json!(messages.len()));
    // The last acknowledged message, sent again, gets the answer it got.
    if let Some((key, answer)) = account.acknowledged.iter().max_by_key(|(_, answer)| answer["version"].as_u64()) {
        let body = json!({"message": text(key), "client_message_id": key});
        let url = format!("{base}/api/v1/sessions/{}/message", account.id);
        assert_eq!(post(client, url, body).await.as_ref(), Some(answer));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_turns_survive_a_kill() {
    let rounds = std::env::var("AGENTWRIGHT_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    let folder = tempfile::tempdir().unwrap();
    let client = client();
    let mut accounts: Vec<Account> = (0..CLIENTS).map(|_| Account::default()).collect();
    for round in 0..rounds {
        let server = Server::start(folder.path(), &client).await;
        for account in &accounts {
            check(&client, &server.base, account).await;
        }
        let running = Arc::new(Running::default());
        let talking: Vec<_> = accounts
            .drain(..)
            .map(|account| tokio::spawn(talk(client.clone(), server.base.clone(), account, running.clone())))
            .collect();
        // On a busy machine the first answers take their time: only under load is a kill worth anything.
        running.answered(CLIENTS).await;
        // Moments spread over the round's work, the same in every run.
        tokio::time::sleep(Duration::from_millis(40 + round * 67 % 400)).await;
        server.kill();
        running.over.store(true, Ordering::Relaxed);
        for task in talking {
            accounts.push(task.await.unwrap());
        }
    }
    let server = Server::start(folder.path(), &client).await;
    for account in &accounts {
        check(&client, &server.base, account).await;
    }
    server.kill();
    let total: usize = accounts.iter().map(|account| account.acknowledged.len()).sum();
    println!("{total} acknowledged turns, {rounds} kills");
    assert!(total > 0);
}

/// SIGTERM: what is under way is finished, and the file is left whole without a log beside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_is_orderly() {
    let folder = tempfile::tempdir().unwrap();
    let client = client();
    let mut server = Server::start(folder.path(), &client).await;
    let base = server.base.clone();
    let running = Arc::new(Running::default());
    let talking = tokio::spawn(talk(client.clone(), base, Account::default(), running.clone()));
    running.answered(1).await;
    assert!(Command::new("kill").arg(server.process.id().to_string()).status().unwrap().success());
    let mut status = None;
    for _ in 0..400 {
        status = server.process.try_wait().unwrap();
        if status.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    assert!(!folder.path().join("crash.db-wal").exists(), "the log is folded into the file");
    let account = talking.await.unwrap();
    let server = Server::start(folder.path(), &client).await;
    check(&client, &server.base, &account).await;
    server.kill();
}

#[test]
fn migrating_makes_the_database_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let migrate = |url: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agentwright"));
        command.arg("migrate").current_dir(folder.path()).env("DATABASE_URL", url).output().unwrap()
    };
    assert!(migrate("sqlite://made/new.db").status.success());
    assert!(folder.path().join("made/new.db").exists());
    let refused = migrate("mysql://nowhere");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("DATABASE_URL"));
}
