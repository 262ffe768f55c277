//! Native dialogs: they keep the focus inside, close with Escape and give the focus back. Their code comes with the
//! first that opens.

pub mod delete;
pub mod finish;
pub mod keys;
pub mod palette;
pub mod revisions;

use leptos::prelude::*;

use crate::ui::browser;
use crate::ui::chunks::{Detail, detail_later};
use crate::ui::components::primitives::{Button, DialogWidth, Variant};

use palette::Command;

/// What can stand over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    Delete,
    Finish,
    Keys,
    Palette,
    Revisions,
}

/// The dialog that is open, and what the palette offers on this page.
#[derive(Clone, Copy)]
pub struct Dialogs {
    shown: RwSignal<Option<Dialog>>,
    commands: StoredValue<Vec<Command>>,
}

impl Dialogs {
    /// For the page around.
    pub fn provide() -> Dialogs {
        let dialogs = Dialogs { shown: RwSignal::new(None), commands: StoredValue::new(Vec::new()) };
        provide_context(dialogs);
        dialogs
    }

    /// The page's own commands, named before those of every page.
    pub fn offer(self, commands: Vec<Command>) {
        self.commands.set_value(commands);
    }

    /// Those of the page around.
    pub fn here() -> Dialogs {
        // Every component that asks stands inside a page that provides them.
        expect_context::<Dialogs>()
    }

    pub fn open(self, which: Dialog) {
        self.shown.set(Some(which));
    }

    /// The dialog was closed, by whatever means. Another may have been opened by its command.
    fn closed(self, which: Dialog) {
        if self.shown.get_untracked() == Some(which) {
            self.shown.set(None);
        }
    }
}

/// Where the open dialog is drawn; opens the palette with Ctrl+K and the sheet of shortcuts with `?`.
#[component]
pub fn OpenDialog() -> impl IntoView {
    let dialogs = Dialogs::here();
    browser::on_window(leptos::ev::keydown, move |event| {
        let key = event.key();
        if key.eq_ignore_ascii_case("k") && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            dialogs.open(Dialog::Palette);
        } else if key == "?" && !browser::is_typing() && !browser::dialog_is_open() {
            dialogs.open(Dialog::Keys);
        }
    });
    move || dialogs.shown.get().map(|which| detail_later(Detail::Dialog(which, dialogs)))
}

/// A dialog's view.
pub fn drawn(which: Dialog, dialogs: Dialogs) -> AnyView {
    match which {
        Dialog::Delete => view! { <delete::DeleteDialog dialogs=dialogs /> }.into_any(),
        Dialog::Finish => view! { <finish::FinishDialog dialogs=dialogs /> }.into_any(),
        Dialog::Keys => view! { <keys::KeysDialog dialogs=dialogs /> }.into_any(),
        Dialog::Palette => view! { <palette::Palette dialogs=dialogs /> }.into_any(),
        Dialog::Revisions => view! { <revisions::RevisionsDialog dialogs=dialogs /> }.into_any(),
    }
}

/// The id of a dialog's name.
const TITLE: &str = "dialog-title";

/// The frame of each: opens as soon as it is drawn, and is gone once it is closed. One of `children` has the id [`TITLE`].
#[component]
fn Frame(which: Dialog, dialogs: Dialogs, children: Children) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        // In the next frame: where its code came just now it has no place in the page yet.
        request_animation_frame(move || {
            if dialog.is_connected() && !dialog.open() {
                let _ = dialog.show_modal();
            }
        });
    });
    let width = match which {
        Dialog::Palette => DialogWidth::Palette,
        Dialog::Revisions => DialogWidth::Wide,
        _ => DialogWidth::Regular,
    };
    view! {
        <dialog class=width.class() aria-labelledby=TITLE node_ref=dialog on:close:target=move |_| dialogs.closed(which)>
            {children()}
        </dialog>
    }
}

/// The button that leaves everything as it is: it has the focus.
#[component]
fn Leave(text: &'static str) -> impl IntoView {
    view! {
        <Button attr:autofocus=true on:click=|_| browser::close_dialog()>
            {text}
        </Button>
    }
}
