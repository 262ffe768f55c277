//! Tools that somebody brings: described in a form, or chosen from a document.

mod form;
mod import;
mod inputs;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::orchestrator::bundle_fns::add_tools;
use crate::orchestrator::own_tools::models::NewTool;
use crate::ui::browser;
use crate::ui::components::icon::{Icon, drawn};
use crate::ui::state::OpenSession;
use crate::ui::texts::{plural, t, trouble};

use super::done::Done;

use form::Form;
use import::Import;

/// What is open above the tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    Form,
    Import,
}

impl Panel {
    /// The id of the button that opens it, which has the focus again when it closes.
    pub fn opener(self) -> &'static str {
        match self {
            Panel::Form => "add-tool",
            Panel::Import => "import-tools",
        }
    }

    /// The id of its first control.
    fn first(self) -> &'static str {
        match self {
            Panel::Form => form::NAME,
            Panel::Import => import::DOCUMENT,
        }
    }
}

/// Tools on their way to the agent.
#[derive(Clone, Copy)]
pub struct Bringing {
    session: OpenSession,
    pub panel: RwSignal<Option<Panel>>,
    done: Done,
    busy: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
}

impl Bringing {
    pub fn new(session: OpenSession, done: Done) -> Bringing {
        let (panel, busy, error) = (RwSignal::new(None), RwSignal::new(false), RwSignal::new(None));
        Bringing { session, panel, done, busy, error }
    }

    pub fn open(self, panel: Panel) {
        self.error.set(None);
        self.panel.set(Some(panel));
        browser::focus(panel.first());
    }

    fn close(self) {
        if let Some(panel) = self.panel.get_untracked() {
            self.panel.set(None);
            browser::focus(panel.opener());
        }
    }

    /// Gives the agent these tools; what is wrong with them is said where they are.
    fn add(self, tools: Vec<NewTool>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        let names: Vec<&str> = tools.iter().map(|tool| tool.name.trim()).collect();
        let text = match names[..] {
            [name] => t!(outputs_bring.added, name = name),
            _ => plural!(outputs_bring.tools_added, names.len()),
        };
        let tools = serde_json::to_string(&tools).unwrap_or_default();
        spawn_local(async move {
            let answer = add_tools(self.session.id(), tools).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(workspace) => {
                    self.panel.set(None);
                    self.done.take(workspace, text);
                }
                Err(error) => self.fail(error),
            }
        });
    }

    fn fail(self, error: AppError) {
        self.error.try_set(Some(error));
        browser::focus_first("form [aria-invalid=true]");
    }

    /// What is wrong with this field.
    fn problem(self, field: &str) -> Option<String> {
        self.error.with(|error| match error {
            Some(AppError::InvalidFields { problems }) => {
                problems.iter().find(|problem| problem.field == field).map(|problem| problem.message.clone())
            }
            _ => None,
        })
    }

    /// What is wrong that belongs to none of these fields.
    fn trouble(self, fields: &[&str]) -> Option<String> {
        self.error.with(|error| match error {
            Some(AppError::InvalidFields { problems }) => {
                let rest = problems.iter().filter(|problem| !fields.contains(&problem.field.as_str()));
                let rest: Vec<String> = rest.map(|it| format!("{}: {}", it.field, it.message)).collect();
                (!rest.is_empty()).then(|| rest.join("; "))
            }
            other => other.as_ref().map(trouble),
        })
    }
}

/// The open panel.
#[component]
pub fn BringPanel(bringing: Bringing) -> impl IntoView {
    move || {
        bringing.panel.get().map(|panel| match panel {
            Panel::Form => view! { <Form bringing=bringing /> }.into_any(),
            Panel::Import => view! { <Import bringing=bringing /> }.into_any(),
        })
    }
}

/// The button that sends, and the one that leaves everything as it is.
#[component]
fn Ends(bringing: Bringing, #[prop(into)] text: Signal<String>, #[prop(into)] disabled: Signal<bool>) -> impl IntoView {
    view! {
        <p class="edit-acts">
            <button type="submit" class="btn primary" disabled=move || disabled.get() || bringing.busy.get()>
                {move || bringing.busy.get().then(|| drawn(Icon::LOADER_CIRCLE, "i s spin"))}
                {text}
            </button>
            <button type="button" class="btn quiet" on:click:target=move |_| bringing.close()>
                {t!(common.cancel)}
            </button>
        </p>
    }
}

/// Escape leaves.
fn on_escape(bringing: Bringing) -> impl Fn(leptos::web_sys::KeyboardEvent) + Copy {
    move |event| {
        if event.key() == "Escape" {
            event.stop_propagation();
            bringing.close();
        }
    }
}
