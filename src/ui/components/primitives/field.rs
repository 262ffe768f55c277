//! What is filled in or chosen.

use leptos::prelude::*;

use super::{Variant, variants};

variants! {
    /// How much a field takes.
    Shape {
        /// A name, a number, an address.
        Line => "input",
        /// Some lines of text.
        Area => "input area",
    }
}

/// The frame of an input or a text area, which is among `children`; `name` is read out only. `wrong` says why it was
/// refused.
#[component]
pub fn Field(
    #[prop(into)] name: String,
    #[prop(default = Shape::Line)] shape: Shape,
    #[prop(optional, into)] wrong: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <label class=shape.class() class:bad=move || wrong.with(Option::is_some)>
            <span class="vh">{name}</span>
            {children()}
        </label>
        {move || wrong.get().map(|text| view! { <p class="err" role="alert">{text}</p> })}
    }
}

/// A tick before its words.
#[component]
pub fn Check(#[prop(optional, into)] on: Signal<bool>, children: Children) -> impl IntoView {
    view! {
        <label class="tick">
            <input class="check" type="checkbox" checked=on.get_untracked() prop:checked=on />
            {children()}
        </label>
    }
}

/// A few ways to see the same, one at a time; buttons that say by `aria-pressed`, or links by `aria-current`, which is on.
#[component]
pub fn Segmented(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <div class="seg" role="group" aria-label=name>
            {children()}
        </div>
    }
}
