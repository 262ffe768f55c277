//! Statements that write. A turn is one statement: the session moves on from the version that was read, and only then
//! are its messages and its revision there.

use chrono::{DateTime, Utc};
use sqlx::postgres::{PgArguments, PgPool};
use sqlx::query::Query;
use sqlx::{Postgres, query};
use uuid::Uuid;

use crate::session::models::SessionId;
use crate::session::ports::{Commit, Committed, ExportRecord, NewMessage, NewSession, Step, StoreError};

use super::super::rows;
use super::key;

/// What both writes add to the session named `kept`: messages ($16 to $20), revision ($21 to $24), request ($25 to $27),
/// what the revision made of the interview ($28).
macro_rules! with_history {
    ($session:literal) => {
        concat!(
            "WITH kept AS (",
            $session,
            " RETURNING id, version, updated_at), said AS ( \
               INSERT INTO messages (session_id, seq, role, content, created_at, client_message_id) \
               SELECT kept.id, m.* FROM kept, \
                 UNNEST($16::BIGINT[], $17::TEXT[], $18::TEXT[], $19::TIMESTAMPTZ[], $20::TEXT[]) AS m), \
             revised AS ( \
               INSERT INTO revisions (session_id, version, created_at, cause, reason, changes_json, message_seq) \
               SELECT id, version, updated_at, $21, $22, $23, $24 FROM kept WHERE $21 IS NOT NULL), \
             pictured AS ( \
               INSERT INTO snapshots (session_id, version, document) \
               SELECT id, version, $28 FROM kept WHERE $28 IS NOT NULL), \
             noted AS ( \
               INSERT INTO requests (session_id, key, request, answer_json) \
               SELECT id, $25, $26, $27 FROM kept WHERE $25 IS NOT NULL) \
             SELECT version FROM kept"
        )
    };
}

const CREATE: &str = with_history!(
    "INSERT INTO sessions (id, title, description, fields_known, required_left, status, stage, updated_at, \
       expires_at, completed_at, spec_json, interview_json, final_prompt, workflow_json, tools_config, \
       message_count, version, owner_id, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, CARDINALITY($16::BIGINT[]), 1, $29, $30)"
);

const COMMIT: &str = with_history!(
    "UPDATE sessions SET title = CASE WHEN named THEN title ELSE $2 END, description = $3, fields_known = $4, \
       required_left = $5, status = $6, stage = $7, updated_at = $8, expires_at = $9, completed_at = $10, \
       spec_json = $11, interview_json = $12, final_prompt = $13, workflow_json = $14, tools_config = $15, \
       message_count = message_count + CARDINALITY($16::BIGINT[]), version = version + 1 \
     WHERE id = $1 AND version = $29 AND NOT EXISTS (SELECT 1 FROM requests WHERE session_id = $1 AND key = $25)"
);

pub async fn create(pool: &PgPool, session: &NewSession) -> Result<(), StoreError> {
    let owner = session.owner.as_ref().map(|owner| owner.0.as_str());
    let statement = bind(query(CREATE), &session.id, &session.step)?;
    statement.bind(owner).bind(session.created_at).execute(pool).await?;
    Ok(())
}

pub async fn commit(pool: &PgPool, change: &Commit) -> Result<Committed, StoreError> {
    let statement = bind(query(COMMIT), &change.id, &change.step)?;
    let moved = statement.bind(signed(change.from_version)).fetch_optional(pool).await?;
    match moved {
        Some(_) => Ok(Committed::Done { version: change.from_version + 1 }),
        None => why_not(pool, change).await,
    }
}

/// Why a commit changed nothing.
async fn why_not(pool: &PgPool, change: &Commit) -> Result<Committed, StoreError> {
    let name = change.step.request.as_ref().map(|request| request.key.as_str());
    let row: Option<(i64, bool)> =
        sqlx::query_as(rows::WHY_NOT).bind(key(&change.id)?).bind(name).fetch_optional(pool).await?;
    rows::why_not(row)
}

type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// $1 to $28.
fn bind<'q>(statement: Statement<'q>, id: &SessionId, step: &'q Step) -> Result<Statement<'q>, StoreError> {
    let Step { state, messages, revision, snapshot, request } = step;
    let (finals, revision, request) = (state.finals.as_ref(), revision.as_ref(), request.as_ref());
    let column = |of: fn(&NewMessage) -> &str| messages.iter().map(of).collect::<Vec<&str>>();
    let changes = revision.map(|revision| serde_json::to_string(&revision.changes)).transpose();
    Ok(statement
        .bind(key(id)?)
        .bind(&state.summary.title)
        .bind(&state.summary.description)
        .bind(i64::from(state.summary.fields_known))
        .bind(i64::from(state.summary.required_left))
        .bind(state.status.as_str())
        .bind(state.stage.as_str())
        .bind(state.updated_at)
        .bind(state.expires_at)
        .bind(state.completed_at)
        .bind(&state.spec_json)
        .bind(&state.interview_json)
        .bind(finals.map(|finals| finals.prompt.as_str()))
        .bind(finals.map(|finals| finals.workflow_json.as_str()))
        .bind(finals.map(|finals| finals.tools_json.as_str()))
        .bind(messages.iter().map(|new| i64::from(new.message.seq)).collect::<Vec<i64>>())
        .bind(column(|new| new.message.role.as_str()))
        .bind(column(|new| &new.message.content))
        .bind(messages.iter().map(|new| new.message.created_at).collect::<Vec<DateTime<Utc>>>())
        .bind(messages.iter().map(|new| new.client_message_id.as_deref()).collect::<Vec<Option<&str>>>())
        .bind(revision.map(|revision| revision.cause.as_str()))
        .bind(revision.map(|revision| revision.reason.as_str()))
        .bind(changes.map_err(|error| StoreError::Failed(error.to_string()))?)
        .bind(revision.and_then(|revision| revision.message_seq).map(i64::from))
        .bind(request.map(|request| request.key.as_str()))
        .bind(request.map(|request| request.answered.request.as_str()))
        .bind(request.map(|request| request.answered.answer_json.as_str()))
        .bind(snapshot.as_deref()))
}

/// A count as PostgreSQL has it; ours never come near the limit.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub async fn record_export(pool: &PgPool, id: &SessionId, export: &ExportRecord) -> Result<(), StoreError> {
    // Of a session deleted in the meantime nothing is kept, this neither.
    query(
        "INSERT INTO prompt_exports (session_id, created_at, format, targets, file_name, bytes, version) \
         SELECT id, $2, $3, $4, $5, $6, $7 FROM sessions WHERE id = $1 FOR KEY SHARE",
    )
    .bind(key(id)?)
    .bind(export.created_at)
    .bind(&export.format)
    .bind(export.targets.join(","))
    .bind(&export.file_name)
    .bind(signed(export.bytes))
    .bind(signed(export.version))
    .execute(pool)
    .await?;
    Ok(())
}

/// Leaves to others what they are changing just now: several servers sweep.
pub async fn abandon_expired(pool: &PgPool, now: DateTime<Utc>) -> Result<Vec<(SessionId, u64)>, StoreError> {
    let swept: Vec<(Uuid, i64)> = sqlx::query_as(
        "UPDATE sessions SET status = 'abandoned' WHERE id IN ( \
           SELECT id FROM sessions WHERE status = 'active' AND expires_at <= $1 FOR UPDATE SKIP LOCKED) \
         RETURNING id, version",
    )
    .bind(now)
    .fetch_all(pool)
    .await?;
    rows::versions(swept)
}
