//! Statements that write. A turn is one text of several statements, so that it is one errand to the thread SQLite works
//! on: what happened is added and the session moves on, or, from another version than the one read, nothing is done.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Sqlite, SqliteConnection, query};

use crate::session::models::SessionId;
use crate::session::ports::{Commit, Committed, ExportRecord, NewMessage, NewSession, Step, StoreError};

use super::super::rows;
use super::time_text;

/// Adds what happened, where `$condition` holds: messages ($16), then the revision ($17 to $21) and what it
/// made of the interview ($25).
macro_rules! add_history {
    ($condition:expr) => {
        concat!(
            "INSERT INTO messages (session_id, seq, role, content, created_at, client_message_id) \
             SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each($16) WHERE ",
            $condition,
            "; INSERT INTO revisions (session_id, version, created_at, cause, reason, changes_json, message_seq) \
             SELECT $1, $17, $8, $18, $19, $20, $21 WHERE $18 IS NOT NULL AND ",
            $condition,
            "; INSERT INTO snapshots (session_id, version, document) SELECT $1, $17, $25 WHERE $25 IS NOT NULL AND ",
            $condition
        )
    };
}

/// Notes the request ($22 to $24) where the statement before it did something.
macro_rules! note_request {
    () => {
        "INSERT INTO requests (session_id, key, request, answer_json) \
         SELECT $1, $22, $23, $24 WHERE $22 IS NOT NULL AND changes() > 0"
    };
}

/// The session is still at the version it was read at ($26), and the request was not answered.
macro_rules! is_next {
    () => {
        "EXISTS (SELECT 1 FROM sessions WHERE id = $1 AND (version = $26 OR $27)) \
         AND NOT EXISTS (SELECT 1 FROM requests WHERE session_id = $1 AND key = $22)"
    };
}

/// The statements of one step.
macro_rules! commit {
    () => {
        concat!(
            add_history!(is_next!()),
            "; UPDATE sessions SET title = CASE named WHEN 1 THEN title ELSE $2 END, description = $3, \
               fields_known = $4, required_left = $5, status = $6, stage = $7, updated_at = $8, expires_at = $9, \
               completed_at = $10, spec_json = $11, interview_json = $12, final_prompt = $13, workflow_json = $14, \
               tools_config = $15, message_count = message_count + json_array_length($16), version = version + 1 \
             WHERE id = $1 AND ",
            is_next!(),
            " RETURNING version; ",
            note_request!()
        )
    };
}

const CREATE: &str = concat!(
    "INSERT INTO sessions (id, title, description, fields_known, required_left, status, stage, updated_at, expires_at, \
       completed_at, spec_json, interview_json, final_prompt, workflow_json, tools_config, message_count, version, \
       owner_id, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, json_array_length($16), $17, $26, $27); ",
    add_history!("TRUE"),
    "; INSERT INTO requests (session_id, key, request, answer_json) SELECT $1, $22, $23, $24 WHERE $22 IS NOT NULL"
);

const COMMIT: &str = commit!();

/// The same with its transaction around it.
const COMMIT_ALONE: &str = concat!("BEGIN IMMEDIATE; ", commit!(), "; COMMIT");

pub async fn create(connection: &mut SqliteConnection, session: &NewSession) -> Result<(), StoreError> {
    let owner = session.owner.as_ref().map(|owner| owner.0.as_str());
    bind(query(CREATE), &session.id, 1, &session.step)?
        .bind(owner)
        .bind(time_text(session.created_at))
        .execute(connection)
        .await?;
    Ok(())
}

/// A step among others in one transaction.
pub async fn commit(connection: &mut SqliteConnection, change: &Commit) -> Result<Committed, StoreError> {
    step(connection, query(COMMIT), change).await
}

/// A step that is a transaction by itself.
pub async fn commit_alone(connection: &mut SqliteConnection, change: &Commit) -> Result<Committed, StoreError> {
    step(connection, query(COMMIT_ALONE), change).await
}

async fn step(
    connection: &mut SqliteConnection,
    statements: Statements<'_>,
    change: &Commit,
) -> Result<Committed, StoreError> {
    let version = change.from_version + 1;
    let statements = bind(statements, &change.id, version, &change.step)?
        .bind(signed(change.from_version))
        .bind(cfg!(sabotage = "version_check"));
    // All rows are fetched: after the first, statements follow.
    if !statements.fetch_all(&mut *connection).await?.is_empty() {
        return Ok(Committed::Done { version });
    }
    let key = change.step.request.as_ref().map(|request| request.key.as_str());
    let why = sqlx::query_as(rows::WHY_NOT).bind(change.id.as_str()).bind(key);
    rows::why_not(why.fetch_optional(connection).await?)
}

type Statements<'q> = Query<'q, Sqlite, SqliteArguments>;

/// $1 to $25.
fn bind<'q>(
    statements: Statements<'q>,
    id: &'q SessionId,
    version: u64,
    step: &'q Step,
) -> Result<Statements<'q>, StoreError> {
    let Step { state, messages, revision, snapshot, request } = step;
    let (finals, revision, request) = (state.finals.as_ref(), revision.as_ref(), request.as_ref());
    let changes = revision.map(|revision| serde_json::to_string(&revision.changes)).transpose();
    Ok(statements
        .bind(id.as_str())
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
        .bind(finals.map(|finals| finals.prompt.as_str()))
        .bind(finals.map(|finals| finals.workflow_json.as_str()))
        .bind(finals.map(|finals| finals.tools_json.as_str()))
        .bind(as_json(messages))
        .bind(signed(version))
        .bind(revision.map(|revision| revision.cause.as_str()))
        .bind(revision.map(|revision| revision.reason.as_str()))
        .bind(changes.map_err(|error| StoreError::Failed(error.to_string()))?)
        .bind(revision.and_then(|revision| revision.message_seq))
        .bind(request.map(|request| request.key.as_str()))
        .bind(request.map(|request| request.answered.request.as_str()))
        .bind(request.map(|request| request.answered.answer_json.as_str()))
        .bind(snapshot.as_deref()))
}

/// Messages as the rows that `json_each` reads.
fn as_json(messages: &[NewMessage]) -> String {
    let rows = messages.iter().map(|NewMessage { message, client_message_id }| {
        json!([message.seq, message.role.as_str(), message.content, time_text(message.created_at), client_message_id])
    });
    rows.collect::<Value>().to_string()
}

/// A count as SQLite has it; ours never come near the limit.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub async fn record_export(
    connection: &mut SqliteConnection,
    id: &SessionId,
    export: &ExportRecord,
) -> Result<(), StoreError> {
    // Of a session deleted in the meantime nothing is kept, this neither.
    query(
        "INSERT INTO prompt_exports (session_id, created_at, format, targets, file_name, bytes, version) \
         SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM sessions WHERE id = ?1",
    )
    .bind(id.as_str())
    .bind(time_text(export.created_at))
    .bind(&export.format)
    .bind(export.targets.join(","))
    .bind(&export.file_name)
    .bind(signed(export.bytes))
    .bind(signed(export.version))
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn abandon(
    connection: &mut SqliteConnection,
    now: DateTime<Utc>,
) -> Result<Vec<(SessionId, u64)>, StoreError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "UPDATE sessions SET status = 'abandoned' WHERE status = 'active' AND expires_at <= ?1 RETURNING id, version",
    )
    .bind(time_text(now))
    .fetch_all(connection)
    .await?;
    rows::versions(rows)
}
