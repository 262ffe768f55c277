//! What can be done with a session without knowing its interview: list, rename, delete, read its history.

use std::sync::Arc;

use crate::error::AppError;

use super::models::{SessionId, Status};
use super::ports::{
    CacheCare, Caller, Clock, ExportRecord, ListCursor, ListQuery, OwnerId, Revision, SessionHead, SessionStore,
};

/// The longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 120;
/// The longest text to search for, in characters.
const MAX_SEARCH_CHARS: usize = 200;
/// The most entries of one page of a list.
pub const MAX_PAGE: u32 = 200;

/// How many entries a page has: `wanted` if that is a size a page can have.
pub fn page_size(wanted: Option<u32>, usual: u32) -> Result<u32, AppError> {
    match wanted {
        None => Ok(usual),
        Some(size) if (1..=MAX_PAGE).contains(&size) => Ok(size),
        Some(_) => Err(AppError::field("limit", format!("must be from 1 to {MAX_PAGE}"))),
    }
}

/// Which of the caller's sessions to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    pub status: Option<Status>,
    /// Words to find; empty for all.
    pub text: String,
    pub after: Option<ListCursor>,
    pub limit: u32,
}

/// See the module.
#[derive(Clone)]
pub struct SessionService {
    store: Arc<dyn SessionStore>,
    cache: Arc<dyn CacheCare>,
    clock: Arc<dyn Clock>,
}

impl SessionService {
    pub fn new(store: Arc<dyn SessionStore>, cache: Arc<dyn CacheCare>, clock: Arc<dyn Clock>) -> SessionService {
        SessionService { store, cache, clock }
    }

    /// A session the caller may open.
    pub async fn head(&self, caller: &Caller, id: &SessionId) -> Result<SessionHead, AppError> {
        let head = self.store.head(id).await?.ok_or(AppError::NotFound)?;
        if caller.may_open(head.owner.as_ref()) { Ok(head) } else { Err(AppError::NotFound) }
    }

    /// The caller's own sessions, the last changed first; nothing for a caller without a cookie.
    pub async fn list(&self, caller: &Caller, filter: ListFilter) -> Result<Vec<SessionHead>, AppError> {
        let ListFilter { status, text, after, limit } = filter;
        if text.chars().count() > MAX_SEARCH_CHARS {
            return Err(AppError::field("q", format!("is longer than {MAX_SEARCH_CHARS} characters")));
        }
        if text.contains('\0') {
            return Err(AppError::field("q", "holds a NUL character, which no text has"));
        }
        let Some(owner) = caller.owner.clone() else { return Ok(Vec::new()) };
        Ok(self.store.list(&ListQuery { owner, status, text, after, limit }).await?)
    }

    pub async fn rename(&self, caller: &Caller, id: &SessionId, title: &str) -> Result<(), AppError> {
        let title: String = title.chars().filter(|letter| !letter.is_control()).collect();
        let title = title.trim();
        if title.is_empty() {
            return Err(AppError::field("title", "is empty; the old title is kept"));
        }
        if title.chars().count() > MAX_TITLE_CHARS {
            return Err(AppError::field("title", format!("is longer than {MAX_TITLE_CHARS} characters")));
        }
        self.head(caller, id).await?;
        if self.store.rename(id, title).await? { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// Deletes a session and everything of it, in the store and in the cache.
    pub async fn delete(&self, caller: &Caller, id: &SessionId) -> Result<(), AppError> {
        self.head(caller, id).await?;
        let was_there = self.store.delete(id).await?;
        self.forget(id, u64::MAX).await;
        if was_there { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// Gives everything of one owner to another.
    pub async fn claim(&self, from: &OwnerId, to: &OwnerId) -> Result<(), AppError> {
        for (id, version) in self.store.claim(from, to).await? {
            self.forget(&id, version).await;
        }
        Ok(())
    }

    pub async fn revisions(&self, caller: &Caller, id: &SessionId) -> Result<Vec<Revision>, AppError> {
        self.head(caller, id).await?;
        Ok(self.store.revisions(id).await?)
    }

    pub async fn exports(&self, caller: &Caller, id: &SessionId) -> Result<Vec<ExportRecord>, AppError> {
        self.head(caller, id).await?;
        Ok(self.store.exports(id).await?)
    }

    /// Marks the sessions abandoned whose time is over; answers how many.
    pub async fn sweep(&self) -> Result<usize, AppError> {
        let abandoned = self.store.abandon_expired(self.clock.now()).await?;
        for (id, version) in &abandoned {
            self.forget(id, *version).await;
        }
        Ok(abandoned.len())
    }

    async fn forget(&self, id: &SessionId, up_to: u64) {
        if let Err(error) = self.cache.forget(id, up_to).await {
            tracing::debug!(%error, "the cache keeps a document until its time is over");
        }
    }
}
