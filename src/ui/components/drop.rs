//! A menu that drops from its button. Native `<details>`, so that it opens without the script.

use leptos::prelude::*;
use leptos::web_sys;

/// `class` is the button's; `label` its name where it shows an icon alone.
#[component]
pub fn Drop(
    class: &'static str,
    #[prop(optional)] label: &'static str,
    button: ViewFn,
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<leptos::html::Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    // Closes when the focus leaves, and after a choice.
    let on_blur = move |event: web_sys::FocusEvent| {
        use leptos::wasm_bindgen::JsCast;
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = details.get_untracked().is_some_and(|details| details.contains(to.as_ref()));
        if !inside {
            close();
        }
    };
    view! {
        <details
            class="drop"
            node_ref=details
            on:focusout=on_blur
            on:keydown:target=move |event| {
                if event.key() == "Escape" {
                    close();
                }
            }
        >
            <summary class=class aria-label=(!label.is_empty()).then_some(label) title=(!label.is_empty()).then_some(label)>
                {button.run()}
            </summary>
            <div class="menu" on:click:target=move |_| close()>
                {children()}
            </div>
        </details>
    }
}
