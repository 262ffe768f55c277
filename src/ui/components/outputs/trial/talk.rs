//! A talk with the agent on the configured model. Tools are not called: what they would answer is written here.

use crate::ui::memo::If;
use leptos::prelude::*;

use crate::bundle::own_tests::{RunMessage, RunRole};
use crate::orchestrator::preview::models::PreviewCall;
use crate::ui::components::icon::{Icon, drawn, icon, small};
use crate::ui::state::OpenSession;
use crate::ui::texts::t;

use super::Trouble;
use super::call::{Call, pretty};
use super::keep::Keep;
use super::run::Run;

#[component]
pub fn Talk() -> impl IntoView {
    let run = Run::new(OpenSession::here());
    Effect::new(move || run.go_on());
    let said = move || run.messages.with(|all| (0..all.len()).collect::<Vec<usize>>());
    view! {
        <div class="run" tabindex="0" role="log" aria-label=t!(outputs_trial_talk.talk_with_the_agent)>
            <For
                each=said
                key=|at| *at
                children=move |at| run.messages.with_untracked(|all| all.get(at).cloned()).map(message)
            />
            {move || (!run.calls.with(Vec::is_empty)).then(|| view! { <Answers run=run calls=run.calls.get() /> })}
            <If when=move || run.busy.get()>
                <p class="got sending">{drawn(Icon::LOADER_CIRCLE, "i s spin")} {t!(outputs_trial_talk.the_agent_answers)}</p>
            </If>
            {move || run.note.get().map(|note| view! { <p class="got">{small(Icon::INFO)} " " {note}</p> })}
            <Trouble error=run.error />
            <If when=move || run.error.with(Option::is_some)>
                <p>
                    <button type="button" class="btn sm" on:click:target=move |_| run.go_on()>
                        {t!(common.try_again)}
                    </button>
                </p>
            </If>
            <div class="run-end"></div>
        </div>
        <Foot run=run />
    }
}

fn message(said: RunMessage) -> AnyView {
    match said.role {
        RunRole::User => {
            view! { <div class="me"><span class="vh">{t!(common.you)}</span>{said.content}</div> }.into_any()
        }
        RunRole::Assistant => {
            let words = (!said.content.is_empty()).then(|| view! { <p class="words">{said.content}</p> });
            let calls = said.tool_calls.into_iter().map(|call| {
                view! { <Call name=call.name arguments=call.arguments>""</Call> }
            });
            view! { <div>{words} {calls.collect_view()}</div> }.into_any()
        }
        RunRole::Tool => view! { <pre class="result" tabindex="0">{said.content}</pre> }.into_any(),
    }
}

/// What the tools answer, to be changed before it goes back.
#[component]
fn Answers(run: Run, calls: Vec<PreviewCall>) -> impl IntoView {
    let texts: Vec<RwSignal<String>> = calls.iter().map(|call| RwSignal::new(pretty(&call.simulated))).collect();
    let fields = calls.into_iter().zip(texts.clone()).map(|(call, text)| {
        let rows = text.with_untracked(|text| text.lines().count().clamp(2, 8));
        view! {
            {call.problem.map(|problem| view! { <p class="err">{problem}</p> })}
            <label class="input area">
                <span class="vh">{t!(outputs_trial_talk.answers, tool = call.name)}</span>
                <textarea
                    rows=rows
                    spellcheck="false"
                    prop:value=text
                    on:input:target=move |event| text.set(event.target().value())
                ></textarea>
            </label>
        }
    });
    view! {
        <div class="answers">
            <p class="meta">{t!(outputs_trial_talk.nothing_is_called_the)}</p>
            {fields.collect_view()}
            <button
                type="button"
                class="btn sm"
                on:click:target=move |_| run.answer(texts.iter().map(|text| text.get_untracked()).collect())
            >
                {t!(outputs_trial_talk.give_back)}
            </button>
        </div>
    }
}

/// What the caller says next.
#[component]
fn Foot(run: Run) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let waits = move || run.busy.get() || !run.calls.with(Vec::is_empty);
    let say = move || {
        let words = text.get_untracked().trim().to_owned();
        if !words.is_empty() && !run.busy.get_untracked() && run.calls.with_untracked(Vec::is_empty) {
            text.set(String::new());
            run.say(words);
        }
    };
    view! {
        <form
            class="run-foot"
            on:submit:target=move |event| {
                event.prevent_default();
                say();
            }
        >
            <label class="input">
                <span class="vh">{t!(outputs_trial_talk.what_the_caller_says)}</span>
                <input
                    placeholder=t!(outputs_trial_talk.say_something_to_the)
                    maxlength="8000"
                    prop:value=text
                    on:input:target=move |event| text.set(event.target().value())
                />
            </label>
            <button class="send" aria-label=t!(outputs_trial_talk.say_it) prop:disabled=waits>
                {icon(Icon::ARROW_UP)}
            </button>
            <p class="run-acts">
                <button type="button" class="text-btn" on:click:target=move |_| run.restart()>
                    {t!(common.start_again)}
                </button>
                <Keep run=run />
            </p>
        </form>
    }
}
