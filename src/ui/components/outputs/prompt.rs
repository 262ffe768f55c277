//! The prompt of one platform: sections with their weight, each line with the field it comes from and what could be
//! wrong with it.

use std::time::Duration;

use crate::ui::load::load;
use leptos::prelude::*;

use crate::error::AppError;
use crate::orchestrator::schemas::CheckedPrompt;
use crate::orchestrator::server_fns::load_prompt;
use crate::prompt::lint::Finding;
use crate::prompt::models::{Line, PromptFormat, Section};
use crate::prompt::polish::models::PolishNote;
use crate::ui::browser;
use crate::ui::components::icon::{Icon, small};
use crate::ui::components::primitives::{Empty, IconButton, IconSize};
use crate::ui::components::skeleton::{Lines, LoadFailed};
use crate::ui::light::Chosen;
use crate::ui::marks::line_pieces;
use crate::ui::memo::If;
use crate::ui::notes::{self, Placed};
use crate::ui::state::OpenSession;
use crate::ui::texts::{self, plural, t};

use super::done::{Done, DoneToast};
use super::findings::{self, Notes};
use super::last_change::LastChange;
use super::polish::{AsGenerated, PolishButton, Polishing, Proposals};

#[component]
pub fn Prompt() -> impl IntoView {
    let session = OpenSession::here();
    let format = RwSignal::new(PromptFormat::ElevenLabs);
    let version = session.part(|it| it.version);
    let prompt = load(move || (format.get(), version.get()), move |(format, _)| load_prompt(session.id(), format));
    let on_retry = Callback::new(move |()| prompt.refetch());
    let polishing = Polishing::new(session);
    let done = Done::new(session);
    let as_change = RwSignal::new(false);
    view! {
        <Transition fallback=|| view! { <div class="doc"><Lines count=9 /></div> }>
            {move || Suspend::new(async move {
                match prompt.await {
                    Ok(checked) => view! { <Loaded checked=checked format=format as_change=as_change polishing=polishing done=done /> }.into_any(),
                    Err(AppError::Nothing { message } | AppError::Invalid { message }) => {
                        view! { <div class="page"><Empty text=message /></div> }.into_any()
                    }
                    Err(error) => view! { <LoadFailed error=error on_retry=on_retry /> }.into_any(),
                }
            })}
        </Transition>
        <DoneToast done=done />
    }
}

#[component]
fn Loaded(
    checked: CheckedPrompt,
    format: RwSignal<PromptFormat>,
    as_change: RwSignal<bool>,
    polishing: Polishing,
    done: Done,
) -> impl IntoView {
    // What was selected elsewhere is looked for here.
    Effect::new(|| browser::reveal(".pl-row.at"));
    let session = OpenSession::here();
    let CheckedPrompt { prompt, lint } = checked;
    let summary = findings::summary(&lint);
    let words = |field, item: u32| {
        session.workspace.with_untracked(|it| {
            let view = it.fields.iter().find(|view| view.field == field)?;
            view.items.get(item as usize).map(|item| item.text.clone())
        })
    };
    let Placed { above, beside } = notes::place(&prompt, lint.findings, words);
    let polished = PolishNote::of(&prompt).is_some_and(|note| !note.sections.is_empty());
    let copied = RwSignal::new(false);
    let text = prompt.system_prompt.clone();
    let on_copy = move |_| {
        browser::copy(&text);
        copied.set(true);
        set_timeout(
            move || {
                copied.try_set(false);
            },
            Duration::from_secs(2),
        );
    };
    let options = PromptFormat::ALL.map(|it| {
        view! {
            <option value=it.as_str() selected=it == prompt.format>
                {it.label()}
            </option>
        }
    });
    view! {
        <div class="sub-head">
            <select
                class="select"
                aria-label=t!(outputs_prompt.platform)
                on:change:target=move |event| {
                    if let Some(chosen) = PromptFormat::parse(&event.target().value()) {
                        format.set(chosen);
                    }
                }
            >
                {options.into_iter().collect_view()}
            </select>
            <span class="meta num">{plural!(outputs_prompt.tokens, prompt.tokens as usize)}</span>
            <span class="meta num lint">{summary}</span>
            <span class="grow"></span>
            <IconButton
                icon=Icon::HISTORY
                name=t!(last_change.name)
                size=IconSize::Small
                pressed=Signal::from(as_change)
                on:click=move |_| as_change.update(|it| *it = !*it)
            />
            {polished.then(|| view! { <AsGenerated polishing=polishing format=prompt.format /> })}
            <PolishButton polishing=polishing format=prompt.format />
            <button type="button" class="btn sm" on:click:target=on_copy>
                {move || small(if copied.get() { Icon::CHECK } else { Icon::COPY })}
                {move || if copied.get() { t!(outputs_prompt.copied) } else { t!(common.copy) }}
            </button>
        </div>
        <If when=move || as_change.get()>
            <LastChange />
        </If>
        <div class="doc" tabindex="0" role="group" aria-label=t!(common.prompt) hidden=as_change>
            <Proposals polishing=polishing />
            {(!above.is_empty()).then(|| view! { <Notes findings=above done=done /> })}
            {prompt
                .sections
                .into_iter()
                .zip(beside)
                .map(|(section, notes)| view! { <Part section=section notes=notes done=done /> })
                .collect_view()}
        </div>
    }
}

#[component]
fn Part(section: Section, notes: Vec<Vec<Finding>>, done: Done) -> impl IntoView {
    view! {
        <div class="sec">
            <h3>
                {section.title} <span class="num">{plural!(outputs_prompt.tokens, section.tokens as usize)}</span>
            </h3>
        </div>
        {stretches(section.lines.into_iter().zip(notes).collect())
            .into_iter()
            .map(|stretch| view! { <Stretch stretch=stretch done=done /> })
            .collect_view()}
    }
}

/// Lines with the notes that hang beside them, from the first of the lines on.
type Noted = (Vec<Line>, Vec<Finding>);

/// Cuts a section before each line that has notes, so that they have the room beside all that follows.
fn stretches(lines: Vec<(Line, Vec<Finding>)>) -> Vec<Noted> {
    let mut stretches: Vec<Noted> = Vec::new();
    for (line, notes) in lines {
        match stretches.last_mut() {
            Some((lines, _)) if notes.is_empty() => lines.push(line),
            _ => stretches.push((vec![line], notes)),
        }
    }
    stretches
}

#[component]
fn Stretch(stretch: Noted, done: Done) -> impl IntoView {
    let (lines, notes) = stretch;
    let mut rows = lines.into_iter().map(|line| view! { <Row line=line /> });
    if notes.is_empty() {
        return rows.collect_view().into_any();
    }
    view! {
        <div class="noted">
            {rows.next()} <Notes findings=notes done=done /> <div class="rest">{rows.collect_view()}</div>
        </div>
    }
    .into_any()
}

/// One line: where it comes from at the left, its words with the marks of their fields.
#[component]
fn Row(line: Line) -> impl IntoView {
    let session = OpenSession::here();
    let light = session.light;
    let Line { text, field, provenance } = line;
    let item = text.strip_prefix("- ").map(str::to_owned);
    let (is_item, text) = (item.is_some(), item.unwrap_or(text));
    let lit = move || field.is_some_and(|field| light.has(field));
    // The field's name is what the keys light and select the line by.
    let trace = match field {
        None => view! { <span class="tr">{t!(outputs_prompt.every_agent)}</span> }.into_any(),
        Some(field) => view! {
            <button
                type="button"
                class="tr"
                aria-pressed=move || light.is_chosen(&Chosen::Field(field)).to_string()
                on:focus=move |_| light.hover(Some(Chosen::Field(field)))
                on:blur=move |_| light.hover(None)
            >
                {texts::label(field)}
            </button>
        }
        .into_any(),
    };
    let marked = session.workspace.with_untracked(|it| {
        line_pieces(&text, field.and_then(|field| it.fields.iter().find(|view| view.field == field)))
    });
    let words = marked.into_iter().map(|piece| match piece.provenance {
        Some(provenance) => view! {
            <span class=provenance.as_str() class:lit=move || lit()>
                {piece.text}
            </span>
        }
        .into_any(),
        None => piece.text.into_any(),
    });
    view! {
        <div
            class=format!("pl-row r-{}", provenance.as_str())
            class:at=move || lit()
            on:pointerenter=move |event| {
                if let Some(field) = field {
                    light.point(&event, Chosen::Field(field));
                }
            }
            on:pointerleave=move |_| light.hover(None)
            on:click:target=move |_| {
                if let Some(field) = field {
                    light.choose(Chosen::Field(field));
                }
            }
        >
            {trace}
            <p class:item=is_item>{words.collect_view()}</p>
        </div>
    }
}
