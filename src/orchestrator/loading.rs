//! A session as the cache has it, or the store, and back into the cache.

use std::sync::Arc;

use crate::error::AppError;
use crate::session::models::{Message, SessionId, Status};
use crate::session::ports::{Caller, Freshness, StoredSession};

use super::service::{TurnService, internal};
use super::state::{HISTORY, Session};

impl TurnService {
    /// A session the caller may open, as the cache or the store has it.
    pub(super) async fn load(&self, caller: &Caller, id: &SessionId) -> Result<Arc<Session>, AppError> {
        let cached = self.cached(id).await;
        let was_there = cached.is_some();
        if let Some(session) = cached
            && self.is_current(&session).await?
        {
            count_read("hit");
            return if caller.may_open(session.owner.as_ref()) { Ok(session) } else { Err(AppError::NotFound) };
        }
        count_read(if was_there { "stale" } else { "miss" });
        self.reload(caller, id).await
    }

    /// Whether a session out of the cache is what the store has.
    async fn is_current(&self, session: &Session) -> Result<bool, AppError> {
        if !self.rules.checks_cache {
            return Ok(true);
        }
        let cached = Freshness { version: session.version, status: session.status, owner: session.owner.clone() };
        Ok(self.store.freshness(&session.id).await? == Some(cached))
    }

    /// The same, as the store has it.
    pub(super) async fn reload(&self, caller: &Caller, id: &SessionId) -> Result<Arc<Session>, AppError> {
        let stored = self.store.load(id).await?.ok_or(AppError::NotFound)?;
        if !caller.may_open(stored.owner.as_ref()) {
            return Err(AppError::NotFound);
        }
        let history = self.newest_messages(&stored).await?;
        let bytes = stored.state.bytes();
        let session = Arc::new(Session::from_store(stored, history).map_err(internal)?);
        self.remember(&session, bytes).await;
        Ok(session)
    }

    async fn newest_messages(&self, stored: &StoredSession) -> Result<Vec<Message>, AppError> {
        let wanted = u32::try_from(HISTORY).unwrap_or(u32::MAX);
        let before = stored.message_count.checked_sub(wanted + 1);
        let mut messages = self.store.messages(&stored.id, before, wanted).await?;
        // A turn committed since belongs to a later version.
        messages.retain(|message| message.seq < stored.message_count);
        Ok(messages)
    }

    async fn cached(&self, id: &SessionId) -> Option<Arc<Session>> {
        self.cache.get(id).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "reading from the store instead");
            None
        })
    }

    /// Keeps a live session in the cache; a completed one leaves it. The store has it either way: in `stored` bytes, apart
    /// from its messages.
    pub(super) async fn remember(&self, session: &Arc<Session>, stored: usize) {
        let outcome = if session.status == Status::Completed {
            self.cache.forget(&session.id, session.version).await
        } else {
            let said: usize = session.history.iter().map(|message| message.content.len()).sum();
            self.cache.put(&session.id, session.clone(), stored + said).await
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "the cache does not have the newest version");
        }
    }
}

fn count_read(result: &'static str) {
    metrics::counter!("agentwright_cache_reads_total", "result" => result).increment(1);
}
