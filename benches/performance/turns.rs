//! Turns and status reads over REST, with SQLite synchronising every commit.

use std::future::IntoFuture;
use std::path::Path;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use serde_json::json;
use tokio::net::TcpListener;

use crate::Error;
use crate::disk::fsync_rate;
use crate::load::{Call, Client, Load, Script, wrk};
use crate::report::{Row, median, milliseconds, per_second};
use crate::server::Server;

pub const OPENING: &str = "I run a dental clinic in Queens. I want someone to answer the phone, tell callers our hours \
    and prices, and book appointments into our Google Calendar. Call her Mia.";

/// Replies that change something each time and never end the interview.
const REPLIES: [&str; 4] = [
    "It should sound calm and warm",
    "Actually, make the tone more formal",
    "Never give medical advice",
    "Make it friendly instead of formal",
];
const MANY: usize = 256;
const READERS: usize = 64;
/// Turns one session of the lone client takes before the next: a session has a limit.
const PER_SESSION: usize = 200;
const LONG_SESSIONS: usize = 5;
const EARLY: std::ops::Range<usize> = 5..15;
const LATE: std::ops::Range<usize> = 395..405;

pub async fn rows(length: Duration) -> Result<Vec<Row>, Error> {
    let server = Server::start().await?;
    let bare = bare_handler(MANY, length / 2).await?;
    let many = many_clients(&server, length).await?;

    // The disk is measured before and after, as other work on the machine comes and goes.
    let before = fsync_rate(server.folder.path(), length / 4)?;
    let one = lone_client(&server.address, length).await?;
    let fsync = (before + fsync_rate(server.folder.path(), length / 4)?) / 2.0;
    let (early, late) = long_sessions(&server.address).await?;
    Ok(vec![
        Row {
            what: "full turn, SQLite FULL durability, 256 clients",
            measured: format!("{}, p99 {}", per_second(many.rate), milliseconds(many.p99)),
            bar: "≥ 1,000/s, p99 ≤ 150 ms",
            raw: format!("{} answers of a bare axum handler, {} fsyncs", per_second(bare.rate), per_second(fsync)),
        },
        Row {
            what: "one client, one turn after another",
            measured: format!("{}, {:.0} % of raw", per_second(one), 100.0 * one / fsync),
            bar: "≥ 80 % of the raw fsync rate",
            raw: format!("{} fsyncs", per_second(fsync)),
        },
        Row {
            what: "turn 400 of a session against turn 10",
            measured: format!(
                "{:.2}× ({} against {})",
                late.as_secs_f64() / early.as_secs_f64(),
                milliseconds(late),
                milliseconds(early)
            ),
            bar: "≤ 1.5×",
            raw: String::new(),
        },
    ])
}

pub async fn status_reads(length: Duration) -> Result<Row, Error> {
    let server = Server::start().await?;
    let bare = bare_handler(READERS, length / 2).await?;
    let session = create(&server.address, 1).await?.remove(0);
    let url = format!("http://{}/api/v1/sessions/{session}/status", server.address);
    let reads = wrk(&url, READERS, length, None)?;
    Ok(Row {
        what: "cached read of a session's status, 64 clients",
        measured: format!("{}, p99 {}", per_second(reads.rate), milliseconds(reads.p99)),
        bar: "≥ 8,000/s",
        raw: format!("{} answers of a bare axum handler", per_second(bare.rate)),
    })
}

/// What this machine does with nothing of ours in the way.
async fn bare_handler(clients: usize, length: Duration) -> Result<Load, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let serving = tokio::spawn(axum::serve(listener, Router::new().route("/", get(|| async { "{}" }))).into_future());
    let load = tokio::task::spawn_blocking(move || wrk(&url, clients, length, None)).await?;
    serving.abort();
    load
}

/// Turns of many clients at once; more sessions than clients, so that two seldom meet in one.
async fn many_clients(server: &Server, length: Duration) -> Result<Load, Error> {
    let (sessions, replies) = (server.folder.path().join("sessions"), server.folder.path().join("replies"));
    std::fs::write(&sessions, create(&server.address, 4 * MANY).await?.join("\n"))?;
    std::fs::write(&replies, REPLIES.join("\n"))?;
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/performance/turns.lua"));
    let script = Script { path, sessions: &sessions, replies: &replies };
    wrk(&format!("http://{}", server.address), MANY, length, Some(&script))
}

/// New sessions with their first turn taken.
pub async fn create(address: &str, count: usize) -> Result<Vec<String>, Error> {
    let mut client = Client::connect(address).await?;
    let mut ids = Vec::new();
    for _ in 0..count {
        let made = client.json(&Call::post("/api/v1/sessions/create", json!({"initial_message": OPENING}))).await?;
        ids.push(made["session_id"].as_str().ok_or("no session_id in the answer")?.to_owned());
    }
    Ok(ids)
}

fn turn(session: &str, client: usize, round: usize) -> Call {
    Call::post(
        format!("/api/v1/sessions/{session}/message"),
        json!({"message": REPLIES[round % REPLIES.len()], "client_message_id": format!("bench-{client}-{round}")}),
    )
}

/// Turns a second of a single client that waits for each answer.
async fn lone_client(address: &str, length: Duration) -> Result<f64, Error> {
    let mut client = Client::connect(address).await?;
    let mut spent = Duration::ZERO;
    let mut turns = 0;
    while spent < length {
        let session = create(address, 1).await?.remove(0);
        let began = Instant::now();
        for round in 0..PER_SESSION {
            client.json(&turn(&session, 0, round)).await?;
        }
        spent += began.elapsed();
        turns += PER_SESSION;
    }
    Ok(turns as f64 / spent.as_secs_f64())
}

/// The median time of an early and of a late turn.
async fn long_sessions(address: &str) -> Result<(Duration, Duration), Error> {
    let mut client = Client::connect(address).await?;
    let (mut early, mut late) = (Vec::new(), Vec::new());
    for session in create(address, LONG_SESSIONS).await? {
        for round in 0..LATE.end {
            let began = Instant::now();
            client.json(&turn(&session, 0, round)).await?;
            if EARLY.contains(&round) {
                early.push(began.elapsed());
            } else if LATE.contains(&round) {
                late.push(began.elapsed());
            }
        }
    }
    Ok((median(&mut early), median(&mut late)))
}
