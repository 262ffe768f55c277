//! Every command by name, opened with Ctrl+K.

use crate::ui::memo::memo;
use leptos::prelude::*;
use leptos::web_sys;
use leptos_router::hooks::use_navigate;

use crate::ui::browser;
use crate::ui::texts::t;

use super::{Dialog, Dialogs, Frame, TITLE};

/// Something that can be done.
#[derive(Clone, Copy)]
pub struct Command {
    pub name: &'static str,
    /// Its shortcut, if it has one.
    pub keys: &'static str,
    pub run: Callback<()>,
}

impl Command {
    pub fn new(name: &'static str, keys: &'static str, run: impl Fn() + Send + Sync + 'static) -> Command {
        Command { name, keys, run: Callback::new(move |()| run()) }
    }
}

/// What can be done on every page.
fn everywhere(dialogs: Dialogs) -> Vec<Command> {
    let navigate = use_navigate();
    let go = move |to: &'static str| {
        let navigate = navigate.clone();
        move || navigate(to, Default::default())
    };
    vec![
        Command::new(t!(common.new_agent), "", go("/")),
        Command::new(t!(common.history), "", go("/history")),
        Command::new(t!(common.settings), "", go("/settings")),
        Command::new(t!(common.switch_theme), "", browser::switch_theme),
        Command::new(t!(common.shortcuts), "?", move || dialogs.open(Dialog::Keys)),
    ]
}

/// The id of the list's line.
fn option_id(line: usize) -> String {
    format!("command-{line}")
}

#[component]
pub fn Palette(dialogs: Dialogs) -> impl IntoView {
    let all = StoredValue::new([dialogs.commands.get_value(), everywhere(dialogs)].concat());
    let (words, at) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let found = memo(move || {
        let words = words.get().to_ascii_lowercase();
        all.with_value(|all| {
            let named = all.iter().enumerate().filter(|(_, it)| it.name.to_ascii_lowercase().contains(words.trim()));
            named.map(|(place, _)| place).collect::<Vec<usize>>()
        })
    });
    let run = move |place: Option<usize>| {
        browser::close_dialog();
        if let Some(command) = place.and_then(|place| all.with_value(|all| all.get(place).copied())) {
            command.run.run(());
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let count = found.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" => run(found.with_untracked(|found| found.get(at.get_untracked()).copied())),
            _ => return,
        }
        event.prevent_default();
    };
    let option = move |(line, place): (usize, usize)| {
        all.with_value(|all| all.get(place).copied()).map(|command| {
            view! {
                <li
                    id=option_id(line)
                    role="option"
                    aria-selected=move || (at.get() == line).to_string()
                    on:click:target=move |_| run(Some(place))
                    on:mousemove:target=move |_| at.set(line)
                >
                    {command.name}
                    {(!command.keys.is_empty()).then(|| view! { <kbd>{command.keys}</kbd> })}
                </li>
            }
        })
    };
    view! {
        <Frame which=Dialog::Palette dialogs=dialogs>
            <h2 class="vh" id=TITLE>
                {t!(dialogs_palette.commands)}
            </h2>
            <input
                autofocus
                role="combobox"
                aria-label=t!(dialogs_palette.command)
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || option_id(at.get())
                autocomplete="off"
                placeholder=t!(dialogs_palette.type_a_command)
                prop:value=words
                on:input:target=move |event| {
                    words.set(event.target().value());
                    at.set(0);
                }
                on:keydown=on_key
            />
            <ul role="listbox" id="palette-list" aria-label=t!(dialogs_palette.commands)>
                {move || found.get().into_iter().enumerate().map(option).collect_view()}
            </ul>
        </Frame>
    }
}
