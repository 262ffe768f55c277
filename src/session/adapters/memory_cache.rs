//! The cache inside the process: bounded by size, each session for a while.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use moka::Expiry;
use moka::future::Cache;
use moka::ops::compute::Op;

use crate::session::models::SessionId;
use crate::session::ports::{CacheCare, CacheError, LiveState, StateCache};

/// The most text all sessions hold, in bytes.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// How long what was forgotten stays refused.
const REFUSED_FOR: Duration = Duration::from_secs(60);

enum Entry<S> {
    Kept {
        state: Arc<S>,
        bytes: usize,
    },
    /// Versions up to this one are refused.
    Forgotten(u64),
}

impl<S> Clone for Entry<S> {
    fn clone(&self) -> Entry<S> {
        match self {
            Entry::Kept { state, bytes } => Entry::Kept { state: state.clone(), bytes: *bytes },
            Entry::Forgotten(up_to) => Entry::Forgotten(*up_to),
        }
    }
}

impl<S: LiveState> Entry<S> {
    /// The newest version this entry stands for.
    fn version(&self) -> u64 {
        match self {
            Entry::Kept { state, .. } => state.version(),
            Entry::Forgotten(up_to) => *up_to,
        }
    }
}

/// How long each entry lives, from its last write.
struct Lifetime {
    kept: Duration,
}

impl Lifetime {
    fn of<S>(&self, entry: &Entry<S>) -> Option<Duration> {
        Some(match entry {
            Entry::Kept { .. } => self.kept,
            Entry::Forgotten(_) => REFUSED_FOR,
        })
    }
}

impl<S> Expiry<String, Entry<S>> for Lifetime {
    fn expire_after_create(&self, _: &String, entry: &Entry<S>, _: Instant) -> Option<Duration> {
        self.of(entry)
    }

    fn expire_after_update(&self, _: &String, entry: &Entry<S>, _: Instant, _: Option<Duration>) -> Option<Duration> {
        self.of(entry)
    }
}

/// See the module.
pub struct MemoryCache<S> {
    entries: Cache<String, Entry<S>>,
}

impl<S: LiveState> MemoryCache<S> {
    /// `time_to_live` counts from a session's last `put`.
    pub fn new(time_to_live: Duration) -> MemoryCache<S> {
        let weigh = |key: &String, entry: &Entry<S>| {
            let text = if let Entry::Kept { bytes, .. } = entry { *bytes } else { 0 };
            u32::try_from(key.len() + text).unwrap_or(u32::MAX)
        };
        let entries = Cache::builder()
            .max_capacity(CAPACITY)
            .weigher(weigh)
            .expire_after(Lifetime { kept: time_to_live })
            .build();
        MemoryCache { entries }
    }
}

fn key(id: &SessionId) -> String {
    format!("session:{id}")
}

#[async_trait]
impl<S: LiveState> StateCache<S> for MemoryCache<S> {
    async fn get(&self, id: &SessionId) -> Result<Option<Arc<S>>, CacheError> {
        Ok(match self.entries.get(&key(id)).await {
            Some(Entry::Kept { state, .. }) => Some(state),
            Some(Entry::Forgotten(_)) | None => None,
        })
    }

    async fn put(&self, id: &SessionId, state: Arc<S>, bytes: usize) -> Result<(), CacheError> {
        let newer = move |present: Option<moka::Entry<String, Entry<S>>>| {
            let refused = present.is_some_and(|entry| match entry.value() {
                Entry::Kept { state: kept, .. } => kept.version() > state.version(),
                Entry::Forgotten(up_to) => *up_to >= state.version(),
            });
            std::future::ready(if refused { Op::Nop } else { Op::Put(Entry::Kept { state, bytes }) })
        };
        self.entries.entry(key(id)).and_compute_with(newer).await;
        Ok(())
    }
}

#[async_trait]
impl<S: LiveState> CacheCare for MemoryCache<S> {
    async fn forget(&self, id: &SessionId, up_to: u64) -> Result<(), CacheError> {
        let mark = move |present: Option<moka::Entry<String, Entry<S>>>| {
            let newer = present.is_some_and(|entry| entry.value().version() > up_to);
            std::future::ready(if newer { Op::Nop } else { Op::Put(Entry::Forgotten(up_to)) })
        };
        self.entries.entry(key(id)).and_compute_with(mark).await;
        Ok(())
    }

    async fn ping(&self) -> Result<(), CacheError> {
        Ok(())
    }
}
