//! Rows as SQLite has them, and their way into the domain.

use chrono::{DateTime, SecondsFormat, Utc};
use sqlx::FromRow;

use crate::session::models::{Message, Role, SessionId, Stage, Status};
use crate::session::ports::{
    Cause, ExportRecord, Finals, NewRevision, OwnerId, Revision, SessionHead, SessionState, StoreError, StoredSession,
    Summary,
};

/// A time as it is kept: fixed width, so that it sorts as text.
pub fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn time(text: &str) -> Result<DateTime<Utc>, StoreError> {
    let parsed = DateTime::parse_from_rfc3339(text).map_err(|error| corrupt("time", &error.to_string()))?;
    Ok(parsed.with_timezone(&Utc))
}

fn corrupt(what: &str, value: &str) -> StoreError {
    StoreError::Corrupt(format!("{what}: {value}"))
}

fn session_id(text: &str) -> Result<SessionId, StoreError> {
    SessionId::parse(text).ok_or_else(|| corrupt("session id", text))
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

#[derive(FromRow)]
pub struct SessionRow {
    id: String,
    owner_id: Option<String>,
    status: String,
    stage: String,
    version: i64,
    message_count: i64,
    title: String,
    description: String,
    fields_known: i64,
    required_left: i64,
    created_at: String,
    updated_at: String,
    expires_at: String,
    completed_at: Option<String>,
    spec_json: String,
    interview_json: String,
    final_prompt: Option<String>,
    workflow_json: Option<String>,
    tools_config: Option<String>,
}

impl SessionRow {
    pub const SELECT: &str = "SELECT id, owner_id, status, stage, version, message_count, title, description, \
        fields_known, required_left, created_at, updated_at, expires_at, completed_at, spec_json, interview_json, \
        final_prompt, workflow_json, tools_config FROM sessions WHERE id = ?1";
}

impl TryFrom<SessionRow> for StoredSession {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<StoredSession, StoreError> {
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
            updated_at: time(&row.updated_at)?,
            expires_at: time(&row.expires_at)?,
            completed_at: row.completed_at.as_deref().map(time).transpose()?,
            finals,
        };
        Ok(StoredSession {
            id: session_id(&row.id)?,
            owner: row.owner_id.map(OwnerId),
            created_at: time(&row.created_at)?,
            version: unsigned("version", row.version)?,
            message_count: unsigned("message_count", row.message_count)?,
            state,
        })
    }
}

#[derive(FromRow)]
pub struct HeadRow {
    id: String,
    owner_id: Option<String>,
    status: String,
    stage: String,
    title: String,
    description: String,
    fields_known: i64,
    required_left: i64,
    created_at: String,
    updated_at: String,
}

impl HeadRow {
    pub const SELECT: &str = "SELECT id, owner_id, status, stage, title, description, fields_known, required_left, \
        created_at, updated_at FROM sessions WHERE id = ?1";

    pub const LIST: &str = r"SELECT id, owner_id, status, stage, title, description, fields_known, required_left,
        created_at, updated_at FROM sessions
        WHERE owner_id = ?1
          AND (?2 IS NULL OR status = ?2)
          AND (?3 = '%%' OR title LIKE ?3 ESCAPE '\' OR description LIKE ?3 ESCAPE '\' OR EXISTS (
                SELECT 1 FROM messages WHERE session_id = sessions.id AND role = 'user' AND content LIKE ?3 ESCAPE '\'))
          AND (?4 IS NULL OR (updated_at, id) < (?4, ?5))
        ORDER BY updated_at DESC, id DESC LIMIT ?6";
}

impl TryFrom<HeadRow> for SessionHead {
    type Error = StoreError;

    fn try_from(row: HeadRow) -> Result<SessionHead, StoreError> {
        Ok(SessionHead {
            id: session_id(&row.id)?,
            owner: row.owner_id.map(OwnerId),
            status: status(&row.status)?,
            stage: stage(&row.stage)?,
            summary: Summary {
                title: row.title,
                description: row.description,
                fields_known: unsigned("fields_known", row.fields_known)?,
                required_left: unsigned("required_left", row.required_left)?,
            },
            created_at: time(&row.created_at)?,
            updated_at: time(&row.updated_at)?,
        })
    }
}

#[derive(FromRow)]
pub struct MessageRow {
    seq: i64,
    role: String,
    content: String,
    created_at: String,
}

impl MessageRow {
    pub const SELECT: &str = "SELECT seq, role, content, created_at FROM messages \
        WHERE session_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
}

impl TryFrom<MessageRow> for Message {
    type Error = StoreError;

    fn try_from(row: MessageRow) -> Result<Message, StoreError> {
        let role = match row.role.as_str() {
            "user" => Role::User,
            "assistant" => Role::Assistant,
            other => return Err(corrupt("role", other)),
        };
        Ok(Message { seq: unsigned("seq", row.seq)?, role, content: row.content, created_at: time(&row.created_at)? })
    }
}

#[derive(FromRow)]
pub struct RevisionRow {
    version: i64,
    created_at: String,
    cause: String,
    reason: String,
    changes_json: String,
    message_seq: Option<i64>,
}

impl RevisionRow {
    pub const SELECT: &str = "SELECT version, created_at, cause, reason, changes_json, message_seq FROM revisions \
        WHERE session_id = ?1 ORDER BY version";
}

impl TryFrom<RevisionRow> for Revision {
    type Error = StoreError;

    fn try_from(row: RevisionRow) -> Result<Revision, StoreError> {
        let changes =
            serde_json::from_str(&row.changes_json).map_err(|error| corrupt("changes", &error.to_string()))?;
        Ok(Revision {
            version: unsigned("version", row.version)?,
            created_at: time(&row.created_at)?,
            revision: NewRevision {
                cause: Cause::parse(&row.cause).ok_or_else(|| corrupt("cause", &row.cause))?,
                reason: row.reason,
                changes,
                message_seq: row.message_seq.map(|seq| unsigned("message_seq", seq)).transpose()?,
            },
        })
    }
}

#[derive(FromRow)]
pub struct ExportRow {
    created_at: String,
    format: String,
    targets: String,
    file_name: String,
    bytes: i64,
    version: i64,
}

impl ExportRow {
    pub const SELECT: &str = "SELECT created_at, format, targets, file_name, bytes, version FROM prompt_exports \
        WHERE session_id = ?1 ORDER BY id DESC";
}

impl TryFrom<ExportRow> for ExportRecord {
    type Error = StoreError;

    fn try_from(row: ExportRow) -> Result<ExportRecord, StoreError> {
        Ok(ExportRecord {
            format: row.format,
            targets: row.targets.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            file_name: row.file_name,
            bytes: unsigned("bytes", row.bytes)?,
            version: unsigned("version", row.version)?,
            created_at: time(&row.created_at)?,
        })
    }
}
