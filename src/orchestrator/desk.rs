//! What a server function may do in the name of its visitor.

use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use leptos::prelude::use_context;

use crate::bundle::models::BundleView;
use crate::error::AppError;
use crate::intent::models::FieldId;
use crate::prompt::lint::{LintReport, Place};
use crate::prompt::models::{PlatformPrompt, PromptFormat};
use crate::session::models::{SessionId, Status};
use crate::session::ports::Caller;
use crate::session::service::{ListFilter, MAX_PAGE, SessionService};

use super::schemas::{SessionSummary, Workspace};
use super::service::{Incoming, TurnService};
use super::streams::TurnStreams;

/// The services and the visitor, provided to the page's functions with each request.
#[derive(Clone)]
pub struct Desk {
    pub turns: TurnService,
    pub streams: TurnStreams,
    pub sessions: SessionService,
    pub visitor: Caller,
}

impl Desk {
    /// The desk of the request being answered.
    pub fn from_context() -> Result<Desk, AppError> {
        use_context::<Desk>().ok_or(AppError::Internal)
    }

    pub async fn start(&self, text: String) -> Result<String, AppError> {
        let created = self.turns.create(&self.visitor, Some(text), None).await?;
        Ok(created.turn.session_id.to_string())
    }

    pub async fn send(&self, id: &str, text: String, client_id: Option<String>) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        self.turns.message(&self.visitor, &id, incoming(text, client_id)).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    /// Begins a turn that is followed by its events, and answers its id.
    pub async fn begin(&self, id: &str, text: String, client_id: Option<String>) -> Result<String, AppError> {
        self.streams.start(&self.visitor, &read_id(id)?, incoming(text, client_id)).await
    }

    pub async fn stop(&self, id: &str, turn_id: &str) -> Result<(), AppError> {
        self.streams.stop(&self.visitor, &read_id(id)?, turn_id).await
    }

    pub async fn workspace(&self, id: &str) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        let workspace = self.turns.workspace(&self.visitor, &id).await?;
        Ok(Workspace { running: self.streams.running_turn(&id), ..workspace })
    }

    pub async fn edit(&self, id: &str, field: FieldId, value: Option<String>) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        let value = match value {
            Some(json) => serde_json::from_str(&json)
                .map_err(|_| AppError::field(field.as_str(), "the new value is not JSON; the field is as it was"))?,
            None => serde_json::Value::Null,
        };
        let fields = [(field.to_string(), value)].into_iter().collect();
        self.turns.patch(&self.visitor, &id, None, &fields).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn keep(&self, id: &str, field: FieldId) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        self.turns.keep(&self.visitor, &id, field).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn undo(&self, id: &str) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        self.turns.undo(&self.visitor, &id, None).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn redo(&self, id: &str) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        self.turns.redo(&self.visitor, &id, None).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn reopen(&self, id: &str) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        self.turns.reopen(&self.visitor, &id, None).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn list(&self, text: String, status: Option<Status>) -> Result<Vec<SessionSummary>, AppError> {
        let filter = ListFilter { status, text, after: None, limit: MAX_PAGE };
        Ok(self.sessions.list(&self.visitor, filter).await?.into_iter().map(SessionSummary::from).collect())
    }

    pub async fn rename(&self, id: &str, title: String) -> Result<(), AppError> {
        self.sessions.rename(&self.visitor, &read_id(id)?, &title).await
    }

    pub async fn delete(&self, id: &str) -> Result<(), AppError> {
        self.sessions.delete(&self.visitor, &read_id(id)?).await
    }

    pub async fn resume(&self, id: &str) -> Result<(), AppError> {
        self.turns.resume(&self.visitor, &read_id(id)?).await.map(drop)
    }

    pub async fn prompt(&self, id: &str, format: PromptFormat) -> Result<PlatformPrompt, AppError> {
        let mut prompts = self.turns.prompts(&self.visitor, &read_id(id)?, [format].into()).await?;
        prompts.remove(&format).ok_or(AppError::Internal)
    }

    pub async fn bundle(&self, id: &str) -> Result<BundleView, AppError> {
        self.turns.bundle(&self.visitor, &read_id(id)?).await
    }

    pub async fn lint(&self, id: &str) -> Result<LintReport, AppError> {
        self.turns.lint(&self.visitor, &read_id(id)?).await
    }

    pub async fn fix_lint(&self, id: &str, rule: &str, place: &Place) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        self.turns.fix(&self.visitor, &id, rule, place).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn import_bundle(&self, document: &str) -> Result<String, AppError> {
        let document = serde_json::from_str(document)
            .map_err(|error| AppError::field("document", format!("is not JSON: {error}")))?;
        Ok(self.turns.import(&self.visitor, &document).await?.session.id.to_string())
    }

    /// Sends a form that was posted without JavaScript on to a page; a call of the page's own code stays where it is.
    pub fn redirect_plain_form(&self, path: &str) {
        let accepts =
            use_context::<Parts>().and_then(|parts| parts.headers.get(ACCEPT)?.to_str().ok().map(str::to_owned));
        if accepts.is_some_and(|types| types.contains("text/html")) {
            leptos_axum::redirect(path);
        }
    }
}

fn incoming(text: String, client_id: Option<String>) -> Incoming {
    Incoming { text, client_message_id: client_id.filter(|id| !id.is_empty()), expected_version: None }
}

/// A malformed id looks like one that is not there.
fn read_id(id: &str) -> Result<SessionId, AppError> {
    SessionId::parse(id).ok_or(AppError::NotFound)
}
