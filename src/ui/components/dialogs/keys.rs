//! The sheet of shortcuts, opened with `?`.

use leptos::prelude::*;

use super::{Dialog, Dialogs, Frame, Leave, TITLE};

/// What a key does, for the sheet.
const KEYS: [(&[&str], &str); 15] = [
    (&["Ctrl", "K"], "Commands"),
    (&["↵"], "Send"),
    (&["⇧", "↵"], "New line"),
    (&["↑"], "Take the last message back into an empty composer"),
    (&["Esc"], "Let go of what is selected"),
    (&["F2"], "Rename the interview"),
    (&["⇧", "1"], "Fit the diagram"),
    (&["+", "−"], "Zoom the diagram, with a step focused"),
    (&["← ↑ → ↓"], "Walk from step to step"),
    (&["A"], "Add a step after the focused one"),
    (&["R"], "Rename the focused step, M moves it, C connects it"),
    (&["Alt", "↑ ↓"], "Move the focused step one place"),
    (&["Del"], "Remove the focused step"),
    (&["Ctrl", "Z"], "Undo, with ⇧ redo"),
    (&["/"], "Search the history"),
];

#[component]
pub fn KeysDialog(dialogs: Dialogs) -> impl IntoView {
    let rows = KEYS.map(|(keys, what)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! { <div><dt>{keys}</dt><dd>{what}</dd></div> }
    });
    view! {
        <Frame which=Dialog::Keys dialogs=dialogs>
            <h2 id=TITLE>"Shortcuts"</h2>
            <dl class="alist">{rows.into_iter().collect_view()}</dl>
            <footer>
                <Leave text="Close" />
            </footer>
        </Frame>
    }
}
