//! The page's functions about files and their lint.

use leptos::prelude::*;

use crate::error::AppError;
use crate::prompt::lint::LintReport;

use super::schemas::Workspace;

/// What could be wrong with the agent's prompts.
#[server(prefix = "/rpc", endpoint = "load_lint")]
pub async fn load_lint(session_id: String) -> Result<LintReport, AppError> {
    super::desk::Desk::from_context()?.lint(&session_id).await
}

/// Does what one click does about a finding. `place` is the finding's `where` as JSON text.
#[server(prefix = "/rpc", endpoint = "fix_lint")]
pub async fn fix_lint(session_id: String, rule: String, place: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.fix_lint(&session_id, &rule, &place).await
}

/// Opens a new interview about an agent that was exported before, and answers its id. `document` is a bundle's `spec.json`
/// or `generic/agent.json`, or an Open Agent Spec agent, as text. A plain form is sent on to `/s/{id}`.
#[server(prefix = "/rpc", endpoint = "import_bundle")]
pub async fn import_bundle(document: String) -> Result<String, AppError> {
    let desk = super::desk::Desk::from_context()?;
    let id = desk.import_bundle(&document).await?;
    desk.redirect_plain_form(&format!("/s/{id}"));
    Ok(id)
}
