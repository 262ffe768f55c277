//! A walk through the workflow, step by step: what is said, what is asked, what is called, and which way to go on.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::orchestrator::preview::models::{WalkAnswer, WalkChoice};
use crate::orchestrator::server_fns::walk_step;
use crate::ui::browser;
use crate::ui::components::diagram::icon_of;
use crate::ui::components::icon::small;
use crate::ui::state::OpenSession;
use crate::ui::texts::t;

use super::call::{Call, pretty};
use super::{Trouble, light_step};

/// Where the walk came by, and where it is.
#[derive(Clone, Copy)]
struct Path {
    session: OpenSession,
    steps: RwSignal<Vec<WalkAnswer>>,
    error: RwSignal<Option<AppError>>,
}

impl Path {
    /// Goes to a step; to the start for `None`.
    fn go(self, to: Option<String>) {
        spawn_local(async move {
            match walk_step(self.session.id(), to).await {
                Ok(step) => {
                    let node = step.node.clone();
                    if self.steps.try_update(|steps| steps.push(step)).is_some() {
                        self.error.set(None);
                        self.at(node);
                    }
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }

    fn back(self) {
        self.steps.update(|steps| drop(steps.pop()));
        if let Some(node) = self.steps.with_untracked(|steps| steps.last().map(|step| step.node.clone())) {
            self.at(node);
        }
    }

    fn restart(self) {
        self.steps.set(Vec::new());
        self.go(None);
    }

    fn at(self, node: String) {
        light_step(self.session, Some(node));
        browser::reveal(".ways-on");
    }
}

#[component]
pub fn Walk() -> impl IntoView {
    let session = OpenSession::here();
    let path = Path { session, steps: RwSignal::new(Vec::new()), error: RwSignal::new(None) };
    Effect::new(move || path.go(None));
    let passed = move || path.steps.with(|steps| (0..steps.len()).collect::<Vec<usize>>());
    view! {
        <div class="run" tabindex="0" role="log" aria-label=t!(common.walk)>
            <For
                each=passed
                key=|at| *at
                children=move |at| path.steps.with_untracked(|steps| steps.get(at).cloned()).map(drawn)
            />
            <Trouble error=path.error />
            {move || path.steps.with(|steps| steps.last().map(|step| step.choices.clone())).map(|choices| ways_on(path, choices))}
        </div>
    }
}

fn drawn(step: WalkAnswer) -> impl IntoView {
    let words = step.says.map(|words| view! { <p class="words">{t!(common.quoted, text = words)}</p> }.into_any());
    let words = words.unwrap_or_else(|| view! { <p class="does">{step.description}</p> }.into_any());
    let asks = (!step.asks_for.is_empty())
        .then(|| view! { <p class="meta">{t!(outputs_trial_walk.asks_for, what = step.asks_for.join(", ").replace('_', " "))}</p> });
    let call = step.tool_call.map(|call| {
        view! {
            <Call name=call.name arguments=call.arguments>
                <p class="meta">{t!(outputs_trial_walk.it_might_answer)}</p>
                <pre tabindex="0">{pretty(&call.simulated)}</pre>
            </Call>
        }
    });
    view! {
        <div class="walked">
            <h3>{small(icon_of(step.kind, false))} {step.label}</h3>
            {words}
            {asks}
            {call}
        </div>
    }
}

/// The ways from the last step; at an end, back to the beginning.
fn ways_on(path: Path, choices: Vec<WalkChoice>) -> impl IntoView {
    let is_end = choices.is_empty();
    let chips = choices.into_iter().map(|choice| {
        let WalkChoice { label, condition, target, target_label, is_failure } = choice;
        let text = label
            .filter(|label| !label.is_empty())
            .unwrap_or_else(|| t!(outputs_trial_walk.on_to, step = target_label));
        view! {
            <button
                type="button"
                class="chip"
                class:soft=is_failure
                title=condition
                on:click:target=move |_| path.go(Some(target.clone()))
            >
                {text}
            </button>
        }
    });
    let moved = move || path.steps.with(Vec::len) > 1;
    view! {
        <div class="ways-on">
            {is_end.then(|| view! { <p class="meta">{t!(outputs_trial_walk.the_conversation_ends_here)}</p> })}
            <div class="chips tight" role="group" aria-label=t!(outputs_trial_walk.ways_on)>
                {chips.collect_view()}
            </div>
            <p class="run-acts" hidden=move || !moved()>
                <button type="button" class="text-btn" on:click:target=move |_| path.back()>
                    {t!(outputs_trial_walk.step_back)}
                </button>
                <button type="button" class="text-btn" on:click:target=move |_| path.restart()>
                    {t!(common.start_again)}
                </button>
            </p>
        </div>
    }
}
