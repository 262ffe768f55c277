//! Editing a field in place, by the kind of its value. Enter saves, Escape leaves; a refused value says why.

use crate::ui::memo::memo;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys;
use serde_json::Value;

use crate::intent::models::FieldKind;
use crate::orchestrator::models::Choice;
use crate::orchestrator::schemas::FieldView;
use crate::ui::browser;
use crate::ui::state::OpenSession;
use crate::ui::texts::{label, t, trouble};

/// The id of the control that gets the focus.
const CONTROL: &str = "field-editor";

/// What is being edited and how it ends.
#[derive(Clone, Copy)]
struct Edit {
    session: OpenSession,
    view: StoredValue<FieldView>,
    /// A text, or the values of a list one a line.
    text: RwSignal<String>,
    error: RwSignal<Option<String>>,
    saving: RwSignal<bool>,
}

impl Edit {
    fn value(self) -> Value {
        let text = self.text.get_untracked();
        let lines = || Value::from(text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>());
        match self.view.with_value(|view| view.field.kind()) {
            FieldKind::Id | FieldKind::Text => Value::from(text.trim()),
            FieldKind::Flag => Value::from(text == "true"),
            FieldKind::Ids | FieldKind::Texts | FieldKind::Tools => lines(),
        }
    }

    fn save(self) {
        if self.saving.get_untracked() {
            return;
        }
        if self.text.with_untracked(|text| text.trim().is_empty()) {
            self.error.set(Some(t!(fields_editor.nothing_is_written_clear).to_owned()));
            return;
        }
        self.saving.set(true);
        let field = self.view.with_value(|view| view.field);
        let value = self.value();
        spawn_local(async move {
            match self.session.edit(field, value).await {
                Ok(()) => self.session.editing.set(None),
                Err(error) => drop(self.error.try_set(Some(trouble(&error)))),
            }
            self.saving.try_set(false);
        });
    }

    fn leave(self) {
        self.session.editing.set(None);
    }

    /// Puts a value in or takes it out of the list.
    fn toggle(self, value: &str) {
        self.text.update(|text| {
            let mut values: Vec<&str> = text.lines().collect();
            match values.iter().position(|it| *it == value) {
                Some(at) => drop(values.remove(at)),
                None => values.push(value),
            }
            *text = values.join("\n");
        });
    }
}

#[component]
pub fn Editor(view: FieldView) -> impl IntoView {
    let first: Vec<&str> = view.items.iter().map(|item| item.value.as_str()).collect();
    let text = RwSignal::new(first.join("\n"));
    let (kind, options, label) = (view.field.kind(), view.options.clone(), label(view.field));
    let edit = Edit {
        session: OpenSession::here(),
        view: StoredValue::new(view),
        text,
        error: RwSignal::new(None),
        saving: RwSignal::new(false),
    };
    Effect::new(move || browser::focus(CONTROL));
    let on_key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Escape" => {
            event.stop_propagation();
            edit.leave();
        }
        "Enter" if event.ctrl_key() || event.meta_key() => edit.save(),
        _ => {}
    };
    let control = match kind {
        FieldKind::Flag => flag(edit).into_any(),
        FieldKind::Id if !options.is_empty() => select(edit, options, label).into_any(),
        FieldKind::Ids | FieldKind::Tools if !options.is_empty() => chips(edit, options, label).into_any(),
        FieldKind::Ids | FieldKind::Texts | FieldKind::Tools => lines(edit, label).into_any(),
        FieldKind::Id | FieldKind::Text => line(edit, label).into_any(),
    };
    view! {
        <dd class="edit" on:keydown=on_key>
            {control}
            {move || edit.error.get().map(|error| view! { <p class="err" role="alert">{error}</p> })}
            <p class="edit-acts">
                <button type="button" class="btn xs" aria-disabled=move || edit.saving.get().then_some("true") on:click:target=move |_| edit.save()>
                    {t!(common.save)}
                </button>
                <button type="button" class="btn xs quiet" on:click:target=move |_| edit.leave()>
                    {t!(common.cancel)}
                </button>
            </p>
        </dd>
    }
}

/// One line of text.
fn line(edit: Edit, label: &'static str) -> impl IntoView {
    view! {
        <label class="input" class:bad=move || edit.error.with(Option::is_some)>
            <input
                id=CONTROL
                aria-label=label
                prop:value=edit.text
                on:input:target=move |event| edit.text.set(event.target().value())
                on:keydown:target=move |event| {
                    if event.key() == "Enter" && !event.is_composing() {
                        event.prevent_default();
                        edit.save();
                    }
                }
            />
        </label>
    }
}

/// One value a line.
fn lines(edit: Edit, label: &'static str) -> impl IntoView {
    let rows = edit.text.with_untracked(|text| text.lines().count().clamp(2, 8));
    view! {
        <label class="input area" class:bad=move || edit.error.with(Option::is_some)>
            <textarea
                id=CONTROL
                rows=rows
                aria-label=t!(fields_editor.one_a_line_of, field = label)
                placeholder=t!(fields_editor.one_a_line)
                prop:value=edit.text
                on:input:target=move |event| edit.text.set(event.target().value())
            ></textarea>
        </label>
    }
}

/// One of the known values.
fn select(edit: Edit, options: Vec<Choice>, label: &'static str) -> impl IntoView {
    let unknown = edit.text.with_untracked(|text| !options.iter().any(|option| option.value == *text));
    view! {
        <select
            id=CONTROL
            class="select"
            aria-label=label
            on:change:target=move |event| edit.text.set(event.target().value())
        >
            {unknown.then(|| view! { <option value="">{t!(fields_editor.choose)}</option> })}
            {options
                .into_iter()
                .map(|option| {
                    let selected = edit.text.with_untracked(|text| *text == option.value);
                    view! { <option value=option.value selected=selected>{option.label}</option> }
                })
                .collect_view()}
        </select>
    }
}

/// Several of the known values.
fn chips(edit: Edit, options: Vec<Choice>, label: &'static str) -> impl IntoView {
    let chip = move |at: usize, option: Choice| {
        let (value, taken) = (option.value.clone(), option.value);
        let pressed = memo(move || edit.text.with(|text| text.lines().any(|line| line == value)));
        view! {
            <button
                type="button"
                class="chip"
                id=(at == 0).then_some(CONTROL)
                aria-pressed=move || pressed.get().to_string()
                on:click:target=move |_| edit.toggle(&taken)
            >
                {option.label}
            </button>
        }
    };
    view! {
        <div class="chips tight" role="group" aria-label=label>
            {options.into_iter().enumerate().map(|(at, option)| chip(at, option)).collect_view()}
        </div>
    }
}

/// Yes or no.
fn flag(edit: Edit) -> impl IntoView {
    let chip = move |label: &'static str, value: &'static str| {
        view! {
            <button
                type="button"
                class="chip"
                id=(value == "true").then_some(CONTROL)
                aria-pressed=move || edit.text.with(|text| text == value).to_string()
                on:click:target=move |_| edit.text.set(value.to_owned())
            >
                {label}
            </button>
        }
    };
    view! { <div class="chips tight" role="group" aria-label=t!(common.yes_or_no)>{chip(t!(fields_editor.yes), "true")} {chip(t!(fields_editor.no), "false")}</div> }
}
