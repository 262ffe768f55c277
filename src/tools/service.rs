//! What can be done with tools: looking through them, keeping one's own, choosing by a text.

pub(crate) mod check;

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use uuid::Uuid;

use crate::error::FieldProblem;
use crate::session::ports::{Caller, Clock, OwnerId, StoreError};

use super::catalogue;
use super::custom::CustomTool;
use super::import::{self, ImportError, Skipped};
use super::needs;
use super::ports::{Added, Catalog, CatalogHead, CatalogTool, MAX_CATALOGS, MAX_TOOLS, ToolStore};
use super::ranking::{Document, Index};
use super::schemas::{
    CatalogCreate, ImportAnswer, ImportRequest, SelectAnswer, SelectRequest, SelectedTool, ToolCreate, ToolDetail,
    ToolItem, ToolsQuery,
};
use super::selection::{self, Selected};

/// Tools whose rankings are kept ready, over all catalogues.
const READY_TOOLS: u64 = 20_000;
/// How long a ranking that nobody uses is kept ready.
const READY_FOR: Duration = Duration::from_secs(600);

/// Why a request about tools was refused.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error(
        "Nothing can be kept for you, because nothing tells you from others. Make a session cookie by visiting the \
        page, or use an API key. Nothing was changed."
    )]
    Nobody,
    #[error("There is no such tool here. It may be deleted, or belong to somebody else.")]
    NoTool,
    #[error("There is no such catalogue here. It may be deleted, or belong to somebody else.")]
    NoCatalog,
    #[error("There is a tool with the id `{0}` already. Nothing was changed: choose another id.")]
    Exists(String),
    #[error("You keep {0}, which is the most. Nothing was changed: delete one first.")]
    Full(String),
    #[error("the fields make no sense")]
    Invalid(Vec<FieldProblem>),
    #[error("{0} Nothing was changed.")]
    Unreadable(#[from] ImportError),
    #[error("the text is too long")]
    TooLong,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a ranking was not made: {0}")]
    Failed(String),
}

impl ToolError {
    fn field(field: impl Into<String>, message: impl Into<String>) -> ToolError {
        ToolError::Invalid(vec![FieldProblem { field: field.into(), message: message.into() }])
    }
}

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct ToolService {
    store: Arc<dyn ToolStore>,
    clock: Arc<dyn Clock>,
    /// Catalogues never change, so a ranking is right for as long as its catalogue is there.
    rankings: Cache<Uuid, Arc<Index>>,
}

impl ToolService {
    pub fn new(store: Arc<dyn ToolStore>, clock: Arc<dyn Clock>) -> ToolService {
        let weigh = |_: &Uuid, index: &Arc<Index>| u32::try_from(index.len()).unwrap_or(u32::MAX);
        let rankings = Cache::builder().max_capacity(READY_TOOLS).weigher(weigh).time_to_idle(READY_FOR).build();
        ToolService { store, clock, rankings }
    }

    /// The caller's own tools and the catalogue's; with words to find, the best first.
    pub async fn list(&self, caller: &Caller, query: &ToolsQuery) -> Result<Vec<ToolItem>, ToolError> {
        let own = self.own(caller).await?;
        let all = own.iter().map(ToolItem::from).chain(catalogue::catalogue().iter().map(ToolItem::from));
        let is_wanted = |item: &ToolItem| query.category.as_ref().is_none_or(|wanted| *wanted == item.category);
        let mut items: Vec<ToolItem> = all.filter(is_wanted).collect();
        let Some(words) = query.q.as_deref().map(str::trim).filter(|words| !words.is_empty()) else { return Ok(items) };
        check::search(words)?;
        let ranked = selection::select_from(&index_of(&own), words, usize::MAX);
        let place = |item: &ToolItem| ranked.iter().position(|tool| tool.id == item.id);
        let needle = words.to_lowercase();
        let is_named = |item: &ToolItem| item.id.contains(&needle) || item.name.to_lowercase().contains(&needle);
        items.retain(|item| place(item).is_some() || is_named(item));
        items.sort_by_key(|item| place(item).unwrap_or(usize::MAX));
        Ok(items)
    }

    /// One tool as an agent begins with it.
    pub async fn get(&self, caller: &Caller, id: &str) -> Result<ToolDetail, ToolError> {
        if let Some((tool, config)) = catalogue::get(id).zip(catalogue::configure(id, None)) {
            let products = tool.products.iter().map(|product| product.name.clone()).collect();
            return Ok(ToolDetail { config, custom: false, products });
        }
        let own = self.own(caller).await?;
        own.iter().find(|tool| tool.id == id).map(detail).ok_or(ToolError::NoTool)
    }

    /// Keeps a tool of the caller's own.
    pub async fn add(&self, caller: &Caller, tool: ToolCreate) -> Result<ToolDetail, ToolError> {
        let tool = check::tool(tool)?;
        let owner = owner(caller)?;
        if catalogue::get(&tool.id).is_some() {
            return Err(ToolError::Exists(tool.id));
        }
        let added = self.store.add_tools(owner, std::slice::from_ref(&tool), self.clock.now()).await?;
        match added.first() {
            Some(Added::Done) => Ok(detail(&tool)),
            Some(Added::Exists) => Err(ToolError::Exists(tool.id)),
            _ => Err(ToolError::Full(format!("{MAX_TOOLS} tools"))),
        }
    }

    pub async fn remove(&self, caller: &Caller, id: &str) -> Result<(), ToolError> {
        let Some(owner) = &caller.owner else { return Err(ToolError::NoTool) };
        self.store.remove_tool(owner, id).await?.then_some(()).ok_or(ToolError::NoTool)
    }

    /// Reads tools from a document, and keeps them if that is asked for.
    pub async fn import(&self, caller: &Caller, request: ImportRequest) -> Result<ImportAnswer, ToolError> {
        let owner = if request.save { Some(owner(caller)?) } else { None };
        let (format, document) = (request.format, request.document);
        let read = tokio::task::spawn_blocking(move || import::import(format, &document)).await;
        let imported = read.map_err(|error| ToolError::Failed(error.to_string()))??;
        let mut answer = ImportAnswer { tools: imported.tools, skipped: imported.skipped, catalog: None };
        if let Some(name) = request.catalog {
            let tools = check::distinct(&answer.tools);
            answer.catalog = Some(self.add_catalog(caller, CatalogCreate { name, tools }).await?.to_string());
        }
        if let Some(owner) = owner {
            let outcome = self.store.add_tools(owner, &answer.tools, self.clock.now()).await?;
            let (kept, left): (Vec<_>, Vec<_>) =
                answer.tools.into_iter().zip(outcome).partition(|(_, added)| *added == Added::Done);
            answer.tools = kept.into_iter().map(|(tool, _)| tool).collect();
            answer.skipped.extend(left.into_iter().map(|(tool, added)| not_kept(tool, added)));
        }
        Ok(answer)
    }

    /// Keeps a catalogue of the caller's own; of a caller without a name, one that its random id alone opens.
    pub async fn add_catalog(&self, caller: &Caller, catalog: CatalogCreate) -> Result<Uuid, ToolError> {
        let CatalogCreate { name, tools } = check::catalog(catalog)?;
        let id = Uuid::parse_str(&self.clock.new_id()).map_err(|error| ToolError::Failed(error.to_string()))?;
        let catalog = Catalog { id, name, tools, created_at: self.clock.now() };
        match self.store.add_catalog(&keeper(caller, id), &catalog).await? {
            Added::Done => Ok(id),
            _ => Err(ToolError::Full(format!("{MAX_CATALOGS} catalogues"))),
        }
    }

    pub async fn catalogs(&self, caller: &Caller) -> Result<Vec<CatalogHead>, ToolError> {
        match &caller.owner {
            Some(owner) => Ok(self.store.catalogs(owner).await?),
            None => Ok(Vec::new()),
        }
    }

    pub async fn remove_catalog(&self, caller: &Caller, id: &str) -> Result<(), ToolError> {
        let (owner, id) = named_catalog(caller, id)?;
        let is_gone = self.store.remove_catalog(&owner, id).await?;
        self.rankings.invalidate(&id).await;
        is_gone.then_some(()).ok_or(ToolError::NoCatalog)
    }

    /// Gives everything of one owner to another.
    pub async fn claim(&self, from: &OwnerId, to: &OwnerId) -> Result<(), ToolError> {
        Ok(self.store.claim(from, to).await?)
    }

    /// The tools a text asks for.
    pub async fn select(&self, caller: &Caller, request: SelectRequest) -> Result<SelectAnswer, ToolError> {
        let limit = check::selection(&request)?;
        let text = request.text;
        let work: Box<dyn FnOnce() -> SelectAnswer + Send> = match request.catalog {
            Some(id) => {
                let index = self.ranking(caller, &id).await?;
                Box::new(move || {
                    answer(selection::select_among(&index, &text, limit), needs::unmet_among(&index, &text))
                })
            }
            None => {
                let own = self.own(caller).await?;
                Box::new(move || {
                    let index = index_of(&own);
                    answer(selection::select_from(&index, &text, limit), needs::unmet(&index, &text))
                })
            }
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| ToolError::Failed(error.to_string()))
    }

    async fn ranking(&self, caller: &Caller, id: &str) -> Result<Arc<Index>, ToolError> {
        let (owner, id) = named_catalog(caller, id)?;
        if let Some(index) = self.rankings.get(&id).await {
            // Whose it is and whether it is still there, only the store knows.
            let is_there = self.store.has_catalog(&owner, id).await?;
            return is_there.then_some(index).ok_or(ToolError::NoCatalog);
        }
        let tools = self.store.catalog(&owner, id).await?.ok_or(ToolError::NoCatalog)?;
        let made = tokio::task::spawn_blocking(move || Arc::new(rank(&tools))).await;
        let index = made.map_err(|error| ToolError::Failed(error.to_string()))?;
        self.rankings.insert(id, index.clone()).await;
        Ok(index)
    }

    async fn own(&self, caller: &Caller) -> Result<Vec<CustomTool>, ToolError> {
        match &caller.owner {
            Some(owner) => Ok(self.store.tools(owner).await?),
            None => Ok(Vec::new()),
        }
    }
}

fn owner(caller: &Caller) -> Result<&OwnerId, ToolError> {
    caller.owner.as_ref().ok_or(ToolError::Nobody)
}

/// A catalogue whose id is none does not exist.
fn named_catalog(caller: &Caller, id: &str) -> Result<(OwnerId, Uuid), ToolError> {
    let id = Uuid::parse_str(id).map_err(|_| ToolError::NoCatalog)?;
    Ok((keeper(caller, id), id))
}

/// Whose a catalogue is. One of nobody's is its own: no caller has such a name.
fn keeper(caller: &Caller, id: Uuid) -> OwnerId {
    caller.owner.clone().unwrap_or_else(|| OwnerId(format!("catalog:{id}")))
}

fn index_of(own: &[CustomTool]) -> Index {
    selection::index_with(own.iter().map(|tool| Document::new(&tool.id, &tool.name, &tool.description)))
}

fn rank(tools: &[CatalogTool]) -> Index {
    Index::new(tools.iter().map(|tool| Document::new(&tool.name, &tool.name, &tool.description)))
}

fn detail(tool: &CustomTool) -> ToolDetail {
    ToolDetail { config: tool.configure(), custom: true, products: Vec::new() }
}

fn not_kept(tool: CustomTool, added: Added) -> Skipped {
    let reason = match added {
        Added::Exists => format!("you have a tool with the id `{}` already", tool.id),
        _ => format!("you keep {MAX_TOOLS} tools, which is the most"),
    };
    Skipped { name: tool.name, reason }
}

fn answer(tools: Vec<Selected>, unmet: Vec<String>) -> SelectAnswer {
    let selected = |tool: Selected| SelectedTool { id: tool.id, score: tool.score, because: tool.because };
    SelectAnswer { tools: tools.into_iter().map(selected).collect(), unmet }
}
