//! The sheet of shortcuts, opened with `?`.

use leptos::prelude::*;

use crate::ui::browser;

pub const ID: &str = "keys-dialog";

/// What a key does, for the sheet.
const KEYS: [(&[&str], &str); 10] = [
    (&["Ctrl", "K"], "Commands"),
    (&["↵"], "Send"),
    (&["⇧", "↵"], "New line"),
    (&["↑"], "Take the last message back into an empty composer"),
    (&["Esc"], "Let go of what is selected"),
    (&["F2"], "Rename the interview"),
    (&["⇧", "1"], "Fit the diagram"),
    (&["+", "−"], "Zoom the diagram, with a step focused"),
    (&["← ↑ → ↓"], "Walk from step to step"),
    (&["/"], "Search the history"),
];

#[component]
pub fn KeysDialog() -> impl IntoView {
    browser::on_window(leptos::ev::keydown, |event| {
        if event.key() == "?" && !browser::is_typing() && !browser::dialog_is_open() {
            browser::open_dialog(ID);
        }
    });
    let rows = KEYS.map(|(keys, what)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! { <div><dt>{keys}</dt><dd>{what}</dd></div> }
    });
    view! {
        <dialog class="dialog" id=ID aria-labelledby="keys-title">
            <h2 id="keys-title">"Shortcuts"</h2>
            <dl class="alist">{rows.into_iter().collect_view()}</dl>
            <footer>
                <button type="button" class="btn" autofocus on:click:target=move |_| browser::close_dialog(ID)>
                    "Close"
                </button>
            </footer>
        </dialog>
    }
}
