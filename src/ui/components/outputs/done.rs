//! What a click in an output just did, with the way back. Gone with the next change.

use leptos::prelude::*;

use crate::orchestrator::schemas::Workspace;
use crate::ui::browser;
use crate::ui::components::primitives::Toast;
use crate::ui::state::OpenSession;
use crate::ui::texts::t;

/// The button that takes it back.
const UNDO: &str = "done-undo";

#[derive(Clone, Copy)]
pub struct Done {
    session: OpenSession,
    /// What was done, and the version it made.
    what: RwSignal<Option<(u64, String)>>,
}

impl Done {
    pub fn new(session: OpenSession) -> Done {
        Done { session, what: RwSignal::new(None) }
    }

    /// Takes the answer to a click, and says what it did. The focus goes to the way back: what was clicked may be gone.
    pub fn take(self, workspace: Workspace, text: String) {
        let version = workspace.version;
        self.session.take(workspace);
        if self.what.try_set(Some((version, text))).is_none() {
            browser::focus(UNDO);
        }
    }
}

#[component]
pub fn DoneToast(done: Done) -> impl IntoView {
    let version = done.session.part(|it| it.version);
    let text = move || done.what.get().filter(|(of, _)| *of == version.get()).map(|(_, text)| text);
    view! {
        <div role="status">
            {move || {
                text()
                    .map(|text| {
                        view! {
                            <Toast>
                                <span>{text}</span>
                                <button
                                    type="button"
                                    class="text-btn"
                                    id=UNDO
                                    on:click:target=move |_| done.session.undo()
                                >
                                    {t!(common.undo)}
                                </button>
                            </Toast>
                        }
                    })
            }}
        </div>
    }
}
