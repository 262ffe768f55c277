//! One platform's prompt for the page.

use leptos::prelude::*;

use crate::error::AppError;

use super::models::{PlatformPrompt, PromptFormat};

/// The prompt as the interview stands.
#[server(prefix = "/rpc", endpoint = "load_prompt")]
pub async fn load_prompt(session_id: String, format: PromptFormat) -> Result<PlatformPrompt, AppError> {
    crate::orchestrator::desk::Desk::from_context()?.prompt(&session_id, format).await
}
