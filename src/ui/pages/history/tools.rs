//! Search and filter of the history. Without the script the search is a plain form and the filters are links.

use crate::ui::memo::memo;
use leptos::prelude::*;

use crate::ui::browser;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::texts::t;
use crate::ui::words::Group;

use super::shelf::Shelf;

/// The search field's id.
const SEARCH: &str = "history-search";

#[component]
pub fn Search(shelf: Shelf) -> impl IntoView {
    browser::on_window(leptos::ev::keydown, |event| {
        if event.key() == "/" && !browser::is_typing() && !browser::dialog_is_open() {
            event.prevent_default();
            browser::focus(SEARCH);
        }
    });
    let first = shelf.words.get_untracked();
    view! {
        <form class="search" role="search" method="get" action="/history" on:submit=|event| event.prevent_default()>
            <label class="input">
                {icon(Icon::SEARCH)} <span class="vh">{t!(history_tools.search)}</span>
                <input
                    id=SEARCH
                    name="q"
                    type="search"
                    autocomplete="off"
                    placeholder=t!(history_tools.search_names_goals_words)
                    value=first
                    prop:value=shelf.words
                    on:input:target=move |event| shelf.search(event.target().value())
                /> <kbd>"/"</kbd>
            </label>
        </form>
    }
}

#[component]
pub fn Groups(shelf: Shelf) -> impl IntoView {
    let choice = move |group: Option<Group>| {
        let name = group.map_or_else(|| t!(history_tools.all), Group::label);
        let href = group.map_or_else(|| "/history".to_owned(), |group| format!("/history?status={}", group.id()));
        let count = memo(move || shelf.count(group));
        // Few interviews ever rest: their filter comes with the first.
        let is_needless = move || group == Some(Group::Paused) && count.get() == 0;
        view! {
            <a
                href=href
                rel="external"
                hidden=move || is_needless()
                aria-current=move || (shelf.group.get() == group).then_some("true")
                on:click:target=move |event| {
                    event.prevent_default();
                    shelf.group.set(group);
                }
            >
                {name}
                " "
                {count}
            </a>
        }
    };
    view! {
        <nav class="seg" aria-label=t!(history_tools.status)>
            {choice(None)} {Group::ALL.map(|group| choice(Some(group))).into_iter().collect_view()}
        </nav>
    }
}
