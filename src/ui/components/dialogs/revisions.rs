//! All that changed, newest first: what made it, and what it did to fields, graph and prompt.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::orchestrator::revision_fns::{load_revision, load_revisions};
use crate::orchestrator::revisions::{Maker, RevisionDiff, RevisionView};
use crate::prompt::polish::models::{DiffLine, LineChange};
use crate::ui::components::icon::{Icon, small};
use crate::ui::components::skeleton::{Lines, LoadFailed};
use crate::ui::components::when::When;
use crate::ui::load::load;
use crate::ui::state::OpenSession;
use crate::ui::texts::{label, maker, t, trouble};
use crate::ui::words;
use crate::workflow::models::GraphDiff;

use super::{Dialog, Dialogs, Frame, Leave, TITLE};

#[component]
pub fn RevisionsDialog(dialogs: Dialogs) -> impl IntoView {
    let session = OpenSession::here();
    let version = session.part(|it| it.version);
    let revisions = load(move || version.get(), move |_| load_revisions(session.id()));
    let on_retry = Callback::new(move |()| revisions.refetch());
    view! {
        <Frame which=Dialog::Revisions dialogs=dialogs>
            <header class="revs-head">
                <h2 id=TITLE>{t!(common.changes)}</h2>
                <Steps />
            </header>
            <div class="revs" tabindex="0" role="group" aria-label=t!(dialogs_revisions.all_changes_newest_first)>
                <Transition fallback=|| view! { <Lines count=6 /> }>
                    {move || Suspend::new(async move {
                        match revisions.await {
                            Ok(all) => view! { <All all=all /> }.into_any(),
                            Err(error) => view! { <LoadFailed error=error on_retry=on_retry /> }.into_any(),
                        }
                    })}
                </Transition>
            </div>
            <footer>
                <Leave text=t!(common.close) />
            </footer>
        </Frame>
    }
}

/// Undo and redo, which are changes themselves.
#[component]
fn Steps() -> impl IntoView {
    let session = OpenSession::here();
    let (can_undo, can_redo) = (session.part(|it| it.can_undo), session.part(|it| it.can_redo));
    view! {
        <button type="button" class="btn sm" disabled=move || !can_undo.get() on:click:target=move |_| session.undo()>
            {small(Icon::UNDO_2)}
            {t!(common.undo)}
        </button>
        <button type="button" class="btn sm" disabled=move || !can_redo.get() on:click:target=move |_| session.redo()>
            {small(Icon::REDO_2)}
            {t!(common.redo)}
        </button>
    }
}

#[component]
fn All(all: Vec<RevisionView>) -> impl IntoView {
    if all.is_empty() {
        return view! { <p class="empty-note">{t!(dialogs_revisions.nothing_changed_yet)}</p> }.into_any();
    }
    view! { <ol>{all.into_iter().map(|one| view! { <One one=one /> }).collect_view()}</ol> }.into_any()
}

/// One change; what it did to graph and prompt comes when it is opened.
#[component]
fn One(one: RevisionView) -> impl IntoView {
    let session = OpenSession::here();
    let diff = RwSignal::new(None::<Result<RevisionDiff, AppError>>);
    let RevisionView { version, made, reason, changes, at_ms } = one;
    let ask = move || {
        if diff.with_untracked(|diff| matches!(diff, Some(Ok(_)))) {
            return;
        }
        spawn_local(async move {
            let answer = load_revision(session.id(), version).await;
            diff.try_set(Some(answer));
        });
    };
    let strip = changes.iter().map(|change| {
        let (field, what) = (label(change.field), words::change(change));
        view! { <li><b>{field}</b> " " {what}</li> }
    });
    let shown = move || match diff.get() {
        None => view! { <Lines count=3 /> }.into_any(),
        Some(Ok(diff)) => view! { <Difference diff=diff /> }.into_any(),
        Some(Err(error)) => view! { <p class="err" role="alert">{trouble(&error)}</p> }.into_any(),
    };
    let is_open = RwSignal::new(false);
    view! {
        <li class="rev" data-version=version.to_string()>
            <details on:toggle:target=move |event| {
                let open = event.target().open();
                is_open.set(open);
                if open {
                    ask();
                }
            }>
                <summary>
                    <span class=format!("made m-{}", class(made))>{maker(made)}</span>
                    <span class="reason">{reason}</span>
                    <span class="meta"><When ms=at_ms /></span>
                </summary>
                {move || is_open.get().then(shown)}
            </details>
            <ul class="strip">{strip.collect_view()}</ul>
        </li>
    }
}

fn class(made: Maker) -> &'static str {
    match made {
        Maker::Said => "said",
        Maker::Edited => "edited",
        Maker::Generated => "inferred",
        Maker::Stepped | Maker::Decided => "default",
    }
}

#[component]
fn Difference(diff: RevisionDiff) -> impl IntoView {
    let RevisionDiff { fields, graph, prompt, .. } = diff;
    if fields.is_empty() && graph.is_empty() && prompt.is_empty() {
        return view! { <p class="empty-note">{t!(dialogs_revisions.fields_diagram_and_prompt)}</p> }.into_any();
    }
    let values = fields.into_iter().map(|change| {
        let before = change.before.join(", ");
        let after = change.after.join(", ");
        view! {
            <div>
                <dt>{label(change.field)}</dt>
                <dd>
                    {(!before.is_empty()).then(|| view! { <del class="dl">{before}</del> })}
                    {(!after.is_empty()).then(|| view! { <ins class="dl">{after}</ins> })}
                </dd>
            </div>
        }
    });
    let values = values.collect_view();
    let lines = prompt_lines(prompt);
    view! {
        <div class="rev-diff">
            {(!values.is_empty()).then(|| view! { <h3>{t!(common.fields)}</h3><dl>{values}</dl> })}
            {(!graph.is_empty()).then(|| view! { <h3>{t!(common.diagram)}</h3> {graph_lines(graph)} })}
            {(!lines.is_empty()).then(|| view! { <h3>{t!(common.prompt)}</h3> {lines} })}
        </div>
    }
    .into_any()
}

/// A difference of the prompt, line by line.
pub fn prompt_lines(lines: Vec<DiffLine>) -> Vec<AnyView> {
    let line = |DiffLine { change, text }| match change {
        LineChange::Kept => view! { <p class="dl">{text}</p> }.into_any(),
        LineChange::Added => view! { <ins class="dl">{text}</ins> }.into_any(),
        LineChange::Removed => view! { <del class="dl">{text}</del> }.into_any(),
    };
    lines.into_iter().map(line).collect()
}

/// A difference of the graph, a line each.
pub fn graph_lines(graph: GraphDiff) -> impl IntoView {
    let added = graph.added.into_iter().map(|text| view! { <li><ins class="dl">{text}</ins></li> });
    let removed = graph.removed.into_iter().map(|text| view! { <li><del class="dl">{text}</del></li> });
    let changed = graph.changed.into_iter().map(|text| view! { <li class="dl">{text}</li> });
    view! { <ul class="diff">{added.collect_view()} {removed.collect_view()} {changed.collect_view()}</ul> }
}
