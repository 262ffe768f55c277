//! Rows as the databases have them, and their way into the domain. SQLite keeps ids and times as text, PostgreSQL in
//! types of its own; the statements that read are the same.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::session::models::{Message, Role, SessionId, Stage, Status};
use crate::session::ports::{
    Cause, Committed, ExportRecord, Finals, Freshness, NewRevision, OwnerId, Revision, SessionHead, SessionState,
    StoreError, StoredSession, Summary,
};

/// A session id as a database keeps it.
pub trait IdColumn {
    fn session_id(self) -> Result<SessionId, StoreError>;
}

/// A time as a database keeps it.
pub trait TimeColumn {
    fn time(self) -> Result<DateTime<Utc>, StoreError>;
}

impl IdColumn for String {
    fn session_id(self) -> Result<SessionId, StoreError> {
        SessionId::parse(&self).ok_or_else(|| corrupt("session id", &self))
    }
}

impl IdColumn for Uuid {
    fn session_id(self) -> Result<SessionId, StoreError> {
        self.to_string().session_id()
    }
}

impl TimeColumn for String {
    fn time(self) -> Result<DateTime<Utc>, StoreError> {
        let parsed = DateTime::parse_from_rfc3339(&self).map_err(|error| corrupt("time", &error.to_string()))?;
        Ok(parsed.with_timezone(&Utc))
    }
}

impl TimeColumn for DateTime<Utc> {
    fn time(self) -> Result<DateTime<Utc>, StoreError> {
        Ok(self)
    }
}

fn corrupt(what: &str, value: &str) -> StoreError {
    StoreError::Corrupt(format!("{what}: {value}"))
}

/// Sessions with their versions.
pub fn versions<Id: IdColumn>(rows: Vec<(Id, i64)>) -> Result<Vec<(SessionId, u64)>, StoreError> {
    rows.into_iter().map(|(id, number)| Ok((id.session_id()?, version(number)?))).collect()
}

pub fn version(value: i64) -> Result<u64, StoreError> {
    unsigned("version", value)
}

fn status(text: &str) -> Result<Status, StoreError> {
    Status::parse(text).ok_or_else(|| corrupt("status", text))
}

fn stage(text: &str) -> Result<Stage, StoreError> {
    Stage::parse(text).ok_or_else(|| corrupt("stage", text))
}

fn unsigned<T: TryFrom<i64>>(what: &str, value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| corrupt(what, &value.to_string()))
}

pub const PING: &str = "SELECT 1 FROM sessions LIMIT 1";

pub const FRESHNESS: &str = "SELECT version, status, owner_id FROM sessions WHERE id = $1";

pub fn freshness((found, text, owner): (i64, String, Option<String>)) -> Result<Freshness, StoreError> {
    Ok(Freshness { version: version(found)?, status: status(&text)?, owner: owner.map(OwnerId) })
}

pub const ANSWER: &str = "SELECT request, answer_json FROM requests WHERE session_id = $1 AND key = $2";

/// The version a refused commit found, and whether its request was answered already.
pub const WHY_NOT: &str = "SELECT version, \
    EXISTS (SELECT 1 FROM requests WHERE session_id = $1 AND key = $2) FROM sessions WHERE id = $1";

pub fn why_not(row: Option<(i64, bool)>) -> Result<Committed, StoreError> {
    Ok(match row {
        None => Committed::Gone,
        Some((_, true)) => Committed::Repeated,
        Some((found, false)) => Committed::Conflict { version: version(found)? },
    })
}

pub const SESSION: &str = "SELECT id, owner_id, status, stage, version, message_count, title, description, \
    fields_known, required_left, created_at, updated_at, expires_at, completed_at, spec_json, interview_json, \
    final_prompt, workflow_json, tools_config FROM sessions WHERE id = $1";

#[derive(FromRow)]
pub struct SessionRow<Id, Time> {
    id: Id,
    owner_id: Option<String>,
    status: String,
    stage: String,
    version: i64,
    message_count: i64,
    title: String,
    description: String,
    fields_known: i64,
    required_left: i64,
    created_at: Time,
    updated_at: Time,
    expires_at: Time,
    completed_at: Option<Time>,
    spec_json: String,
    interview_json: String,
    final_prompt: Option<String>,
    workflow_json: Option<String>,
    tools_config: Option<String>,
}

impl<Id: IdColumn, Time: TimeColumn> TryFrom<SessionRow<Id, Time>> for StoredSession {
    type Error = StoreError;

    fn try_from(row: SessionRow<Id, Time>) -> Result<StoredSession, StoreError> {
        let finals = match (row.final_prompt, row.workflow_json, row.tools_config) {
            (Some(prompt), Some(workflow_json), Some(tools_json)) => Some(Finals { prompt, workflow_json, tools_json }),
            _ => None,
        };
        let summary = Summary {
            title: row.title,
            description: row.description,
            fields_known: unsigned("fields_known", row.fields_known)?,
            required_left: unsigned("required_left", row.required_left)?,
        };
        let state = SessionState {
            status: status(&row.status)?,
            stage: stage(&row.stage)?,
            summary,
            spec_json: row.spec_json,
            interview_json: row.interview_json,
            updated_at: row.updated_at.time()?,
            expires_at: row.expires_at.time()?,
            completed_at: row.completed_at.map(Time::time).transpose()?,
            finals,
        };
        Ok(StoredSession {
            id: row.id.session_id()?,
            owner: row.owner_id.map(OwnerId),
            created_at: row.created_at.time()?,
            version: unsigned("version", row.version)?,
            message_count: unsigned("message_count", row.message_count)?,
            state,
        })
    }
}

pub const HEAD: &str = "SELECT id, owner_id, status, stage, title, description, fields_known, required_left, \
    created_at, updated_at FROM sessions WHERE id = $1";

/// The statement of a list, with the operator that compares texts in any case.
macro_rules! list {
    ($like:literal) => {
        concat!(
            "SELECT id, owner_id, status, stage, title, description, fields_known, required_left, created_at, \
             updated_at FROM sessions WHERE owner_id = $1 AND ($2 IS NULL OR status = $2) AND ($3 = '%%' OR title ",
            $like,
            " $3 ESCAPE '\\' OR description ",
            $like,
            " $3 ESCAPE '\\' OR EXISTS (SELECT 1 FROM messages WHERE session_id = sessions.id AND role = 'user' \
             AND content ",
            $like,
            " $3 ESCAPE '\\')) AND ($4 IS NULL OR (updated_at, id) < ($4, $5)) \
             ORDER BY updated_at DESC, id DESC LIMIT $6"
        )
    };
}
pub(super) use list;

#[derive(FromRow)]
pub struct HeadRow<Id, Time> {
    id: Id,
    owner_id: Option<String>,
    status: String,
    stage: String,
    title: String,
    description: String,
    fields_known: i64,
    required_left: i64,
    created_at: Time,
    updated_at: Time,
}

impl<Id: IdColumn, Time: TimeColumn> TryFrom<HeadRow<Id, Time>> for SessionHead {
    type Error = StoreError;

    fn try_from(row: HeadRow<Id, Time>) -> Result<SessionHead, StoreError> {
        Ok(SessionHead {
            id: row.id.session_id()?,
            owner: row.owner_id.map(OwnerId),
            status: status(&row.status)?,
            stage: stage(&row.stage)?,
            summary: Summary {
                title: row.title,
                description: row.description,
                fields_known: unsigned("fields_known", row.fields_known)?,
                required_left: unsigned("required_left", row.required_left)?,
            },
            created_at: row.created_at.time()?,
            updated_at: row.updated_at.time()?,
        })
    }
}

pub const MESSAGES: &str = "SELECT seq, role, content, created_at FROM messages \
    WHERE session_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";

#[derive(FromRow)]
pub struct MessageRow<Time> {
    seq: i64,
    role: String,
    content: String,
    created_at: Time,
}

impl<Time: TimeColumn> TryFrom<MessageRow<Time>> for Message {
    type Error = StoreError;

    fn try_from(row: MessageRow<Time>) -> Result<Message, StoreError> {
        let role = match row.role.as_str() {
            "user" => Role::User,
            "assistant" => Role::Assistant,
            other => return Err(corrupt("role", other)),
        };
        Ok(Message { seq: unsigned("seq", row.seq)?, role, content: row.content, created_at: row.created_at.time()? })
    }
}

pub const REVISIONS: &str = "SELECT version, created_at, cause, reason, changes_json, message_seq FROM revisions \
    WHERE session_id = $1 ORDER BY version";

#[derive(FromRow)]
pub struct RevisionRow<Time> {
    version: i64,
    created_at: Time,
    cause: String,
    reason: String,
    changes_json: String,
    message_seq: Option<i64>,
}

impl<Time: TimeColumn> TryFrom<RevisionRow<Time>> for Revision {
    type Error = StoreError;

    fn try_from(row: RevisionRow<Time>) -> Result<Revision, StoreError> {
        let changes =
            serde_json::from_str(&row.changes_json).map_err(|error| corrupt("changes", &error.to_string()))?;
        Ok(Revision {
            version: unsigned("version", row.version)?,
            created_at: row.created_at.time()?,
            revision: NewRevision {
                cause: Cause::parse(&row.cause).ok_or_else(|| corrupt("cause", &row.cause))?,
                reason: row.reason,
                changes,
                message_seq: row.message_seq.map(|seq| unsigned("message_seq", seq)).transpose()?,
            },
        })
    }
}

pub const SNAPSHOTS: &str = "SELECT version, document FROM snapshots WHERE session_id = $1 AND version <= $2 \
    ORDER BY version DESC LIMIT $3";

/// Versions with what they made of the interview.
pub fn snapshots(rows: Vec<(i64, String)>) -> Result<Vec<(u64, String)>, StoreError> {
    rows.into_iter().map(|(version, document)| Ok((unsigned("version", version)?, document))).collect()
}

/// A count as the databases have it; ours never come near the limit.
pub fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub const EXPORTS: &str = "SELECT created_at, format, targets, file_name, bytes, version FROM prompt_exports \
    WHERE session_id = $1 ORDER BY id DESC LIMIT 200";

#[derive(FromRow)]
pub struct ExportRow<Time> {
    created_at: Time,
    format: String,
    targets: String,
    file_name: String,
    bytes: i64,
    version: i64,
}

impl<Time: TimeColumn> TryFrom<ExportRow<Time>> for ExportRecord {
    type Error = StoreError;

    fn try_from(row: ExportRow<Time>) -> Result<ExportRecord, StoreError> {
        Ok(ExportRecord {
            format: row.format,
            targets: row.targets.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            file_name: row.file_name,
            bytes: unsigned("bytes", row.bytes)?,
            version: unsigned("version", row.version)?,
            created_at: row.created_at.time()?,
        })
    }
}
