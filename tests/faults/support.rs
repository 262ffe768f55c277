//! The server as a process of its own, to be killed, starved and looked at.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};

use crate::servers::free_port;

/// How many lines of the log a failed test shows.
const LINES: usize = 30;

/// How often, how long or how many: `variable` where it is set, else `usual`.
pub fn rounds(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

pub fn client() -> Client {
    agentwright::server::tls::choose_crypto();
    Client::builder().timeout(Duration::from_secs(40)).build().unwrap()
}

/// Waits until `is_so`, a minute at most.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < Duration::from_secs(60), "waited a minute for: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A running server. It ends with its value; what it logged is shown when the test fails.
pub struct Server {
    process: Child,
    pub port: u16,
    pub base: String,
    log: PathBuf,
}

impl Server {
    /// In this folder, with a SQLite file there unless `environment` names another database.
    pub async fn start(folder: &Path, environment: &[(&str, &str)]) -> Server {
        let (port, log) = (free_port(), folder.join("server.log"));
        let file: File = OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_agentwright"))
            .current_dir(folder)
            .envs([("HOST", "127.0.0.1"), ("DATABASE_URL", "sqlite://faults.db"), ("RUST_LOG", "warn")])
            .env("PORT", port.to_string())
            .envs(environment.iter().copied())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        let server = Server { process, port, base: format!("http://127.0.0.1:{port}"), log };
        let (client, ready) = (client(), server.url("/health/ready"));
        until("the server to be ready", async || {
            client.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
        server
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// SIGKILL: no handler runs, no buffer is flushed.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM.
    pub fn ask_to_stop(&self) {
        assert!(Command::new("kill").arg(self.process.id().to_string()).status().unwrap().success());
    }

    /// Waits until it ended by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        until("the server to end", async || {
            status = self.process.try_wait().unwrap();
            status.is_some()
        })
        .await;
        status.unwrap()
    }

    /// Resident memory in KB.
    pub fn memory(&self) -> u64 {
        self.line("VmRSS:")
    }

    pub fn threads(&self) -> u64 {
        self.line("Threads:")
    }

    /// Open files and connections.
    pub fn files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.process.id())).unwrap().count()
    }

    fn line(&self, name: &str) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    pub async fn get(&self, client: &Client, path: &str) -> Value {
        let answer = client.get(self.url(path)).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    /// A new session's id.
    pub async fn create(&self, client: &Client) -> String {
        let answer = client.post(self.url("/api/v1/sessions/create")).json(&json!({})).send().await.unwrap();
        let created: Value = answer.json().await.unwrap();
        created["session_id"].as_str().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            let text = std::fs::read_to_string(&self.log).unwrap_or_default();
            let lines: Vec<&str> = text.lines().rev().take(LINES).collect();
            eprintln!("the server's last lines, newest first:\n{}", lines.join("\n"));
        }
    }
}
