//! How the guide shows a primitive: what it is for, the line of Rust that draws it, each variant with its name.

use leptos::prelude::*;

use crate::ui::components::primitives::Variant;

/// One primitive.
#[component]
pub fn Primitive(name: &'static str, when: &'static str, usage: &'static str, children: Children) -> impl IntoView {
    view! {
        <section data-primitive=name aria-label=name>
            <h3>{name}</h3>
            <p>{when}</p>
            <pre tabindex="0" role="group" aria-label=format!("{name} in Rust")><code>{usage}</code></pre>
            <div class="shown">{children()}</div>
        </section>
    }
}

/// A part with its name below. `variant` names the enum's variant it shows, for a test to find.
fn figure(caption: String, variant: Option<String>, part: AnyView) -> AnyView {
    view! {
        <figure data-variant=variant>
            <div>{part}</div>
            <figcaption>{caption}</figcaption>
        </figure>
    }
    .into_any()
}

/// Every variant of an enum, drawn by `draw`.
pub fn each<V: Variant, P: IntoView + 'static>(draw: impl Fn(V) -> P) -> AnyView {
    let all = V::ALL.iter().map(|variant| {
        let name = format!("{}::{}", V::OF, variant.name());
        figure(name.clone(), Some(name), draw(*variant).into_any())
    });
    all.collect_view().into_any()
}

/// A state that is no variant.
pub fn state(caption: &'static str, part: impl IntoView + 'static) -> AnyView {
    figure(caption.to_owned(), None, part.into_any())
}
