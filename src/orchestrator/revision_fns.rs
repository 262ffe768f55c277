//! The page's functions about revisions and earlier messages.

use leptos::prelude::*;

use crate::error::AppError;

use super::revisions::{RetellPreview, RevisionDiff, RevisionView};
use super::schemas::Workspace;

/// All revisions, the newest first.
#[server(prefix = "/rpc", endpoint = "load_revisions")]
pub async fn load_revisions(session_id: String) -> Result<Vec<RevisionView>, AppError> {
    super::desk::Desk::from_context()?.revisions(&session_id).await
}

/// What the revision that made this version made otherwise.
#[server(prefix = "/rpc", endpoint = "load_revision")]
pub async fn load_revision(session_id: String, version: u64) -> Result<RevisionDiff, AppError> {
    super::desk::Desk::from_context()?.revision(&session_id, version).await
}

/// What an earlier message would change if it had said `text`. Nothing is kept.
#[server(prefix = "/rpc", endpoint = "foresee_retold")]
pub async fn foresee_retold(session_id: String, seq: u32, text: String) -> Result<RetellPreview, AppError> {
    super::desk::Desk::from_context()?.foresee_retold(&session_id, seq, &text).await
}

/// Has an earlier message say `text`, as it was foreseen at this version.
#[server(prefix = "/rpc", endpoint = "retell_message")]
pub async fn retell_message(session_id: String, version: u64, seq: u32, text: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.retell(&session_id, version, seq, &text).await
}
