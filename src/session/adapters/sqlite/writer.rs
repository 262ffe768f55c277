//! The one writer: takes what is waiting and commits it together, so that a full sync is shared by many turns.
//!
//! A batch is one transaction. If one of its writes fails, the transaction is rolled back and each write of the batch
//! is tried alone: a bad write fails itself and nobody else. Where the file itself is out of reach (locked, disk full),
//! all fail together, since each alone would only wait for it again. An answer is sent only after the commit.

use chrono::{DateTime, Utc};
use sqlx::{Executor, QueryBuilder, Sqlite, SqliteConnection};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::session::models::SessionId;
use crate::session::ports::{
    Commit, Committed, ExportRecord, NewMessage, NewRequest, NewRevision, NewSession, OwnerId, SessionState, StoreError,
};

use super::super::rows;
use super::time_text;

/// Writes that may wait; more are refused at once, which is better than an ever longer queue.
const QUEUE: usize = 1_024;
/// The most writes of one transaction.
const BATCH: usize = 256;

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
        Write::Create(session) => create(connection, session).await.map(|()| Written::Done),
        Write::Commit(change) => commit(connection, change).await.map(Written::Commit),
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
        Write::Export(id, export) => record_export(connection, id, export).await.map(|()| Written::Done),
        Write::Abandon(now) => abandon(connection, *now).await.map(Written::Sessions),
        Write::Key(name, value) => {
            let query = sqlx::query("INSERT INTO server_keys (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
            query.bind(name).bind(value).execute(connection).await?;
            Ok(Written::Done)
        }
    }
}

async fn create(connection: &mut SqliteConnection, session: &NewSession) -> Result<(), StoreError> {
    let state = &session.state;
    sqlx::query(
        "INSERT INTO sessions (id, owner_id, created_at, version, message_count, title, description, fields_known, \
         required_left, status, stage, updated_at, expires_at, completed_at, spec_json, interview_json, final_prompt, \
         workflow_json, tools_config) \
         VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    )
    .bind(session.id.as_str())
    .bind(session.owner.as_ref().map(|owner| owner.0.as_str()))
    .bind(time_text(session.created_at))
    .bind(message_count(&session.messages)?)
    .bind(&state.summary.title)
    .bind(&state.summary.description)
    .bind(state.summary.fields_known)
    .bind(state.summary.required_left)
    .bind(state.status.as_str())
    .bind(state.stage.as_str())
    .bind(time_text(state.updated_at))
    .bind(time_text(state.expires_at))
    .bind(state.completed_at.map(time_text))
    .bind(&state.spec_json)
    .bind(&state.interview_json)
    .bind(state.finals.as_ref().map(|finals| finals.prompt.as_str()))
    .bind(state.finals.as_ref().map(|finals| finals.workflow_json.as_str()))
    .bind(state.finals.as_ref().map(|finals| finals.tools_json.as_str()))
    .execute(&mut *connection)
    .await?;
    append(connection, &session.id, &session.messages).await?;
    revise(connection, &session.id, 1, state, session.revision.as_ref()).await?;
    note(connection, &session.id, session.request.as_ref()).await
}

async fn commit(connection: &mut SqliteConnection, change: &Commit) -> Result<Committed, StoreError> {
    let key = change.request.as_ref().map(|request| request.key.as_str());
    if !replace_state(connection, change, key).await? {
        return why_not(connection, &change.id, key).await;
    }
    let version = change.from_version + 1;
    append(connection, &change.id, &change.messages).await?;
    revise(connection, &change.id, version, &change.state, change.revision.as_ref()).await?;
    note(connection, &change.id, change.request.as_ref()).await?;
    Ok(Committed::Done { version })
}

/// Compare and set: false when the version is another one or the request was answered already.
async fn replace_state(
    connection: &mut SqliteConnection,
    change: &Commit,
    key: Option<&str>,
) -> Result<bool, StoreError> {
    let state = &change.state;
    let done = sqlx::query(
        "UPDATE sessions SET version = version + 1, message_count = message_count + ?4, \
         title = CASE named WHEN 1 THEN title ELSE ?5 END, description = ?6, fields_known = ?7, required_left = ?8, \
         status = ?9, stage = ?10, updated_at = ?11, expires_at = ?12, completed_at = ?13, spec_json = ?14, \
         interview_json = ?15, final_prompt = ?16, workflow_json = ?17, tools_config = ?18 \
         WHERE id = ?1 AND (version = ?2 OR ?19) \
         AND NOT EXISTS (SELECT 1 FROM requests WHERE session_id = ?1 AND key = ?3)",
    )
    .bind(change.id.as_str())
    .bind(i64::try_from(change.from_version).unwrap_or(i64::MAX))
    .bind(key)
    .bind(message_count(&change.messages)?)
    .bind(&state.summary.title)
    .bind(&state.summary.description)
    .bind(state.summary.fields_known)
    .bind(state.summary.required_left)
    .bind(state.status.as_str())
    .bind(state.stage.as_str())
    .bind(time_text(state.updated_at))
    .bind(time_text(state.expires_at))
    .bind(state.completed_at.map(time_text))
    .bind(&state.spec_json)
    .bind(&state.interview_json)
    .bind(state.finals.as_ref().map(|finals| finals.prompt.as_str()))
    .bind(state.finals.as_ref().map(|finals| finals.workflow_json.as_str()))
    .bind(state.finals.as_ref().map(|finals| finals.tools_json.as_str()))
    .bind(cfg!(sabotage = "version_check"))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Why [`replace_state`] changed nothing.
async fn why_not(
    connection: &mut SqliteConnection,
    id: &SessionId,
    key: Option<&str>,
) -> Result<Committed, StoreError> {
    let query = sqlx::query_as(rows::WHY_NOT).bind(id.as_str()).bind(key);
    rows::why_not(query.fetch_optional(connection).await?)
}

fn message_count(messages: &[NewMessage]) -> Result<u32, StoreError> {
    u32::try_from(messages.len()).map_err(|error| StoreError::Failed(error.to_string()))
}

async fn append(connection: &mut SqliteConnection, id: &SessionId, messages: &[NewMessage]) -> Result<(), StoreError> {
    if messages.is_empty() {
        return Ok(());
    }
    let mut insert = QueryBuilder::<Sqlite>::new(
        "INSERT INTO messages (session_id, seq, role, content, created_at, client_message_id) ",
    );
    insert.push_values(messages, |mut row, new| {
        row.push_bind(id.as_str())
            .push_bind(new.message.seq)
            .push_bind(new.message.role.as_str())
            .push_bind(&new.message.content)
            .push_bind(time_text(new.message.created_at))
            .push_bind(&new.client_message_id);
    });
    insert.build().execute(connection).await?;
    Ok(())
}

async fn note(
    connection: &mut SqliteConnection,
    id: &SessionId,
    request: Option<&NewRequest>,
) -> Result<(), StoreError> {
    let Some(NewRequest { key, answered }) = request else { return Ok(()) };
    sqlx::query("INSERT INTO requests (session_id, key, request, answer_json) VALUES (?1, ?2, ?3, ?4)")
        .bind(id.as_str())
        .bind(key)
        .bind(&answered.request)
        .bind(&answered.answer_json)
        .execute(connection)
        .await?;
    Ok(())
}

async fn revise(
    connection: &mut SqliteConnection,
    id: &SessionId,
    version: u64,
    state: &SessionState,
    revision: Option<&NewRevision>,
) -> Result<(), StoreError> {
    let Some(revision) = revision else { return Ok(()) };
    let changes = serde_json::to_string(&revision.changes).map_err(|error| StoreError::Failed(error.to_string()))?;
    sqlx::query(
        "INSERT INTO revisions (session_id, version, created_at, cause, reason, changes_json, message_seq) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(id.as_str())
    .bind(i64::try_from(version).unwrap_or(i64::MAX))
    .bind(time_text(state.updated_at))
    .bind(revision.cause.as_str())
    .bind(&revision.reason)
    .bind(changes)
    .bind(revision.message_seq)
    .execute(connection)
    .await?;
    Ok(())
}

async fn record_export(
    connection: &mut SqliteConnection,
    id: &SessionId,
    export: &ExportRecord,
) -> Result<(), StoreError> {
    // Of a session deleted in the meantime nothing is kept, this neither.
    sqlx::query(
        "INSERT INTO prompt_exports (session_id, created_at, format, targets, file_name, bytes, version) \
         SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM sessions WHERE id = ?1",
    )
    .bind(id.as_str())
    .bind(time_text(export.created_at))
    .bind(&export.format)
    .bind(export.targets.join(","))
    .bind(&export.file_name)
    .bind(i64::try_from(export.bytes).unwrap_or(i64::MAX))
    .bind(i64::try_from(export.version).unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    Ok(())
}

async fn abandon(connection: &mut SqliteConnection, now: DateTime<Utc>) -> Result<Vec<(SessionId, u64)>, StoreError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "UPDATE sessions SET status = 'abandoned' WHERE status = 'active' AND expires_at <= ?1 RETURNING id, version",
    )
    .bind(time_text(now))
    .fetch_all(connection)
    .await?;
    rows::versions(rows)
}
