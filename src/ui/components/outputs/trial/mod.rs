//! Trying the agent beside its diagram: a walk through the workflow, a talk with it on the configured model, and the
//! runs that were kept as tests.

mod call;
mod keep;
mod run;
mod talk;
mod tests;
mod walk;

use leptos::prelude::*;

use crate::error::AppError;
use crate::ui::components::primitives::{Banner, BannerTone};
use crate::ui::light::Chosen;
use crate::ui::state::OpenSession;
use crate::ui::texts::{t, trouble};

use talk::Talk;
use tests::Tests;
use walk::Walk;

/// How the agent is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Walk,
    Talk,
    Tests,
}

impl Way {
    fn label(self) -> &'static str {
        match self {
            Way::Walk => t!(common.walk),
            Way::Talk => t!(outputs_trial.talk),
            Way::Tests => t!(common.tests),
        }
    }
}

#[component]
pub fn Trial() -> impl IntoView {
    let session = OpenSession::here();
    let uses_model = session.workspace.with_untracked(|it| it.uses_model);
    let way = RwSignal::new(if uses_model { Way::Talk } else { Way::Walk });
    on_cleanup(move || drop(session.light.chosen.try_set(None)));
    let choice = move |of: Way| {
        view! {
            <button type="button" aria-pressed=move || (way.get() == of).to_string() on:click:target=move |_| way.set(of)>
                {of.label()}
            </button>
        }
    };
    let ways = if uses_model { vec![Way::Talk, Way::Walk, Way::Tests] } else { vec![Way::Walk, Way::Tests] };
    view! {
        <section class="trial" aria-label=t!(common.try_the_agent)>
            <div class="sub-head">
                <div class="seg" role="group" aria-label=t!(outputs_trial.how_to_try_it)>
                    {ways.into_iter().map(choice).collect_view()}
                </div>
            </div>
            {move || match way.get() {
                Way::Walk => view! { <Walk /> }.into_any(),
                Way::Talk => view! { <Talk /> }.into_any(),
                Way::Tests => view! { <Tests /> }.into_any(),
            }}
            <noscript>
                <p class="meta">{t!(outputs_trial.trying_the_agent_needs)}</p>
            </noscript>
        </section>
    }
}

/// Lights the step that a run is at.
fn light_step(session: OpenSession, node: Option<String>) {
    if let Some(node) = node {
        session.see(&node);
        session.light.choose(Chosen::Node(node));
    }
}

/// What failed last.
#[component]
fn Trouble(error: RwSignal<Option<AppError>>) -> impl IntoView {
    move || {
        error.get().map(|error| {
            view! {
                <Banner tone=BannerTone::Failure>{trouble(&error)}</Banner>
            }
        })
    }
}
