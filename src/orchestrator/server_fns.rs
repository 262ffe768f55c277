//! The interview for the page: each function hands the call to the turn service.

use leptos::prelude::*;

use crate::bundle::models::BundleView;
use crate::error::AppError;
use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;
use crate::session::models::Status;

use super::own_tests::models::{TestRun, TestsAnswer};
use super::polish::models::PolishProposals;
use super::preview::models::{PreviewAnswer, WalkAnswer};
use super::schemas::{CheckedPrompt, SessionSummary, Workspace};

/// Starts an interview with its first message and answers its id. A plain form is sent on to `/s/{id}`.
#[server(prefix = "/rpc", endpoint = "start_interview")]
pub async fn start_interview(text: String) -> Result<String, AppError> {
    let desk = super::desk::Desk::from_context()?;
    let id = desk.start(text).await?;
    desk.redirect_plain_form(&format!("/s/{id}"));
    Ok(id)
}

/// Takes the next message. A plain form is sent back to the interview.
#[server(prefix = "/rpc", endpoint = "send_message")]
pub async fn send_message(
    session_id: String,
    text: String,
    client_message_id: Option<String>,
) -> Result<Workspace, AppError> {
    let desk = super::desk::Desk::from_context()?;
    let workspace = desk.send(&session_id, text, client_message_id).await?;
    desk.redirect_plain_form(&format!("/s/{session_id}"));
    Ok(workspace)
}

/// Begins a turn and answers its id; its events are followed at `/api/v1/sessions/{id}/turns/{turn_id}/events`.
#[server(prefix = "/rpc", endpoint = "begin_turn")]
pub async fn begin_turn(
    session_id: String,
    text: String,
    client_message_id: Option<String>,
) -> Result<String, AppError> {
    super::desk::Desk::from_context()?.begin(&session_id, text, client_message_id).await
}

/// What a turn makes of the interview before it is kept: the workspace without its transcript.
#[server(prefix = "/rpc", endpoint = "load_draft")]
pub async fn load_draft(session_id: String, turn_id: String) -> Result<Option<Workspace>, AppError> {
    super::desk::Desk::from_context()?.draft(&session_id, &turn_id).await
}

/// Asks a turn to end with what it has.
#[server(prefix = "/rpc", endpoint = "stop_turn")]
pub async fn stop_turn(session_id: String, turn_id: String) -> Result<(), AppError> {
    super::desk::Desk::from_context()?.stop(&session_id, &turn_id).await
}

/// Everything the workspace shows.
#[server(prefix = "/rpc", endpoint = "load_workspace")]
pub async fn load_workspace(session_id: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.workspace(&session_id).await
}

/// Replaces a field by hand, or clears it (`None`). `value` is the new value as JSON text.
#[server(prefix = "/rpc", endpoint = "edit_field")]
pub async fn edit_field(session_id: String, field: FieldId, value: Option<String>) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.edit(&session_id, field, value).await
}

/// Takes an assumption over as it is.
#[server(prefix = "/rpc", endpoint = "keep_field")]
pub async fn keep_field(session_id: String, field: FieldId) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.keep(&session_id, field).await
}

/// Takes the last change back.
#[server(prefix = "/rpc", endpoint = "undo_change")]
pub async fn undo_change(session_id: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.undo(&session_id).await
}

/// Makes the change again that was taken back last.
#[server(prefix = "/rpc", endpoint = "redo_change")]
pub async fn redo_change(session_id: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.redo(&session_id).await
}

/// Opens a completed interview for changes.
#[server(prefix = "/rpc", endpoint = "reopen_session")]
pub async fn reopen_session(session_id: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.reopen(&session_id).await
}

/// The prompt as the interview stands, with what could be wrong with it.
#[server(prefix = "/rpc", endpoint = "load_prompt")]
pub async fn load_prompt(session_id: String, format: PromptFormat) -> Result<CheckedPrompt, AppError> {
    super::desk::Desk::from_context()?.prompt(&session_id, format).await
}

/// The bundle as the interview stands.
#[server(prefix = "/rpc", endpoint = "load_bundle")]
pub async fn load_bundle(session_id: String) -> Result<BundleView, AppError> {
    super::desk::Desk::from_context()?.bundle(&session_id).await
}

/// The visitor's own interviews, the last changed first. `q` searches title, goals and what was said; empty for all.
#[server(prefix = "/rpc", endpoint = "list_sessions")]
pub async fn list_sessions(q: String, status: Option<Status>) -> Result<Vec<SessionSummary>, AppError> {
    super::desk::Desk::from_context()?.list(q, status).await
}

#[server(prefix = "/rpc", endpoint = "rename_session")]
pub async fn rename_session(session_id: String, title: String) -> Result<(), AppError> {
    super::desk::Desk::from_context()?.rename(&session_id, title).await
}

/// Deletes an interview and everything of it.
#[server(prefix = "/rpc", endpoint = "delete_session")]
pub async fn delete_session(session_id: String) -> Result<(), AppError> {
    super::desk::Desk::from_context()?.delete(&session_id).await
}

/// Makes an abandoned interview active again, with everything it had.
#[server(prefix = "/rpc", endpoint = "resume_session")]
pub async fn resume_session(session_id: String) -> Result<(), AppError> {
    super::desk::Desk::from_context()?.resume(&session_id).await
}

/// How the model would put the sections of a prompt. Nothing is kept.
#[server(prefix = "/rpc", endpoint = "load_polish")]
pub async fn load_polish(session_id: String, format: PromptFormat) -> Result<PolishProposals, AppError> {
    super::desk::Desk::from_context()?.polish(&session_id, format).await
}

/// Takes proposed sections. `sections` is JSON text: `{id: the proposal's "after"}`.
#[server(prefix = "/rpc", endpoint = "accept_polish")]
pub async fn accept_polish(session_id: String, format: PromptFormat, sections: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.accept_polish(&session_id, format, &sections).await
}

/// Has a section as generated again, or all of a prompt (`None`).
#[server(prefix = "/rpc", endpoint = "drop_polish")]
pub async fn drop_polish(
    session_id: String,
    format: PromptFormat,
    section: Option<String>,
) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.drop_polish(&session_id, format, section).await
}

/// What the agent says and does next. `messages` is the run so far as JSON text: a list of `RunMessage`.
#[server(prefix = "/rpc", endpoint = "preview_turn")]
pub async fn preview_turn(
    session_id: String,
    format: PromptFormat,
    messages: String,
) -> Result<PreviewAnswer, AppError> {
    super::desk::Desk::from_context()?.preview(&session_id, format, &messages).await
}

/// One step of the workflow with the ways on; the start for `None`.
#[server(prefix = "/rpc", endpoint = "walk_step")]
pub async fn walk_step(session_id: String, at: Option<String>) -> Result<WalkAnswer, AppError> {
    super::desk::Desk::from_context()?.walk(&session_id, at).await
}

/// The agent's tests, and whether a model can play them.
#[server(prefix = "/rpc", endpoint = "list_tests")]
pub async fn list_tests(session_id: String) -> Result<TestsAnswer, AppError> {
    super::desk::Desk::from_context()?.tests(&session_id).await
}

/// Keeps a run as a test. `test` is a `SaveTest` as JSON text.
#[server(prefix = "/rpc", endpoint = "save_test")]
pub async fn save_test(session_id: String, test: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.save_test(&session_id, &test).await
}

/// Drops one of the owner's own tests.
#[server(prefix = "/rpc", endpoint = "delete_test")]
pub async fn delete_test(session_id: String, name: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.delete_test(&session_id, &name).await
}

/// Plays a test on the model.
#[server(prefix = "/rpc", endpoint = "run_test")]
pub async fn run_test(session_id: String, name: String, format: Option<PromptFormat>) -> Result<TestRun, AppError> {
    super::desk::Desk::from_context()?.run_test(&session_id, &name, format).await
}
