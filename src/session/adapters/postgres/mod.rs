//! The store in PostgreSQL: each write is one statement, so it is whole or not there, in one round trip.

mod writes;

use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use uuid::Uuid;

use crate::session::models::{Message, SessionId};
use crate::session::ports::{
    AnsweredRequest, Commit, Committed, ExportRecord, Freshness, ListQuery, NewSession, OwnerId, Revision, SessionHead,
    SessionStore, StoreError, StoredSession,
};

use super::like;
use super::rows::{self, ExportRow, HeadRow, MessageRow, RevisionRow, SessionRow};

/// Connections of one server.
const CONNECTIONS: u32 = 16;
/// How long a request waits for one of them.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the server works on one statement, in milliseconds, locks included.
const STATEMENT_TIMEOUT: &str = "10000";

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// See the module.
pub struct PostgresStore {
    pool: PgPool,
}

impl PostgresStore {
    /// Connects to the database of a `postgres://` address and brings its tables up to date; several servers may start
    /// at once.
    pub async fn open(url: &str) -> Result<PostgresStore, StoreError> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("agentwright")
            .options([("statement_timeout", STATEMENT_TIMEOUT)])
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .min_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await?;
        MIGRATIONS.run(&pool).await?;
        Ok(PostgresStore { pool })
    }
}

/// A [`SessionId`] is a UUID by construction.
fn key(id: &SessionId) -> Result<Uuid, StoreError> {
    Uuid::parse_str(id.as_str()).map_err(|error| StoreError::Failed(format!("session id: {error}")))
}

#[async_trait]
impl SessionStore for PostgresStore {
    async fn create(&self, session: NewSession) -> Result<(), StoreError> {
        writes::create(&self.pool, &session).await
    }

    async fn load(&self, id: &SessionId) -> Result<Option<StoredSession>, StoreError> {
        let row: Option<SessionRow<Uuid, DateTime<Utc>>> =
            sqlx::query_as(rows::SESSION).bind(key(id)?).fetch_optional(&self.pool).await?;
        row.map(StoredSession::try_from).transpose()
    }

    async fn head(&self, id: &SessionId) -> Result<Option<SessionHead>, StoreError> {
        let row: Option<HeadRow<Uuid, DateTime<Utc>>> =
            sqlx::query_as(rows::HEAD).bind(key(id)?).fetch_optional(&self.pool).await?;
        row.map(SessionHead::try_from).transpose()
    }

    async fn freshness(&self, id: &SessionId) -> Result<Option<Freshness>, StoreError> {
        let row: Option<(i64, String, Option<String>)> =
            sqlx::query_as(rows::FRESHNESS).bind(key(id)?).fetch_optional(&self.pool).await?;
        row.map(rows::freshness).transpose()
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        writes::commit(&self.pool, &commit).await
    }

    async fn answer(&self, id: &SessionId, request_key: &str) -> Result<Option<AnsweredRequest>, StoreError> {
        let row: Option<(String, String)> =
            sqlx::query_as(rows::ANSWER).bind(key(id)?).bind(request_key).fetch_optional(&self.pool).await?;
        Ok(row.map(|(request, answer_json)| AnsweredRequest { request, answer_json }))
    }

    async fn messages(&self, id: &SessionId, after: Option<u32>, limit: u32) -> Result<Vec<Message>, StoreError> {
        let rows: Vec<MessageRow<DateTime<Utc>>> = sqlx::query_as(rows::MESSAGES)
            .bind(key(id)?)
            .bind(after.map_or(-1, i64::from))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Message::try_from).collect()
    }

    async fn revisions(&self, id: &SessionId) -> Result<Vec<Revision>, StoreError> {
        let rows: Vec<RevisionRow<DateTime<Utc>>> =
            sqlx::query_as(rows::REVISIONS).bind(key(id)?).fetch_all(&self.pool).await?;
        rows.into_iter().map(Revision::try_from).collect()
    }

    async fn snapshots(&self, id: &SessionId, up_to: u64, limit: u32) -> Result<Vec<(u64, String)>, StoreError> {
        let query = sqlx::query_as(rows::SNAPSHOTS).bind(key(id)?).bind(rows::signed(up_to)).bind(i64::from(limit));
        rows::snapshots(query.fetch_all(&self.pool).await?)
    }

    async fn list(&self, query: &ListQuery) -> Result<Vec<SessionHead>, StoreError> {
        let rows: Vec<HeadRow<Uuid, DateTime<Utc>>> = sqlx::query_as(rows::list!("ILIKE"))
            .bind(&query.owner.0)
            .bind(query.status.map(|status| status.as_str()))
            .bind(like(query.text.trim()))
            .bind(query.after.as_ref().map(|cursor| cursor.updated_at))
            .bind(query.after.as_ref().map(|cursor| key(&cursor.id)).transpose()?)
            .bind(i64::from(query.limit))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(SessionHead::try_from).collect()
    }

    async fn rename(&self, id: &SessionId, title: &str) -> Result<bool, StoreError> {
        let query = sqlx::query("UPDATE sessions SET title = $2, named = TRUE WHERE id = $1").bind(key(id)?);
        Ok(query.bind(title).execute(&self.pool).await?.rows_affected() > 0)
    }

    async fn delete(&self, id: &SessionId) -> Result<bool, StoreError> {
        let query = sqlx::query("DELETE FROM sessions WHERE id = $1").bind(key(id)?);
        Ok(query.execute(&self.pool).await?.rows_affected() > 0)
    }

    async fn claim(&self, from: &OwnerId, to: &OwnerId) -> Result<Vec<(SessionId, u64)>, StoreError> {
        let claim = sqlx::query_as("UPDATE sessions SET owner_id = $2 WHERE owner_id = $1 RETURNING id, version");
        let rows: Vec<(Uuid, i64)> = claim.bind(&from.0).bind(&to.0).fetch_all(&self.pool).await?;
        rows::versions(rows)
    }

    async fn record_export(&self, id: &SessionId, export: &ExportRecord) -> Result<(), StoreError> {
        writes::record_export(&self.pool, id, export).await
    }

    async fn exports(&self, id: &SessionId) -> Result<Vec<ExportRecord>, StoreError> {
        let rows: Vec<ExportRow<DateTime<Utc>>> =
            sqlx::query_as(rows::EXPORTS).bind(key(id)?).fetch_all(&self.pool).await?;
        rows.into_iter().map(ExportRecord::try_from).collect()
    }

    async fn abandon_expired(&self, now: DateTime<Utc>) -> Result<Vec<(SessionId, u64)>, StoreError> {
        writes::abandon_expired(&self.pool, now).await
    }

    async fn server_key(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        let insert = sqlx::query("INSERT INTO server_keys (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        insert.bind(name).bind(fresh).execute(&self.pool).await?;
        let query = sqlx::query_scalar("SELECT value FROM server_keys WHERE name = $1").bind(name);
        Ok(query.fetch_one(&self.pool).await?)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query(rows::PING).fetch_optional(&self.pool).await?;
        Ok(())
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
