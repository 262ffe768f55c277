//! The cache's contract.

use std::sync::Arc;
use std::time::Duration;

use agentwright::session::adapters::memory_cache::MemoryCache;
use agentwright::session::adapters::redis_cache::RedisCache;
use agentwright::session::adapters::redis_target::RedisTarget;
use agentwright::session::models::SessionId;
use agentwright::session::ports::{CacheCare, CacheError, LiveState, StateCache};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::servers::{Backend, own_redis};

const TIME_TO_LIVE: Duration = Duration::from_secs(2);

fn id(last: u32) -> SessionId {
    SessionId::parse(&format!("00000000-0000-4000-8000-{last:012}")).unwrap()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Live {
    session_id: SessionId,
    version: u64,
    said: String,
}

impl LiveState for Live {
    fn version(&self) -> u64 {
        self.version
    }

    fn to_document(&self) -> Result<String, CacheError> {
        Ok(serde_json::to_string(self).unwrap())
    }

    fn from_document(document: &str) -> Option<Live> {
        serde_json::from_str(document).ok()
    }
}

fn state(version: u64) -> Arc<Live> {
    Arc::new(Live { session_id: id(1), version, said: "é\"".to_owned() })
}

async fn put(cache: &Arc<impl StateCache<Live>>, version: u64) {
    cache.put(&id(1), state(version), 100).await.unwrap();
}

async fn get(cache: &Arc<impl StateCache<Live>>) -> Option<Arc<Live>> {
    cache.get(&id(1)).await.unwrap()
}

async fn keeps_the_newest_version(cache: Arc<impl StateCache<Live>>) {
    assert_eq!(get(&cache).await, None);
    put(&cache, 2).await;
    put(&cache, 1).await;
    assert_eq!(get(&cache).await, Some(state(2)));
    put(&cache, 3).await;
    assert_eq!(get(&cache).await, Some(state(3)));
    assert_eq!(cache.get(&id(2)).await.unwrap(), None);
    cache.ping().await.unwrap();
}

async fn what_is_forgotten_stays_away(cache: Arc<impl StateCache<Live>>) {
    put(&cache, 2).await;
    cache.forget(&id(1), 3).await.unwrap();
    assert_eq!(get(&cache).await, None);
    put(&cache, 3).await;
    assert_eq!(get(&cache).await, None, "a slow writer must not bring it back");
    put(&cache, 4).await;
    assert_eq!(get(&cache).await, Some(state(4)));
    cache.forget(&id(1), 3).await.unwrap();
    assert_eq!(get(&cache).await, Some(state(4)), "a newer version is not meant");
    cache.forget(&id(1), u64::MAX).await.unwrap();
    put(&cache, 5).await;
    assert_eq!(get(&cache).await, None);
}

async fn documents_expire(cache: Arc<impl StateCache<Live>>) {
    put(&cache, 1).await;
    tokio::time::sleep(TIME_TO_LIVE * 6 / 10).await;
    put(&cache, 2).await;
    tokio::time::sleep(TIME_TO_LIVE * 6 / 10).await;
    assert_eq!(get(&cache).await, Some(state(2)), "each write counts anew");
    for _ in 0..100 {
        if get(&cache).await.is_none() {
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

async fn fails(cache: &RedisCache) -> bool {
    StateCache::<Live>::get(cache, &id(1)).await.is_err()
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
    put(&one, 2).await;
    assert_eq!(get(&other).await, Some(state(2)));
    other.forget(&id(1), 2).await.unwrap();
    assert_eq!(get(&one).await, None);
}

#[tokio::test]
async fn a_redis_that_crashes_is_found_again() {
    let redis = OwnRedis::start();
    let cache = redis.open().await;
    put(&cache, 1).await;
    redis.server.crash();
    assert!(fails(&cache).await);
    let asked = std::time::Instant::now();
    assert!(fails(&cache).await);
    assert!(asked.elapsed() < Duration::from_millis(50), "with the breaker open nobody waits");
    redis.server.restart();
    comes_back(&cache).await;
    assert_eq!(get(&cache).await, None);
    put(&cache, 1).await;
}

/// It accepts connections and never answers: each call ends in time, and soon none is even tried.
#[tokio::test]
async fn a_redis_that_never_answers_is_not_waited_for() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = RedisTarget::parse("127.0.0.1").unwrap().at_port(silent.local_addr().unwrap().port());
    let cache = RedisCache::open(&target, TIME_TO_LIVE).await.unwrap();
    let asked = std::time::Instant::now();
    for _ in 0..20 {
        assert!(fails(&cache).await);
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
