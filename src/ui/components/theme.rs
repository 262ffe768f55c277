//! The switch between light and dark.

use leptos::prelude::*;

use crate::ui::browser;
use crate::ui::texts::t;

use super::icon::{Icon, drawn};

/// Shows what is on and changes to the other.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-btn theme"
            aria-label=t!(common.switch_theme)
            title=t!(common.switch_theme)
            on:click=|_| browser::switch_theme()
        >
            {drawn(Icon::SUN, "i sun")}
            {drawn(Icon::MOON, "i moon")}
        </button>
    }
}
