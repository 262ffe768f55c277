//! What handlers share. The only place that names concrete backends.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;
use axum_extra::extract::cookie::Key;
use leptos::config::LeptosOptions;
use rand::RngCore;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::orchestrator::service::{TurnRules, TurnService};
use crate::orchestrator::state::Session;
use crate::orchestrator::streams::TurnStreams;
use crate::session::adapters::memory_cache::MemoryCache;
use crate::session::adapters::postgres::PostgresStore;
use crate::session::adapters::redis_cache::RedisCache;
use crate::session::adapters::sqlite::SqliteStore;
use crate::session::ports::{Clock, SessionStore, StateCache, StoreError};
use crate::session::service::SessionService;
use crate::tools;
use crate::tools::ports::ToolStore;
use crate::tools::service::ToolService;

use super::api_keys::ApiKeys;
use super::clock::SystemClock;
use super::config::{Config, DatabaseUrl};
use super::health::Health;
use super::limits::Limits;

/// The name of the page's files under `/pkg`.
const OUTPUT_NAME: &str = "agentwright";
/// The name the cookie key is kept under.
const COOKIE_KEY: &str = "owner_cookie";

/// What every handler and layer holds: one reference, since layers are cloned for each request.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// The server's parts.
pub struct Parts {
    pub turns: TurnService,
    pub streams: TurnStreams,
    pub sessions: SessionService,
    pub tools: ToolService,
    /// Whether the server can work, for whoever watches it.
    pub health: Health,
    pub clock: Arc<dyn Clock>,
    /// The keys REST asks for, if any.
    pub api_keys: Arc<ApiKeys>,
    /// For what concerns the server and not one owner.
    pub admin_key: Option<SecretString>,
    pub limits: Limits,
    /// Changes that were begun: they are finished also when their caller is gone.
    pub under_way: TaskTracker,
    /// Cancelled once the server is asked to stop: streams end then.
    pub stopping: CancellationToken,
    /// Signs the owner cookie.
    pub cookie_key: Key,
    pub page: LeptosOptions,
    /// Whether a build tool reloads the page, which needs a web socket.
    pub watched: bool,
    store: Arc<dyn SessionStore>,
    tool_store: Arc<dyn ToolStore>,
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Parts that handlers ask for by their type.
macro_rules! extracted {
    ($($part:ident: $type:ty),* $(,)?) => {
        $(impl FromRef<AppState> for $type {
            fn from_ref(state: &AppState) -> $type {
                state.$part.clone()
            }
        })*
    };
}

extracted! {
    turns: TurnService,
    streams: TurnStreams,
    sessions: SessionService,
    tools: ToolService,
    health: Health,
    clock: Arc<dyn Clock>,
    under_way: TaskTracker,
    cookie_key: Key,
    page: LeptosOptions,
}

impl AppState {
    /// Opens the backends the configuration names.
    pub async fn open(config: &Config) -> Result<AppState, StoreError> {
        let store = open_store(config).await?;
        let tool_store = tools::adapters::open(&config.database_url.0)?;
        let cache = open_cache(config).await?;
        // Others write to the store, or a document outlives the process that knows it is old.
        let is_shared = config.database_url.is_postgres() || config.redis.is_some();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let cookie_key = match config.cookie_key() {
            Some(key) => key,
            None => kept_key(store.as_ref()).await?,
        };
        let expiry = chrono::Duration::from_std(config.session_expiry).unwrap_or(chrono::Duration::MAX);
        let rules = TurnRules { expires_after: expiry, checks_cache: is_shared };
        let turns = TurnService::new(store.clone(), cache.clone(), clock.clone(), rules);
        let sessions = SessionService::new(store.clone(), cache.clone(), clock.clone());
        let (under_way, stopping) = (TaskTracker::new(), CancellationToken::new());
        let streams =
            TurnStreams::new(turns.clone(), sessions.clone(), clock.clone(), under_way.clone(), stopping.clone());
        Ok(AppState(Arc::new(Parts {
            turns,
            streams,
            sessions,
            tools: ToolService::new(tool_store.clone(), clock.clone()),
            health: Health::new(store.clone(), cache),
            clock,
            api_keys: Arc::new(config.api_keys.clone()),
            admin_key: config.admin_key.clone(),
            limits: Limits::new(config),
            under_way,
            stopping,
            cookie_key,
            page: page_options(config),
            watched: config.watched,
            store,
            tool_store,
        })))
    }

    /// Finishes writing and lets go of the database.
    pub async fn close(&self) {
        self.tool_store.close().await;
        self.store.close().await;
    }
}

async fn open_store(config: &Config) -> Result<Arc<dyn SessionStore>, StoreError> {
    let DatabaseUrl(url) = &config.database_url;
    Ok(match config.database_url.is_postgres() {
        true => Arc::new(PostgresStore::open(url).await?),
        false => Arc::new(SqliteStore::open(url).await?),
    })
}

async fn open_cache(config: &Config) -> Result<Arc<dyn StateCache<Session>>, StoreError> {
    Ok(match &config.redis {
        Some(target) => {
            let cache = RedisCache::open(target, config.session_expiry).await;
            Arc::new(cache.map_err(|error| StoreError::Failed(error.to_string()))?)
        }
        None => Arc::new(MemoryCache::new(config.session_expiry)),
    })
}

/// The key the server made for itself when it first started on this database.
async fn kept_key(store: &dyn SessionStore) -> Result<Key, StoreError> {
    let mut fresh = [0_u8; 64];
    rand::rng().fill_bytes(&mut fresh);
    let bytes = store.server_key(COOKIE_KEY, &fresh).await?;
    Key::try_from(bytes.as_slice()).map_err(|error| StoreError::Corrupt(format!("cookie key: {error}")))
}

fn page_options(config: &Config) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name(OUTPUT_NAME)
        .site_root(config.site_root.to_string_lossy().as_ref())
        .hash_files(config.hash_files)
        .build()
}
