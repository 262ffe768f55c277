//! The sheet of shortcuts, opened with `?`.

use leptos::prelude::*;

use crate::language::texts::{Text, keys};
use crate::ui::texts::{t, text};

use super::{Dialog, Dialogs, Frame, Leave, TITLE};

/// What a key does, for the sheet.
const KEYS: [(&[&str], Text); 15] = [
    (&["Ctrl", "K"], keys::dialogs_keys::commands),
    (&["↵"], keys::dialogs_keys::send),
    (&["⇧", "↵"], keys::dialogs_keys::new_line),
    (&["↑"], keys::dialogs_keys::take_back),
    (&["Esc"], keys::dialogs_keys::let_go),
    (&["F2"], keys::dialogs_keys::rename_interview),
    (&["⇧", "1"], keys::dialogs_keys::fit),
    (&["+", "−"], keys::dialogs_keys::zoom),
    (&["← ↑ → ↓"], keys::dialogs_keys::walk),
    (&["A"], keys::dialogs_keys::add),
    (&["R"], keys::dialogs_keys::rename_step),
    (&["Alt", "↑ ↓"], keys::dialogs_keys::move_step),
    (&["Del"], keys::dialogs_keys::remove),
    (&["Ctrl", "Z"], keys::dialogs_keys::undo),
    (&["/"], keys::dialogs_keys::search),
];

#[component]
pub fn KeysDialog(dialogs: Dialogs) -> impl IntoView {
    let rows = KEYS.map(|(pressed, what)| {
        let keys = pressed.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! { <div><dt>{keys}</dt><dd>{text(what)}</dd></div> }
    });
    view! {
        <Frame which=Dialog::Keys dialogs=dialogs>
            <h2 id=TITLE>{t!(common.shortcuts)}</h2>
            <dl class="alist">{rows.into_iter().collect_view()}</dl>
            <footer>
                <Leave text=t!(common.close) />
            </footer>
        </Frame>
    }
}
