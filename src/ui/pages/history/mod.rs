//! The history: every interview of this browser, to search, rename, take up again or delete.

mod row;
mod shelf;
mod tools;

use crate::ui::load::load;
use crate::ui::memo::memo;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::orchestrator::schemas::SessionSummary;
use crate::orchestrator::server_fns::list_sessions;
use crate::ui::components::primitives::{Banner, BannerTone, Toast};
use crate::ui::components::site_bar::SiteBar;
use crate::ui::components::skeleton::{Lines, LoadFailed};
use crate::ui::texts::{t, trouble};
use crate::ui::words::Group;

use row::Row;
use shelf::Shelf;
use tools::{Groups, Search};

#[component]
pub fn HistoryPage() -> impl IntoView {
    let query = use_query_map();
    let asked = move || query.with_untracked(|it| it.get_str("q").unwrap_or_default().to_owned());
    let sessions = load(|| (), move |()| list_sessions(asked(), None));
    let on_retry = Callback::new(move |()| sessions.refetch());
    view! {
        <Title text=t!(history.history_agentwright) />
        <div class="screen">
            <SiteBar />
            <main class="hist" id="main">
                <h1>{t!(common.history)}</h1>
                <Suspense fallback=|| view! { <Lines count=8 /> }>
                    {move || Suspend::new(async move {
                        match sessions.await {
                            Ok(sessions) => view! { <Sessions sessions=sessions words=asked() /> }.into_any(),
                            Err(error) => view! { <LoadFailed error=error on_retry=on_retry /> }.into_any(),
                        }
                    })}
                </Suspense>
            </main>
        </div>
    }
}

/// What was found at first; searching goes on from here.
#[component]
fn Sessions(sessions: Vec<SessionSummary>, words: String) -> impl IntoView {
    let query = use_query_map();
    let group = query.with_untracked(|it| it.get_str("status").and_then(Group::parse));
    let shelf = Shelf::new(sessions, words, group);
    on_cleanup(move || shelf.settle());
    let rows = memo(move || shelf.rows());
    view! {
        <div class="hist-tools">
            <Search shelf=shelf />
            <Groups shelf=shelf />
        </div>
        {move || {
            shelf
                .trouble
                .get()
                .map(|error| {
                    view! {
                        <Banner tone=BannerTone::Failure>{trouble(&error)}</Banner>
                    }
                })
        }}
        <Show when=move || !rows.with(Vec::is_empty) fallback=move || view! { <Nothing shelf=shelf /> }>
            <div class="tbl" role="table" aria-label=t!(history.interviews)>
                <div role="rowgroup">
                    <div class="tr-h" role="row">
                        {[t!(history.session), t!(history.stage), t!(common.fields), t!(history.changed)]
                            .map(|name| view! { <span role="columnheader">{name}</span> })
                            .into_iter()
                            .collect_view()}
                        <span role="columnheader">
                            <span class="vh">{t!(history.actions)}</span>
                        </span>
                    </div>
                </div>
                <div role="rowgroup">
                    <For
                        each=move || rows.get()
                        key=|session| (session.id.clone(), session.title.clone(), session.updated_ms)
                        children=move |session| view! { <Row session=session shelf=shelf /> }
                    />
                </div>
            </div>
        </Show>
        <Deleted shelf=shelf />
    }
}

/// Why the list is empty, and the way on.
#[component]
fn Nothing(shelf: Shelf) -> impl IntoView {
    let text = move || {
        let words = shelf.words.get();
        match (words.trim(), shelf.group.get()) {
            ("", None) => t!(history.no_interviews_yet).to_owned(),
            ("", Some(group)) => group.none().to_owned(),
            (words, _) => t!(history.none_says, words = words),
        }
    };
    let is_first = move || shelf.words.with(|words| words.trim().is_empty()) && shelf.group.get().is_none();
    view! {
        <div class="empty">
            <p>{move || text()}</p>
            <Show
                when=move || is_first()
                fallback=move || {
                    view! {
                        <button type="button" class="btn sm" on:click:target=move |_| shelf.clear()>
                            {t!(history.clear_search)}
                        </button>
                    }
                }
            >
                <a class="btn primary" href="/">
                    {t!(common.describe_an_agent)}
                </a>
            </Show>
        </div>
    }
}

/// What was deleted last, with the way back. Stays while the pointer or the focus is on it.
#[component]
fn Deleted(shelf: Shelf) -> impl IntoView {
    view! {
        <div role="status">
            {move || {
                shelf
                    .last
                    .get()
                    .map(|session| {
                        view! {
                            <Toast
                                on:mouseenter=move |_| shelf.hold()
                                on:mouseleave=move |_| shelf.wait()
                                on:focusin=move |_| shelf.hold()
                                on:focusout=move |_| shelf.wait()
                            >
                                <span>{t!(history.deleted, title = session.title)}</span>
                                <button type="button" class="text-btn" on:click:target=move |_| shelf.undo()>
                                    {t!(common.undo)}
                                </button>
                            </Toast>
                        }
                    })
            }}
        </div>
    }
}
