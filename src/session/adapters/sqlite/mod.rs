//! The store in one SQLite file: WAL, a full sync on every commit, one writer, a pool of readers.

mod writer;
mod writes;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, Utc};
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::time::timeout;

use crate::session::models::{Message, SessionId};
use crate::session::ports::{
    AnsweredRequest, Commit, Committed, ExportRecord, Freshness, ListQuery, NewSession, OwnerId, Revision, SessionHead,
    SessionStore, StoreError, StoredSession,
};

use super::like;
use super::rows::{self, ExportRow, HeadRow, MessageRow, RevisionRow, SessionRow};
use writer::{Write, Writer, Written};

/// Readers beside the one writer.
const READERS: u32 = 4;
/// What the writer keeps of the file in memory, in KiB as SQLite wants it: the pages of the sessions being held.
const WRITER_CACHE: &str = "-16384";
/// How long a connection waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How often the tables are tried to be made.
const MIGRATION_ATTEMPTS: usize = 20;

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
        let mut connection = options.clone().pragma("cache_size", WRITER_CACHE).connect().await?;
        migrate(&mut connection).await?;
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

/// SQLite has no lock for this: of two processes that start at once one finds the tables half made, and looks again.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    for _ in 0..MIGRATION_ATTEMPTS {
        match MIGRATIONS.run_direct(None, connection, false).await {
            Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            done => return Ok(done?),
        }
    }
    Ok(MIGRATIONS.run_direct(None, connection, false).await?)
}

fn create_folder(file: &Path) -> Result<(), StoreError> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::Unavailable(format!("{}: {error}", folder.display()))),
        _ => Ok(()),
    }
}

/// A time as it is kept: fixed width, so that it sorts as text.
fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[async_trait]
impl SessionStore for SqliteStore {
    async fn create(&self, session: NewSession) -> Result<(), StoreError> {
        self.writer.write(Write::Create(session)).await.map(drop)
    }

    async fn load(&self, id: &SessionId) -> Result<Option<StoredSession>, StoreError> {
        let row: Option<SessionRow<String, String>> =
            sqlx::query_as(rows::SESSION).bind(id.as_str()).fetch_optional(&self.readers).await?;
        row.map(StoredSession::try_from).transpose()
    }

    async fn head(&self, id: &SessionId) -> Result<Option<SessionHead>, StoreError> {
        let row: Option<HeadRow<String, String>> =
            sqlx::query_as(rows::HEAD).bind(id.as_str()).fetch_optional(&self.readers).await?;
        row.map(SessionHead::try_from).transpose()
    }

    async fn freshness(&self, id: &SessionId) -> Result<Option<Freshness>, StoreError> {
        let row: Option<(i64, String, Option<String>)> =
            sqlx::query_as(rows::FRESHNESS).bind(id.as_str()).fetch_optional(&self.readers).await?;
        row.map(rows::freshness).transpose()
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        let done = Committed::Done { version: commit.from_version + 1 };
        let writing = self.writer.write(Write::Commit(commit));
        let written = match cfg!(sabotage = "commit_before_answer") {
            true => timeout(Duration::ZERO, writing).await.unwrap_or(Ok(Written::Commit(done))),
            false => writing.await,
        };
        match written? {
            Written::Commit(committed) => Ok(committed),
            _ => Err(StoreError::Failed("the writer answered another question".to_owned())),
        }
    }

    async fn answer(&self, id: &SessionId, key: &str) -> Result<Option<AnsweredRequest>, StoreError> {
        let query = sqlx::query_as(rows::ANSWER).bind(id.as_str()).bind(key);
        let row: Option<(String, String)> = query.fetch_optional(&self.readers).await?;
        Ok(row.map(|(request, answer_json)| AnsweredRequest { request, answer_json }))
    }

    async fn messages(&self, id: &SessionId, after: Option<u32>, limit: u32) -> Result<Vec<Message>, StoreError> {
        let rows: Vec<MessageRow<String>> = sqlx::query_as(rows::MESSAGES)
            .bind(id.as_str())
            .bind(after.map_or(-1, i64::from))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(Message::try_from).collect()
    }

    async fn revisions(&self, id: &SessionId) -> Result<Vec<Revision>, StoreError> {
        let rows: Vec<RevisionRow<String>> =
            sqlx::query_as(rows::REVISIONS).bind(id.as_str()).fetch_all(&self.readers).await?;
        rows.into_iter().map(Revision::try_from).collect()
    }

    async fn snapshots(&self, id: &SessionId, up_to: u64, limit: u32) -> Result<Vec<(u64, String)>, StoreError> {
        let query = sqlx::query_as(rows::SNAPSHOTS).bind(id.as_str()).bind(rows::signed(up_to)).bind(i64::from(limit));
        rows::snapshots(query.fetch_all(&self.readers).await?)
    }

    async fn list(&self, query: &ListQuery) -> Result<Vec<SessionHead>, StoreError> {
        let rows: Vec<HeadRow<String, String>> = sqlx::query_as(rows::list!("LIKE"))
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

    async fn claim(&self, from: &OwnerId, to: &OwnerId) -> Result<Vec<(SessionId, u64)>, StoreError> {
        self.writer.sessions(Write::Claim { from: from.clone(), to: to.clone() }).await
    }

    async fn record_export(&self, id: &SessionId, export: &ExportRecord) -> Result<(), StoreError> {
        self.writer.write(Write::Export(id.clone(), export.clone())).await.map(drop)
    }

    async fn exports(&self, id: &SessionId) -> Result<Vec<ExportRecord>, StoreError> {
        let rows: Vec<ExportRow<String>> =
            sqlx::query_as(rows::EXPORTS).bind(id.as_str()).fetch_all(&self.readers).await?;
        rows.into_iter().map(ExportRecord::try_from).collect()
    }

    async fn abandon_expired(&self, now: DateTime<Utc>) -> Result<Vec<(SessionId, u64)>, StoreError> {
        self.writer.sessions(Write::Abandon(now)).await
    }

    async fn server_key(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.writer.write(Write::Key(name.to_owned(), fresh.to_vec())).await?;
        let query = sqlx::query_scalar("SELECT value FROM server_keys WHERE name = ?1").bind(name);
        Ok(query.fetch_one(&self.readers).await?)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query(rows::PING).fetch_optional(&self.readers).await?;
        Ok(())
    }

    async fn close(&self) {
        // The last to leave folds the WAL into the file, which a reader may not do.
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn close_connection(connection: SqliteConnection) {
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the database did not close cleanly; the next start recovers it");
    }
}
