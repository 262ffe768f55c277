//! The page's functions about files, lint and tools of the owner's own.

use leptos::prelude::*;

use crate::error::AppError;

use super::own_tools::models::FoundTools;
use super::schemas::Workspace;

/// Does what one click does about a finding. `place` is the finding's `where` as JSON text.
#[server(prefix = "/rpc", endpoint = "fix_lint")]
pub async fn fix_lint(session_id: String, rule: String, place: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.fix_lint(&session_id, &rule, &place).await
}

/// Reads tools from the text of an OpenAPI document, of an MCP server's list or of plain JSON. Nothing is kept.
#[server(prefix = "/rpc", endpoint = "read_tools")]
pub async fn read_tools(document: String) -> Result<FoundTools, AppError> {
    super::desk::Desk::from_context()?.read_tools(document).await
}

/// Gives the agent tools of the owner's own. `tools` is a list of `NewTool` as JSON text.
#[server(prefix = "/rpc", endpoint = "add_tools")]
pub async fn add_tools(session_id: String, tools: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.add_tools(&session_id, &tools).await
}

/// Opens a new interview about an agent that was exported before, and answers its id. `file` is a bundle's zip or a document
/// of it, or an Open Agent Spec agent, in Base64.
#[server(prefix = "/rpc", endpoint = "open_file")]
pub async fn open_file(file: String) -> Result<String, AppError> {
    super::desk::Desk::from_context()?.open_file(&file).await
}
