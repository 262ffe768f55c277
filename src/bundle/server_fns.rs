//! The bundle tab for the page.

use leptos::prelude::*;

use crate::error::AppError;

use super::models::BundleView;

/// The bundle as the interview stands.
#[server(prefix = "/rpc", endpoint = "load_bundle")]
pub async fn load_bundle(session_id: String) -> Result<BundleView, AppError> {
    crate::orchestrator::desk::Desk::from_context()?.bundle(&session_id).await
}
