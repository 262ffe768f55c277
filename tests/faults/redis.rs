//! The cache fails in every way it can: no turn may fail with it.

use std::time::Instant;

use redis::aio::MultiplexedConnection;
use redis::{AsyncTypedCommands, Client as Redis, ToRedisArgs};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::load::{Load, Losses, compare, failures, p99, turns_between};
use crate::report::row;
use crate::servers::{fresh_database, own_redis};
use crate::support::{Server, client, rounds};

const CLIENTS: usize = 8;
/// Turns before a fault, and after it.
const AROUND: usize = 40;

/// Sits before Redis and, once closed, takes what comes without ever answering.
struct Proxy {
    port: u16,
    open: watch::Sender<bool>,
}

impl Proxy {
    async fn start(to: u16, is_open: bool) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, opened) = watch::channel(is_open);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(("127.0.0.1", to)).await else { continue };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(forward(near_in, far_out, opened.clone()));
                tokio::spawn(forward(far_in, near_out, opened.clone()));
            }
        });
        Proxy { port, open }
    }

    fn set(&self, is_open: bool) {
        self.open.send_replace(is_open);
    }
}

async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut open: watch::Receiver<bool>) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if open.wait_for(|open| *open).await.is_err() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

async fn connect(port: u16) -> MultiplexedConnection {
    let redis = Redis::open(format!("redis://127.0.0.1:{port}")).unwrap();
    redis.get_multiplexed_async_connection().await.unwrap()
}

async fn tell(port: u16, command: &str, arguments: impl ToRedisArgs) {
    let mut connection = connect(port).await;
    redis::cmd(command).arg(arguments).exec_async(&mut connection).await.unwrap();
}

/// Clients talk before, during and after the fault. None may notice.
async fn bear(place: &str, fault: &str, port: u16, hurt: impl AsyncFnOnce(), heal: impl AsyncFnOnce()) {
    let folder = tempfile::tempdir().unwrap();
    let port = port.to_string();
    let server = Server::start(folder.path(), &[("REDIS_HOST", "127.0.0.1"), ("REDIS_PORT", &port)]).await;
    let load = Load::new(&server, CLIENTS);
    load.turns(AROUND).await;
    let hurts = Instant::now();
    hurt().await;
    load.turns(rounds("AGENTWRIGHT_TURNS", 100) as usize).await;
    let heals = Instant::now();
    heal().await;
    load.turns(AROUND).await;
    let accounts = load.finish().await;
    let losses = compare(&server, &accounts).await;
    let took = p99(turns_between(&accounts, hurts, heals));
    assert_eq!(failures(&accounts), (0, 0), "refused and broken");
    row(place, fault, &format!("every request answered, {took} meanwhile"), losses);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_may_be_down_at_the_start() {
    let redis = own_redis(&[]);
    redis.crash();
    bear("20", "Redis down at the start", redis.port, async || {}, async || redis.restart()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_may_be_killed() {
    let redis = own_redis(&[]);
    bear("21", "Redis killed under load", redis.port, async || redis.crash(), async || redis.restart()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_may_never_answer() {
    let redis = own_redis(&[]);
    let proxy = Proxy::start(redis.port, false).await;
    let heal = async || proxy.set(true);
    bear("22", "Redis accepts and never answers", proxy.port, async || {}, heal).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_may_fall_silent() {
    let redis = own_redis(&[]);
    let proxy = Proxy::start(redis.port, true).await;
    let silence = async || proxy.set(false);
    let heal = async || proxy.set(true);
    bear("23", "Redis falls silent under load", proxy.port, silence, heal).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_may_be_flushed() {
    let redis = own_redis(&[]);
    let flush = async || tell(redis.port, "FLUSHALL", "SYNC").await;
    bear("24", "Redis flushed under load", redis.port, flush, async || {}).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_may_become_read_only() {
    let redis = own_redis(&[]);
    // As after a failover that left us with a replica: it serves what it has and takes nothing.
    let demote = async || tell(redis.port, "REPLICAOF", &["127.0.0.1", "1"]).await;
    let promote = async || tell(redis.port, "REPLICAOF", &["NO", "ONE"]).await;
    bear("25", "Redis read-only under load", redis.port, demote, promote).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_may_come_back_with_old_data() {
    let (folder, redis, url) = (tempfile::tempdir().unwrap(), own_redis(&[]), fresh_database().await);
    let port = redis.port.to_string();
    let environment = [("DATABASE_URL", url.as_str()), ("REDIS_HOST", "127.0.0.1"), ("REDIS_PORT", &port)];
    let (first, second) =
        (Server::start(folder.path(), &environment).await, Server::start(folder.path(), &environment).await);
    let client = client();
    let created = client.post(first.url("/api/v1/sessions/create")).json(&json!({})).send().await.unwrap();
    let id = created.json::<serde_json::Value>().await.unwrap()["session_id"].as_str().unwrap().to_owned();
    let say = async |server: &Server| {
        let url = server.url(&format!("/api/v1/sessions/{id}/message"));
        let answer = client.post(url).json(&json!({"message": "A bot that tells jokes"})).send().await.unwrap();
        answer.json::<serde_json::Value>().await.unwrap()["version"].as_u64()
    };
    let (mut cache, key) = (connect(redis.port).await, format!("session:{id}"));
    let old = cache.get(&key).await.unwrap().unwrap();
    for turn in 0..3 {
        assert_eq!(say(&first).await, Some(turn + 2));
    }
    cache.set(&key, &old).await.unwrap();
    let status = second.get(&client, &format!("/api/v1/sessions/{id}/status")).await;
    assert_eq!((&status["version"], &status["conversation_length"]), (&json!(4), &json!(7)));
    cache.set(&key, &old).await.unwrap();
    assert_eq!(say(&second).await, Some(5), "the next turn follows the newest one");
    cache.set(&key, &old).await.unwrap();
    assert_eq!(first.get(&client, &format!("/api/v1/sessions/{id}")).await["version"], json!(5));
    let losses = Losses { of: 4, ..Losses::default() };
    row("26", "Redis back with old data, two servers", "reads and turns through either follow the newest", losses);
}
