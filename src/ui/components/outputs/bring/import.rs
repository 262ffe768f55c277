//! Tools from a document: it is read, and somebody chooses which of its tools the agent gets.

use std::collections::BTreeSet;

use crate::ui::memo::{If, memo};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys;

use crate::error::AppError;
use crate::orchestrator::bundle_fns::read_tools;
use crate::orchestrator::own_tools::models::{FoundTools, MAX_TOOLS, NewTool};
use crate::tools::import::Skipped;
use crate::ui::browser::{self, Content};
use crate::ui::components::icon::{Icon, drawn};
use crate::ui::texts::{plural, t};

use super::{Bringing, Ends, on_escape};

/// The id of the first control.
pub const DOCUMENT: &str = "tools-document";
/// The first of the tools found.
const FOUND: &str = "tools-found";
/// The largest document, in bytes: on its way it grows, and a request has at most 1 MB.
const LARGEST: usize = 500_000;

/// A document and what was found in it.
#[derive(Clone, Copy)]
struct Reading {
    bringing: Bringing,
    text: RwSignal<String>,
    found: RwSignal<Option<FoundTools>>,
    /// Ids of the tools to take.
    chosen: RwSignal<BTreeSet<String>>,
    busy: RwSignal<bool>,
}

fn id_of(tool: &NewTool) -> String {
    tool.id.clone().unwrap_or_default()
}

impl Reading {
    fn take_file(self, file: web_sys::File) {
        if file.size() > LARGEST as f64 {
            return self.bringing.fail(AppError::invalid(t!(outputs_bring_import.too_large)));
        }
        browser::read_file(&file, Content::Text, move |text| match text {
            Some(text) => {
                self.text.set(text);
                self.read();
            }
            None => self.bringing.fail(AppError::invalid(t!(outputs_bring_import.unreadable))),
        });
    }

    /// Has the document read; what is wrong with it is said, and it stays where it is.
    fn read(self) {
        let text = self.text.get_untracked();
        if text.len() > LARGEST {
            return self.bringing.fail(AppError::invalid(t!(outputs_bring_import.too_large)));
        }
        if text.trim().is_empty() || self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.bringing.error.set(None);
        spawn_local(async move {
            let answer = read_tools(text).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            self.chosen.set(BTreeSet::new());
            match answer {
                Ok(found) => {
                    self.found.set(Some(found));
                    browser::focus(FOUND);
                }
                Err(error) => {
                    self.found.set(None);
                    self.bringing.fail(error);
                }
            }
        });
    }

    fn has(self, id: &str) -> bool {
        self.bringing.session.workspace.with(|it| it.tools.iter().any(|tool| tool.id == id))
    }

    fn take(self) {
        let tools = self.found.with_untracked(|found| {
            let tools = found.iter().flat_map(|found| &found.tools);
            self.chosen.with_untracked(|chosen| tools.filter(|tool| chosen.contains(&id_of(tool))).cloned().collect())
        });
        self.bringing.add(tools);
    }

    fn toggle(self, id: &str) {
        self.chosen.update(|chosen| {
            if !chosen.remove(id) {
                chosen.insert(id.to_owned());
            }
        });
    }
}

#[component]
pub fn Import(bringing: Bringing) -> impl IntoView {
    let reading = Reading {
        bringing,
        text: RwSignal::new(String::new()),
        found: RwSignal::new(None),
        chosen: RwSignal::new(BTreeSet::new()),
        busy: RwSignal::new(false),
    };
    let count = memo(move || reading.chosen.with(BTreeSet::len));
    let is_found = memo(move || reading.found.with(Option::is_some));
    let send = move || if is_found.get_untracked() { reading.take() } else { reading.read() };
    let text = move || match (is_found.get(), count.get()) {
        (false, _) => t!(outputs_bring_import.read_tools).to_owned(),
        (true, 0) => t!(outputs_bring_import.add_tools).to_owned(),
        (true, count) => plural!(outputs_bring_import.add, count),
    };
    let is_blank = memo(move || reading.text.with(|text| text.trim().is_empty()));
    let disabled = move || if is_found.get() { count.get() == 0 } else { is_blank.get() };
    view! {
        <form
            class="bring"
            aria-label=t!(outputs_bring_import.import_tools)
            on:keydown=on_escape(bringing)
            on:submit:target=move |event| {
                event.prevent_default();
                send();
            }
        >
            <h3>{t!(outputs_bring_import.import_tools)}</h3>
            <Document reading=reading />
            {move || bringing.trouble(&[]).map(|text| view! { <p class="err" role="alert">{text}</p> })}
            {move || reading.found.get().map(|found| view! { <Found found=found reading=reading /> })}
            <Ends bringing=bringing text=Signal::derive(text) disabled=Signal::derive(disabled) />
        </form>
    }
}

/// Where the document is pasted, or taken from a file.
#[component]
fn Document(reading: Reading) -> impl IntoView {
    let is_wrong = move || reading.bringing.error.with(Option::is_some) && reading.found.with(Option::is_none);
    view! {
        <div>
            <label class="lbl" for=DOCUMENT>
                {t!(outputs_bring_import.openapi_3_or_what)}
                <span>{t!(outputs_bring_import.limits, n = MAX_TOOLS)}</span>
            </label>
            <span class="input area" class:bad=is_wrong>
                <textarea
                    id=DOCUMENT
                    rows="4"
                    spellcheck="false"
                    placeholder=t!(outputs_bring_import.paste_the_document)
                    aria-invalid=move || is_wrong().then_some("true")
                    prop:value=reading.text
                    on:input:target=move |event| {
                        reading.text.set(event.target().value());
                        reading.found.set(None);
                    }
                ></textarea>
            </span>
            <label class="btn sm file">
                {move || if reading.busy.get() { drawn(Icon::LOADER_CIRCLE, "i s spin").into_any() } else { drawn(Icon::UPLOAD, "i s").into_any() }}
                {t!(common.choose_a_file)}
                <input
                    type="file"
                    accept=".json,.yaml,.yml,application/json,application/yaml"
                    on:change:target=move |event| {
                        if let Some(file) = browser::take_file(&event.target()) {
                            reading.take_file(file);
                        }
                    }
                />
            </label>
        </div>
    }
}

/// The tools found, each to be taken or left.
#[component]
fn Found(found: FoundTools, reading: Reading) -> impl IntoView {
    let FoundTools { tools, skipped } = found;
    let free = move |tool: &&NewTool| !reading.has(&id_of(tool));
    let ids: BTreeSet<String> = untrack(|| tools.iter().filter(free).map(id_of).collect());
    let few = ids.len() > 1 && ids.len() <= MAX_TOOLS;
    let title = plural!(outputs_bring_import.found, tools.len());
    view! {
        <fieldset class="found" id=FOUND tabindex="-1">
            <legend class="lbl">
                {title}
                <If when=move || few>
                    <button
                        type="button"
                        class="text-btn lnk"
                        on:click:target={
                            let ids = ids.clone();
                            move |_| reading.chosen.set(ids.clone())
                        }
                    >
                        {t!(outputs_bring_import.choose_all)}
                    </button>
                </If>
            </legend>
            <ul tabindex="0">{tools.into_iter().map(|tool| view! { <Choice tool=tool reading=reading /> }).collect_view()}</ul>
            {(!skipped.is_empty()).then(|| left_out(skipped))}
        </fieldset>
    }
}

#[component]
fn Choice(tool: NewTool, reading: Reading) -> impl IntoView {
    let id = id_of(&tool);
    let (watched, known) = (id.clone(), id.clone());
    let is_there = memo(move || reading.has(&known));
    let on = memo(move || reading.chosen.with(|chosen| chosen.contains(&watched)));
    let address = tool.endpoint.map(|it| format!("{} {}", it.method, it.url));
    view! {
        <li>
            <label>
                <input
                    class="check"
                    type="checkbox"
                    disabled=is_there
                    prop:checked=on
                    on:change:target=move |_| reading.toggle(&id)
                />
                <b>{tool.name}</b>
                {address.map(|address| view! { <code>{address}</code> })}
                <If when=is_there>
                    <span class="meta">{t!(outputs_bring_import.already_there)}</span>
                </If>
                <span class="what">{tool.description}</span>
            </label>
        </li>
    }
}

/// What is no tool, with why.
fn left_out(skipped: Vec<Skipped>) -> impl IntoView {
    let title = plural!(outputs_bring_import.left_out, skipped.len());
    let lines = skipped.into_iter().map(|it| view! { <li><b>{it.name}</b> ": " {it.reason}</li> });
    view! {
        <details class="left-out">
            <summary>{title}</summary>
            <ul>{lines.collect_view()}</ul>
        </details>
    }
}
