//! The cache's contract.

use std::sync::Arc;
use std::time::Duration;

use agentwright::session::adapters::memory_cache::MemoryCache;
use agentwright::session::adapters::redis_cache::RedisCache;
use agentwright::session::adapters::redis_target::RedisTarget;
use agentwright::session::models::SessionId;
use agentwright::session::ports::{CachedState, StateCache};
use secrecy::SecretString;

use crate::servers::{Backend, own_redis};

const TIME_TO_LIVE: Duration = Duration::from_secs(2);

fn id(last: u32) -> SessionId {
    SessionId::parse(&format!("00000000-0000-4000-8000-{last:012}")).unwrap()
}

fn state(version: u64) -> CachedState {
    let document = format!("{{\"session_id\":\"{}\",\"version\":{version},\"said\":\"é\\\"\"}}", id(1));
    CachedState { version, document: document.into() }
}

async fn keeps_the_newest_version(cache: Arc<dyn StateCache>) {
    assert_eq!(cache.get(&id(1)).await.unwrap(), None);
    cache.put(&id(1), state(2)).await.unwrap();
    cache.put(&id(1), state(1)).await.unwrap();
    assert_eq!(cache.get(&id(1)).await.unwrap(), Some(state(2)));
    cache.put(&id(1), state(3)).await.unwrap();
    assert_eq!(cache.get(&id(1)).await.unwrap(), Some(state(3)));
    assert_eq!(cache.get(&id(2)).await.unwrap(), None);
    cache.ping().await.unwrap();
}

async fn what_is_forgotten_stays_away(cache: Arc<dyn StateCache>) {
    cache.put(&id(1), state(2)).await.unwrap();
    cache.forget(&id(1), 3).await.unwrap();
    assert_eq!(cache.get(&id(1)).await.unwrap(), None);
    cache.put(&id(1), state(3)).await.unwrap();
    assert_eq!(cache.get(&id(1)).await.unwrap(), None, "a slow writer must not bring it back");
    cache.put(&id(1), state(4)).await.unwrap();
    assert_eq!(cache.get(&id(1)).await.unwrap(), Some(state(4)));
    cache.forget(&id(1), 3).await.unwrap();
    assert_eq!(cache.get(&id(1)).await.unwrap(), Some(state(4)), "a newer version is not meant");
    cache.forget(&id(1), u64::MAX).await.unwrap();
    cache.put(&id(1), state(5)).await.unwrap();
    assert_eq!(cache.get(&id(1)).await.unwrap(), None);
}

async fn documents_expire(cache: Arc<dyn StateCache>) {
    cache.put(&id(1), state(1)).await.unwrap();
    tokio::time::sleep(TIME_TO_LIVE * 6 / 10).await;
    cache.put(&id(1), state(2)).await.unwrap();
    tokio::time::sleep(TIME_TO_LIVE * 6 / 10).await;
    assert_eq!(cache.get(&id(1)).await.unwrap(), Some(state(2)), "each write counts anew");
    for _ in 0..100 {
        if cache.get(&id(1)).await.unwrap().is_none() {
            return;
        }
        tokio::time::sleep(TIME_TO_LIVE / 10).await;
    }
    panic!("it is still there");
}

/// A Redis for each story, since all use the same keys.
struct OwnRedis {
    server: Backend,
}

impl OwnRedis {
    fn start() -> OwnRedis {
        OwnRedis { server: own_redis(&["--requirepass", "pass word"]) }
    }

    async fn open(&self) -> Arc<RedisCache> {
        let target = RedisTarget::parse("127.0.0.1").unwrap().at_port(self.server.port).with_db(3);
        let target = target.with_password(&SecretString::from("pass word"));
        Arc::new(RedisCache::open(&target, TIME_TO_LIVE).await.unwrap())
    }
}

/// Tries until the cache answers again.
async fn comes_back(cache: &RedisCache) {
    for _ in 0..100 {
        if cache.ping().await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the cache does not come back");
}

#[tokio::test]
async fn servers_share_what_is_in_redis() {
    let redis = OwnRedis::start();
    let (one, other) = (redis.open().await, redis.open().await);
    one.put(&id(1), state(2)).await.unwrap();
    assert_eq!(other.get(&id(1)).await.unwrap(), Some(state(2)));
    other.forget(&id(1), 2).await.unwrap();
    assert_eq!(one.get(&id(1)).await.unwrap(), None);
}

#[tokio::test]
async fn a_redis_that_crashes_is_found_again() {
    let redis = OwnRedis::start();
    let cache = redis.open().await;
    cache.put(&id(1), state(1)).await.unwrap();
    redis.server.crash();
    assert!(cache.get(&id(1)).await.is_err());
    let asked = std::time::Instant::now();
    assert!(cache.get(&id(1)).await.is_err());
    assert!(asked.elapsed() < Duration::from_millis(50), "with the breaker open nobody waits");
    redis.server.restart();
    comes_back(&cache).await;
    assert_eq!(cache.get(&id(1)).await.unwrap(), None);
    cache.put(&id(1), state(1)).await.unwrap();
}

/// It accepts connections and never answers: each call ends in time, and soon none is even tried.
#[tokio::test]
async fn a_redis_that_never_answers_is_not_waited_for() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = RedisTarget::parse("127.0.0.1").unwrap().at_port(silent.local_addr().unwrap().port());
    let cache = RedisCache::open(&target, TIME_TO_LIVE).await.unwrap();
    let asked = std::time::Instant::now();
    for _ in 0..20 {
        assert!(cache.get(&id(1)).await.is_err());
    }
    assert!(asked.elapsed() < Duration::from_millis(500));
}

macro_rules! stories {
    ($($story:ident),*) => {
        mod memory {
            $(
                #[tokio::test]
                async fn $story() {
                    super::$story(std::sync::Arc::new(super::MemoryCache::new(super::TIME_TO_LIVE))).await;
                }
            )*
        }
        mod redis {
            $(
                #[tokio::test]
                async fn $story() {
                    let redis = super::OwnRedis::start();
                    super::$story(redis.open().await).await;
                }
            )*
        }
    };
}

stories!(keeps_the_newest_version, what_is_forgotten_stays_away, documents_expire);
