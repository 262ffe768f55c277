//! A tool's call in a run: what it is called with, and what it answers.

use leptos::prelude::*;
use serde_json::Value;

use crate::ui::components::icon::{Icon, small};

/// A value as a person reads and edits it.
pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The head of a call; `children` are its answer.
#[component]
pub fn Call(
    name: String,
    arguments: Value,
    #[prop(optional_no_strip)] problem: Option<String>,
    children: Children,
) -> impl IntoView {
    let arguments = arguments.as_object().filter(|it| !it.is_empty()).map(|_| pretty(&arguments));
    view! {
        <div class="call">
            <p class="call-name">{small(Icon::PLUG)} <code>{name}</code></p>
            {arguments.map(|text| view! { <pre tabindex="0">{text}</pre> })}
            {problem.map(|text| view! { <p class="err">{text}</p> })}
            {children()}
        </div>
    }
}
