//! The choice of the page's language: a form, so that it works without the script.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::language::{ADDRESS, Language};
use crate::ui::host;
use crate::ui::texts::t;

use super::drop::Drop;
use super::icon::{Icon, icon};

/// The menu in the top bar.
#[component]
pub fn LanguageMenu() -> impl IntoView {
    view! {
        <Drop class="icon-btn" label=t!(language.menu) button=ViewFn::from(|| icon(Icon::LANGUAGES))>
            <LanguageForm />
        </Drop>
    }
}

/// A button for each language. The choice comes with the next page: this one is loaded again.
#[component]
pub fn LanguageForm(#[prop(optional)] class: &'static str) -> impl IntoView {
    let location = use_location();
    let back = move || [location.pathname.get(), location.search.get().trim_start_matches('?').to_owned()];
    let back = move || back().into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("?");
    let now = host::language();
    let choice = |language: Language| {
        let code = language.code();
        view! {
            <button name="language" value=code lang=code aria-current=(language == now).then_some("true")>
                {language.name()}
            </button>
        }
    };
    view! {
        <form class=class method="post" action=ADDRESS>
            <input type="hidden" name="back" value=move || back() />
            {Language::ALL.map(choice).into_iter().collect_view()}
        </form>
    }
}
