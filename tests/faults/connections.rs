//! Clients that are slow, idle or too many take nothing from the others.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::json;
use sqlx::Executor;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::kills::sqlite;
use crate::load::{Load, Losses, compare, failures, p99, turns_between};
use crate::report::row;
use crate::support::{Server, client, rounds, until};

/// One whole request on a connection that stays open.
const LIVE: &str = "GET /health/live HTTP/1.1\r\nhost: faults\r\n\r\n";
const SLOW_HEAD: &str = "GET /health/live HTTP/1.1\r\nhost: faults\r\nx-slow: ";
const SLOW_BODY: &str = "POST /api/v1/sessions/create HTTP/1.1\r\nhost: faults\r\n\
    content-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
/// How much later than its deadline a connection may be closed on a busy machine.
const LATE: Duration = Duration::from_secs(10);

async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(("127.0.0.1", server.port)).await.unwrap()
}

/// A connection on which one request was answered.
async fn served(server: &Server) -> TcpStream {
    let mut stream = connect(server).await;
    stream.write_all(LIVE.as_bytes()).await.unwrap();
    let mut bytes = [0; 4096];
    let count = stream.read(&mut bytes).await.unwrap();
    assert!(bytes[..count].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&bytes[..count]));
    stream
}

/// Sends a byte a second until the server closes; how long it took, and what the server said.
async fn dribble(stream: TcpStream, opening: &str) -> (Duration, String) {
    let began = Instant::now();
    let (mut input, mut output) = stream.into_split();
    output.write_all(opening.as_bytes()).await.unwrap();
    let mut seconds = interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said = Vec::new();
    loop {
        tokio::select! {
            read = input.read_buf(&mut said) => if !matches!(read, Ok(1..)) { break },
            _ = seconds.tick(), if !opening.is_empty() => { let _ = output.write_all(b" ").await; }
        }
        assert!(began.elapsed() < Duration::from_secs(60), "still open after a minute");
    }
    (began.elapsed(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_and_idle_connections_are_closed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]).await;
    let load = Load::new(&server, 2);
    let began = Instant::now();
    let (head, body, idle) = tokio::join!(
        dribble(connect(&server).await, SLOW_HEAD),
        dribble(connect(&server).await, SLOW_BODY),
        dribble(served(&server).await, ""),
    );
    let ended = Instant::now();
    let accounts = load.finish().await;
    let losses = compare(&server, &accounts).await;
    let least = Duration::from_secs(5);
    assert!((least..Duration::from_secs(15) + LATE).contains(&head.0), "{head:?}");
    assert!((least..Duration::from_secs(20) + LATE).contains(&body.0), "{body:?}");
    assert!((least..Duration::from_secs(15) + LATE).contains(&idle.0), "{idle:?}");
    assert!(body.1.starts_with("HTTP/1.1 408"), "{}", body.1);
    assert_eq!(failures(&accounts), (0, 0), "others are served");
    let seen = format!(
        "slow head closed after {:.1} s, slow body answered 408 after {:.1} s, idle closed after {:.1} s; others: {}",
        head.0.as_secs_f64(),
        body.0.as_secs_f64(),
        idle.0.as_secs_f64(),
        p99(turns_between(&accounts, began, ended))
    );
    row("50", "slow heads, slow bodies, idle connections", &seen, losses);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_idle_connections_cost_little() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]).await;
    let load = Load::new(&server, 4);
    load.turns(20).await;
    let (memory, files) = (server.memory(), server.files());
    let (began, count) = (Instant::now(), rounds("AGENTWRIGHT_IDLE", 1_000));
    let mut idle = Vec::new();
    for _ in 0..count {
        idle.push(served(&server).await);
    }
    load.turns(40).await;
    let each = server.memory().saturating_sub(memory) as f64 / count as f64;
    let ended = Instant::now();
    drop(idle);
    until("the connections to be gone", async || server.files() < files + 20).await;
    let accounts = load.finish().await;
    let losses = compare(&server, &accounts).await;
    assert_eq!(failures(&accounts), (0, 0), "others are served");
    let others = p99(turns_between(&accounts, began, ended));
    row("51", &format!("{count} idle connections"), &format!("{each:.1} KB each; others: {others}"), losses);
}

/// The turn waits for a file that another process holds, so that its listeners have nothing to hear.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_may_follow_a_turn_that_waits() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]).await;
    let client = client();
    let session = format!("/api/v1/sessions/{}", server.create(&client).await);
    let mut other = sqlite(folder.path()).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let began = Instant::now();
    let turn = json!({"message": "A friendly receptionist.", "client_message_id": "m1"});
    let begun = client.post(server.url(&format!("{session}/turns"))).json(&turn).send().await.unwrap();
    assert_eq!(begun.status(), StatusCode::ACCEPTED);
    let (memory, count) = (server.memory(), rounds("AGENTWRIGHT_IDLE", 1_000));
    let mut streams = Vec::new();
    for _ in 0..count {
        let stream = client.get(server.url(&format!("{session}/turns/m1/events"))).send().await.unwrap();
        assert_eq!(stream.status(), StatusCode::OK);
        streams.push(stream);
    }
    let each = server.memory().saturating_sub(memory) as f64 / count as f64;
    let mut reads = Vec::new();
    for _ in 0..100 {
        let began = Instant::now();
        server.get(&client, &format!("{session}/status")).await;
        reads.push(began.elapsed());
    }
    other.execute("ROLLBACK").await.unwrap();
    let waited = began.elapsed();
    for stream in streams {
        let heard = stream.text().await.unwrap();
        assert!(heard.contains("event: done"), "{heard} after {waited:?}");
    }
    let seen = format!("{each:.1} KB each; others read: {}; each heard the turn's end", p99(reads));
    row(
        "53",
        &format!("{count} streams follow a turn that waits for its disk"),
        &seen,
        Losses { of: 1, ..Losses::default() },
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_beyond_the_limit_hear_so_at_once() {
    const MOST: usize = 50;
    const ATTEMPTS: usize = 20;
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[("MAX_CONNECTIONS", &MOST.to_string())]).await;
    let client = client();
    let mut held = Vec::new();
    // The one that asked whether the server is ready may take a moment to leave.
    until("room for as many as are allowed", async || {
        let mut stream = connect(&server).await;
        let mut said = [0; 12];
        let sent = stream.write_all(LIVE.as_bytes()).await.is_ok();
        if sent && stream.read_exact(&mut said).await.is_ok() && said.ends_with(b"200") {
            held.push(stream);
        }
        held.len() == MOST
    })
    .await;
    let mut times = Vec::new();
    for _ in 0..ATTEMPTS {
        let began = Instant::now();
        let answer = client.post(server.url("/api/v1/sessions/create")).json(&json!({})).send();
        let answer = timeout(Duration::from_secs(10), answer).await.unwrap().unwrap();
        assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (503, &"1".parse().unwrap()));
        times.push(began.elapsed());
    }
    held.clear();
    until("the server to answer again", async || {
        client.get(server.url("/health/live")).send().await.is_ok_and(|it| it.status().is_success())
    })
    .await;
    let seen = format!("{ATTEMPTS} of {ATTEMPTS} answered 503 with Retry-After, {}; all is well after", p99(times));
    row("52", "one connection over the limit of 50", &seen, Losses::default());
}
