//! The interview: what was said, what is asked, and the composer.

mod ask;
mod log;
mod retell;
mod say;
mod spoken;
mod unsent;
mod writing;

use crate::ui::memo::{If, memo};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::orchestrator::schemas::Workspace;
use crate::orchestrator::server_fns::SendMessage;
use crate::session::models::{Role, Status};
use crate::ui::browser;
use crate::ui::components::composer::{Composer, Wording};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::state::OpenSession;
use crate::ui::texts::{plural, t, trouble};

use log::Log;
pub use retell::Retell;

fn wording() -> Wording {
    Wording { label: t!(chat.your_answer), placeholder: t!(chat.answer_or_change), send: t!(common.send), rows: 2 }
}

/// The chat pane.
#[component]
pub fn Chat() -> impl IntoView {
    view! {
        <section class="pane chat" aria-label=t!(common.interview)>
            <div class="pane-head">
                <h2>{t!(common.interview)}</h2>
                <Search />
            </div>
            <Banners />
            <Log />
            <Foot />
        </section>
    }
}

/// The interviewer's name, or the search through what was said.
#[component]
fn Search() -> impl IntoView {
    let session = OpenSession::here();
    let search = session.search;
    let uses_model = session.part(|it| it.uses_model);
    let name = move || if uses_model.get() { t!(chat.interviewer_with_a_model) } else { t!(chat.built_in_interviewer) };
    let is_open = memo(move || search.with(Option::is_some));
    let input = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    move || {
        if !is_open.get() {
            return view! {
                <span class="meta">{move || name()}</span>
                <span class="grow"></span>
                <button
                    type="button"
                    class="icon-btn sm"
                    aria-label=t!(chat.search_messages)
                    title=t!(chat.search_messages)
                    on:click:target=move |_| search.set(Some(String::new()))
                >
                    {icon(Icon::SEARCH)}
                </button>
            }
            .into_any();
        }
        view! {
            <label class="input find">
                <span class="vh">{t!(chat.search_messages)}</span>
                <input
                    node_ref=input
                    type="search"
                    placeholder=t!(chat.search_messages)
                    on:input:target=move |event| search.set(Some(event.target().value()))
                    on:keydown:target=move |event| {
                        if event.key() == "Escape" {
                            event.stop_propagation();
                            search.set(None);
                        }
                    }
                />
            </label>
            <button
                type="button"
                class="icon-btn sm"
                aria-label=t!(chat.close_the_search)
                title=t!(chat.close_the_search)
                on:click:target=move |_| search.set(None)
            >
                {icon(Icon::X)}
            </button>
        }
        .into_any()
    }
}

/// What stands in the way of answering: no connection, a pause, a change that failed.
#[component]
fn Banners() -> impl IntoView {
    let session = OpenSession::here();
    watch_connection(session);
    let paused = session.part(|it| it.status == Status::Abandoned);
    view! {
        <If when=move || !session.online.get()>
            <div class="banner" role="status">
                {icon(Icon::WIFI_OFF)} {t!(chat.offline_your_answer_is)}
            </div>
        </If>
        <If when=move || paused.get()>
            <div class="banner">
                {icon(Icon::INFO)} <span class="grow">{t!(chat.this_interview_rests_everything)}</span>
                <button type="button" class="btn xs" on:click:target=move |_| session.resume()>
                    {t!(common.resume)}
                </button>
            </div>
        </If>
        {move || {
            session
                .trouble
                .get()
                .map(|error| {
                    view! {
                        <div class="banner danger" role="alert">
                            {icon(Icon::CIRCLE_ALERT)} <span class="grow">{trouble(&error)}</span>
                            <button type="button" class="btn xs" on:click:target=move |_| session.trouble.set(None)>
                                {t!(common.close)}
                            </button>
                        </div>
                    }
                })
        }}
    }
}

/// Follows whether the browser is online; what waited goes out when it is again.
fn watch_connection(session: OpenSession) {
    Effect::new(move || {
        session.online.set(browser::is_online());
        session.recall();
    });
    browser::on_window(leptos::ev::offline, move |_| session.online.set(false));
    browser::on_window(leptos::ev::online, move |_| {
        session.online.set(true);
        session.pump();
    });
}

/// The composer, or what to do next once the interview is done.
#[component]
fn Foot() -> impl IntoView {
    let session = OpenSession::here();
    let completed = session.part(|it| it.status == Status::Completed);
    move || if completed.get() { view! { <Completed /> }.into_any() } else { view! { <Answer /> }.into_any() }
}

#[component]
fn Answer() -> impl IntoView {
    let session = OpenSession::here();
    let is_writing = memo(move || session.writing.with(Option::is_some));
    let on_recall = Callback::new(move |()| {
        if let Some(text) = session.workspace.with_untracked(last_said) {
            session.propose(&text);
        }
    });
    view! {
        <div class="composer-wrap">
            <Composer
                wording=wording()
                action=SendMessage::url()
                draft=session.draft
                store=session.key("draft")
                session=session.id()
                refused=session.refused
                running=is_writing
                on_stop=Callback::new(move |()| session.stop())
                on_send=Callback::new(move |()| session.send_draft())
                on_recall=on_recall
            >
                <span class="hint" hidden=move || !is_writing.get()>
                    <kbd>"Esc"</kbd>
                    {t!(chat.stop)}
                </span>
                <span class="hint" hidden=is_writing>
                    <kbd>"↵"</kbd>
                    {t!(chat.send)}
                </span>
                <span class="hint" hidden=is_writing>
                    <kbd>"⇧"</kbd>
                    <kbd>"↵"</kbd>
                    {t!(common.new_line)}
                </span>
                <span class="hint up" hidden=is_writing>
                    <kbd>"↑"</kbd>
                    {t!(chat.edit_last)}
                </span>
            </Composer>
        </div>
    }
}

/// The user's last message.
fn last_said(workspace: &Workspace) -> Option<String> {
    let said = workspace.messages.iter().rev().find(|it| it.role == Role::User)?;
    Some(said.content.clone())
}

/// The interview is done: take the files along, or go on changing.
#[component]
fn Completed() -> impl IntoView {
    let session = OpenSession::here();
    let files = format!("/s/{}/download?format=zip", session.id());
    let steps = session.part(|it| it.graph.nodes.len());
    view! {
        <div class="composer-wrap">
            <div class="finished">
                <p class="finished-line">{icon(Icon::CHECK)} {move || plural!(chat.done, steps.get())}</p>
                <div class="finished-acts">
                    <a class="btn primary" href=files download="">
                        {icon(Icon::DOWNLOAD)} {t!(chat.download_the_bundle)}
                    </a>
                    <button type="button" class="btn" on:click:target=move |_| session.reopen()>
                        {t!(chat.reopen)}
                    </button>
                    <a class="btn" href="/">
                        {t!(common.new_agent)}
                    </a>
                </div>
            </div>
        </div>
    }
}
