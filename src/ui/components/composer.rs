//! Where the person writes: a real form that posts without the script, and grows to eight lines with what is written.

use crate::ui::memo::memo;
use leptos::prelude::*;
use leptos::web_sys;

use crate::ui::browser;
use crate::ui::texts::t;

use super::icon::{Icon, icon};

/// The id of the text area: one composer a page.
pub const INPUT: &str = "composer";

/// What differs between the composers of the pages.
#[derive(Clone, Copy)]
pub struct Wording {
    /// The text area's name.
    pub label: &'static str,
    pub placeholder: &'static str,
    /// The button's name.
    pub send: &'static str,
    pub rows: u32,
}

/// `action` takes the plain form; `store` names the draft in the browser; `children` stand in the bottom row. While an
/// answer is `running` the button stops it.
#[component]
pub fn Composer(
    wording: Wording,
    action: &'static str,
    draft: RwSignal<String>,
    store: String,
    on_send: Callback<()>,
    #[prop(optional, into)] on_recall: Option<Callback<()>>,
    #[prop(optional, into)] session: Option<String>,
    #[prop(optional, into)] refused: Signal<Option<String>>,
    #[prop(optional, into)] running: Signal<bool>,
    #[prop(optional, into)] on_stop: Option<Callback<()>>,
    #[prop(optional)] autofocus: bool,
    children: Children,
) -> impl IntoView {
    let area = NodeRef::<leptos::html::Textarea>::new();
    follow_draft(area, draft, store);
    let is_blank = memo(move || draft.with(|text| text.trim().is_empty()));
    let submit = move || {
        if !is_blank.get_untracked() {
            on_send.run(());
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.shift_key() && !event.is_composing() => {
            event.prevent_default();
            submit();
        }
        "ArrowUp" if draft.with_untracked(String::is_empty) => {
            if let Some(recall) = on_recall {
                event.prevent_default();
                recall.run(());
            }
        }
        _ => {}
    };
    view! {
        <form
            class="composer"
            method="post"
            action=action
            on:submit:target=move |event| {
                event.prevent_default();
                submit();
            }
        >
            {session.map(|id| view! { <input type="hidden" name="session_id" value=id /> })}
            <textarea
                id=INPUT
                name="text"
                rows=wording.rows
                required
                autofocus=autofocus
                aria-label=wording.label
                aria-invalid=move || refused.with(Option::is_some).then_some("true")
                aria-describedby="composer-refused"
                placeholder=wording.placeholder
                node_ref=area
                on:input:target=move |event| draft.set(event.target().value())
                on:keydown=on_key
            ></textarea>
            <p class="err" id="composer-refused" role="status">
                {move || refused.get()}
            </p>
            <div class="row">
                {children()}
                <button
                    class="send"
                    class:stop=running
                    type=move || if running.get() { "button" } else { "submit" }
                    aria-label=move || if running.get() { t!(composer.stop) } else { wording.send }
                    prop:disabled=move || !running.get() && is_blank.get()
                    on:click:target=move |_| {
                        if let Some(stop) = on_stop.filter(|_| running.get_untracked()) {
                            stop.run(());
                        }
                    }
                >
                    {move || icon(if running.get() { Icon::STOP } else { Icon::ARROW_UP })}
                </button>
            </div>
        </form>
    }
}

/// Keeps text area, draft and the browser's store in step. What was typed before the script came, or in an earlier
/// visit, becomes the draft.
fn follow_draft(area: NodeRef<leptos::html::Textarea>, draft: RwSignal<String>, store: String) {
    Effect::new(move |adopted: Option<bool>| {
        let Some(area) = area.get() else { return false };
        let adopted = adopted == Some(true);
        if !adopted {
            let typed = Some(area.value()).filter(|text| !text.is_empty());
            if let Some(text) = typed.or_else(|| browser::recall(&store)) {
                draft.set(text);
            }
        }
        draft.with(|text| {
            if area.value() != *text {
                area.set_value(text);
            }
            if adopted {
                browser::keep(&store, text);
            }
        });
        true
    });
}
