//! A turn while it is made: its events as they come, so that the reply is read while it is written.

use crate::ui::texts::trouble;
use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::web_sys::{EventSource, MessageEvent};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

use crate::error::AppError;
use crate::intent::models::Change;
use crate::orchestrator::server_fns::{load_draft, load_workspace, stop_turn};

use super::state::OpenSession;

/// How long to wait before a server that did not answer is asked again.
const PAUSE: Duration = Duration::from_secs(2);

/// The reply that is being written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Writing {
    /// The turn, named by the message it answers.
    pub turn_id: String,
    /// What the message changed, once it is read.
    pub changes: Option<Vec<Change>>,
    /// The words that came so far.
    pub words: String,
    /// Whether it was asked to stop.
    pub stopping: bool,
}

/// What takes the events.
type Listener = Closure<dyn Fn(MessageEvent)>;

/// A connection that is heard; closed when it is dropped.
pub struct Heard(SendWrapper<(EventSource, Listener)>);

impl Drop for Heard {
    fn drop(&mut self) {
        self.0.0.close();
    }
}

#[derive(Deserialize)]
struct Fields {
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Token {
    text: String,
}

#[derive(Deserialize)]
struct Done {
    degraded_because: Option<String>,
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

fn read<T: DeserializeOwned>(data: &str) -> Option<T> {
    serde_json::from_slice(data.as_bytes()).ok()
}

impl OpenSession {
    /// Hears a turn from its beginning to its end. The browser itself connects again where the line breaks.
    pub fn follow(self, turn_id: String) {
        let url = format!("/api/v1/sessions/{}/turns/{turn_id}/events", self.id());
        let Ok(source) = EventSource::new(&url) else { return self.settle(&turn_id, Err(AppError::Offline)) };
        self.writing.set(Some(Writing { turn_id: turn_id.clone(), ..Writing::default() }));
        let heard = source.clone();
        let hear = Listener::new(move |event: MessageEvent| match event.data().as_string() {
            Some(data) => self.hear(&turn_id, &event.type_(), &data),
            None if heard.ready_state() == EventSource::CLOSED => self.follow_later(),
            None => {}
        });
        for name in ["fields", "workflow", "token", "done", "error"] {
            let _ = source.add_event_listener_with_callback(name, hear.as_ref().unchecked_ref());
        }
        self.heard.set_value(Some(Heard(SendWrapper::new((source, hear)))));
    }

    fn hear(self, turn_id: &str, name: &str, data: &str) {
        let change = |of: &dyn Fn(&mut Writing)| {
            self.writing.update(|writing| {
                if let Some(writing) = writing {
                    of(writing);
                }
            });
        };
        match name {
            "fields" => {
                let changes = read::<Fields>(data).map(|it| it.changes).unwrap_or_default();
                change(&|writing| writing.changes = Some(changes.clone()));
            }
            "workflow" => self.load_draft(turn_id.to_owned()),
            "token" => {
                let text = read::<Token>(data).map(|it| it.text).unwrap_or_default();
                change(&|writing| writing.words.push_str(&text));
            }
            "done" => {
                self.heard.set_value(None);
                self.load_answer(turn_id.to_owned(), read::<Done>(data).and_then(|it| it.degraded_because));
            }
            _ => {
                self.end_writing();
                let message = read::<Problem>(data).map_or_else(|| trouble(&AppError::Internal), |it| it.detail);
                self.settle(turn_id, Err(AppError::Invalid { message }));
            }
        }
    }

    /// Fields and diagram are known before the reply is written.
    fn load_draft(self, turn_id: String) {
        spawn_local(async move {
            let draft = load_draft(self.id(), turn_id.clone()).await.ok().flatten();
            let is_written = |writing: &Option<Writing>| writing.as_ref().is_some_and(|it| it.turn_id == turn_id);
            if let (Some(draft), Some(true)) = (draft, self.writing.try_with_untracked(is_written)) {
                self.show_draft(draft);
            }
        });
    }

    fn end_writing(self) {
        self.heard.set_value(None);
        self.writing.set(None);
    }

    /// The turn is kept: from now on it is read like every other.
    fn load_answer(self, turn_id: String, because: Option<String>) {
        spawn_local(async move {
            match load_workspace(self.id()).await {
                Ok(workspace) => {
                    if self.writing.try_set(None).is_some() {
                        return;
                    }
                    self.because.set_value(because);
                    self.was_written.set_value(true);
                    self.settle(&turn_id, Ok(workspace));
                }
                Err(_) => set_timeout(move || self.load_answer(turn_id, because), PAUSE),
            }
        });
    }

    /// The server does not answer. Begun again under the same id it is the same turn, wherever it is heard.
    fn follow_later(self) {
        self.heard.set_value(None);
        set_timeout(
            move || {
                if self.sending.try_set_value(false).is_none() {
                    self.pump();
                }
            },
            PAUSE,
        );
    }

    /// Ends the reply that is being written; what came of it is kept.
    pub fn stop(self) {
        let turn_id = self.writing.with_untracked(|writing| {
            writing.as_ref().filter(|writing| !writing.stopping).map(|writing| writing.turn_id.clone())
        });
        let Some(turn_id) = turn_id else { return };
        self.set_stopping(true);
        spawn_local(async move {
            if stop_turn(self.id(), turn_id).await.is_err() {
                self.set_stopping(false);
            }
        });
    }

    fn set_stopping(self, stopping: bool) {
        self.writing.try_update(|writing| {
            if let Some(writing) = writing {
                writing.stopping = stopping;
            }
        });
    }
}
