//! A run of the agent on the model: everything said and called so far, and what it waits for.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::bundle::own_tests::{RunCall, RunMessage, RunRole};
use crate::error::AppError;
use crate::orchestrator::preview::models::{PreviewAnswer, PreviewCall};
use crate::orchestrator::server_fns::preview_turn;
use crate::prompt::models::PromptFormat;
use crate::ui::browser;
use crate::ui::state::OpenSession;

use super::light_step;

/// See the module.
#[derive(Clone, Copy)]
pub struct Run {
    pub session: OpenSession,
    pub messages: RwSignal<Vec<RunMessage>>,
    /// The calls that wait for an answer.
    pub calls: RwSignal<Vec<PreviewCall>>,
    /// What to know about the last turn.
    pub note: RwSignal<Option<String>>,
    pub busy: RwSignal<bool>,
    pub error: RwSignal<Option<AppError>>,
}

impl Run {
    pub fn new(session: OpenSession) -> Run {
        Run {
            session,
            messages: RwSignal::new(Vec::new()),
            calls: RwSignal::new(Vec::new()),
            note: RwSignal::new(None),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }

    pub fn restart(self) {
        self.messages.set(Vec::new());
        self.calls.set(Vec::new());
        self.note.set(None);
        self.go_on();
    }

    pub fn say(self, text: String) {
        self.messages.update(|all| all.push(RunMessage::user(text)));
        self.go_on();
    }

    /// Gives the tools' answers back, one for each call.
    pub fn answer(self, answers: Vec<String>) {
        let calls = self.calls.try_update(std::mem::take).unwrap_or_default();
        let results = calls.iter().zip(answers).map(|(call, text)| RunMessage::result(&call.id, text));
        self.messages.update(|all| all.extend(results));
        self.go_on();
    }

    /// Has the agent say or do what comes next. What failed can be tried again: the run is as it was.
    pub fn go_on(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        browser::reveal(".run-end");
        let sent = self.messages.with_untracked(|all| serde_json::to_string(all).unwrap_or_default());
        spawn_local(async move {
            let turn = preview_turn(self.session.id(), PromptFormat::Generic, sent).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match turn {
                Ok(turn) => self.take(turn),
                Err(error) => self.error.set(Some(error)),
            }
            browser::reveal(".run-end");
        });
    }

    fn take(self, turn: PreviewAnswer) {
        let PreviewAnswer { message, tool_calls, node, note, .. } = turn;
        self.note.set(note);
        if !message.is_empty() || !tool_calls.is_empty() {
            let call = |it: &PreviewCall| RunCall {
                id: it.id.clone(),
                name: it.name.clone(),
                arguments: it.arguments.clone(),
            };
            let said = RunMessage { tool_calls: tool_calls.iter().map(call).collect(), ..RunMessage::agent(message) };
            self.messages.update(|all| all.push(said));
        }
        self.calls.set(tool_calls);
        light_step(self.session, node);
    }

    /// Whether there is something worth keeping.
    pub fn has_words(self) -> bool {
        self.messages.with(|all| all.iter().any(|it| it.role == RunRole::User))
    }
}
