//! Tools in PostgreSQL.

use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Postgres, Transaction};
use uuid::Uuid;

use super::super::custom::CustomTool;
use super::super::ports::{Added, Catalog, CatalogHead, CatalogTool, MAX_CATALOGS, MAX_TOOLS, ToolStore};
use super::{added, read, write};
use crate::session::ports::{OwnerId, StoreError};

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the server works on one statement, in milliseconds, locks included.
const STATEMENT_TIMEOUT: &str = "10000";
/// One owner's additions come one after another, so that each counts those before it.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(hashtextextended('tools ' || $1, 0))";

/// See the module.
pub struct PostgresTools {
    pool: PgPool,
}

impl PostgresTools {
    /// On the database of a `postgres://` address.
    pub fn open(url: &str) -> Result<PostgresTools, StoreError> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("agentwright")
            .options([("statement_timeout", STATEMENT_TIMEOUT)])
            .disable_statement_logging();
        let pool = PgPoolOptions::new().max_connections(super::CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
        Ok(PostgresTools { pool: pool.connect_lazy_with(options) })
    }

    async fn begin(&self, owner: &OwnerId) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(ONE_AT_A_TIME).bind(&owner.0).execute(&mut *transaction).await?;
        Ok(transaction)
    }
}

fn head((id, name, tools, created_at): (Uuid, String, i64, DateTime<Utc>)) -> Result<CatalogHead, StoreError> {
    let tools = u32::try_from(tools).map_err(|_| StoreError::Corrupt(format!("count of a catalogue: {id}")))?;
    Ok(CatalogHead { id: id.to_string(), name, tools, created_at })
}

#[async_trait]
impl ToolStore for PostgresTools {
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
        let mut transaction = self.begin(owner).await?;
        let mut outcome = Vec::with_capacity(tools.len());
        for tool in tools {
            let insert = sqlx::query(super::ADD_TOOL).bind(&owner.0).bind(&tool.id).bind(write(tool)?);
            let insert = insert.bind(now).bind(MAX_TOOLS as i64).execute(&mut *transaction).await?;
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
        let mut transaction = self.begin(owner).await?;
        let insert = sqlx::query(super::ADD_CATALOG)
            .bind(catalog.id)
            .bind(&owner.0)
            .bind(&catalog.name)
            .bind(catalog.tools.len() as i64)
            .bind(write(&catalog.tools)?)
            .bind(catalog.created_at)
            .bind(MAX_CATALOGS as i64);
        let rows = insert.execute(&mut *transaction).await?.rows_affected();
        transaction.commit().await?;
        Ok(added(rows, false))
    }

    async fn catalogs(&self, owner: &OwnerId) -> Result<Vec<CatalogHead>, StoreError> {
        let rows = sqlx::query_as(super::CATALOGS).bind(&owner.0).fetch_all(&self.pool).await?;
        rows.into_iter().map(head).collect()
    }

    async fn catalog(&self, owner: &OwnerId, id: Uuid) -> Result<Option<Vec<CatalogTool>>, StoreError> {
        let query = sqlx::query_scalar(super::CATALOG).bind(&owner.0).bind(id);
        let json: Option<String> = query.fetch_optional(&self.pool).await?;
        json.map(|json| read(&json)).transpose()
    }

    async fn has_catalog(&self, owner: &OwnerId, id: Uuid) -> Result<bool, StoreError> {
        let query = sqlx::query_scalar(super::HAS_CATALOG).bind(&owner.0).bind(id);
        let count: i64 = query.fetch_one(&self.pool).await?;
        Ok(count > 0)
    }

    async fn remove_catalog(&self, owner: &OwnerId, id: Uuid) -> Result<bool, StoreError> {
        let delete = sqlx::query(super::REMOVE_CATALOG).bind(&owner.0).bind(id);
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
