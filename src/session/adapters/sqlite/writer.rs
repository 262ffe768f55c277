//! The one writer: takes what is waiting and commits it together, so that a full sync is shared by many turns.
//!
//! A batch is one transaction. If one of its writes fails, the transaction is rolled back and each write of the batch
//! is tried alone: a bad write fails itself and nobody else. Where the file itself is out of reach (locked, disk full),
//! all fail together, since each alone would only wait for it again. An answer is sent only after the commit.

use chrono::{DateTime, Utc};
use sqlx::{Executor, SqliteConnection};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::session::models::SessionId;
use crate::session::ports::{Commit, Committed, ExportRecord, NewSession, OwnerId, StoreError};

use super::super::rows;
use super::writes;

/// Writes that may wait; more are refused at once, which is better than an ever longer queue.
const QUEUE: usize = 1_024;
/// The most writes of one transaction: more would make the first of them wait for the last, and save little.
const BATCH: usize = 64;

pub enum Write {
    Create(NewSession),
    Commit(Commit),
    Rename(SessionId, String),
    Delete(SessionId),
    Export(SessionId, ExportRecord),
    Claim { from: OwnerId, to: OwnerId },
    Abandon(DateTime<Utc>),
    Key(String, Vec<u8>),
}

pub enum Written {
    Done,
    Commit(Committed),
    /// Whether there was anything to write to.
    Flag(bool),
    /// The sessions that were written to, with their versions.
    Sessions(Vec<(SessionId, u64)>),
}

struct Job {
    write: Write,
    reply: oneshot::Sender<Result<Written, StoreError>>,
}

/// A handle of the writer's task.
pub struct Writer {
    /// `None` once closed.
    jobs: Mutex<Option<JoinHandle<()>>>,
    queue: std::sync::RwLock<Option<mpsc::Sender<Job>>>,
}

impl Writer {
    pub fn start(connection: SqliteConnection) -> Writer {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(connection, receiver));
        Writer { jobs: Mutex::new(Some(task)), queue: std::sync::RwLock::new(Some(sender)) }
    }

    /// Queues a write and waits until it is durable.
    pub async fn write(&self, write: Write) -> Result<Written, StoreError> {
        let closed = || StoreError::Unavailable("the store is closed".to_owned());
        let sender = self.queue.read().ok().and_then(|queue| queue.clone()).ok_or_else(closed)?;
        let (reply, answer) = oneshot::channel();
        sender
            .try_send(Job { write, reply })
            .map_err(|_| StoreError::Unavailable("too many writes are waiting".to_owned()))?;
        drop(sender);
        answer.await.map_err(|_| closed())?
    }

    pub async fn flag(&self, write: Write) -> Result<bool, StoreError> {
        Ok(matches!(self.write(write).await?, Written::Flag(true)))
    }

    pub async fn sessions(&self, write: Write) -> Result<Vec<(SessionId, u64)>, StoreError> {
        match self.write(write).await? {
            Written::Sessions(sessions) => Ok(sessions),
            _ => Err(StoreError::Failed("the writer answered another question".to_owned())),
        }
    }

    /// Takes no more writes, finishes those that wait, closes the file.
    pub async fn close(&self) {
        if let Ok(mut queue) = self.queue.write() {
            queue.take();
        }
        if let Some(task) = self.jobs.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer did not end in order");
        }
    }
}

async fn run(mut connection: SqliteConnection, mut queue: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let results = match write_together(&mut connection, &batch).await {
            Ok(written) => written.into_iter().map(Ok).collect(),
            Err(error) if batch.len() == 1 => vec![Err(error)],
            Err(StoreError::Unavailable(why)) => {
                batch.iter().map(|_| Err(StoreError::Unavailable(why.clone()))).collect()
            }
            Err(error) => {
                tracing::warn!(%error, writes = batch.len(), "a batch failed; writing one by one");
                write_apart(&mut connection, &batch).await
            }
        };
        for (job, result) in batch.drain(..).zip(results) {
            // A caller that no longer waits loses the answer, not the write.
            let _ = job.reply.send(result);
        }
    }
    super::close_connection(connection).await;
}

/// All writes in one transaction, or none of them.
async fn write_together(connection: &mut SqliteConnection, jobs: &[Job]) -> Result<Vec<Written>, StoreError> {
    let written = transact(connection, jobs).await;
    if written.is_err() {
        // Some errors, a full disk among them, roll back by themselves: then there is nothing left to do here. A
        // transaction of the library would count on one being open, for ever.
        let _ = connection.execute("ROLLBACK").await;
    }
    written
}

async fn transact(connection: &mut SqliteConnection, jobs: &[Job]) -> Result<Vec<Written>, StoreError> {
    if let [Job { write: Write::Commit(change), .. }] = jobs {
        return Ok(vec![Written::Commit(writes::commit_alone(connection, change).await?)]);
    }
    connection.execute("BEGIN IMMEDIATE").await?;
    let mut results = Vec::with_capacity(jobs.len());
    for job in jobs {
        results.push(write_one(connection, &job.write).await?);
    }
    connection.execute("COMMIT").await?;
    Ok(results)
}

/// Each write in a transaction of its own.
async fn write_apart(connection: &mut SqliteConnection, jobs: &[Job]) -> Vec<Result<Written, StoreError>> {
    let mut results = Vec::with_capacity(jobs.len());
    for job in jobs {
        let written = write_together(connection, std::slice::from_ref(job)).await;
        results.push(written.map(|mut one| one.pop().unwrap_or(Written::Done)));
    }
    results
}

async fn write_one(connection: &mut SqliteConnection, write: &Write) -> Result<Written, StoreError> {
    match write {
        Write::Create(session) => writes::create(connection, session).await.map(|()| Written::Done),
        Write::Commit(change) => writes::commit(connection, change).await.map(Written::Commit),
        Write::Rename(id, title) => {
            let query = sqlx::query("UPDATE sessions SET title = ?2, named = 1 WHERE id = ?1").bind(id.as_str());
            Ok(Written::Flag(query.bind(title).execute(connection).await?.rows_affected() > 0))
        }
        Write::Delete(id) => {
            let query = sqlx::query("DELETE FROM sessions WHERE id = ?1").bind(id.as_str());
            Ok(Written::Flag(query.execute(connection).await?.rows_affected() > 0))
        }
        Write::Claim { from, to } => {
            let claim = sqlx::query_as("UPDATE sessions SET owner_id = ?2 WHERE owner_id = ?1 RETURNING id, version");
            let rows: Vec<(String, i64)> = claim.bind(&from.0).bind(&to.0).fetch_all(connection).await?;
            rows::versions(rows).map(Written::Sessions)
        }
        Write::Export(id, export) => writes::record_export(connection, id, export).await.map(|()| Written::Done),
        Write::Abandon(now) => writes::abandon(connection, *now).await.map(Written::Sessions),
        Write::Key(name, value) => {
            let query = sqlx::query("INSERT INTO server_keys (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
            query.bind(name).bind(value).execute(connection).await?;
            Ok(Written::Done)
        }
    }
}
