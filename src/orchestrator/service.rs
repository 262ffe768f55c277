//! One turn of an interview from request to answer.

use crate::bundle::models::BundleView;
use crate::error::AppError;
use crate::intent::models::FieldId;
use crate::prompt::models::{PlatformPrompt, PromptFormat};
use crate::session::models::Status;

use super::schemas::{SessionSummary, Workspace};

/// What a server function may do in the name of its visitor.
#[derive(Clone)]
pub struct Desk {}

#[rustfmt::skip]
impl Desk {
    pub fn from_context() -> Result<Desk, AppError> { Err(AppError::Unavailable) }
    pub async fn start(&self, _text: String) -> Result<String, AppError> { Err(AppError::Unavailable) }
    pub async fn send(&self, _id: &str, _text: String, _client: Option<String>) -> Result<Workspace, AppError> { Err(AppError::Unavailable) }
    pub async fn workspace(&self, _id: &str) -> Result<Workspace, AppError> { Err(AppError::Unavailable) }
    pub async fn edit(&self, _id: &str, _field: FieldId, _value: Option<String>) -> Result<Workspace, AppError> { Err(AppError::Unavailable) }
    pub async fn keep(&self, _id: &str, _field: FieldId) -> Result<Workspace, AppError> { Err(AppError::Unavailable) }
    pub async fn undo(&self, _id: &str) -> Result<Workspace, AppError> { Err(AppError::Unavailable) }
    pub async fn redo(&self, _id: &str) -> Result<Workspace, AppError> { Err(AppError::Unavailable) }
    pub async fn reopen(&self, _id: &str) -> Result<Workspace, AppError> { Err(AppError::Unavailable) }
    pub async fn list(&self, _q: String, _status: Option<Status>) -> Result<Vec<SessionSummary>, AppError> { Err(AppError::Unavailable) }
    pub async fn rename(&self, _id: &str, _title: String) -> Result<(), AppError> { Err(AppError::Unavailable) }
    pub async fn delete(&self, _id: &str) -> Result<(), AppError> { Err(AppError::Unavailable) }
    pub async fn resume(&self, _id: &str) -> Result<(), AppError> { Err(AppError::Unavailable) }
    pub async fn prompt(&self, _id: &str, _format: PromptFormat) -> Result<PlatformPrompt, AppError> { Err(AppError::Unavailable) }
    pub async fn bundle(&self, _id: &str) -> Result<BundleView, AppError> { Err(AppError::Unavailable) }
    pub fn redirect_plain_form(&self, _path: &str) {}
}
