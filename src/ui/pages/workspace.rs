//! The workspace: chat, fields and outputs of one interview, in step with each other.

use crate::ui::load::load;
use crate::ui::memo::{If, memo};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

use crate::error::AppError;
use crate::orchestrator::schemas::Workspace;
use crate::orchestrator::server_fns::load_workspace;
use crate::ui::components::chat::Chat;
use crate::ui::components::composer;
use crate::ui::components::dialogs::palette::Command;
use crate::ui::components::dialogs::{Dialog, Dialogs, OpenDialog};
use crate::ui::components::fields::Fields;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::outputs::Outputs;
use crate::ui::components::session_bar::SessionBar;
use crate::ui::components::site_bar::SiteBar;
use crate::ui::components::skeleton::{Lines, LoadFailed};
use crate::ui::pane::{Pane, current_pane};
use crate::ui::state::OpenSession;
use crate::ui::texts::t;
use crate::ui::{browser, host};

use super::not_found::NotFound;

#[component]
pub fn WorkspacePage() -> impl IntoView {
    let params = use_params_map();
    let id = memo(move || params.with(|params| params.get_str("id").unwrap_or_default().to_owned()));
    let workspace = load(move || id.get(), load_workspace);
    let on_retry = Callback::new(move |()| workspace.refetch());
    view! {
        <Suspense fallback=Loading>
            {move || {
                let loaded = workspace.into_future();
                Suspend::new(async move {
                    host::only_drawn().await;
                    match loaded.await {
                        Ok(workspace) => view! { <Open workspace=workspace /> }.into_any(),
                        Err(AppError::NotFound | AppError::Invalid { .. } | AppError::InvalidFields { .. }) => {
                            view! { <NotFound what=t!(workspace.there_is_no_such) /> }.into_any()
                        }
                        Err(error) => view! { <Failed error=error on_retry=on_retry /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// The interview, loaded.
#[component]
fn Open(workspace: Workspace) -> impl IntoView {
    let session = OpenSession::new(workspace);
    provide_context(session);
    let pane = current_pane();
    // Beside chat and fields the outputs keep showing what they showed.
    let shown = Memo::new(move |before: Option<&Pane>| match (pane.get(), before) {
        (pane, _) if pane.is_output() => pane,
        (_, Some(before)) => *before,
        (_, None) => Pane::Diagram,
    });
    let renaming = RwSignal::new(false);
    browser::on_window(leptos::ev::keydown, move |event| match event.key().as_str() {
        "Escape" if !browser::dialog_is_open() => {
            session.stop();
            session.light.clear();
        }
        "F2" => renaming.set(true),
        // In a text these keys belong to the text.
        key if (event.ctrl_key() || event.meta_key()) && !browser::is_typing() && !browser::dialog_is_open() => {
            match (key.to_ascii_lowercase().as_str(), event.shift_key()) {
                ("z", false) => session.undo(),
                ("z", true) | ("y", _) => session.redo(),
                _ => return,
            }
            event.prevent_default();
        }
        _ => {}
    });
    // What belongs to what is selected is brought into sight in every pane, and in one that is shown later.
    Effect::new(move || {
        pane.track();
        if session.light.chosen.with(Option::is_some) {
            [".turn.at", ".field.at", ".pl-row.at"].into_iter().for_each(browser::reveal);
        }
    });
    let dialogs = Dialogs::provide();
    dialogs.offer(commands(session, dialogs, renaming));
    let title = session.part(|it| host::title(format!("{} · Agentwright", it.title)));
    let first = title.get_untracked();
    // The server may ask for it when what was drawn is gone already.
    let title = move || title.try_get().unwrap_or_else(|| first.clone());
    view! {
        <Title text=title />
        <div class="ws" data-pane=move || pane.get().id()>
            <SessionBar renaming=renaming />
            <main class="panes" id="main">
                <Chat />
                <Fields />
                <Outputs shown=shown />
            </main>
            <PaneBar pane=pane />
        </div>
        <OpenDialog />
    }
}

/// What the palette offers here.
fn commands(session: OpenSession, dialogs: Dialogs, renaming: RwSignal<bool>) -> Vec<Command> {
    let navigate = use_navigate();
    let show = move |pane: Pane| {
        let navigate = navigate.clone();
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        move || navigate(&format!("/s/{}{}", session.id(), pane.href()), options.clone())
    };
    vec![
        Command::new(t!(common.answer), "", || browser::focus(composer::INPUT)),
        Command::new(t!(workspace.show_the_diagram), "", show(Pane::Diagram)),
        Command::new(t!(workspace.show_the_prompt), "", show(Pane::Prompt)),
        Command::new(t!(workspace.show_the_tools), "", show(Pane::Tools)),
        Command::new(t!(common.try_the_agent), "", show(Pane::Try)),
        Command::new(t!(workspace.show_the_bundle), "", show(Pane::Bundle)),
        Command::new(t!(common.finish_now), "", move || dialogs.open(Dialog::Finish)),
        Command::new(t!(common.undo), "Ctrl Z", move || session.undo()),
        Command::new(t!(common.redo), "Ctrl ⇧ Z", move || session.redo()),
        Command::new(t!(workspace.show_all_changes), "", move || dialogs.open(Dialog::Revisions)),
        Command::new(t!(common.rename), "F2", move || renaming.set(true)),
        Command::new(t!(workspace.delete_this_interview), "", move || dialogs.open(Dialog::Delete)),
    ]
}

/// The panes as tabs at the bottom of a phone.
#[component]
fn PaneBar(pane: Memo<Pane>) -> impl IntoView {
    let session = OpenSession::here();
    let left = session.part(|it| it.progress.missing_required.len());
    let tab = move |of: Pane, glyph: Icon| {
        // Prompt, tools and try are tabs inside the diagram's pane.
        let is_current = move || match pane.get() {
            Pane::Prompt | Pane::Tools | Pane::Try => of == Pane::Diagram,
            pane => pane == of,
        };
        let badge = (of == Pane::Fields).then(|| {
            view! {
                <If when=move || { left.get() > 0 }>
                    <span class="n">{left}</span>
                </If>
            }
        });
        view! {
            <a href=of.href() data-noscroll aria-current=move || is_current().then_some("page")>
                {icon(glyph)}
                {of.label()}
                {badge}
            </a>
        }
    };
    view! {
        <nav class="tabbar" aria-label=t!(workspace.panes)>
            {tab(Pane::Chat, Icon::MESSAGES_SQUARE)}
            {tab(Pane::Fields, Icon::LIST_CHECKS)}
            {tab(Pane::Diagram, Icon::WORKFLOW)}
            {tab(Pane::Bundle, Icon::PACKAGE)}
        </nav>
    }
}

/// The shape of what is coming.
#[component]
fn Loading() -> impl IntoView {
    view! {
        <div class="ws" data-pane="chat" aria-busy="true">
            <header class="bar">
                <a class="mark" href="/">
                    {crate::ui::components::icon::mark()}
                    <span class="word">"Agentwright"</span>
                </a>
            </header>
            <main class="panes" id="main">
                <section class="pane chat" aria-label=t!(common.interview)>
                    <div class="pane-head"></div>
                    <Lines count=5 />
                </section>
                <section class="pane rail" aria-label=t!(common.fields)>
                    <div class="pane-head"></div>
                    <Lines count=8 />
                </section>
                <section class="pane out" aria-label=t!(common.outputs)>
                    <div class="pane-head"></div>
                    <div class="canvas"></div>
                </section>
            </main>
        </div>
    }
}

#[component]
fn Failed(error: AppError, on_retry: Callback<()>) -> impl IntoView {
    crate::ui::host::answer_status(error.status());
    view! {
        <div class="screen">
            <SiteBar />
            <main class="hist" id="main">
                <h1>{t!(workspace.this_interview_could_not)}</h1>
                <LoadFailed error=error on_retry=on_retry />
            </main>
        </div>
    }
}
