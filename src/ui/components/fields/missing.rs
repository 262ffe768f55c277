//! What is not known: a slot for each required field, one list for the optional ones.

use crate::ui::memo::memo;
use leptos::prelude::*;

use crate::intent::models::FieldId;
use crate::ui::browser;
use crate::ui::components::composer::INPUT;
use crate::ui::components::icon::{Icon, icon, small};
use crate::ui::state::OpenSession;
use crate::ui::texts::{label, t};

use super::editor::Editor;

/// A required field that is missing: answered in the chat while it is asked, else here.
#[component]
pub fn Slot(field: FieldId) -> impl IntoView {
    let session = OpenSession::here();
    let asked = session.part(move |it| it.progress.asking.as_ref().is_some_and(|asking| asking.field == field));
    let view_of = session.field(field);
    let editing = memo(move || session.editing.get() == Some(field));
    move || {
        // What comes in the meantime does not take the editor away.
        let edited = editing.get().then(|| view_of.get_untracked()).flatten();
        match edited {
        Some(view) => {
            view! { <dl><div class="field editing"><dt>{label(field)}</dt><Editor view=view /></div></dl> }.into_any()
        }
        _ if asked.get() => view! {
            <button type="button" class="slot now" on:click:target=move |_| browser::focus(INPUT)>
                {icon(Icon::CIRCLE_DASHED)} <span class="why">{label(field)}</span> <span class="tag">{t!(fields_missing.asking_now)}</span>
            </button>
        }
        .into_any(),
        _ => view! {
            <div class="slot">
                {icon(Icon::CIRCLE_DASHED)} <span class="why">{label(field)}</span>
                <button
                    type="button"
                    class="btn xs"
                    aria-label=t!(fields_missing.answer_field, field = label(field))
                    on:click:target=move |_| session.editing.set(Some(field))
                >
                    {t!(common.answer)}
                </button>
            </div>
        }
        .into_any(),
    }
    }
}

/// The empty optional fields, folded into one control.
#[component]
pub fn AddField() -> impl IntoView {
    let session = OpenSession::here();
    let empty = session.part(|it| {
        let views = it.fields.iter().filter(|view| !view.required && view.items.is_empty());
        views.map(|view| view.field).collect::<Vec<_>>()
    });
    let edited = memo(move || session.editing.get().filter(|field| empty.with(|empty| empty.contains(field))));
    let on_choice = move |event| {
        if let Some(field) = FieldId::parse(&event_target_value(&event)) {
            session.editing.set(Some(field));
        }
    };
    move || {
        if let Some(view) = edited.get().and_then(|field| session.field(field).get_untracked()) {
            let label = label(view.field);
            return view! { <dl><div class="field editing"><dt>{label}</dt><Editor view=view /></div></dl> }.into_any();
        }
        if empty.with(Vec::is_empty) {
            return ().into_any();
        }
        view! {
            <label class="add-field">
                {small(Icon::PLUS)} <span>{t!(fields_missing.add_a_field)}</span>
                <select aria-label=t!(fields_missing.add_a_field) on:change=on_choice>
                    <option value="">{t!(fields_missing.add_a_field)}</option>
                    {empty
                        .get()
                        .into_iter()
                        .map(|field| view! { <option value=field.as_str()>{label(field)}</option> })
                        .collect_view()}
                </select>
            </label>
        }
        .into_any()
    }
}
