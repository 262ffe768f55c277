//! A change of the workflow asked for in words: what it would do is shown first, to take or to leave.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::orchestrator::drawing_fns::{foresee_change, take_change};
use crate::ui::browser;
use crate::ui::components::icon::{Icon, icon, small};
use crate::ui::state::OpenSession;
use crate::ui::texts::{t, trouble};
use crate::workflow::gesture::Foreseen;

use super::editor::DiagramEditor;

/// The id of the line the change is written in.
const CONTROL: &str = "asked-change";

/// What was asked for and what it would do.
#[derive(Clone, Copy)]
struct Asked {
    session: OpenSession,
    editor: DiagramEditor,
    text: RwSignal<String>,
    foreseen: RwSignal<Option<(String, Foreseen)>>,
    error: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl Asked {
    fn look(self) {
        let text = self.text.get_untracked().trim().to_owned();
        if text.is_empty() || self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = foresee_change(self.session.id(), text.clone()).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(foreseen) => self.foreseen.set(Some((text, foreseen))),
                Err(error) => self.error.set(Some(trouble(&error))),
            }
        });
    }

    fn accept(self) {
        let Some((text, foreseen)) = self.foreseen.get_untracked() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.editor.busy.set(true);
        spawn_local(async move {
            let answer = take_change(self.session.id(), foreseen.version, text).await;
            self.editor.busy.try_set(false);
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(workspace) => {
                    self.session.take(workspace);
                    self.editor.told.set(t!(diagram_asked.changed_as_you_asked).to_owned());
                    self.text.set(String::new());
                    self.refuse();
                }
                Err(error) => {
                    self.foreseen.set(None);
                    self.error.set(Some(trouble(&error)));
                }
            }
        });
    }

    /// Leaves everything as it is.
    fn refuse(self) {
        self.foreseen.set(None);
        browser::focus(CONTROL);
    }
}

/// The line to write a change in, and under it what it would do.
#[component]
pub fn AskedChange() -> impl IntoView {
    let (session, editor) = (OpenSession::here(), DiagramEditor::here());
    let asked = Asked {
        session,
        editor,
        text: RwSignal::new(String::new()),
        foreseen: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    Effect::new(move || browser::focus(CONTROL));
    let shown = move || asked.foreseen.get().map(|(_, foreseen)| view! { <Shown asked=asked foreseen=foreseen /> });
    view! {
        <section
            class="float asked"
            aria-label=t!(common.change_in_words)
            on:keydown:target=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    editor.asking.set(false);
                }
            }
        >
            <form
                on:submit:target=move |event| {
                    event.prevent_default();
                    asked.look();
                }
            >
                <label class="input">
                    <span class="vh">{t!(diagram_asked.what_to_change)}</span>
                    <input
                        id=CONTROL
                        maxlength="500"
                        autocomplete="off"
                        placeholder=t!(diagram_asked.ask_for_the_order)
                        prop:value=asked.text
                        on:input:target=move |event| asked.text.set(event.target().value())
                    />
                </label>
                <button class="btn sm" aria-disabled=move || asked.busy.get().then_some("true")>
                    {t!(diagram_asked.show)}
                </button>
                <button
                    type="button"
                    class="icon-btn sm"
                    aria-label=t!(common.close)
                    title=t!(common.close_esc)
                    on:click:target=move |_| editor.asking.set(false)
                >
                    {icon(Icon::X)}
                </button>
            </form>
            {move || asked.error.get().map(|error| view! { <p class="err" role="alert">{error}</p> })}
            <div role="status">{move || shown()}</div>
        </section>
    }
}

/// The difference it would make, with the decision.
#[component]
fn Shown(asked: Asked, foreseen: Foreseen) -> impl IntoView {
    let Foreseen { diff, fields, refused, .. } = foreseen;
    if let Some(reason) = refused {
        return view! { <p class="why">{icon(Icon::CIRCLE_ALERT)} <span>{reason}</span></p> }.into_any();
    }
    let added = diff.added.into_iter().map(|text| view! { <li><ins class="dl">{text}</ins></li> });
    let removed = diff.removed.into_iter().map(|text| view! { <li><del class="dl">{text}</del></li> });
    let changed = diff.changed.into_iter().chain(fields).map(|text| view! { <li class="dl">{text}</li> });
    view! {
        <p class="or">{t!(diagram_asked.this_would_change)}</p>
        <ul class="diff">{added.collect_view()} {removed.collect_view()} {changed.collect_view()}</ul>
        <p class="edit-acts">
            <button type="button" class="btn xs primary" on:click:target=move |_| asked.accept()>
                {small(Icon::CHECK)}
                {t!(diagram_asked.accept)}
            </button>
            <button type="button" class="btn xs quiet" on:click:target=move |_| asked.refuse()>
                {t!(diagram_asked.refuse)}
            </button>
        </p>
    }
    .into_any()
}
