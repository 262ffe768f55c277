//! What handlers share. The only place that names concrete backends.

use std::sync::Arc;

use axum::extract::FromRef;
use axum_extra::extract::cookie::Key;
use leptos::config::LeptosOptions;
use rand::RngCore;

use crate::orchestrator::service::TurnService;
use crate::session::adapters::memory_cache::MemoryCache;
use crate::session::adapters::sqlite::SqliteStore;
use crate::session::ports::{Clock, SessionStore, StateCache, StoreError};
use crate::session::service::SessionService;

use super::clock::SystemClock;
use super::config::Config;
use super::health::Health;

/// The name of the page's files under `/pkg`.
const OUTPUT_NAME: &str = "agentwright";
/// The name the cookie key is kept under.
const COOKIE_KEY: &str = "owner_cookie";

/// The server's parts. Cheap to clone.
#[derive(Clone, FromRef)]
pub struct AppState {
    pub turns: TurnService,
    pub sessions: SessionService,
    /// Whether the server can work, for whoever watches it.
    pub health: Health,
    pub clock: Arc<dyn Clock>,
    /// Signs the owner cookie.
    pub cookie_key: Key,
    pub page: LeptosOptions,
    /// Whether a build tool reloads the page, which needs a web socket.
    #[from_ref(skip)]
    pub watched: bool,
    #[from_ref(skip)]
    store: Arc<dyn SessionStore>,
}

impl AppState {
    /// Opens the backends the configuration names.
    pub async fn open(config: &Config) -> Result<AppState, StoreError> {
        let store: Arc<dyn SessionStore> = Arc::new(SqliteStore::open(&config.database_url).await?);
        let cache: Arc<dyn StateCache> = Arc::new(MemoryCache::new(config.session_expiry));
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let cookie_key = match config.cookie_key() {
            Some(key) => key,
            None => kept_key(store.as_ref()).await?,
        };
        let expiry = chrono::Duration::from_std(config.session_expiry).unwrap_or(chrono::Duration::MAX);
        Ok(AppState {
            turns: TurnService::new(store.clone(), cache.clone(), clock.clone(), expiry),
            sessions: SessionService::new(store.clone(), cache.clone(), clock.clone()),
            health: Health::new(store.clone(), cache),
            clock,
            cookie_key,
            page: page_options(config),
            watched: config.watched,
            store,
        })
    }

    /// Finishes writing and lets go of the database.
    pub async fn close(&self) {
        self.store.close().await;
    }
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
