//! An earlier message, said otherwise: what that would change is shown before it is done.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys;

use crate::orchestrator::revision_fns::{foresee_retold, retell_message};
use crate::orchestrator::revisions::RetellPreview;
use crate::ui::browser;
use crate::ui::components::icon::{Icon, small};
use crate::ui::state::OpenSession;
use crate::ui::words;

use crate::ui::components::dialogs::revisions::graph_lines;
use crate::ui::texts::{label, t, trouble};

/// The id of the text area.
const CONTROL: &str = "retell";

#[derive(Clone, Copy)]
struct Retelling {
    session: OpenSession,
    seq: u32,
    text: RwSignal<String>,
    /// What was looked at, and what it would change.
    foreseen: RwSignal<Option<(String, RetellPreview)>>,
    error: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl Retelling {
    fn leave(self) {
        self.session.retelling.set(None);
    }

    fn look(self) {
        let text = self.text.get_untracked().trim().to_owned();
        if text.is_empty() || self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        self.foreseen.set(None);
        spawn_local(async move {
            let answer = foresee_retold(self.session.id(), self.seq, text.clone()).await;
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
        spawn_local(async move {
            let answer = retell_message(self.session.id(), foreseen.version, self.seq, text).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(workspace) => {
                    self.leave();
                    self.session.take(workspace);
                }
                Err(error) => {
                    self.foreseen.set(None);
                    self.error.set(Some(trouble(&error)));
                }
            }
        });
    }
}

/// The message in an editor; Ctrl+Enter shows what it would change, Escape leaves.
#[component]
pub fn Retell(seq: u32, text: String) -> impl IntoView {
    let retelling = Retelling {
        session: OpenSession::here(),
        seq,
        text: RwSignal::new(text),
        foreseen: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    Effect::new(move || browser::focus(CONTROL));
    let on_key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Escape" => {
            event.stop_propagation();
            retelling.leave();
        }
        "Enter" if event.ctrl_key() || event.meta_key() => retelling.look(),
        _ => {}
    };
    let shown = move || {
        retelling.foreseen.get().map(|(_, foreseen)| view! { <Foreseen retelling=retelling foreseen=foreseen /> })
    };
    let is_open = move || retelling.foreseen.with(Option::is_none);
    view! {
        <div class="retell" role="group" aria-label=t!(common.edit_the_message) on:keydown=on_key>
            <label class="input area">
                <span class="vh">{t!(chat_retell.message)}</span>
                <textarea
                    id=CONTROL
                    rows="2"
                    maxlength="8000"
                    prop:value=retelling.text
                    on:input:target=move |event| {
                        retelling.foreseen.set(None);
                        retelling.text.set(event.target().value());
                    }
                ></textarea>
            </label>
            {move || retelling.error.get().map(|error| view! { <p class="err" role="alert">{error}</p> })}
            <div role="status">{move || shown()}</div>
            <p class="edit-acts" hidden=move || !is_open()>
                <button
                    type="button"
                    class="btn xs"
                    aria-disabled=move || retelling.busy.get().then_some("true")
                    on:click:target=move |_| retelling.look()
                >
                    {t!(chat_retell.show_what_changes)}
                </button>
                <button type="button" class="btn xs quiet" on:click:target=move |_| retelling.leave()>
                    {t!(common.cancel)}
                </button>
            </p>
        </div>
    }
}

/// What it would change, with the decision.
#[component]
fn Foreseen(retelling: Retelling, foreseen: RetellPreview) -> impl IntoView {
    let RetellPreview { fields, graph, .. } = foreseen;
    let none = fields.is_empty() && graph.is_empty();
    let rows = fields.iter().map(|change| {
        let (field, what) = (label(change.field), words::change(change));
        view! { <li class="dl"><b>{field}</b> " " {what}</li> }
    });
    let rows = rows.collect_view();
    view! {
        <p class="or">
            {if none { t!(chat_retell.only_the_words_change) } else { t!(chat_retell.from_here_on_this) }}
        </p>
        <div class="diffs" tabindex="0" role="group" aria-label=t!(chat_retell.what_would_change) hidden=none>
            <ul class="diff">{rows}</ul>
            {(!graph.is_empty()).then(|| graph_lines(graph))}
        </div>
        <p class="edit-acts">
            <button type="button" class="btn xs primary" on:click:target=move |_| retelling.accept()>
                {small(Icon::CHECK)}
                {t!(chat_retell.change_it)}
            </button>
            <button type="button" class="btn xs quiet" on:click:target=move |_| retelling.leave()>
                {t!(chat_retell.leave_it_as_it)}
            </button>
        </p>
    }
}
