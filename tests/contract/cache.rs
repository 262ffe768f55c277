//! The cache's contract.

use std::sync::Arc;
use std::time::Duration;

use agentwright::session::adapters::memory_cache::MemoryCache;
use agentwright::session::models::SessionId;
use agentwright::session::ports::{CachedState, StateCache};

fn id(last: u32) -> SessionId {
    SessionId::parse(&format!("00000000-0000-4000-8000-{last:012}")).unwrap()
}

fn state(version: u64) -> CachedState {
    CachedState { version, document: format!("{{\"version\":{version}}}").into() }
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
    tokio::time::sleep(Duration::from_secs(2)).await;
    cache.put(&id(1), state(2)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(cache.get(&id(1)).await.unwrap(), Some(state(2)), "each write counts anew");
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(cache.get(&id(1)).await.unwrap(), None);
}

macro_rules! stories {
    ($($story:ident),*) => {
        mod memory {
            $(
                #[tokio::test]
                async fn $story() {
                    super::$story(std::sync::Arc::new(super::MemoryCache::new(std::time::Duration::from_secs(3)))).await;
                }
            )*
        }
    };
}

stories!(keeps_the_newest_version, what_is_forgotten_stays_away, documents_expire);
