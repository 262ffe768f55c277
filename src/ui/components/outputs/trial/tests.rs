//! The agent's tests: those that follow from its description, and runs that were kept. A model plays them where there is
//! one.

use crate::ui::load::load;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::bundle::models::AcceptanceTest;
use crate::error::AppError;
use crate::orchestrator::own_tests::models::{TestRun, TestsAnswer};
use crate::orchestrator::server_fns::{delete_test, list_tests, run_test};
use crate::ui::components::icon::{Icon, drawn, small};
use crate::ui::components::skeleton::{Lines, LoadFailed};
use crate::ui::state::OpenSession;
use crate::ui::texts::t;

use super::{Trouble, light_step};

#[component]
pub fn Tests() -> impl IntoView {
    let session = OpenSession::here();
    let version = session.part(|it| it.version);
    let tests = load(move || version.get(), move |_| list_tests(session.id()));
    let on_retry = Callback::new(move |()| tests.refetch());
    view! {
        <div class="run" tabindex="0" role="group" aria-label=t!(common.tests)>
            <Transition fallback=|| view! { <Lines count=6 /> }>
                {move || Suspend::new(async move {
                    match tests.await {
                        Ok(tests) => listed(tests).into_any(),
                        Err(error) => view! { <LoadFailed error=error on_retry=on_retry /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

fn listed(answer: TestsAnswer) -> impl IntoView {
    let TestsAnswer { tests, can_run } = answer;
    view! {
        {(!can_run).then(|| view! { <p class="meta">{t!(outputs_trial_tests.they_are_in_the)}</p> })}
        {tests.into_iter().map(|test| view! { <Test test=test can_run=can_run /> }).collect_view()}
    }
}

#[component]
fn Test(test: AcceptanceTest, can_run: bool) -> impl IntoView {
    let session = OpenSession::here();
    let (busy, played, error) = (RwSignal::new(false), RwSignal::new(None::<TestRun>), RwSignal::new(None::<AppError>));
    let is_own = test.field.is_none();
    let (runs, deletes) = (test.name.clone(), test.name.clone());
    let play = move || {
        let name = runs.clone();
        busy.set(true);
        spawn_local(async move {
            let outcome = run_test(session.id(), name, None).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(run) => {
                    light_step(session, run.path.last().cloned());
                    played.set(Some(run));
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    let remove = move || {
        let name = deletes.clone();
        spawn_local(async move {
            match delete_test(session.id(), name).await {
                Ok(workspace) => session.take(workspace),
                Err(failed) => drop(error.try_set(Some(failed))),
            }
        });
    };
    view! {
        <article class="test">
            <header>
                <h3>{test.name.replace('_', " ")}</h3>
                {can_run
                    .then(|| {
                        view! {
                            <button type="button" class="btn xs" disabled=busy on:click:target=move |_| play()>
                                {move || busy.get().then(|| drawn(Icon::LOADER_CIRCLE, "i s spin"))}
                                {t!(outputs_trial_tests.play)}
                            </button>
                        }
                    })}
                {is_own
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="icon-btn sm"
                                aria-label=t!(common.delete_what, what = test.name.replace('_', " "))
                                title=t!(common.delete)
                                on:click:target=move |_| remove()
                            >
                                {small(Icon::TRASH_2)}
                            </button>
                        }
                    })}
            </header>
            <p class="words">{t!(common.quoted, text = test.user_says)}</p>
            <p class="does">{test.expects}</p>
            <Trouble error=error />
            {move || played.get().map(result)}
        </article>
    }
}

/// How it went, check by check.
fn result(run: TestRun) -> impl IntoView {
    let TestRun { passed, checks, note, .. } = run;
    let summary = match passed {
        Some(true) => t!(outputs_trial_tests.passed),
        Some(false) => t!(outputs_trial_tests.failed),
        None => t!(outputs_trial_tests.a_person_has_to),
    };
    let checks = checks.into_iter().map(|check| {
        let glyph = if check.passed { Icon::CHECK } else { Icon::X };
        view! { <li class:bad=!check.passed>{small(glyph)} <span>{check.check} ": " {check.because}</span></li> }
    });
    view! {
        <div class="test-result" role="status">
            <b class:bad=passed == Some(false)>{summary}</b>
            <ul>{checks.collect_view()}</ul>
            {note.map(|note| view! { <p class="meta">{note}</p> })}
        </div>
    }
}
