//! One interview in the list: open it, rename it in place, take it up again, delete it.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::intent::models::FieldId;
use crate::orchestrator::schemas::SessionSummary;
use crate::ui::components::drop::Drop;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::when::When;
use crate::ui::texts::t;
use crate::ui::words::{Group, stage_name};

use super::shelf::Shelf;

#[component]
pub fn Row(session: SessionSummary, shelf: Shelf) -> impl IntoView {
    let renaming = RwSignal::new(false);
    let group = Group::of(&session);
    let known = t!(common.of, n = session.fields_known, all = FieldId::ALL.len());
    let (named, shown) = (session.clone(), session.clone());
    let name = move || {
        if renaming.get() {
            view! { <Rename session=named.clone() shelf=shelf renaming=renaming /> }.into_any()
        } else {
            view! {
                <p class="t">
                    <a href=format!("/s/{}", shown.id)>{shown.title.clone()}</a>
                </p>
                <p class="d">{shown.description.clone()}</p>
            }
            .into_any()
        }
    };
    view! {
        <div class="tr-r" role="row">
            <div class="ed" role="cell">
                {move || name()}
            </div>
            <span class=group.class() role="cell">
                {stage_name(&session)}
            </span>
            <span class="f num" role="cell">
                {known}
            </span>
            <span class="u num" role="cell">
                <When ms=session.updated_ms />
            </span>
            <div class="acts" role="cell">
                <Actions session=session shelf=shelf renaming=renaming />
            </div>
        </div>
    }
}

#[component]
fn Actions(session: SessionSummary, shelf: Shelf, renaming: RwSignal<bool>) -> impl IntoView {
    let paused = Group::of(&session) == Group::Paused;
    let navigate = use_navigate();
    let (resumed, title) = (session.id.clone(), session.title.clone());
    let resume = move |_| {
        let (navigate, to) = (navigate.clone(), format!("/s/{resumed}"));
        shelf.resume(resumed.clone(), move || navigate(&to, Default::default()));
    };
    let (renamed, removed) = (move |_| renaming.set(true), session.clone());
    view! {
        <div class="only-s">
            <Drop class="icon-btn" label=t!(history_row.more) button=ViewFn::from(|| icon(Icon::ELLIPSIS))>
                <button type="button" on:click:target=renamed>
                    {icon(Icon::PENCIL)}
                    {t!(common.rename)}
                </button>
                <button type="button" class="danger" on:click:target=move |_| shelf.delete(removed.clone())>
                    {icon(Icon::TRASH_2)}
                    {t!(common.delete)}
                </button>
            </Drop>
        </div>
        {paused
            .then(|| {
                view! {
                    <button type="button" class="icon-btn" aria-label=t!(history_row.resume_what, what = title) title=t!(common.resume) on:click:target=resume>
                        {icon(Icon::PLAY)}
                    </button>
                }
            })}
        <button
            type="button"
            class="icon-btn"
            aria-label=t!(history_row.rename_what, what = session.title)
            title=t!(common.rename)
            on:click:target=move |_| renaming.set(true)
        >
            {icon(Icon::PENCIL)}
        </button>
        <button
            type="button"
            class="icon-btn"
            aria-label=t!(common.delete_what, what = session.title)
            title=t!(common.delete)
            on:click:target=move |_| shelf.delete(session.clone())
        >
            {icon(Icon::TRASH_2)}
        </button>
    }
}

/// The name as an input.
#[component]
fn Rename(session: SessionSummary, shelf: Shelf, renaming: RwSignal<bool>) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
            input.select();
        }
    });
    let id = session.id.clone();
    let save = move |event: leptos::web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(input) = input.get_untracked() {
            renaming.set(false);
            shelf.rename(id.clone(), input.value());
        }
    };
    view! {
        <form
            class="rename"
            on:submit=save
            on:keydown:target=move |event| {
                if event.key() == "Escape" {
                    renaming.set(false);
                }
            }
        >
            <label class="input">
                <span class="vh">{t!(common.name)}</span>
                <input node_ref=input value=session.title maxlength="120" />
            </label>
            <button class="btn sm">{t!(common.save)}</button>
            <button type="button" class="text-btn" on:click:target=move |_| renaming.set(false)>
                {t!(common.cancel)}
            </button>
        </form>
    }
}
