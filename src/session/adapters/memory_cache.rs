//! The cache inside the process: bounded by size, each document for a while.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use moka::Expiry;
use moka::future::Cache;
use moka::ops::compute::Op;

use crate::session::models::SessionId;
use crate::session::ports::{CacheError, CachedState, StateCache};

/// The most all documents take, in bytes.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// How long what was forgotten stays refused.
const REFUSED_FOR: Duration = Duration::from_secs(60);

#[derive(Clone)]
enum Entry {
    Kept(CachedState),
    /// Versions up to this one are refused.
    Forgotten(u64),
}

impl Entry {
    /// The newest version this entry stands for.
    fn version(&self) -> u64 {
        match self {
            Entry::Kept(state) => state.version,
            Entry::Forgotten(up_to) => *up_to,
        }
    }
}

/// How long each entry lives, from its last write.
struct Lifetime {
    kept: Duration,
}

impl Lifetime {
    fn of(&self, entry: &Entry) -> Option<Duration> {
        Some(match entry {
            Entry::Kept(_) => self.kept,
            Entry::Forgotten(_) => REFUSED_FOR,
        })
    }
}

impl Expiry<String, Entry> for Lifetime {
    fn expire_after_create(&self, _: &String, entry: &Entry, _: Instant) -> Option<Duration> {
        self.of(entry)
    }

    fn expire_after_update(&self, _: &String, entry: &Entry, _: Instant, _: Option<Duration>) -> Option<Duration> {
        self.of(entry)
    }
}

/// See the module.
pub struct MemoryCache {
    entries: Cache<String, Entry>,
}

impl MemoryCache {
    /// `time_to_live` counts from a document's last `put`.
    pub fn new(time_to_live: Duration) -> MemoryCache {
        let weigh = |key: &String, entry: &Entry| {
            let document = if let Entry::Kept(state) = entry { state.document.len() } else { 0 };
            u32::try_from(key.len() + document).unwrap_or(u32::MAX)
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
impl StateCache for MemoryCache {
    async fn get(&self, id: &SessionId) -> Result<Option<CachedState>, CacheError> {
        Ok(match self.entries.get(&key(id)).await {
            Some(Entry::Kept(state)) => Some(state),
            Some(Entry::Forgotten(_)) | None => None,
        })
    }

    async fn put(&self, id: &SessionId, state: CachedState) -> Result<(), CacheError> {
        let newer = move |present: Option<moka::Entry<String, Entry>>| {
            let refused = present.is_some_and(|entry| match entry.value() {
                Entry::Kept(kept) => kept.version > state.version,
                Entry::Forgotten(up_to) => *up_to >= state.version,
            });
            std::future::ready(if refused { Op::Nop } else { Op::Put(Entry::Kept(state)) })
        };
        self.entries.entry(key(id)).and_compute_with(newer).await;
        Ok(())
    }

    async fn forget(&self, id: &SessionId, up_to: u64) -> Result<(), CacheError> {
        let mark = move |present: Option<moka::Entry<String, Entry>>| {
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
