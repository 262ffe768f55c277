//! One known field: its values with their marks; lit, also the words it rests on, where they were said, and what can
//! be done with it.

use crate::ui::memo::{If, memo};
use leptos::prelude::*;

use crate::intent::models::{FieldId, FieldKind, Provenance};
use crate::orchestrator::schemas::{FieldView, ItemView};
use crate::ui::components::icon::{Icon, drawn, small};
use crate::ui::light::Chosen;
use crate::ui::state::OpenSession;
use crate::ui::texts::{self, t};
use crate::ui::words;

use super::editor::Editor;

/// How many quotes a row shows.
const MOST_QUOTES: usize = 3;

/// A value to know, or one to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    Known,
    Assumed,
}

#[component]
pub fn Row(field: FieldId, kind: RowKind) -> impl IntoView {
    let session = OpenSession::here();
    let light = session.light;
    let view_of = session.field(field);
    let editing = memo(move || session.editing.get() == Some(field));
    let at = memo(move || light.leads(field) && !editing.get());
    view! {
        <div
            class="field"
            class:at=at
            class:editing=editing
            data-field=field.as_str()
            on:pointerenter=move |event| light.point(&event, Chosen::Field(field))
            on:pointerleave=move |_| light.hover(None)
            on:focusin:target=move |_| light.hover(Some(Chosen::Field(field)))
            on:focusout:target=move |_| light.hover(None)
        >
            <dt>{texts::label(field)}</dt>
            {move || match editing.get() {
                // What comes in the meantime does not take the editor away.
                true => view_of.get_untracked().map(|view| view! { <Editor view=view /> }.into_any()),
                false => view_of.get().map(|view| view! { <Shown view=view kind=kind at=at /> }.into_any()),
            }}
        </div>
    }
}

/// The value as it stands.
#[component]
fn Shown(view: FieldView, kind: RowKind, at: Memo<bool>) -> impl IntoView {
    let session = OpenSession::here();
    let field = view.field;
    let light = session.light;
    let choose = move |_| light.toggle(Chosen::Field(field));
    let assumed = kind == RowKind::Assumed;
    view! {
        <dd class:as=assumed>
            <button type="button" class="val" aria-expanded=move || at.get().to_string() on:click:target=choose>
                {drawn_values(session, &view)}
            </button>
            {assumed.then(|| view! { <Check field=field /> })}
        </dd>
        <Source view=view at=at assumed=assumed />
    }
}

/// The values: in one line where they are short names, else one under the other.
fn drawn_values(session: OpenSession, view: &FieldView) -> impl IntoView + use<> {
    let (field, light) = (view.field, session.light);
    let lines = matches!(field.kind(), FieldKind::Texts | FieldKind::Tools);
    let same = view.items.windows(2).all(|pair| pair[0].provenance == pair[1].provenance);
    let word = move |text: String, provenance: Provenance| {
        let name = provenance.as_str();
        let pen = (provenance == Provenance::Edited).then(|| drawn(Icon::PENCIL, "i pen"));
        view! {
            <span class=name class:lit=move || light.has(field)>
                {text}
            </span>
            {pen}
            <span class="vh">" (" {name} ")"</span>
        }
    };
    let texts = |items: &[ItemView]| -> Vec<String> {
        items.iter().enumerate().map(|(at, item)| words::joined(field, at, &item.text)).collect()
    };
    match (lines, same, view.items.first()) {
        (false, true, Some(first)) => word(texts(&view.items).join(", "), first.provenance).into_any(),
        (false, ..) => {
            let all = texts(&view.items).into_iter().zip(view.items.iter().map(|item| item.provenance)).enumerate();
            all.map(|(at, (text, provenance))| view! { {(at > 0).then_some(", ")} {word(text, provenance)} })
                .collect_view()
                .into_any()
        }
        (true, ..) => view
            .items
            .iter()
            .map(|item| view! { <span class="line">{word(item.text.clone(), item.provenance)}</span> })
            .collect_view()
            .into_any(),
    }
}

/// Keep and Change, for what nobody said.
#[component]
fn Check(field: FieldId) -> impl IntoView {
    let session = OpenSession::here();
    let name = texts::label(field);
    view! {
        <span class="acts">
            <button
                type="button"
                class="icon-btn"
                aria-label=t!(fields_row.keep_field, field = name)
                title=t!(common.keep)
                on:click:target=move |_| session.keep(field)
            >
                {small(Icon::CHECK)}
            </button>
            <button
                type="button"
                class="icon-btn"
                aria-label=t!(fields_row.change_field, field = name)
                title=t!(fields_row.change)
                on:click:target=move |_| session.editing.set(Some(field))
            >
                {small(Icon::PENCIL)}
            </button>
        </span>
    }
}

/// The words a field rests on, where they come from, and its actions. Drawn while the row is lit.
#[component]
fn Source(view: FieldView, at: Memo<bool>, assumed: bool) -> impl IntoView {
    let session = OpenSession::here();
    let field = view.field;
    let provenance = view.provenance().unwrap_or(Provenance::Default);
    let mut quotes: Vec<(u32, String)> = Vec::new();
    for evidence in view.items.iter().filter_map(|item| item.evidence.as_ref()) {
        if !quotes.iter().any(|(_, quote)| *quote == evidence.quote) {
            quotes.push((evidence.message, evidence.quote.clone()));
        }
    }
    let source = match quotes.first() {
        Some((message, _)) => t!(fields_row.source, kind = texts::provenance(provenance), n = message + 1),
        None => texts::provenance(provenance).to_owned(),
    };
    // Words that stand above as the value need no quoting.
    quotes.retain(|(_, quote)| !view.items.iter().any(|item| item.text.eq_ignore_ascii_case(quote)));
    quotes.truncate(MOST_QUOTES);
    let ask = move |_| session.propose(&t!(fields_row.about, field = texts::label_inside(field)));
    let line = format!("ln {}", provenance.as_str());
    view! {
        <If when=move || at.get()>
            <dd class="more">
                {quotes
                    .iter()
                    .map(|(_, quote)| {
                        view! { <blockquote class=format!("quote q-{}", provenance.as_str())>{t!(common.quoted, text = quote)}</blockquote> }
                    })
                    .collect_view()}
                <div class="src">
                    <span class=line.clone()></span>
                    {source.clone()}
                    <span class="acts">
                        {(!assumed)
                            .then(|| view! { <Act name=t!(fields_row.edit) icon=Icon::PENCIL run=move || session.editing.set(Some(field)) /> })}
                        <Act name=t!(fields_row.ask_me_about_this) icon=Icon::MESSAGE_SQUARE run=move || ask(()) />
                        <Act name=t!(fields_row.clear) icon=Icon::X run=move || session.clear(field) />
                    </span>
                </div>
            </dd>
        </If>
    }
}

#[component]
fn Act(name: &'static str, icon: Icon, run: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button type="button" class="icon-btn" aria-label=name title=name on:click:target=move |_| run()>
            {small(icon)}
        </button>
    }
}
