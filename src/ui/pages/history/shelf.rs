//! The interviews on the page, what is searched, and what is about to be deleted.

use std::collections::BTreeSet;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::orchestrator::schemas::SessionSummary;
use crate::orchestrator::server_fns::{delete_session, list_sessions, rename_session, resume_session};
use crate::session::models::{SessionId, Status};
use crate::ui::words::Group;

/// How long a deleted interview can be had back.
const UNDO: Duration = Duration::from_secs(8);
/// How long the search waits for the next letter.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Clone, Copy)]
pub struct Shelf {
    pub sessions: RwSignal<Vec<SessionSummary>>,
    pub words: RwSignal<String>,
    pub group: RwSignal<Option<Group>>,
    /// Out of sight already; gone for good when the toast goes.
    deleted: RwSignal<BTreeSet<SessionId>>,
    /// The one the toast offers to bring back.
    pub last: RwSignal<Option<SessionSummary>>,
    pub trouble: RwSignal<Option<AppError>>,
    deleting: StoredValue<Option<TimeoutHandle>>,
    searching: StoredValue<Option<TimeoutHandle>>,
}

impl Shelf {
    pub fn new(sessions: Vec<SessionSummary>, words: String, group: Option<Group>) -> Shelf {
        Shelf {
            sessions: RwSignal::new(sessions),
            words: RwSignal::new(words),
            group: RwSignal::new(group),
            deleted: RwSignal::new(BTreeSet::new()),
            last: RwSignal::new(None),
            trouble: RwSignal::new(None),
            deleting: StoredValue::new(None),
            searching: StoredValue::new(None),
        }
    }

    /// Everything found that is not deleted.
    fn found(self) -> Vec<SessionSummary> {
        let deleted = self.deleted.get();
        self.sessions.with(|all| all.iter().filter(|it| !deleted.contains(&it.id)).cloned().collect())
    }

    /// What the list shows.
    pub fn rows(self) -> Vec<SessionSummary> {
        let group = self.group.get();
        self.found().into_iter().filter(|session| group.is_none_or(|group| Group::of(session) == group)).collect()
    }

    /// How many were found, in all or of one group.
    pub fn count(self, group: Option<Group>) -> usize {
        self.found().iter().filter(|session| group.is_none_or(|group| Group::of(session) == group)).count()
    }

    /// Searches once the person pauses.
    pub fn search(self, words: String) {
        self.words.set(words);
        if let Some(timer) = self.searching.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        self.searching.set_value(set_timeout_with_handle(move || self.load(), PAUSE).ok());
    }

    fn load(self) {
        let Some(words) = self.words.try_get_untracked() else { return };
        spawn_local(async move {
            let found = list_sessions(words.clone(), None).await;
            // An answer to letters that were typed over meanwhile is no answer.
            if self.words.try_with_untracked(|now| *now == words) != Some(true) {
                return;
            }
            match found {
                Ok(sessions) => {
                    self.trouble.set(None);
                    self.sessions.set(sessions);
                }
                Err(error) => self.trouble.set(Some(error)),
            }
        });
    }

    pub fn clear(self) {
        self.group.set(None);
        self.words.set(String::new());
        self.load();
    }

    /// The new name shows at once; the old one comes back when it was not taken.
    pub fn rename(self, id: SessionId, title: String) {
        let title = title.trim().to_owned();
        let before = self.sessions.with_untracked(|all| all.iter().find(|it| it.id == id).map(|it| it.title.clone()));
        let Some(before) = before.filter(|before| !title.is_empty() && *before != title) else { return };
        self.set_title(&id, &title);
        spawn_local(async move {
            if let Err(error) = rename_session(id.to_string(), title).await {
                self.set_title(&id, &before);
                self.trouble.try_set(Some(error));
            }
        });
    }

    fn set_title(self, id: &SessionId, title: &str) {
        self.sessions.try_update(|all| {
            if let Some(session) = all.iter_mut().find(|it| it.id == *id) {
                title.clone_into(&mut session.title);
            }
        });
    }

    /// Makes a paused interview active again, then runs `then`.
    pub fn resume(self, id: SessionId, then: impl FnOnce() + 'static) {
        spawn_local(async move {
            match resume_session(id.to_string()).await {
                Ok(()) => {
                    self.sessions.try_update(|all| {
                        if let Some(session) = all.iter_mut().find(|it| it.id == id) {
                            session.status = Status::Active;
                        }
                    });
                    then();
                }
                Err(error) => drop(self.trouble.try_set(Some(error))),
            }
        });
    }

    pub fn delete(self, session: SessionSummary) {
        self.settle();
        self.deleted.update(|all| all.extend([session.id.clone()]));
        self.last.set(Some(session));
        self.wait();
    }

    pub fn undo(self) {
        self.hold();
        if let Some(session) = self.last.get_untracked() {
            self.deleted.update(|all| all.retain(|id| *id != session.id));
        }
        self.last.set(None);
    }

    /// Lets the time run in which a deletion can be undone.
    pub fn wait(self) {
        self.hold();
        if self.last.with_untracked(Option::is_some) {
            self.deleting.set_value(set_timeout_with_handle(move || self.settle(), UNDO).ok());
        }
    }

    pub fn hold(self) {
        if let Some(timer) = self.deleting.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// Deletes for good what the toast still offers.
    pub fn settle(self) {
        self.hold();
        let Some(session) = self.last.try_get_untracked().flatten() else { return };
        self.last.try_set(None);
        spawn_local(async move {
            if let Err(error) = delete_session(session.id.to_string()).await {
                self.deleted.try_update(|all| all.remove(&session.id));
                self.trouble.try_set(Some(error));
            }
        });
    }
}
