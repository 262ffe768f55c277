//! The list of interviews for the page.

use leptos::prelude::*;

use crate::error::AppError;
use crate::orchestrator::schemas::SessionSummary;

use super::models::Status;

/// The visitor's own interviews, the last changed first. `q` searches title, goals and what was said; empty for all.
#[server(prefix = "/rpc", endpoint = "list_sessions")]
pub async fn list_sessions(q: String, status: Option<Status>) -> Result<Vec<SessionSummary>, AppError> {
    crate::orchestrator::desk::Desk::from_context()?.list(q, status).await
}

#[server(prefix = "/rpc", endpoint = "rename_session")]
pub async fn rename_session(session_id: String, title: String) -> Result<(), AppError> {
    crate::orchestrator::desk::Desk::from_context()?.rename(&session_id, title).await
}

/// Deletes an interview and everything of it.
#[server(prefix = "/rpc", endpoint = "delete_session")]
pub async fn delete_session(session_id: String) -> Result<(), AppError> {
    crate::orchestrator::desk::Desk::from_context()?.delete(&session_id).await
}

/// Makes an abandoned interview active again, with everything it had.
#[server(prefix = "/rpc", endpoint = "resume_session")]
pub async fn resume_session(session_id: String) -> Result<(), AppError> {
    crate::orchestrator::desk::Desk::from_context()?.resume(&session_id).await
}
