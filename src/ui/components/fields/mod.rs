//! The fields: what is known and from where, what is still needed, what is only assumed.

mod editor;
mod missing;
mod row;

use leptos::prelude::*;

use crate::intent::models::{FieldId, Provenance};
use crate::orchestrator::schemas::{FieldView, Workspace};
use crate::ui::components::dialogs::{Dialog, Dialogs};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::state::OpenSession;
use crate::ui::texts::{plural, provenance, t};

use missing::{AddField, Slot};
use row::{Row, RowKind};

/// The fields of one group, in the order of the workspace.
fn group(workspace: &Workspace, belongs: impl Fn(&FieldView) -> bool) -> Vec<FieldId> {
    workspace.fields.iter().filter(|view| belongs(view)).map(|view| view.field).collect()
}

fn is_assumed(view: &FieldView) -> bool {
    !view.required && view.provenance().is_some_and(|it| it.is_assumption())
}

fn is_known(view: &FieldView) -> bool {
    !view.items.is_empty()
}

/// The fields pane.
#[component]
pub fn Fields() -> impl IntoView {
    let session = OpenSession::here();
    let known = session.part(|it| it.fields.iter().filter(|view| is_known(view)).count());
    let all = session.part(|it| it.fields.len());
    view! {
        <section class="pane rail" aria-label=t!(common.fields)>
            <div class="pane-head">
                <h2>{t!(common.fields)}</h2>
                <span class="meta num">{move || t!(common.of, n = known.get(), all = all.get())}</span>
                <span class="grow"></span>
                <Steps />
            </div>
            <div class="fields" tabindex="0" role="group" aria-label=t!(fields.collected_fields)>
                <Required />
                <Optional />
                <Assumptions />
            </div>
            <Legend />
        </section>
    }
}

/// Undo, redo and all changes.
#[component]
fn Steps() -> impl IntoView {
    let (session, dialogs) = (OpenSession::here(), Dialogs::here());
    let (can_undo, can_redo) = (session.part(|it| it.can_undo), session.part(|it| it.can_redo));
    view! {
        <button
            type="button"
            class="icon-btn sm"
            aria-label=t!(common.undo)
            title=t!(common.undo)
            disabled=move || !can_undo.get()
            on:click:target=move |_| session.undo()
        >
            {icon(Icon::UNDO_2)}
        </button>
        <button
            type="button"
            class="icon-btn sm"
            aria-label=t!(common.redo)
            title=t!(common.redo)
            disabled=move || !can_redo.get()
            on:click:target=move |_| session.redo()
        >
            {icon(Icon::REDO_2)}
        </button>
        <button
            type="button"
            class="icon-btn sm"
            aria-label=t!(fields.all_changes)
            title=t!(fields.all_changes)
            on:click:target=move |_| dialogs.open(Dialog::Revisions)
        >
            {icon(Icon::HISTORY)}
        </button>
    }
}

fn rows(fields: Memo<Vec<FieldId>>, kind: RowKind) -> impl IntoView {
    view! {
        <dl>
            <For each=move || fields.get() key=|field| *field children=move |field| view! { <Row field=field kind=kind /> } />
        </dl>
    }
}

#[component]
fn Required() -> impl IntoView {
    let session = OpenSession::here();
    let missing = session.part(|it| it.progress.missing_required.clone());
    let known = session.part(|it| group(it, |view| view.required && is_known(view)));
    let left = move || {
        missing.with(|missing| {
            if missing.is_empty() { t!(fields.all_there).to_owned() } else { plural!(fields.left, missing.len()) }
        })
    };
    view! {
        <h3 class="fgroup">{t!(fields.required)} <span>{move || left()}</span></h3>
        <For each=move || missing.get() key=|field| *field children=move |field| view! { <Slot field=field /> } />
        {rows(known, RowKind::Known)}
    }
}

#[component]
fn Optional() -> impl IntoView {
    let session = OpenSession::here();
    let known = session.part(|it| group(it, |view| !view.required && is_known(view) && !is_assumed(view)));
    let total = session.part(|it| it.fields.iter().filter(|view| !view.required).count());
    let filled = session.part(|it| group(it, |view| !view.required && is_known(view)).len());
    view! {
        <h3 class="fgroup">{t!(fields.optional)} <span>{move || t!(common.of, n = filled.get(), all = total.get())}</span></h3>
        {rows(known, RowKind::Known)}
        <AddField />
    }
}

#[component]
fn Assumptions() -> impl IntoView {
    let session = OpenSession::here();
    let assumed = session.part(|it| group(it, is_assumed));
    let count = move || assumed.with(Vec::len);
    view! {
        <div hidden=move || count() == 0>
            <h3 class="fgroup">{t!(fields.assumptions)} <span>{move || plural!(fields.to_check, count())}</span></h3>
            {rows(assumed, RowKind::Assumed)}
        </div>
    }
}

/// What the four lines mean.
#[component]
fn Legend() -> impl IntoView {
    let line = |of: Provenance| view! { <span><i class=format!("ln {}", of.as_str())></i>{provenance(of)}</span> };
    view! {
        <div class="legend" role="note" aria-label=t!(fields.where_a_value_comes)>
            {line(Provenance::Said)} {line(Provenance::Inferred)} {line(Provenance::Default)} {line(Provenance::Edited)}
        </div>
    }
}
