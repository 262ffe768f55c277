//! The workspace's top bar: name, how far the interview is, the way to finish, the menu.

use crate::ui::memo::If;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::web_sys;

use crate::orchestrator::server_fns::SendMessage;
use crate::session::models::Status;
use crate::ui::browser;
use crate::ui::state::OpenSession;
use crate::ui::texts::{plural, t};
use crate::ui::words::{step, steps};

use super::dialogs::finish::words;
use super::dialogs::{Dialog, Dialogs};
use super::icon::{Icon, icon, mark, small};
use super::language_menu::LanguageMenu;
use super::theme::ThemeSwitch;

/// The menu's element.
const MENU: &str = "session-menu";
/// The name's input.
const TITLE: &str = "session-title";

#[component]
pub fn SessionBar(renaming: RwSignal<bool>) -> impl IntoView {
    let session = OpenSession::here();
    let saved =
        move || if session.outbox.with(Vec::is_empty) { t!(session_bar.saved) } else { t!(session_bar.not_saved_yet) };
    view! {
        <header class="bar">
            <a class="mark" href="/" aria-label=t!(session_bar.agentwright_start)>
                {mark()}
                <span class="word">"Agentwright"</span>
            </a>
            <span class="sep"></span>
            <Title renaming=renaming />
            <span class="saved hide-s">{move || saved()}</span>
            <span class="grow"></span>
            <Progress />
            <FinishNow />
            <LanguageMenu />
            <ThemeSwitch />
            <button type="button" class="icon-btn" aria-label=t!(session_bar.menu) title=t!(session_bar.menu) popovertarget=MENU>
                {icon(Icon::ELLIPSIS)}
            </button>
            <Menu renaming=renaming />
        </header>
    }
}

/// The session's name; a click makes it an input.
#[component]
fn Title(renaming: RwSignal<bool>) -> impl IntoView {
    let session = OpenSession::here();
    let title = session.part(|it| it.title.clone());
    let input = NodeRef::<leptos::html::Input>::new();
    let save = move || {
        if let Some(input) = input.get_untracked().filter(|_| renaming.get_untracked()) {
            session.rename(input.value());
            renaming.set(false);
        }
    };
    Effect::new(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
            input.select();
        }
    });
    let on_key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Enter" => save(),
        "Escape" => {
            event.stop_propagation();
            renaming.set(false);
        }
        _ => {}
    };
    move || {
        if renaming.get() {
            return view! {
                <label class="input title-input">
                    <span class="vh">{t!(common.name)}</span>
                    <input
                        id=TITLE
                        node_ref=input
                        prop:value=title.get_untracked()
                        maxlength="120"
                        on:keydown=on_key
                        on:blur:target=move |_| save()
                    />
                </label>
            }
            .into_any();
        }
        view! {
            <h1>
                <button type="button" class="title-edit" title=t!(common.rename) on:click:target=move |_| renaming.set(true)>
                    <span>{title}</span>
                    {small(Icon::PENCIL)}
                </button>
            </h1>
        }
        .into_any()
    }
}

/// The steps, and how many required answers are left.
#[component]
fn Progress() -> impl IntoView {
    let session = OpenSession::here();
    let now = session.part(|it| step(it.progress.stage));
    let done = session.part(|it| it.status == Status::Completed);
    let left = session.part(|it| it.progress.missing_required.len());
    let names = steps().into_iter().enumerate().map(|(at, name)| {
        let class = move || {
            if at < now.get() || done.get() {
                "done"
            } else if at == now.get() {
                "now"
            } else {
                ""
            }
        };
        view! {
            <li class=move || class() aria-current=move || (at == now.get()).then_some("step")>
                <span class="dot"></span>
                {name}
            </li>
        }
    });
    view! {
        <ol class="steps hide-s" aria-label=t!(session_bar.stages)>
            {names.collect_view()}
        </ol>
        <span class="step-short">{move || t!(session_bar.step, n = now.get() + 1)}</span>
        <If when=move || { left.get() > 0 }>
            <span class="left">{left} " " <span class="hide-s">{move || plural!(session_bar.required, left.get())}</span> {move || plural!(session_bar.left, left.get())}</span>
        </If>
    }
}

/// Lists the assumptions first. Without the script it says so in the chat.
#[component]
fn FinishNow() -> impl IntoView {
    let (session, dialogs) = (OpenSession::here(), Dialogs::here());
    let active = session.part(|it| it.status == Status::Active);
    view! {
        <form
            class="finish hide-s"
            method="post"
            action=SendMessage::url()
            hidden=move || !active.get()
            on:submit:target=move |event| {
                event.prevent_default();
                dialogs.open(Dialog::Finish);
            }
        >
            <input type="hidden" name="session_id" value=session.id() />
            <input type="hidden" name="text" value=words() />
            <button class="btn sm" title=t!(session_bar.lists_the_assumptions_first)>
                {words()}
            </button>
        </form>
    }
}

/// Everything that is not needed all the time.
#[component]
fn Menu(renaming: RwSignal<bool>) -> impl IntoView {
    let (session, dialogs) = (OpenSession::here(), Dialogs::here());
    let (can_undo, can_redo) = (session.part(|it| it.can_undo), session.part(|it| it.can_redo));
    let active = session.part(|it| it.status == Status::Active);
    let close = move || browser::close_popover(MENU);
    view! {
        <div class="menu bar-menu" id=MENU popover="auto" on:click:target=move |_| close()>
            <a href="/">{icon(Icon::PLUS)} {t!(common.new_agent)}</a>
            <a href="/history">{icon(Icon::HISTORY)} {t!(common.history)}</a>
            <a href="/settings">{icon(Icon::SETTINGS)} {t!(common.settings)}</a>
            <hr />
            <button type="button" on:click:target=move |_| renaming.set(true)>
                {icon(Icon::PENCIL)} {t!(common.rename)} <kbd>"F2"</kbd>
            </button>
            <button type="button" disabled=move || !can_undo.get() on:click:target=move |_| session.undo()>
                {icon(Icon::UNDO_2)} {t!(common.undo)}
            </button>
            <button type="button" disabled=move || !can_redo.get() on:click:target=move |_| session.redo()>
                {icon(Icon::REDO_2)} {t!(common.redo)}
            </button>
            <button type="button" on:click:target=move |_| dialogs.open(Dialog::Revisions)>
                {icon(Icon::HISTORY)} {t!(common.changes)}
            </button>
            <div class="only-s">
                <button
                    type="button"
                    hidden=move || !active.get()
                    on:click:target=move |_| dialogs.open(Dialog::Finish)
                >
                    {icon(Icon::CHECK_CHECK)} {t!(common.finish_now)}
                </button>
                <button type="button" on:click=|_| browser::switch_theme()>
                    {icon(Icon::SUN)} {t!(common.switch_theme)}
                </button>
            </div>
            <button type="button" on:click:target=move |_| dialogs.open(Dialog::Keys)>
                {icon(Icon::KEYBOARD)} {t!(common.shortcuts)} <kbd>"?"</kbd>
            </button>
            <hr />
            <button type="button" class="danger" on:click:target=move |_| dialogs.open(Dialog::Delete)>
                {icon(Icon::TRASH_2)} {t!(common.delete)}
            </button>
        </div>
    }
}
