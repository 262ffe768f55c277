//! What is taken home: a card for each platform with its files and what it cannot express, one zip of those chosen.

use std::collections::BTreeSet;

use crate::ui::load::load;
use crate::ui::memo::memo;
use leptos::prelude::*;

use crate::bundle::models::{BundleView, TargetCard};
use crate::orchestrator::server_fns::load_bundle;
use crate::ui::components::drop::Drop;
use crate::ui::components::icon::{Icon, icon, small};
use crate::ui::components::skeleton::{Lines, LoadFailed};
use crate::ui::pane::Pane;
use crate::ui::state::OpenSession;
use crate::ui::texts::{plural, t};
use crate::ui::words;

/// Format and name of each single file; the last is no proper name.
const SINGLE: [(&str, &str); 4] = [("json", "JSON"), ("yaml", "YAML"), ("markdown", "Markdown"), ("text", "")];

#[component]
pub fn Bundle() -> impl IntoView {
    let session = OpenSession::here();
    let version = session.part(|it| it.version);
    let bundle = load(move || version.get(), move |_| load_bundle(session.id()));
    // The platforms left out; kept here, so that an answer in the chat does not tick them again.
    let left_out = RwSignal::new(BTreeSet::<String>::new());
    let on_retry = Callback::new(move |()| bundle.refetch());
    view! {
        <div class="page" tabindex="0" role="group" aria-label=t!(common.bundle)>
            <Transition fallback=|| view! { <Lines count=7 /> }>
                {move || Suspend::new(async move {
                    match bundle.await {
                        Ok(bundle) => view! { <Loaded bundle=bundle left_out=left_out /> }.into_any(),
                        Err(error) => view! { <LoadFailed error=error on_retry=on_retry /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Loaded(bundle: BundleView, left_out: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let BundleView { file_name, targets, assumptions } = bundle;
    let cards = targets.clone().into_iter().map(|card| view! { <Card card=card left_out=left_out /> });
    view! {
        <Deliver file_name=file_name targets=targets left_out=left_out />
        {(!assumptions.is_empty()).then(|| view! { <Assumed assumptions=assumptions /> })}
        <div class="cards">{cards.collect_view()}</div>
    }
}

/// The zip of the chosen, and single files.
#[component]
fn Deliver(file_name: String, targets: Vec<TargetCard>, left_out: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let session = OpenSession::here();
    let targets = StoredValue::new(targets);
    let chosen = memo(move || {
        left_out.with(|out| {
            targets.with_value(|all| all.iter().filter(|it| !out.contains(&it.id)).cloned().collect::<Vec<_>>())
        })
    });
    let summary = move || {
        chosen.with(|chosen| {
            let files = chosen.iter().map(|it| it.files.len()).sum();
            format!("{}, {}", plural!(outputs_bundle.platforms, chosen.len()), plural!(outputs_bundle.files, files))
        })
    };
    let bytes = move || chosen.with(|chosen| chosen.iter().flat_map(|it| &it.files).map(|it| it.bytes).sum());
    let href = move || {
        let ids = chosen.with(|chosen| chosen.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join(","));
        format!("/s/{}/download?format=zip&targets={ids}", session.id())
    };
    let none = move || chosen.with(Vec::is_empty);
    let singles = SINGLE.map(|(format, name)| {
        let href = format!("/s/{}/download?format={format}", session.id());
        view! {
            <a href=href download="">
                {icon(Icon::DOWNLOAD)}
                {if name.is_empty() { t!(outputs_bundle.plain_text) } else { name }}
            </a>
        }
    });
    let button = ViewFn::from(|| view! { {t!(outputs_bundle.single_files)} {small(Icon::CHEVRON_DOWN)} });
    view! {
        <div class="deliver">
            <div>
                <h3>{move || summary()}</h3>
                <p class="num">{file_name} ", " {move || t!(outputs_bundle.unpacked, size = words::size(bytes()))}</p>
            </div>
            <span class="grow"></span>
            <Drop class="btn" button=button>
                {singles.into_iter().collect_view()}
            </Drop>
            <a
                class="btn primary"
                download=""
                href=move || (!none()).then(href)
                aria-disabled=move || none().then_some("true")
            >
                {icon(Icon::DOWNLOAD)}
                {t!(outputs_bundle.download_zip)}
            </a>
        </div>
    }
}

/// What nobody said, in plain sentences.
#[component]
fn Assumed(assumptions: Vec<String>) -> impl IntoView {
    let title = plural!(outputs_bundle.assumptions, assumptions.len());
    let lines = assumptions.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <div class="assumed">
            {icon(Icon::TRIANGLE_ALERT)}
            <details>
                <summary>{title}</summary>
                <ul>{lines}</ul>
            </details>
            <a class="text-btn lnk" href=Pane::Fields.href() data-noscroll>
                {t!(common.review)}
            </a>
        </div>
    }
}

#[component]
fn Card(card: TargetCard, left_out: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let session = OpenSession::here();
    let TargetCard { id, name, files, losses, verified_with } = card;
    let href = format!("/s/{}/download?format=zip&targets={id}", session.id());
    let watched = id.clone();
    let on = memo(move || left_out.with(|out| !out.contains(&watched)));
    let toggle = move |_| {
        left_out.update(|out| {
            if !out.remove(&id) {
                out.insert(id.clone());
            }
        });
    };
    let lost = if losses.is_empty() {
        t!(outputs_bundle.nothing_lost).to_owned()
    } else {
        plural!(outputs_bundle.lost, losses.len())
    };
    let files = files.into_iter().map(|file| view! { <li>{file.path} <span>{words::size(file.bytes)}</span></li> });
    let losses = losses.into_iter().map(|loss| view! { <li>{loss}</li> });
    view! {
        <article class="card" class:on=on>
            <header>
                <input
                    class="check"
                    type="checkbox"
                    aria-label=t!(outputs_bundle.include, name = name)
                    checked
                    prop:checked=on
                    on:change:target=toggle
                />
                <h3>{name.clone()}</h3>
                <a class="icon-btn sm" href=href download="" aria-label=t!(outputs_bundle.download, name = name) title=t!(outputs_bundle.download, name = name)>
                    {icon(Icon::DOWNLOAD)}
                </a>
            </header>
            {verified_with.map(|with| view! { <p class="ver">{t!(outputs_bundle.verified, with = with)}</p> })}
            <ul class="files">{files.collect_view()}</ul>
            <div class="loss">
                <b>{lost}</b>
                <ul>{losses.collect_view()}</ul>
            </div>
        </article>
    }
}
