//! The store in one SQLite file: WAL, a full sync on every commit, one writer, a pool of readers.

mod rows;
mod writer;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use crate::session::models::{Message, SessionId};
use crate::session::ports::{
    Commit, Committed, ExportRecord, ListQuery, NewSession, Revision, SessionHead, SessionStore, StoreError,
    StoredAnswer, StoredSession,
};

use rows::{ExportRow, HeadRow, MessageRow, RevisionRow, SessionRow, time_text};
use writer::{Write, Writer, Written};

/// Readers beside the one writer.
const READERS: u32 = 4;
/// How long a connection waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

/// See the module.
pub struct SqliteStore {
    readers: SqlitePool,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file of a `sqlite://` address, creating it and its folder where missing, and brings its tables up to
    /// date.
    pub async fn open(url: &str) -> Result<SqliteStore, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        create_folder(options.get_filename())?;
        let mut connection = options.connect().await?;
        MIGRATIONS
            .run_direct(None, &mut connection, false)
            .await
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        let reading = options.create_if_missing(false).read_only(true);
        let readers =
            SqlitePoolOptions::new().max_connections(READERS).min_connections(1).connect_with(reading).await?;
        Ok(SqliteStore { readers, writer: Writer::start(connection) })
    }

    /// The version of the SQLite library inside the program.
    pub async fn library_version(&self) -> Result<String, StoreError> {
        Ok(sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&self.readers).await?)
    }
}

fn create_folder(file: &Path) -> Result<(), StoreError> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::Unavailable(format!("{}: {error}", folder.display()))),
        _ => Ok(()),
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        let busy = match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Io(_) => {
                true
            }
            // Primary result codes: SQLITE_BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
            sqlx::Error::Database(database) => database
                .code()
                .and_then(|code| code.parse::<i32>().ok())
                .is_some_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14)),
            _ => false,
        };
        if busy { StoreError::Unavailable(error.to_string()) } else { StoreError::Failed(error.to_string()) }
    }
}

/// Puts a text into a LIKE pattern that finds it anywhere, taken literally.
fn like(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}

#[async_trait]
impl SessionStore for SqliteStore {
    async fn create(&self, session: NewSession) -> Result<(), StoreError> {
        self.writer.write(Write::Create(session)).await.map(drop)
    }

    async fn load(&self, id: &SessionId) -> Result<Option<StoredSession>, StoreError> {
        let row: Option<SessionRow> =
            sqlx::query_as(SessionRow::SELECT).bind(id.as_str()).fetch_optional(&self.readers).await?;
        row.map(StoredSession::try_from).transpose()
    }

    async fn head(&self, id: &SessionId) -> Result<Option<SessionHead>, StoreError> {
        let row: Option<HeadRow> =
            sqlx::query_as(HeadRow::SELECT).bind(id.as_str()).fetch_optional(&self.readers).await?;
        row.map(SessionHead::try_from).transpose()
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        match self.writer.write(Write::Commit(commit)).await? {
            Written::Commit(committed) => Ok(committed),
            _ => Err(StoreError::Failed("the writer answered another question".to_owned())),
        }
    }

    async fn answer(&self, id: &SessionId, client_message_id: &str) -> Result<Option<StoredAnswer>, StoreError> {
        let row: Option<(String, Option<String>)> = sqlx::query_as(
            "SELECT content, answer_json FROM messages WHERE session_id = ?1 AND client_message_id = ?2",
        )
        .bind(id.as_str())
        .bind(client_message_id)
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.and_then(|(text, answer)| Some(StoredAnswer { text, answer_json: answer? })))
    }

    async fn messages(&self, id: &SessionId, after: Option<u32>, limit: u32) -> Result<Vec<Message>, StoreError> {
        let rows: Vec<MessageRow> = sqlx::query_as(MessageRow::SELECT)
            .bind(id.as_str())
            .bind(after.map_or(-1, i64::from))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(Message::try_from).collect()
    }

    async fn revisions(&self, id: &SessionId) -> Result<Vec<Revision>, StoreError> {
        let rows: Vec<RevisionRow> =
            sqlx::query_as(RevisionRow::SELECT).bind(id.as_str()).fetch_all(&self.readers).await?;
        rows.into_iter().map(Revision::try_from).collect()
    }

    async fn list(&self, query: &ListQuery) -> Result<Vec<SessionHead>, StoreError> {
        let rows: Vec<HeadRow> = sqlx::query_as(HeadRow::LIST)
            .bind(&query.owner.0)
            .bind(query.status.map(|status| status.as_str()))
            .bind(like(query.text.trim()))
            .bind(query.after.as_ref().map(|cursor| time_text(cursor.updated_at)))
            .bind(query.after.as_ref().map(|cursor| cursor.id.as_str()))
            .bind(i64::from(query.limit))
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(SessionHead::try_from).collect()
    }

    async fn rename(&self, id: &SessionId, title: &str) -> Result<bool, StoreError> {
        self.writer.flag(Write::Rename(id.clone(), title.to_owned())).await
    }

    async fn delete(&self, id: &SessionId) -> Result<bool, StoreError> {
        self.writer.flag(Write::Delete(id.clone())).await
    }

    async fn record_export(&self, id: &SessionId, export: &ExportRecord) -> Result<(), StoreError> {
        self.writer.write(Write::Export(id.clone(), export.clone())).await.map(drop)
    }

    async fn exports(&self, id: &SessionId) -> Result<Vec<ExportRecord>, StoreError> {
        let rows: Vec<ExportRow> = sqlx::query_as(ExportRow::SELECT).bind(id.as_str()).fetch_all(&self.readers).await?;
        rows.into_iter().map(ExportRecord::try_from).collect()
    }

    async fn abandon_expired(&self, now: DateTime<Utc>) -> Result<Vec<(SessionId, u64)>, StoreError> {
        match self.writer.write(Write::Abandon(now)).await? {
            Written::Abandoned(sessions) => Ok(sessions),
            _ => Err(StoreError::Failed("the writer answered another question".to_owned())),
        }
    }

    async fn server_key(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.writer.write(Write::Key(name.to_owned(), fresh.to_vec())).await?;
        let query = sqlx::query_scalar("SELECT value FROM server_keys WHERE name = ?1").bind(name);
        Ok(query.fetch_one(&self.readers).await?)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM sessions LIMIT 1").fetch_optional(&self.readers).await?;
        Ok(())
    }

    async fn close(&self) {
        // The last to leave folds the WAL into the file, which a reader may not do.
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn close_connection(connection: sqlx::SqliteConnection) {
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the database did not close cleanly; the next start recovers it");
    }
}
