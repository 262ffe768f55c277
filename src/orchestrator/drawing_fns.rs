//! The page's functions about the diagram as an editor.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::workflow::gesture::{Foreseen, Refused};

use super::schemas::Workspace;

/// What became of a gesture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawn {
    Done(Box<Workspace>),
    /// Nothing was changed.
    Refused(Refused),
}

/// Does what was done to the drawing at this version. `gesture` is a `Gesture` as JSON text.
#[server(prefix = "/rpc", endpoint = "draw_gesture")]
pub async fn draw_gesture(session_id: String, version: u64, gesture: String) -> Result<Drawn, AppError> {
    super::desk::Desk::from_context()?.gesture(&session_id, version, &gesture).await
}

/// What a change asked for in words would do. Nothing is kept.
#[server(prefix = "/rpc", endpoint = "foresee_change")]
pub async fn foresee_change(session_id: String, text: String) -> Result<Foreseen, AppError> {
    super::desk::Desk::from_context()?.foresee(&session_id, &text).await
}

/// Makes a change as it was foreseen at this version.
#[server(prefix = "/rpc", endpoint = "take_change")]
pub async fn take_change(session_id: String, version: u64, text: String) -> Result<Workspace, AppError> {
    super::desk::Desk::from_context()?.take_request(&session_id, version, &text).await
}
