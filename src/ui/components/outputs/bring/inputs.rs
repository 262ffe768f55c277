//! What a tool needs from the conversation: a row for each input, and the schema they make.

use leptos::prelude::*;
use serde_json::{Map, Value, json};

use crate::language::texts::{Text, keys};
use crate::ui::browser;
use crate::ui::components::icon::{Icon, icon, small};
use crate::ui::texts::{self, t};

use super::form::Problem;

/// Types by what people call them.
const KINDS: [(&str, Text); 5] = [
    ("string", keys::outputs_bring_inputs::text),
    ("integer", keys::outputs_bring_inputs::whole_number),
    ("number", keys::outputs_bring_inputs::number),
    ("boolean", keys::common::yes_or_no),
    ("array", keys::outputs_bring_inputs::list),
];

/// One input as it is written; signals, so that typing moves no other row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Input {
    key: u32,
    name: RwSignal<String>,
    description: RwSignal<String>,
    kind: RwSignal<&'static str>,
    required: RwSignal<bool>,
}

impl Input {
    fn new(key: u32) -> Input {
        let empty = || RwSignal::new(String::new());
        let (kind, required) = (RwSignal::new(KINDS[0].0), RwSignal::new(true));
        Input { key, name: empty(), description: empty(), kind, required }
    }

    fn id(self) -> String {
        format!("tool-input-{}", self.key)
    }
}

/// JSON Schema of these inputs; rows where nothing is written count for nothing.
///
/// # Errors
/// Says in one sentence what is wrong with the inputs.
pub fn schema(inputs: &[Input]) -> Result<Map<String, Value>, String> {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for input in inputs {
        let (name, about) = (input.name.get_untracked(), input.description.get_untracked());
        let (name, about) = (name.trim(), about.trim());
        if name.is_empty() && about.is_empty() {
            continue;
        }
        if name.is_empty() {
            return Err(t!(outputs_bring_inputs.no_name, text = about));
        }
        let mut property = json!({"type": input.kind.get_untracked()});
        if !about.is_empty() {
            property["description"] = about.into();
        }
        if input.kind.get_untracked() == "array" {
            property["items"] = json!({"type": "string"});
        }
        if properties.insert(name.to_owned(), property).is_some() {
            return Err(t!(outputs_bring_inputs.twice, name = name));
        }
        if input.required.get_untracked() {
            required.push(name.to_owned());
        }
    }
    let schema = json!({"type": "object", "properties": properties, "required": required});
    Ok(schema.as_object().cloned().unwrap_or_default())
}

#[component]
pub fn Inputs(inputs: RwSignal<Vec<Input>>, problem: Signal<Option<String>>) -> impl IntoView {
    let add = move |_| {
        let key = inputs.with_untracked(|all| all.last().map_or(0, |last| last.key + 1));
        let input = Input::new(key);
        inputs.update(|all| all.push(input));
        browser::focus(&input.id());
    };
    view! {
        <fieldset>
            <legend class="lbl">{t!(outputs_bring_inputs.inputs)} <span>{t!(outputs_bring_inputs.what_it_needs_from)}</span></legend>
            <For each=move || inputs.get() key=|input| input.key let:input>
                <Row input=input inputs=inputs />
            </For>
            <button type="button" class="btn sm" id=ADD on:click:target=add>
                {small(Icon::PLUS)}
                {t!(outputs_bring_inputs.add_an_input)}
            </button>
            <Problem id="tool-inputs-problem".to_owned() problem=problem />
        </fieldset>
    }
}

/// The button that adds a row.
const ADD: &str = "tool-add-input";

#[component]
fn Row(input: Input, inputs: RwSignal<Vec<Input>>) -> impl IntoView {
    let kinds = KINDS.map(|(kind, name)| view! { <option value=kind>{texts::text(name)}</option> });
    let choose = move |value: String| {
        if let Some((kind, _)) = KINDS.iter().find(|(kind, _)| *kind == value) {
            input.kind.set(kind);
        }
    };
    let remove = move |_| {
        inputs.update(|all| all.retain(|other| other.key != input.key));
        browser::focus(ADD);
    };
    let text = move |id: Option<String>, label: &'static str, value: RwSignal<String>| {
        view! {
            <span class="input">
                <input
                    id=id
                    aria-label=label
                    placeholder=label
                    autocomplete="off"
                    prop:value=value
                    on:input:target=move |event| value.set(event.target().value())
                />
            </span>
        }
    };
    view! {
        <div class="tool-input" role="group" aria-label=move || t!(outputs_bring_inputs.input, name = input.name.get())>
            {text(Some(input.id()), t!(outputs_bring_inputs.name_of_the_input), input.name)}
            <select class="select" aria-label=t!(outputs_bring_inputs.type_it) on:change:target=move |event| choose(event.target().value())>
                {kinds.into_iter().collect_view()}
            </select>
            <label class="tick">
                <input
                    class="check"
                    type="checkbox"
                    prop:checked=input.required
                    on:change:target=move |event| input.required.set(event.target().checked())
                />
                {t!(outputs_bring_inputs.required)}
            </label>
            <button type="button" class="icon-btn sm" aria-label=t!(outputs_bring_inputs.remove_this_input) title=t!(outputs_bring_inputs.remove_this_input) on:click:target=remove>
                {icon(Icon::X)}
            </button>
            {text(None, t!(outputs_bring_inputs.what_it_is), input.description)}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(name: &str, about: &str, kind: &'static str, required: bool) -> Input {
        let input = Input::new(0);
        input.name.set(name.to_owned());
        input.description.set(about.to_owned());
        input.kind.set(kind);
        input.required.set(required);
        input
    }

    #[test]
    fn inputs_become_a_schema() {
        let owner = Owner::new();
        owner.set();
        let inputs = [
            input(" card ", "Number on the card", "string", true),
            input("", " ", "string", true),
            input("shops", "", "array", false),
        ];
        let wanted = json!({"type": "object", "required": ["card"], "properties": {
            "card": {"type": "string", "description": "Number on the card"},
            "shops": {"type": "array", "items": {"type": "string"}},
        }});
        assert_eq!(Value::Object(schema(&inputs).unwrap()), wanted);
        assert!(schema(&[input("", "Number", "string", true)]).unwrap_err().contains("no name"));
        let twice = [input("card", "", "string", true), input("card", "", "number", true)];
        assert!(schema(&twice).unwrap_err().contains("two of the name"));
    }
}
