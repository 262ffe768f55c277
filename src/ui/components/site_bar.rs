//! The top bar of every page but the workspace, and the foot of the start page.

use leptos::prelude::*;
use leptos_router::components::A;

use super::dialogs::{Dialogs, OpenDialog};
use super::icon::mark;
use super::theme::ThemeSwitch;

#[component]
pub fn SiteBar() -> impl IntoView {
    Dialogs::provide();
    view! {
        <header class="bar">
            <a class="mark" href="/">{mark()}<span>"Agentwright"</span></a>
            <span class="grow"></span>
            <nav aria-label="Main">
                <A href="/" exact=true>"New"</A>
                <A href="/history">"History"</A>
                <A href="/settings" attr:class="hide-s">"Settings"</A>
            </nav>
            <ThemeSwitch />
        </header>
        <OpenDialog />
    }
}
