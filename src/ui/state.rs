//! The one interview that is open: what the server last said of it, and what is on its way there.

use std::collections::BTreeSet;

use crate::ui::memo::memo;
use crate::ui::texts::trouble;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::intent::models::FieldId;
use crate::orchestrator::schemas::{FieldView, Workspace};
use crate::orchestrator::server_fns::{
    begin_turn, edit_field, keep_field, redo_change, rename_session, reopen_session, resume_session, send_message,
    undo_change,
};
use crate::session::models::{MAX_MESSAGE_CHARS, Role, Status};

use super::browser;
use super::drawing::keep_in_place;
use super::light::{Chosen, Light};
use super::live::{Heard, Writing};

/// A message that is not in the transcript yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    /// The same however often it is sent.
    pub id: String,
    pub text: String,
    /// Whether the server may have it. Sent again under its id, it is taken once.
    #[serde(default)]
    pub sent: bool,
    /// Why it was not taken; `None` while it waits or is on its way.
    pub failed: Option<AppError>,
}

/// What the panes of the workspace share.
#[derive(Clone, Copy)]
pub struct OpenSession {
    id: StoredValue<String>,
    pub workspace: RwSignal<Workspace>,
    pub outbox: RwSignal<Vec<Outgoing>>,
    /// What stands in the composer.
    pub draft: RwSignal<String>,
    /// Why the composer's text cannot go out.
    pub refused: RwSignal<Option<String>>,
    /// The last thing that failed outside the chat.
    pub trouble: RwSignal<Option<AppError>>,
    /// The field that is edited in place.
    pub editing: RwSignal<Option<FieldId>>,
    /// The message that is edited in place, by its place in the transcript.
    pub retelling: RwSignal<Option<u32>>,
    /// Steps the person has seen; a new one has a dot until then.
    pub seen: RwSignal<BTreeSet<String>>,
    pub online: RwSignal<bool>,
    /// What is searched for in the chat, while its search is open.
    pub search: RwSignal<Option<String>>,
    pub light: Light,
    /// The reply that is being written, if one is.
    pub writing: RwSignal<Option<Writing>>,
    /// Whether the last reply was read while it was written.
    pub was_written: StoredValue<bool>,
    /// Why the last message was answered without the model, if it was.
    pub because: StoredValue<Option<String>>,
    pub(super) heard: StoredValue<Option<Heard>>,
    pub(super) sending: StoredValue<bool>,
}

impl OpenSession {
    pub fn new(workspace: Workspace) -> OpenSession {
        let id = StoredValue::new(workspace.session_id.to_string());
        let seen = workspace.graph.nodes.iter().map(|node| node.id.clone()).collect();
        let running = workspace.running.clone();
        let running = running.map(|it| Outgoing { id: it.turn_id, text: it.text, sent: true, failed: None });
        let workspace = RwSignal::new(workspace);
        OpenSession {
            id,
            workspace,
            outbox: RwSignal::new(running.into_iter().collect()),
            draft: RwSignal::new(String::new()),
            refused: RwSignal::new(None),
            trouble: RwSignal::new(None),
            editing: RwSignal::new(None),
            retelling: RwSignal::new(None),
            seen: RwSignal::new(seen),
            online: RwSignal::new(true),
            search: RwSignal::new(None),
            light: Light::new(workspace),
            writing: RwSignal::new(None),
            was_written: StoredValue::new(false),
            because: StoredValue::new(None),
            heard: StoredValue::new(None),
            sending: StoredValue::new(false),
        }
    }

    /// The open session of the component's surroundings.
    pub fn here() -> OpenSession {
        // Every component that asks stands inside the workspace page, which provides it.
        expect_context::<OpenSession>()
    }

    pub fn id(self) -> String {
        self.id.get_value()
    }

    /// A part of the workspace, which changes only when that part does.
    pub fn part<T: PartialEq + Send + Sync + 'static>(
        self,
        of: impl Fn(&Workspace) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        memo(move || self.workspace.with(&of))
    }

    pub fn field(self, field: FieldId) -> Memo<Option<FieldView>> {
        self.part(move |workspace| workspace.fields.iter().find(|view| view.field == field).cloned())
    }

    pub fn is_completed(self) -> bool {
        self.workspace.with(|it| it.status == Status::Completed)
    }

    /// Takes the server's answer, unless a later one is here already.
    pub fn take(self, answer: Workspace) {
        if self.workspace.with_untracked(|it| it.version <= answer.version) {
            self.put(answer);
        }
    }

    /// Shows a newer state; what of the drawing did not change stays where it stood, the selected step first.
    fn put(self, mut newer: Workspace) {
        let selected = self.light.chosen.with_untracked(|it| match it {
            Some(Chosen::Node(id)) => Some(id.clone()),
            _ => None,
        });
        self.workspace.update(|it| {
            keep_in_place(&it.graph, &mut newer.graph, selected.as_deref());
            *it = newer;
        });
    }

    /// Shows what a turn makes of the interview, before it is kept.
    pub(super) fn show_draft(self, draft: Workspace) {
        let (title, messages, version, uses_model) =
            self.workspace.with_untracked(|it| (it.title.clone(), it.messages.clone(), it.version, it.uses_model));
        self.put(Workspace { title, messages, version, uses_model, ..draft });
    }

    /// Sends a message: it stands in the chat at once. A text too long stays where it is, with the reason.
    pub fn send(self, text: String) {
        let text = text.trim().to_owned();
        if text.is_empty() {
            return;
        }
        if text.chars().count() > MAX_MESSAGE_CHARS {
            self.refused.set(Some(trouble(&AppError::TooLong)));
            return;
        }
        self.refused.set(None);
        let outgoing = Outgoing { id: browser::random_id(), text, sent: false, failed: None };
        self.outbox.update(|outbox| outbox.push(outgoing));
        self.remember();
        self.pump();
    }

    /// Sends what stands in the composer.
    pub fn send_draft(self) {
        let text = self.draft.get_untracked();
        self.send(text);
        if self.refused.with_untracked(Option::is_none) {
            self.draft.set(String::new());
        }
    }

    /// Sends the next waiting message. One at a time: answers build on each other.
    pub fn pump(self) {
        if self.sending.get_value() || !self.online.get_untracked() {
            return;
        }
        let next = self.outbox.with_untracked(|all| all.iter().find(|it| it.failed.is_none()).cloned());
        let Some(next) = next else { return };
        self.sending.set_value(true);
        self.change_outgoing(&next.id, |it| it.sent = true);
        self.remember();
        let follows = self.workspace.with_untracked(|it| it.uses_model);
        spawn_local(async move {
            let (session, key) = (self.id(), Some(next.id.clone()));
            if !follows {
                return self.settle(&next.id, send_message(session, next.text, key).await);
            }
            match begin_turn(session, next.text, key).await {
                Ok(turn_id) => self.follow(turn_id),
                Err(error) => self.settle(&next.id, Err(error)),
            }
        });
    }

    /// A message was answered or refused: the next one's turn.
    pub(super) fn settle(self, id: &str, answer: Result<Workspace, AppError>) {
        // The page may be gone meanwhile.
        if self.sending.try_set_value(false).is_some() {
            return;
        }
        match answer {
            Ok(workspace) => {
                self.outbox.update(|all| all.retain(|it| it.id != id));
                self.take(workspace);
            }
            Err(error) => self.change_outgoing(id, |it| it.failed = Some(error)),
        }
        self.remember();
        self.pump();
    }

    fn change_outgoing(self, id: &str, change: impl FnOnce(&mut Outgoing)) {
        self.outbox.update(|all| {
            if let Some(outgoing) = all.iter_mut().find(|it| it.id == id) {
                change(outgoing);
            }
        });
    }

    /// Sends a failed message again, under the same id: what arrived already is not taken twice.
    pub fn retry(self, id: &str) {
        self.change_outgoing(id, |it| it.failed = None);
        self.online.set(browser::is_online());
        self.pump();
    }

    pub fn discard(self, id: &str) {
        self.outbox.update(|all| all.retain(|it| it.id != id));
        self.remember();
    }

    /// Keeps the unsent in this browser, so that a closed tab loses nothing.
    fn remember(self) {
        let unsent = self.outbox.with_untracked(|all| {
            if all.is_empty() { String::new() } else { serde_json::to_string(all).unwrap_or_default() }
        });
        browser::keep(&self.key("unsent"), &unsent);
    }

    /// What an earlier visit left: what may have arrived is asked for again, the rest shows as failed, to be sent again
    /// or discarded.
    pub fn recall(self) {
        let kept = browser::recall(&self.key("unsent"));
        let kept = kept.and_then(|text| serde_json::from_str::<Vec<Outgoing>>(&text).ok()).unwrap_or_default();
        let last = self.workspace.with_untracked(|it| {
            let said = it.messages.iter().rev().find(|view| view.role == Role::User);
            said.map(|view| view.content.clone())
        });
        for mut outgoing in kept.into_iter().filter(|it| !it.sent || last.as_ref() != Some(&it.text)) {
            if !outgoing.sent {
                outgoing.failed.get_or_insert(AppError::Offline);
            }
            self.outbox.update(|all| {
                if !all.iter().any(|it| it.id == outgoing.id) {
                    all.push(outgoing);
                }
            });
        }
        self.remember();
        self.pump();
    }

    /// The name under which the browser keeps something of this session.
    pub fn key(self, what: &str) -> String {
        self.id.with_value(|id| format!("agentwright:{what}:{id}"))
    }

    /// Runs a change and takes its answer; a failure shows as trouble.
    fn change(self, answer: impl Future<Output = Result<Workspace, AppError>> + 'static) {
        spawn_local(async move {
            match answer.await {
                Ok(workspace) => {
                    self.trouble.set(None);
                    self.was_written.set_value(false);
                    self.take(workspace);
                }
                Err(error) => self.trouble.set(Some(error)),
            }
        });
    }

    pub fn undo(self) {
        self.change(undo_change(self.id()));
    }

    pub fn redo(self) {
        self.change(redo_change(self.id()));
    }

    pub fn keep(self, field: FieldId) {
        self.change(keep_field(self.id(), field));
    }

    pub fn clear(self, field: FieldId) {
        self.change(edit_field(self.id(), field, None));
    }

    pub fn reopen(self) {
        self.change(reopen_session(self.id()));
    }

    /// Replaces a field; answers what is wrong with the value, if anything is.
    pub async fn edit(self, field: FieldId, value: serde_json::Value) -> Result<(), AppError> {
        let workspace = edit_field(self.id(), field, Some(value.to_string())).await?;
        self.take(workspace);
        Ok(())
    }

    /// The new name shows at once; the old one comes back when it was not taken.
    pub fn rename(self, title: String) {
        let title = title.trim().to_owned();
        let before = self.workspace.with_untracked(|it| it.title.clone());
        if title.is_empty() || title == before {
            return;
        }
        self.workspace.update(|it| it.title.clone_from(&title));
        spawn_local(async move {
            if let Err(error) = rename_session(self.id(), title).await {
                self.workspace.update(|it| it.title = before);
                self.trouble.set(Some(error));
            }
        });
    }

    /// Makes an abandoned interview active again.
    pub fn resume(self) {
        spawn_local(async move {
            match resume_session(self.id()).await {
                Ok(()) => self.workspace.update(|it| it.status = Status::Active),
                Err(error) => self.trouble.set(Some(error)),
            }
        });
    }

    /// Whether the chat's search leaves a message with this text out.
    pub fn is_left_out(self, text: &str) -> bool {
        self.search.with(|search| {
            let words = crate::ui::host::lower(search.as_deref().unwrap_or_default().trim());
            !words.is_empty() && !crate::ui::host::lower(text).contains(&words)
        })
    }

    /// The person looked at a step: it is no longer new.
    pub fn see(self, node: &str) {
        if self.seen.with_untracked(|seen| !seen.contains(node)) {
            self.seen.update(|seen| {
                seen.insert(node.to_owned());
            });
        }
    }

    /// Puts words into the composer for the person to complete or send.
    pub fn propose(self, text: &str) {
        self.draft.set(text.to_owned());
        browser::focus(super::components::composer::INPUT);
    }
}
