//! What a server function may do in the name of its visitor.

use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use base64::prelude::{BASE64_STANDARD, Engine};
use leptos::prelude::use_context;
use serde::de::DeserializeOwned;

use crate::bundle::models::BundleView;
use crate::error::AppError;
use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;
use crate::session::models::{SessionId, Status};
use crate::session::ports::Caller;
use crate::session::service::{ListFilter, MAX_PAGE, SessionService};
use crate::workflow::gesture::{Foreseen, Gesture};

use super::drawing_fns::Drawn;
use super::intake;
use super::open_file;
use super::own_tests::models::{RunTest, SaveTest, TestRun, TestsAnswer};
use super::own_tools::{self, models::FoundTools};
use super::polish::models::{AcceptPolish, DropPolish, PolishProposals};
use super::preview::models::{PreviewAnswer, PreviewRequest, WalkAnswer};
use super::revisions::{RetellPreview, RevisionDiff, RevisionView};
use super::schemas::{CheckedPrompt, SessionSummary, Workspace};
use super::service::{Incoming, TurnService, internal};
use super::streams::TurnStreams;
use super::view;
use super::workshop::Workshop;

const NOT_WHOLE: &str = "The file did not arrive whole. Nothing was opened: choose it again.";

/// The services and the visitor, provided to the page's functions with each request.
#[derive(Clone)]
pub struct Desk {
    pub turns: TurnService,
    pub streams: TurnStreams,
    pub sessions: SessionService,
    pub workshop: Workshop,
    pub visitor: Caller,
}

impl Desk {
    /// The desk of the request being answered.
    pub fn from_context() -> Result<Desk, AppError> {
        use_context::<Desk>().ok_or(AppError::Internal)
    }

    /// Opens an interview with its first message. Where a model reads it, the page that comes next follows the turn; a
    /// plain form waits for it.
    pub async fn start(&self, text: String) -> Result<String, AppError> {
        if !self.turns.uses_model() || is_plain_form() {
            let created = self.turns.create(&self.visitor, Some(text), None).await?;
            return Ok(created.turn.session_id.to_string());
        }
        let text = intake::clean(&text)?;
        let id = self.turns.create_silent(&self.visitor).await?;
        self.streams.start(&self.visitor, &id, incoming(text, None)).await?;
        Ok(id.to_string())
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

    pub async fn draft(&self, id: &str, turn_id: &str) -> Result<Option<Workspace>, AppError> {
        let draft = self.streams.draft(&self.visitor, &read_id(id)?, turn_id).await?;
        Ok(draft.map(|draft| view::in_language(draft, self.turns.language)))
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

    pub async fn gesture(&self, id: &str, version: u64, gesture: &str) -> Result<Drawn, AppError> {
        let (id, gesture) = (read_id(id)?, read_json::<Gesture>("gesture", gesture)?);
        Ok(match self.turns.gesture(&self.visitor, &id, version, &gesture).await? {
            Ok(_) => Drawn::Done(Box::new(self.turns.workspace(&self.visitor, &id).await?)),
            Err(refused) => Drawn::Refused(refused),
        })
    }

    pub async fn foresee(&self, id: &str, text: &str) -> Result<Foreseen, AppError> {
        self.turns.foresee(&self.visitor, &read_id(id)?, text).await
    }

    pub async fn take_request(&self, id: &str, version: u64, text: &str) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        self.turns.take_request(&self.visitor, &id, version, text).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn revisions(&self, id: &str) -> Result<Vec<RevisionView>, AppError> {
        self.turns.revisions(&self.visitor, &read_id(id)?).await
    }

    pub async fn revision(&self, id: &str, version: u64) -> Result<RevisionDiff, AppError> {
        self.turns.revision(&self.visitor, &read_id(id)?, version).await
    }

    pub async fn foresee_retold(&self, id: &str, seq: u32, text: &str) -> Result<RetellPreview, AppError> {
        self.turns.foresee_retold(&self.visitor, &read_id(id)?, seq, text).await
    }

    pub async fn retell(&self, id: &str, version: u64, seq: u32, text: &str) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        self.turns.retell(&self.visitor, &id, version, seq, text).await?;
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

    pub async fn prompt(&self, id: &str, format: PromptFormat) -> Result<CheckedPrompt, AppError> {
        self.turns.checked_prompt(&self.visitor, &read_id(id)?, format).await
    }

    pub async fn bundle(&self, id: &str) -> Result<BundleView, AppError> {
        self.turns.bundle(&self.visitor, &read_id(id)?).await
    }

    pub async fn polish(&self, id: &str, format: PromptFormat) -> Result<PolishProposals, AppError> {
        self.workshop.polish(&self.visitor, &read_id(id)?, format).await
    }

    pub async fn accept_polish(&self, id: &str, format: PromptFormat, sections: &str) -> Result<Workspace, AppError> {
        let (id, sections) = (read_id(id)?, read_json("sections", sections)?);
        self.turns.accept_polish(&self.visitor, &id, &AcceptPolish { format, sections }, None).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn drop_polish(
        &self,
        id: &str,
        format: PromptFormat,
        section: Option<String>,
    ) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        let sections = section.into_iter().filter(|section| !section.is_empty()).collect();
        self.turns.drop_polish(&self.visitor, &id, &DropPolish { format, sections }, None).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn preview(&self, id: &str, format: PromptFormat, messages: &str) -> Result<PreviewAnswer, AppError> {
        let (id, messages) = (read_id(id)?, read_json("messages", messages)?);
        self.workshop.preview(&self.visitor, &id, PreviewRequest { format, messages }).await
    }

    pub async fn walk(&self, id: &str, at: Option<String>) -> Result<WalkAnswer, AppError> {
        let at = at.filter(|at| !at.is_empty());
        self.turns.walk(&self.visitor, &read_id(id)?, at.as_deref()).await
    }

    pub async fn tests(&self, id: &str) -> Result<TestsAnswer, AppError> {
        self.workshop.tests(&self.visitor, &read_id(id)?).await
    }

    pub async fn save_test(&self, id: &str, test: &str) -> Result<Workspace, AppError> {
        let (id, test) = (read_id(id)?, read_json::<SaveTest>("test", test)?);
        self.turns.save_test(&self.visitor, &id, &test, None).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn delete_test(&self, id: &str, name: &str) -> Result<Workspace, AppError> {
        let id = read_id(id)?;
        self.turns.delete_test(&self.visitor, &id, name).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    pub async fn run_test(&self, id: &str, name: &str, format: Option<PromptFormat>) -> Result<TestRun, AppError> {
        self.workshop.run_test(&self.visitor, &read_id(id)?, name, RunTest { format }).await
    }

    pub async fn fix_lint(&self, id: &str, rule: &str, place: &str) -> Result<Workspace, AppError> {
        let (id, place) = (read_id(id)?, read_json("where", place)?);
        self.turns.fix(&self.visitor, &id, rule, &place).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    /// Reads tools from a document. Nothing is kept.
    pub async fn read_tools(&self, document: String) -> Result<FoundTools, AppError> {
        own_tools::read(document).await
    }

    pub async fn add_tools(&self, id: &str, tools: &str) -> Result<Workspace, AppError> {
        let (id, tools) = (read_id(id)?, read_json("tools", tools)?);
        self.turns.add_tools(&self.visitor, &id, tools, None).await?;
        self.turns.workspace(&self.visitor, &id).await
    }

    /// Opens a new interview about the agent in a file.
    pub async fn open_file(&self, file: &str) -> Result<String, AppError> {
        let bytes = BASE64_STANDARD.decode(file).map_err(|_| AppError::invalid(NOT_WHOLE))?;
        let read = tokio::task::spawn_blocking(move || open_file::read(&bytes)).await;
        let document = read.map_err(internal)?.map_err(AppError::invalid)?;
        Ok(self.turns.import(&self.visitor, &document).await?.session.id.to_string())
    }

    /// Sends a form that was posted without JavaScript on to a page; a call of the page's own code stays where it is.
    pub fn redirect_plain_form(&self, path: &str) {
        if is_plain_form() {
            leptos_axum::redirect(path);
        }
    }
}

/// Whether the call is a form that was posted without JavaScript.
fn is_plain_form() -> bool {
    let accepts = use_context::<Parts>().and_then(|parts| parts.headers.get(ACCEPT)?.to_str().ok().map(str::to_owned));
    accepts.is_some_and(|types| types.contains("text/html"))
}

fn incoming(text: String, client_id: Option<String>) -> Incoming {
    Incoming { text, client_message_id: client_id.filter(|id| !id.is_empty()), expected_version: None }
}

/// What the page sends as JSON text.
fn read_json<T: DeserializeOwned>(field: &str, text: &str) -> Result<T, AppError> {
    serde_json::from_str(text)
        .map_err(|error| AppError::field(field, format!("cannot be read ({error}); nothing was changed")))
}

/// A malformed id looks like one that is not there.
fn read_id(id: &str) -> Result<SessionId, AppError> {
    SessionId::parse(id).ok_or(AppError::NotFound)
}
