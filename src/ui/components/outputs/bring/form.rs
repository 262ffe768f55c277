//! A tool described by hand.

use leptos::prelude::*;

use crate::error::{AppError, FieldProblem};
use crate::orchestrator::own_tools::models::NewTool;
use crate::tools::models::Endpoint;
use crate::ui::components::icon::{Icon, small};
use crate::ui::texts::t;

use super::inputs::{Input, Inputs, schema};
use super::{Bringing, Ends, on_escape};

/// The id of the first control.
pub const NAME: &str = "tool-name";
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// Fields whose problems stand at their controls.
const FIELDS: [&str; 4] = ["name", "description", "endpoint", "parameters"];

/// What is written so far.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    description: RwSignal<String>,
    method: RwSignal<String>,
    url: RwSignal<String>,
    inputs: RwSignal<Vec<Input>>,
    /// Whether people say yes first, once somebody decided it.
    asks_first: RwSignal<Option<bool>>,
}

impl Draft {
    fn new() -> Draft {
        let empty = || RwSignal::new(String::new());
        let method = RwSignal::new("POST".to_owned());
        let (inputs, asks_first) = (RwSignal::new(Vec::new()), RwSignal::new(None));
        Draft { name: empty(), description: empty(), method, url: empty(), inputs, asks_first }
    }

    fn asks(self) -> bool {
        self.asks_first.get().unwrap_or(self.method.with(|method| method != "GET"))
    }

    fn tool(self) -> Result<NewTool, AppError> {
        let parameters = schema(&self.inputs.get_untracked()).map_err(|message| AppError::InvalidFields {
            problems: vec![FieldProblem { field: "parameters".to_owned(), message }],
        })?;
        let url = self.url.get_untracked().trim().to_owned();
        let method = self.method.get_untracked();
        Ok(NewTool {
            id: None,
            name: self.name.get_untracked(),
            description: self.description.get_untracked(),
            category: None,
            risk: None,
            parameters,
            endpoint: (!url.is_empty()).then_some(Endpoint { method, url }),
            asks_first: Some(untrack(|| self.asks())),
        })
    }
}

#[component]
pub fn Form(bringing: Bringing) -> impl IntoView {
    let draft = Draft::new();
    let send = move || match draft.tool() {
        Ok(tool) => bringing.add(vec![tool]),
        Err(error) => bringing.fail(error),
    };
    let problem = move |field: &'static str| Signal::derive(move || bringing.problem(field));
    view! {
        <form
            class="bring"
            aria-label=t!(outputs_bring_form.a_tool_of_your)
            novalidate
            on:keydown=on_escape(bringing)
            on:submit:target=move |event| {
                event.prevent_default();
                send();
            }
        >
            <h3>{t!(outputs_bring_form.a_tool_of_your)}</h3>
            <Control id=NAME label=t!(common.name) problem=problem("name") what=t!(outputs_bring_form.loyalty_points) value=draft.name />
            <Control
                id="tool-description"
                label=t!(outputs_bring_form.what_it_does)
                problem=problem("description")
                what=t!(outputs_bring_form.looks_up_how_many)
                value=draft.description
            />
            <Address draft=draft problem=problem("endpoint") />
            <Inputs inputs=draft.inputs problem=problem("parameters") />
            <label class="tick">
                <input
                    class="check"
                    type="checkbox"
                    prop:checked=move || draft.asks()
                    on:change:target=move |event| draft.asks_first.set(Some(event.target().checked()))
                />
                {t!(outputs_bring_form.ask_for_a_yes)}
            </label>
            {move || bringing.trouble(&FIELDS).map(|text| view! { <p class="err" role="alert">{text}</p> })}
            <Ends bringing=bringing text=t!(outputs_bring_form.add_tool).to_owned() disabled=false />
        </form>
    }
}

/// A line of text with its name above and what is wrong below.
#[component]
fn Control(
    id: &'static str,
    label: &'static str,
    problem: Signal<Option<String>>,
    what: &'static str,
    value: RwSignal<String>,
) -> impl IntoView {
    view! {
        <div>
            <label class="lbl" for=id>
                {label}
            </label>
            <span class="input" class:bad=move || problem.get().is_some()>
                <input
                    id=id
                    placeholder=what
                    autocomplete="off"
                    aria-invalid=move || problem.get().map(|_| "true")
                    aria-describedby=format!("{id}-problem")
                    prop:value=value
                    on:input:target=move |event| value.set(event.target().value())
                />
            </span>
            <Problem id=format!("{id}-problem") problem=problem />
        </div>
    }
}

/// What is wrong, read out when it comes.
#[component]
pub fn Problem(id: String, problem: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p class="err" id=id role="status">
            {move || problem.get()}
        </p>
    }
}

/// Where it is called, if that is known.
#[component]
fn Address(draft: Draft, problem: Signal<Option<String>>) -> impl IntoView {
    let methods = METHODS.map(|method| view! { <option selected=method == "POST">{method}</option> });
    view! {
        <div>
            <label class="lbl" for="tool-url">
                {t!(outputs_bring_form.address)} <span>{t!(outputs_bring_form.optional_it_is_never)}</span>
            </label>
            <div class="address">
                <select
                    class="select"
                    aria-label=t!(outputs_bring_form.method)
                    on:change:target=move |event| draft.method.set(event.target().value())
                >
                    {methods.into_iter().collect_view()}
                </select>
                <span class="input" class:bad=move || problem.get().is_some()>
                    {small(Icon::PLUG)}
                    <input
                        id="tool-url"
                        type="url"
                        placeholder="https://"
                        autocomplete="off"
                        aria-invalid=move || problem.get().map(|_| "true")
                        aria-describedby="tool-url-problem"
                        prop:value=draft.url
                        on:input:target=move |event| draft.url.set(event.target().value())
                    />
                </span>
            </div>
            <Problem id="tool-url-problem".to_owned() problem=problem />
        </div>
    }
}
