//! The store of tools in either database. The session store makes the tables; these have connections of their own, taken
//! only when somebody keeps a tool. The statements are the same; ids and times differ as the databases keep them.

pub mod postgres;
pub mod sqlite;

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::session::ports::StoreError;

use super::ports::{Added, ToolStore};

/// Connections of one server; writes are few.
const CONNECTIONS: u32 = 4;

const TOOLS: &str = "SELECT tool_json FROM tools WHERE owner_id = $1 ORDER BY id";
const ADD_TOOL: &str = "INSERT INTO tools (owner_id, id, tool_json, created_at) SELECT $1, $2, $3, $4 \
    WHERE (SELECT count(*) FROM tools WHERE owner_id = $1) < $5 ON CONFLICT DO NOTHING";
const HAS_TOOL: &str = "SELECT count(*) FROM tools WHERE owner_id = $1 AND id = $2";
const REMOVE_TOOL: &str = "DELETE FROM tools WHERE owner_id = $1 AND id = $2";
const ADD_CATALOG: &str = "INSERT INTO tool_catalogs (id, owner_id, name, tool_count, tools_json, created_at) \
    SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM tool_catalogs WHERE owner_id = $2) < $7";
const CATALOGS: &str =
    "SELECT id, name, tool_count, created_at FROM tool_catalogs WHERE owner_id = $1 ORDER BY created_at, id";
const CATALOG: &str = "SELECT tools_json FROM tool_catalogs WHERE owner_id = $1 AND id = $2";
const HAS_CATALOG: &str = "SELECT count(*) FROM tool_catalogs WHERE owner_id = $1 AND id = $2";
const REMOVE_CATALOG: &str = "DELETE FROM tool_catalogs WHERE owner_id = $1 AND id = $2";

/// What the other owner has under the same id stays where it is.
const CLAIM_TOOLS: &str = "UPDATE tools SET owner_id = $2 WHERE owner_id = $1 \
    AND NOT EXISTS (SELECT 1 FROM tools AS theirs WHERE theirs.owner_id = $2 AND theirs.id = tools.id)";
const CLAIM_CATALOGS: &str = "UPDATE tool_catalogs SET owner_id = $2 WHERE owner_id = $1";

/// The store beside the sessions of this address.
pub fn open(url: &str) -> Result<Arc<dyn ToolStore>, StoreError> {
    Ok(if url.starts_with("postgres") {
        Arc::new(postgres::PostgresTools::open(url)?)
    } else {
        Arc::new(sqlite::SqliteTools::open(url)?)
    })
}

/// What became of an insert that changed so many rows.
fn added(rows: u64, exists: bool) -> Added {
    match rows {
        0 if exists => Added::Exists,
        0 => Added::Full,
        _ => Added::Done,
    }
}

fn write<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Corrupt(format!("tools: {error}")))
}
