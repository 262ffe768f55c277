//! A turn while it is made: what its listeners have heard so far, and whether one of them asked it to stop.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::error::AppError;

use super::answers::MessageAnswer;
use super::schemas::Workspace;

/// Something that happened in a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnEvent {
    /// Counts from 1.
    pub id: usize,
    /// `fields`, `workflow`, `token` (again for each piece of the reply), then `done` or `error`.
    pub name: &'static str,
    /// JSON.
    pub data: String,
}

impl TurnEvent {
    pub fn is_last(&self) -> bool {
        matches!(self.name, "done" | "error")
    }
}

/// See the module. By default nobody listens.
#[derive(Debug, Default)]
pub struct LiveTurn {
    is_heard: bool,
    /// Grows until the last event.
    events: watch::Sender<Vec<TurnEvent>>,
    stopped: CancellationToken,
    /// What the turn makes of the interview, from when the message is read until it is kept.
    draft: Mutex<Option<Box<Workspace>>>,
}

impl LiveTurn {
    /// One that may be listened to.
    pub fn heard() -> LiveTurn {
        LiveTurn { is_heard: true, ..LiveTurn::default() }
    }

    /// Whether it is worth drawing what is there on the way.
    pub fn is_heard(&self) -> bool {
        self.is_heard
    }

    /// A turn that was kept, for whoever did not hear it being made.
    pub fn of(answer: &MessageAnswer) -> LiveTurn {
        let live = LiveTurn::default();
        live.finish(answer, None);
        live
    }

    fn tell(&self, name: &'static str, data: Value) {
        let data = data.to_string();
        self.events.send_modify(|told| told.push(TurnEvent { id: told.len() + 1, name, data }));
    }

    fn drafted(&self) -> MutexGuard<'_, Option<Box<Workspace>>> {
        // Whoever panicked with it held left a draft or none.
        self.draft.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the page shows meanwhile, without the transcript.
    pub fn set_draft(&self, workspace: Workspace) {
        *self.drafted() = Some(Box::new(workspace));
    }

    /// What the page shows of a turn that is not kept yet.
    pub fn draft(&self) -> Option<Workspace> {
        self.drafted().as_deref().cloned()
    }

    /// What the message changed; not kept yet.
    pub fn fields(&self, turn: Value, changes: Value) {
        self.tell("fields", json!({"turn": turn, "changes": changes}));
    }

    pub fn workflow(&self, mermaid: &str, nodes: usize) {
        self.tell("workflow", json!({"mermaid_diagram": mermaid, "nodes": nodes}));
    }

    /// The next words of the reply.
    pub fn words(&self, text: &str) {
        self.tell("token", json!({"text": text}));
    }

    /// The turn is kept: tells what was not told on the way, and the answer as a whole.
    pub fn finish(&self, answer: &MessageAnswer, drawn: Option<(&str, usize)>) {
        let told = |name| self.events.borrow().iter().any(|event| event.name == name);
        if !told("fields") {
            self.fields(json!(answer.turn), json!(answer.changes));
        }
        if let (false, Some((mermaid, nodes))) = (told("workflow"), drawn) {
            self.workflow(mermaid, nodes);
        }
        if !told("token") {
            self.words(&answer.ai_response);
        }
        *self.drafted() = None;
        self.tell("done", json!(answer));
    }

    pub fn fail(&self, error: &AppError) {
        let mut problem = json!({"status": error.status(), "code": error.code(), "detail": error.to_string()});
        if let AppError::Conflict { version } = error {
            problem["version"] = json!(version);
        }
        *self.drafted() = None;
        self.tell("error", problem);
    }

    /// Everything told so far, and what comes.
    pub fn follow(&self) -> watch::Receiver<Vec<TurnEvent>> {
        self.events.subscribe()
    }

    /// Asks the turn to end with what it has.
    pub fn stop(&self) {
        self.stopped.cancel();
    }

    /// Cancelled once somebody asked to stop.
    pub fn stopped(&self) -> &CancellationToken {
        &self.stopped
    }
}
