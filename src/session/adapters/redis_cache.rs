//! The cache in Redis, shared by servers: `session:{id}` holds the state document as JSON.
//!
//! Redis is never waited for longer than 100 ms. When it fails, calls fail at once (the breaker is open) and a task
//! in the background connects anew; whoever reads goes to the store meanwhile.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, AsyncTypedCommands, Client, RedisError, Script};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::session::models::SessionId;
use crate::session::ports::{CacheCare, CacheError, LiveState, StateCache};

use super::redis_target::RedisTarget;

/// The longest a call waits for an answer.
const DEADLINE: Duration = Duration::from_millis(100);
/// The longest a new connection may take, its handshakes included.
const CONNECT_DEADLINE: Duration = Duration::from_secs(2);
/// How long the background task pauses after the first failed attempt, and at most.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long what was forgotten stays refused.
const REFUSED_FOR: Duration = Duration::from_secs(60);

/// Finds the version that a value stands for: `kept` or `gone`. Documents begin with id and version.
macro_rules! with_versions {
    ($rest:literal) => {
        concat!(
            "local head = redis.call('GETRANGE', KEYS[1], 0, 120)\n",
            "local kept = tonumber(string.match(head, '^{\"session_id\":\"[^\"]*\",\"version\":(%d+)') or -1)\n",
            "local gone = tonumber(string.match(head, '^{\"forgotten\":(%d+)') or -1)\n",
            $rest
        )
    };
}
/// Document, version, milliseconds to live.
const PUT: &str = with_versions!(
    "local new = tonumber(ARGV[2])\n\
     if kept > new or gone >= new then return 0 end\n\
     redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])\n\
     return 1"
);
/// Version, milliseconds to be refused.
const FORGET: &str = with_versions!(
    "local up_to = tonumber(ARGV[1])\n\
     if kept > up_to or gone > up_to then return 0 end\n\
     redis.call('SET', KEYS[1], '{\"forgotten\":' .. ARGV[1] .. '}', 'PX', ARGV[2])\n\
     return 1"
);

/// See the module.
pub struct RedisCache {
    link: Arc<Link>,
    time_to_live: Duration,
    put: Script,
    forget: Script,
    connecting: JoinHandle<()>,
}

/// The connection while there is one: the breaker is open while there is none.
struct Link {
    client: Client,
    connection: RwLock<Option<MultiplexedConnection>>,
    lost: Notify,
}

impl RedisCache {
    /// Documents live `time_to_live` from their last `put`. Redis need not be there yet: it is waited for briefly, then
    /// looked for in the background.
    pub async fn open(target: &RedisTarget, time_to_live: Duration) -> Result<RedisCache, CacheError> {
        let client = Client::open(target.info()).map_err(failed)?;
        let link = Arc::new(Link { client, connection: RwLock::default(), lost: Notify::new() });
        if let Err(error) = link.connect().await {
            tracing::warn!(%error, "Redis is not there; sessions come from the database until it is");
        }
        let connecting = tokio::spawn(keep_connected(link.clone()));
        let (put, forget) = (Script::new(PUT), Script::new(FORGET));
        Ok(RedisCache { link, time_to_live, put, forget, connecting })
    }

    async fn call<T>(
        &self,
        ask: impl AsyncFnOnce(MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Result<T, CacheError> {
        let connection = self.link.connection().ok_or_else(|| CacheError("not connected".to_owned()))?;
        let error = match timeout(DEADLINE, ask(connection)).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => failed(error),
            Err(_) => CacheError("no answer in time".to_owned()),
        };
        self.link.lose(&error);
        Err(error)
    }
}

impl Drop for RedisCache {
    fn drop(&mut self) {
        self.connecting.abort();
    }
}

impl Link {
    fn connection(&self) -> Option<MultiplexedConnection> {
        self.connection.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, connection: Option<MultiplexedConnection>) -> Option<MultiplexedConnection> {
        std::mem::replace(&mut *self.connection.write().unwrap_or_else(PoisonError::into_inner), connection)
    }

    /// Connects and sees whether commands are answered.
    async fn connect(&self) -> Result<(), CacheError> {
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let attempt = async {
            let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
            connection.ping().await?;
            Ok(connection)
        };
        let connection = timeout(CONNECT_DEADLINE, attempt)
            .await
            .map_err(|_| CacheError("no answer in time".to_owned()))?
            .map_err(|error: RedisError| failed(error))?;
        self.set(Some(connection));
        metrics::gauge!("agentwright_cache_breaker_open").set(0.0);
        Ok(())
    }

    /// Opens the breaker: a connection that failed once is not trusted again, since it may never answer.
    fn lose(&self, error: &CacheError) {
        if self.set(None).is_some() {
            tracing::warn!(%error, "Redis failed; sessions come from the database until it is back");
            metrics::gauge!("agentwright_cache_breaker_open").set(1.0);
            metrics::counter!("agentwright_cache_breaker_trips_total").increment(1);
            self.lost.notify_one();
        }
    }
}

/// Connects anew whenever the connection is lost.
async fn keep_connected(link: Arc<Link>) {
    loop {
        let mut pause = PAUSE;
        while link.connection().is_none() {
            sleep(pause).await;
            match link.connect().await {
                Ok(()) => tracing::info!("Redis is there"),
                Err(error) => tracing::debug!(%error, "Redis is still not there"),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        link.lost.notified().await;
    }
}

fn failed(error: RedisError) -> CacheError {
    CacheError(error.to_string())
}

fn key(id: &SessionId) -> String {
    format!("session:{id}")
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[async_trait]
impl<S: LiveState> StateCache<S> for RedisCache {
    async fn get(&self, id: &SessionId) -> Result<Option<Arc<S>>, CacheError> {
        let found = self.call(async |mut redis| redis.get(key(id)).await).await?;
        Ok(found.and_then(|document| S::from_document(&document)).map(Arc::new))
    }

    async fn put(&self, id: &SessionId, state: Arc<S>, _: usize) -> Result<(), CacheError> {
        let mut put = self.put.key(key(id));
        put.arg(state.to_document()?).arg(state.version()).arg(milliseconds(self.time_to_live));
        self.call(async |mut redis| put.invoke_async::<i64>(&mut redis).await).await.map(drop)
    }
}

#[async_trait]
impl CacheCare for RedisCache {
    async fn forget(&self, id: &SessionId, up_to: u64) -> Result<(), CacheError> {
        let mut forget = self.forget.key(key(id));
        forget.arg(up_to).arg(milliseconds(REFUSED_FOR));
        self.call(async |mut redis| forget.invoke_async::<i64>(&mut redis).await).await.map(drop)
    }

    async fn ping(&self) -> Result<(), CacheError> {
        self.call(async |mut redis| redis.ping().await).await.map(drop)
    }
}
