//! Where the tools and catalogues of the owners' own are kept. "Not found" is `Ok(None)` or `Ok(false)`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::session::ports::{OwnerId, StoreError};

use super::custom::CustomTool;

/// The most tools of one owner.
pub const MAX_TOOLS: usize = 200;
/// The most catalogues of one owner.
pub const MAX_CATALOGS: usize = 50;

/// A tool to choose among, as its author describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogTool {
    /// Unique in its catalogue; what `POST /tools/select` answers as the id.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    #[schema(max_length = 1000)]
    pub description: String,
}

/// A list of tools to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    pub id: Uuid,
    pub name: String,
    pub tools: Vec<CatalogTool>,
    pub created_at: DateTime<Utc>,
}

/// A catalogue in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CatalogHead {
    pub id: String,
    pub name: String,
    /// How many tools it has.
    pub tools: u32,
    pub created_at: DateTime<Utc>,
}

/// What became of something to add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    Done,
    /// Nothing was kept: the owner has one with this id.
    Exists,
    /// Nothing was kept: the owner has as many as one may have.
    Full,
}

/// Every write is durable when it returns.
#[async_trait]
pub trait ToolStore: Send + Sync {
    /// An owner's tools, by id.
    async fn tools(&self, owner: &OwnerId) -> Result<Vec<CustomTool>, StoreError>;
    /// Keeps the tools that can be kept, and says for each what became of it.
    async fn add_tools(
        &self,
        owner: &OwnerId,
        tools: &[CustomTool],
        now: DateTime<Utc>,
    ) -> Result<Vec<Added>, StoreError>;
    async fn remove_tool(&self, owner: &OwnerId, id: &str) -> Result<bool, StoreError>;
    async fn add_catalog(&self, owner: &OwnerId, catalog: &Catalog) -> Result<Added, StoreError>;
    /// An owner's catalogues, the oldest first.
    async fn catalogs(&self, owner: &OwnerId) -> Result<Vec<CatalogHead>, StoreError>;
    /// The tools of a catalogue.
    async fn catalog(&self, owner: &OwnerId, id: Uuid) -> Result<Option<Vec<CatalogTool>>, StoreError>;
    /// Whether an owner has this catalogue, without reading it.
    async fn has_catalog(&self, owner: &OwnerId, id: Uuid) -> Result<bool, StoreError>;
    async fn remove_catalog(&self, owner: &OwnerId, id: Uuid) -> Result<bool, StoreError>;
    /// Gives everything of one owner to another.
    async fn claim(&self, from: &OwnerId, to: &OwnerId) -> Result<(), StoreError>;
    /// Lets go of the database.
    async fn close(&self);
}
