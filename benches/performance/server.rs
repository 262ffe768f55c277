//! The release server as a process: started on an empty database, watched, stopped.

use std::env;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use serde_json::json;
use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;

use crate::Error;
use crate::load::{Call, Client};
use crate::report::{Row, median, milliseconds};
use crate::turns::OPENING;

const STARTS: usize = 7;
const LIVE_SESSIONS: usize = 1000;
const STREAMS: usize = 1000;
const START_DEADLINE: Duration = Duration::from_secs(30);

pub struct Server {
    process: Child,
    pub address: String,
    /// From the start of the process to its first answer.
    pub start: Duration,
    /// Holds the database; on the disk the build is on, since a temporary file system may be memory.
    pub folder: TempDir,
}

impl Server {
    pub async fn start() -> Result<Server, Error> {
        Server::start_with(&[]).await
    }

    /// With settings of one's own.
    pub async fn start_with(settings: &[(&str, &str)]) -> Result<Server, Error> {
        let site = PathBuf::from(env::var("SITE").map_err(|_| "SITE is not set: run `make bench`")?);
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let began = Instant::now();
        let process = Command::new(site.join("agentwright"))
            .current_dir(folder.path())
            .env("HOST", "127.0.0.1")
            .env("PORT", port.to_string())
            .env("DATABASE_URL", database(&folder))
            .env("RUST_LOG", "error")
            .env("LEPTOS_OUTPUT_NAME", "agentwright")
            .env("LEPTOS_SITE_ROOT", site.join("site"))
            .env("LEPTOS_SITE_PKG_DIR", "pkg")
            .env("LEPTOS_HASH_FILES", "true")
            .env("LEPTOS_ENV", "PROD")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let mut server = Server { process, address: format!("127.0.0.1:{port}"), start: Duration::ZERO, folder };
        server.first_answer().await?;
        server.start = began.elapsed();
        Ok(server)
    }

    async fn first_answer(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + START_DEADLINE;
        while Instant::now() < deadline {
            if let Some(status) = self.process.try_wait()? {
                return Err(format!("the server ended at once: {status}").into());
            }
            if let Ok(mut client) = Client::connect(&self.address).await
                && client.json(&Call::get("/health")).await.is_ok()
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Err("the server did not answer".into())
    }

    /// Resident memory in MB.
    fn memory(&self) -> Result<f64, Error> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS in /proc")?;
        let kib: f64 = line.split_whitespace().nth(1).ok_or("no figure in VmRSS")?.parse()?;
        Ok(kib / 1024.0)
    }
}

fn database(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("agentwright.db").display())
}

impl Drop for Server {
    fn drop(&mut self) {
        // The database goes with its folder: there is nothing to stop gently for.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Time to the first answer, and memory with nothing to do, with many sessions and with many streams.
pub async fn rows() -> Result<Vec<Row>, Error> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(Server::start().await?.start);
    }
    let server = Server::start().await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let idle = server.memory()?;
    let mut client = Client::connect(&server.address).await?;
    for _ in 0..LIVE_SESSIONS {
        client.json(&Call::post("/api/v1/sessions/create", json!({"initial_message": OPENING}))).await?;
    }
    let live = server.memory()?;
    let stream = idle_stream(&server, &mut client).await?;
    Ok(vec![
        Row {
            what: "server start to first answer, empty database",
            measured: milliseconds(median(&mut starts)),
            bar: "≤ 300 ms",
            raw: String::new(),
        },
        Row {
            what: "resident memory, idle / 1,000 live sessions",
            measured: format!("{idle:.0} / {live:.0} MB"),
            bar: "≤ 60 / ≤ 120 MB",
            raw: String::new(),
        },
        Row { what: "one idle SSE stream", measured: format!("{stream:.1} KB"), bar: "≤ 40 KB", raw: String::new() },
    ])
}

/// Memory in KB of one stream among many that follow a turn which cannot go on: another process holds the file.
async fn idle_stream(server: &Server, client: &mut Client) -> Result<f64, Error> {
    let created = client.json(&Call::post("/api/v1/sessions/create", json!({}))).await?;
    let turns = format!("/api/v1/sessions/{}/turns", created["session_id"].as_str().ok_or("no session_id")?);
    let mut holder = SqliteConnection::connect(&database(&server.folder)).await?;
    holder.execute("BEGIN IMMEDIATE").await?;
    client.json(&Call::post(&turns, json!({"message": OPENING, "client_message_id": "m1"}))).await?;
    let before = server.memory()?;
    let events = Call::get(format!("{turns}/m1/events"));
    let mut streams = Vec::new();
    for _ in 0..STREAMS {
        let mut listener = Client::connect(&server.address).await?;
        let stream = listener.open(&events).await?;
        streams.push((listener, stream));
    }
    let each = (server.memory()? - before) * 1024.0 / STREAMS as f64;
    holder.execute("ROLLBACK").await?;
    for (_, stream) in streams {
        let heard = stream.collect().await?.to_bytes();
        if !String::from_utf8_lossy(&heard).contains("event: done") {
            return Err("a stream did not hear the end of its turn".into());
        }
    }
    Ok(each)
}
