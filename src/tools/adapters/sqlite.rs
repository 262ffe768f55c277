//! Tools in the SQLite file of the sessions: a few writes beside its one writer, which wait for it.

use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, Utc};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use uuid::Uuid;

use super::super::custom::CustomTool;
use super::super::ports::{Added, Catalog, CatalogHead, CatalogTool, MAX_CATALOGS, MAX_TOOLS, ToolStore};
use super::{added, read, write};
use crate::session::ports::{OwnerId, StoreError};

/// How long a write waits for the sessions' writer.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Takes the lock at once: a transaction that begins by reading could lose it half-way.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// See the module.
pub struct SqliteTools {
    pool: SqlitePool,
}

impl SqliteTools {
    /// On the file of a `sqlite://` address, once it is there.
    pub fn open(url: &str) -> Result<SqliteTools, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        Ok(SqliteTools {
            pool: SqlitePoolOptions::new().max_connections(super::CONNECTIONS).connect_lazy_with(options),
        })
    }
}

/// Fixed width, so that it sorts as text.
fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn head((id, name, tools, created_at): (String, String, i64, String)) -> Result<CatalogHead, StoreError> {
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of a catalogue: {id}"));
    let created_at = DateTime::parse_from_rfc3339(&created_at).map_err(|_| corrupt("time"))?.with_timezone(&Utc);
    let tools = u32::try_from(tools).map_err(|_| corrupt("count"))?;
    Ok(CatalogHead { id, name, tools, created_at })
}

#[async_trait]
impl ToolStore for SqliteTools {
    async fn tools(&self, owner: &OwnerId) -> Result<Vec<CustomTool>, StoreError> {
        let rows: Vec<String> = sqlx::query_scalar(super::TOOLS).bind(&owner.0).fetch_all(&self.pool).await?;
        rows.iter().map(|json| read(json)).collect()
    }

    async fn add_tools(
        &self,
        owner: &OwnerId,
        tools: &[CustomTool],
        now: DateTime<Utc>,
    ) -> Result<Vec<Added>, StoreError> {
        let mut transaction = self.pool.begin_with(BEGIN).await?;
        let mut outcome = Vec::with_capacity(tools.len());
        for tool in tools {
            let insert = sqlx::query(super::ADD_TOOL).bind(&owner.0).bind(&tool.id).bind(write(tool)?);
            let insert = insert.bind(time_text(now)).bind(MAX_TOOLS as i64).execute(&mut *transaction).await?;
            let exists = sqlx::query_scalar(super::HAS_TOOL).bind(&owner.0).bind(&tool.id);
            let exists: i64 = exists.fetch_one(&mut *transaction).await?;
            outcome.push(added(insert.rows_affected(), exists > 0));
        }
        transaction.commit().await?;
        Ok(outcome)
    }

    async fn remove_tool(&self, owner: &OwnerId, id: &str) -> Result<bool, StoreError> {
        let delete = sqlx::query(super::REMOVE_TOOL).bind(&owner.0).bind(id);
        Ok(delete.execute(&self.pool).await?.rows_affected() > 0)
    }

    async fn add_catalog(&self, owner: &OwnerId, catalog: &Catalog) -> Result<Added, StoreError> {
        let insert = sqlx::query(super::ADD_CATALOG)
            .bind(catalog.id.to_string())
            .bind(&owner.0)
            .bind(&catalog.name)
            .bind(catalog.tools.len() as i64)
            .bind(write(&catalog.tools)?)
            .bind(time_text(catalog.created_at))
            .bind(MAX_CATALOGS as i64);
        Ok(added(insert.execute(&self.pool).await?.rows_affected(), false))
    }

    async fn catalogs(&self, owner: &OwnerId) -> Result<Vec<CatalogHead>, StoreError> {
        let rows = sqlx::query_as(super::CATALOGS).bind(&owner.0).fetch_all(&self.pool).await?;
        rows.into_iter().map(head).collect()
    }

    async fn catalog(&self, owner: &OwnerId, id: Uuid) -> Result<Option<Vec<CatalogTool>>, StoreError> {
        let query = sqlx::query_scalar(super::CATALOG).bind(&owner.0).bind(id.to_string());
        let json: Option<String> = query.fetch_optional(&self.pool).await?;
        json.map(|json| read(&json)).transpose()
    }

    async fn has_catalog(&self, owner: &OwnerId, id: Uuid) -> Result<bool, StoreError> {
        let query = sqlx::query_scalar(super::HAS_CATALOG).bind(&owner.0).bind(id.to_string());
        let count: i64 = query.fetch_one(&self.pool).await?;
        Ok(count > 0)
    }

    async fn remove_catalog(&self, owner: &OwnerId, id: Uuid) -> Result<bool, StoreError> {
        let delete = sqlx::query(super::REMOVE_CATALOG).bind(&owner.0).bind(id.to_string());
        Ok(delete.execute(&self.pool).await?.rows_affected() > 0)
    }

    async fn claim(&self, from: &OwnerId, to: &OwnerId) -> Result<(), StoreError> {
        for claim in [super::CLAIM_TOOLS, super::CLAIM_CATALOGS] {
            sqlx::query(claim).bind(&from.0).bind(&to.0).execute(&self.pool).await?;
        }
        Ok(())
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
