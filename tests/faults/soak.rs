//! Steady mixed work for a long time: what the server holds must not grow. Run by `.ci/soak`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};

use crate::load::{Load, compare, failures};
use crate::support::{Server, client, rounds, until};

const CLIENTS: usize = 4;
/// The most that memory may grow over the second half of the time.
const GROWTH: f64 = 0.10;

/// Interviews that are held, read, downloaded and deleted.
async fn visit(server: Arc<Server>, over: Arc<AtomicBool>) {
    let client = client();
    while !over.load(Ordering::Relaxed) {
        let opening = json!({"initial_message": "A friendly receptionist who books visits by phone, no tools"});
        let created = post(&client, server.url("/api/v1/sessions/create"), opening).await;
        let id = created["session_id"].as_str().unwrap().to_owned();
        post(&client, server.url(&format!("/api/v1/sessions/{id}/message")), json!({"message": "finish now"})).await;
        for path in ["sessions/{}/status", "sessions/{}", "workflows/{}", "workflows/{}/diagram.svg"] {
            download(&client, server.url(&format!("/api/v1/{}", path.replace("{}", &id)))).await;
        }
        download(&client, server.url(&format!("/api/v1/prompts/{id}/export/download?format=zip"))).await;
        let deleted = client.delete(server.url(&format!("/api/v1/sessions/{id}"))).send().await.unwrap();
        assert!(deleted.status().is_success(), "{}", deleted.status());
    }
}

async fn post(client: &Client, url: String, body: Value) -> Value {
    let answer = client.post(url).json(&body).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    answer.json().await.unwrap()
}

async fn download(client: &Client, url: String) {
    let answer = client.get(&url).send().await.unwrap();
    assert!(answer.status().is_success(), "{url}: {}", answer.status());
    assert!(!answer.bytes().await.unwrap().is_empty());
}

fn mean(samples: &[u64]) -> f64 {
    samples.iter().sum::<u64>() as f64 / samples.len() as f64
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: .ci/soak runs it"]
async fn nothing_grows() {
    let minutes = rounds("AGENTWRIGHT_SOAK_MINUTES", 5);
    let folder = tempfile::tempdir().unwrap();
    // Sessions expire on the way, too.
    let server = Arc::new(Server::start(folder.path(), &[("SESSION_EXPIRY_SECONDS", "60")]).await);
    let (before, over) = (server.files(), Arc::new(AtomicBool::new(false)));
    let load = Load::new(&server, CLIENTS);
    let visitor = tokio::spawn(visit(server.clone(), over.clone()));
    let (began, mut memory) = (Instant::now(), Vec::new());
    while began.elapsed() < Duration::from_secs(60 * minutes) {
        tokio::time::sleep(Duration::from_secs(10)).await;
        memory.push(server.memory());
        let (files, threads) = (server.files(), server.threads());
        println!("{:>5} s: {} KB, {files} files, {threads} threads", began.elapsed().as_secs(), server.memory());
    }
    over.store(true, Ordering::Relaxed);
    visitor.await.unwrap();
    let accounts = load.finish().await;
    let losses = compare(&server, &accounts).await;
    assert_eq!((losses.lost, losses.duplicated, failures(&accounts)), (0, 0, (0, 0)));
    until("connections and files to return", async || server.files() <= before + 8).await;
    // Twice what lies between the two middles of a straight line is what it rises from end to end.
    let second_half = memory.split_off(memory.len() / 2);
    let (third, fourth) = second_half.split_at(second_half.len() / 2);
    let growth = 2.0 * (mean(fourth) - mean(third)) / mean(third);
    println!("{} turns in {minutes} min; memory grew {:.1} % over the second half", losses.of, growth * 100.0);
    assert!(growth < GROWTH, "memory grows");
}
