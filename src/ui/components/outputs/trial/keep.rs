//! Keeping a run as a test: its name, and what of it has to happen again.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::bundle::own_tests::Expectations;
use crate::orchestrator::own_tests::models::{MAX_TITLE, SaveTest};
use crate::orchestrator::server_fns::save_test;
use crate::ui::texts::t;

use super::run::Run;

/// A button that becomes a line to name the test on.
#[component]
pub fn Keep(run: Run) -> impl IntoView {
    let naming = RwSignal::new(false);
    let kept = RwSignal::new(false);
    let name = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        if let Some(name) = name.get() {
            let _ = name.focus();
        }
    });
    let save = move || {
        let Some(title) = name.get_untracked().map(|it| it.value()).filter(|it| !it.trim().is_empty()) else { return };
        let messages = run.messages.get_untracked();
        let test = SaveTest { name: title, messages, expects: expected(run) };
        let test = serde_json::to_string(&test).unwrap_or_default();
        naming.set(false);
        spawn_local(async move {
            match save_test(run.session.id(), test).await {
                Ok(workspace) => {
                    run.session.take(workspace);
                    kept.try_set(true);
                }
                Err(error) => drop(run.error.try_set(Some(error))),
            }
        });
    };
    move || {
        if naming.get() {
            return view! {
                <label class="input keep">
                    <span class="vh">{t!(outputs_trial_keep.name_of_the_test)}</span>
                    <input
                        node_ref=name
                        placeholder=t!(outputs_trial_keep.name_of_the_test)
                        maxlength=MAX_TITLE
                        on:keydown:target=move |event| {
                            match event.key().as_str() {
                                "Enter" => {
                                    event.prevent_default();
                                    save();
                                }
                                "Escape" => {
                                    event.stop_propagation();
                                    naming.set(false);
                                }
                                _ => {}
                            }
                        }
                    />
                </label>
                <button type="button" class="btn xs" on:click:target=move |_| save()>
                    {t!(common.keep)}
                </button>
            }
            .into_any();
        }
        view! {
            <button
                type="button"
                class="text-btn"
                hidden=move || !run.has_words()
                on:click:target=move |_| {
                    kept.set(false);
                    naming.set(true);
                }
            >
                {t!(outputs_trial_keep.keep_as_test)}
            </button>
            <span class="meta" role="status">
                {move || kept.get().then_some(t!(outputs_trial_keep.kept_it_is_in))}
            </span>
        }
        .into_any()
    }
}

/// The tools that were called have to be called again.
fn expected(run: Run) -> Expectations {
    let called = run.messages.with_untracked(|all| {
        all.iter().flat_map(|it| &it.tool_calls).map(|call| call.name.clone()).collect::<Vec<String>>()
    });
    let tools =
        run.session.workspace.with_untracked(|it| it.tools.iter().map(|tool| tool.id.clone()).collect::<Vec<_>>());
    Expectations { calls: tools.into_iter().filter(|id| called.contains(id)).collect(), ..Expectations::default() }
}
