//! The top bar of every page but the workspace, and the foot of the start page.

use crate::ui::texts::t;
use leptos::prelude::*;
use leptos_router::components::A;

use super::dialogs::{Dialogs, OpenDialog};
use super::icon::mark;
use super::language_menu::LanguageMenu;
use super::theme::ThemeSwitch;

#[component]
pub fn SiteBar() -> impl IntoView {
    Dialogs::provide();
    view! {
        <header class="bar">
            <a class="mark" href="/">{mark()}<span>"Agentwright"</span></a>
            <span class="grow"></span>
            <nav aria-label=t!(site_bar.main)>
                <A href="/" exact=true>{t!(site_bar.new)}</A>
                <A href="/history">{t!(common.history)}</A>
                <A href="/settings" attr:class="hide-s">{t!(common.settings)}</A>
            </nav>
            <LanguageMenu />
            <ThemeSwitch />
        </header>
        <OpenDialog />
    }
}
