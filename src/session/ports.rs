//! What a session needs from the outside: a store, a cache, a clock. "Not found" is `Ok(None)`.
//!
//! The store keeps the interview as text it does not read: what an interview is, only the orchestrator knows.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::intent::models::Change;

pub use super::cause::Cause;
use super::models::{Message, SessionId, Stage, Status};

/// Whose a session is: a random id that only the owner's signed cookie carries, or the name of an API key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OwnerId(pub String);

impl fmt::Display for OwnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who is asking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// From the signed cookie or the API key; a caller without either can open only what nobody owns.
    pub owner: Option<OwnerId>,
    /// Whether the owner is a key's.
    pub has_key: bool,
}

impl Caller {
    /// Whether this caller may see a session with this owner: its own, or one of nobody's whose id it knows.
    pub fn may_open(&self, owner: Option<&OwnerId>) -> bool {
        owner.is_none() || owner == self.owner.as_ref() || cfg!(sabotage = "owner_check")
    }
}

/// What lists show of a session; kept beside it so that a list reads no interview.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The title for as long as the owner gave none.
    pub title: String,
    /// One line about the agent.
    pub description: String,
    pub fields_known: u32,
    pub required_left: u32,
}

/// What a completed session hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finals {
    pub prompt: String,
    pub workflow_json: String,
    pub tools_json: String,
}

/// A session's state without its transcript: what each turn replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionState {
    pub status: Status,
    pub stage: Stage,
    pub summary: Summary,
    pub spec_json: String,
    /// The rest of the interview, opaque.
    pub interview_json: String,
    pub updated_at: DateTime<Utc>,
    /// When it counts as abandoned if no turn comes.
    pub expires_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
    /// Present while the session is completed.
    pub finals: Option<Finals>,
}

impl SessionState {
    /// How much text it is.
    pub fn bytes(&self) -> usize {
        self.spec_json.len() + self.interview_json.len()
    }
}

/// A session that does not exist yet, at version 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    pub id: SessionId,
    pub owner: Option<OwnerId>,
    pub created_at: DateTime<Utc>,
    pub step: Step,
}

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    pub id: SessionId,
    pub owner: Option<OwnerId>,
    pub created_at: DateTime<Utc>,
    /// Counts the commits; the first is 1.
    pub version: u64,
    /// How many messages it has; the `seq` of the next one.
    pub message_count: u32,
    pub state: SessionState,
}

/// Where a session stands: what a copy of it must agree with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    pub version: u64,
    pub status: Status,
    pub owner: Option<OwnerId>,
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionHead {
    pub id: SessionId,
    pub owner: Option<OwnerId>,
    pub status: Status,
    pub stage: Stage,
    /// With the title the owner gave, if any.
    pub summary: Summary,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A message to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    pub message: Message,
    /// The sender's own id of the message; unique in the session.
    pub client_message_id: Option<String>,
}

impl From<Message> for NewMessage {
    fn from(message: Message) -> NewMessage {
        NewMessage { message, client_message_id: None }
    }
}

/// A request that may come again, under a key of its sender's, and gets the same answer then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    pub key: String,
    pub answered: AnsweredRequest,
}

/// What was asked for under a key, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredRequest {
    pub request: String,
    pub answer_json: String,
}

/// What one commit changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRevision {
    pub cause: Cause,
    /// In plain words.
    pub reason: String,
    pub changes: Vec<Change>,
    /// `seq` of the message that led to it.
    pub message_seq: Option<u32>,
}

/// A revision as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The version of the session that it made.
    pub version: u64,
    pub created_at: DateTime<Utc>,
    pub revision: NewRevision,
}

/// The next state of a session: all of it is kept, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub id: SessionId,
    /// The version the change was made from. Another one in the store is a lost race.
    pub from_version: u64,
    pub step: Step,
}

/// What a step leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub state: SessionState,
    pub messages: Vec<NewMessage>,
    pub revision: Option<NewRevision>,
    /// What the revision made of the interview, opaque; kept with it.
    pub snapshot: Option<String>,
    /// The request that led to it, where it may come again.
    pub request: Option<NewRequest>,
}

/// What became of a [`Commit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// Kept; the session has this version now.
    Done { version: u64 },
    /// Nothing was kept: the session is at this version already.
    Conflict { version: u64 },
    /// Nothing was kept: a request under the same key was answered already.
    Repeated,
    /// Nothing was kept: there is no such session.
    Gone,
}

/// A download that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExportRecord {
    pub format: String,
    /// Empty for all.
    pub targets: Vec<String>,
    pub file_name: String,
    pub bytes: u64,
    /// The version of the session it was made from.
    pub version: u64,
    pub created_at: DateTime<Utc>,
}

/// Which sessions a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    pub owner: OwnerId,
    pub status: Option<Status>,
    /// Words to find in title, description or the user's messages; empty for all.
    pub text: String,
    /// Where the last page ended.
    pub after: Option<ListCursor>,
    pub limit: u32,
}

/// A place in a list ordered by last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListCursor {
    pub updated_at: DateTime<Utc>,
    pub id: SessionId,
}

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much to do, or out of reach: the same again may work.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// A row that the program cannot read.
    #[error("unreadable row: {0}")]
    Corrupt(String),
    #[error("the store failed: {0}")]
    Failed(String),
}

impl From<StoreError> for AppError {
    /// The reason goes to the log, not to the caller.
    fn from(error: StoreError) -> AppError {
        tracing::error!(%error, "store");
        match error {
            StoreError::Unavailable(_) => AppError::Unavailable,
            StoreError::Corrupt(_) | StoreError::Failed(_) => AppError::Internal,
        }
    }
}

/// Where sessions are kept: the truth. Every write is durable when it returns.
#[async_trait]
pub trait SessionStore: Send + Sync {
    async fn create(&self, session: NewSession) -> Result<(), StoreError>;
    async fn load(&self, id: &SessionId) -> Result<Option<StoredSession>, StoreError>;
    async fn head(&self, id: &SessionId) -> Result<Option<SessionHead>, StoreError>;
    /// Where a session stands, without loading it.
    async fn freshness(&self, id: &SessionId) -> Result<Option<Freshness>, StoreError>;
    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError>;
    /// What was answered to the request under this key.
    async fn answer(&self, id: &SessionId, key: &str) -> Result<Option<AnsweredRequest>, StoreError>;
    /// Messages after `after`, oldest first.
    async fn messages(&self, id: &SessionId, after: Option<u32>, limit: u32) -> Result<Vec<Message>, StoreError>;
    /// Oldest first.
    async fn revisions(&self, id: &SessionId) -> Result<Vec<Revision>, StoreError>;
    /// What revisions up to this version made of the interview, the newest first: version and document.
    async fn snapshots(&self, id: &SessionId, up_to: u64, limit: u32) -> Result<Vec<(u64, String)>, StoreError>;
    /// The last changed first.
    async fn list(&self, query: &ListQuery) -> Result<Vec<SessionHead>, StoreError>;
    /// Gives the session a title of the owner's own; false when there is no such session.
    async fn rename(&self, id: &SessionId, title: &str) -> Result<bool, StoreError>;
    /// Removes a session and everything of it; false when there is no such session.
    async fn delete(&self, id: &SessionId) -> Result<bool, StoreError>;
    /// Gives everything of one owner to another, and says which sessions that were, with their version (which stays).
    async fn claim(&self, from: &OwnerId, to: &OwnerId) -> Result<Vec<(SessionId, u64)>, StoreError>;
    async fn record_export(&self, id: &SessionId, export: &ExportRecord) -> Result<(), StoreError>;
    /// The newest 200, the newest first.
    async fn exports(&self, id: &SessionId) -> Result<Vec<ExportRecord>, StoreError>;
    /// Marks active sessions abandoned whose time is over, and says which, with their version (which stays).
    async fn abandon_expired(&self, now: DateTime<Utc>) -> Result<Vec<(SessionId, u64)>, StoreError>;
    /// The key kept under this name; `fresh` becomes it when there is none.
    async fn server_key(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError>;
    /// Whether the store answers.
    async fn ping(&self) -> Result<(), StoreError>;
    /// Finishes what is under way and lets go.
    async fn close(&self);
}

/// The cache did not answer in time; the store does.
#[derive(Debug, thiserror::Error)]
#[error("the cache is unavailable: {0}")]
pub struct CacheError(pub String);

/// A live session as caches keep it: the process's own keeps it as it is, a shared one as a JSON document.
pub trait LiveState: Send + Sync + Sized + 'static {
    fn version(&self) -> u64;
    /// Begins with `session_id` and `version`: a shared cache reads these two off the beginning.
    fn to_document(&self) -> Result<String, CacheError>;
    /// `None` for what is none of ours.
    fn from_document(document: &str) -> Option<Self>;
}

/// Live sessions, under `session:{id}`, each for a while. Losing one costs time only.
#[async_trait]
pub trait StateCache<S: LiveState>: CacheCare {
    async fn get(&self, id: &SessionId) -> Result<Option<Arc<S>>, CacheError>;
    /// Keeps the state for the time to live, unless a newer version is there or was forgotten. `bytes` is about how much
    /// text it holds.
    async fn put(&self, id: &SessionId, state: Arc<S>, bytes: usize) -> Result<(), CacheError>;
}

/// What a cache does whatever it keeps.
#[async_trait]
pub trait CacheCare: Send + Sync {
    /// Drops the session, and for a minute refuses versions up to this one: a slow writer must not bring back what is
    /// deleted or completed. `u64::MAX` refuses all.
    async fn forget(&self, id: &SessionId, up_to: u64) -> Result<(), CacheError>;
    async fn ping(&self) -> Result<(), CacheError>;
}

/// Time and chance, as arguments.
pub trait Clock: Send + Sync {
    /// Now, to the millisecond.
    fn now(&self) -> DateTime<Utc>;
    /// A fresh random UUID.
    fn new_id(&self) -> String;
}
