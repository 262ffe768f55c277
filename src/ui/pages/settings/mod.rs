//! Settings: the theme, the models and where things are kept. What the server decides is said, not offered.

mod models;

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::browser;
use crate::ui::components::language_menu::LanguageForm;
use crate::ui::components::site_bar::SiteBar;
use crate::ui::texts::t;

use models::ModelList;

#[component]
pub fn SettingsPage() -> impl IntoView {
    view! {
        <Title text=t!(settings.settings_agentwright) />
        <div class="screen">
            <SiteBar />
            <main class="hist narrow" id="main">
                <h1>{t!(common.settings)}</h1>
                <dl class="settings">
                    <div>
                        <dt id="theme-label">{t!(settings.theme)}</dt>
                        <dd>
                            <Themes />
                        </dd>
                    </div>
                    <div>
                        <dt>{t!(language.menu)}</dt>
                        <dd>
                            <LanguageForm class="seg" />
                        </dd>
                    </div>
                    <div>
                        <dt>{t!(settings.models)}</dt>
                        <dd>
                            <ModelList />
                        </dd>
                    </div>
                    <div>
                        <dt>{t!(settings.your_data)}</dt>
                        <dd>
                            {t!(settings.interviews_are_kept_in)}
                            {t!(settings.drafts_are_kept_in)}
                            <a class="lnk" href="/history">
                                {t!(settings.history)}
                            </a> {t!(settings.removes_everything_of_it)}
                        </dd>
                    </div>
                    <div>
                        <dt>{t!(settings.for_programs)}</dt>
                        <dd>
                            {t!(settings.everything_here_can_be)}
                            <a class="lnk" href="/docs" rel="external">
                                {t!(settings.reference)}
                            </a> ". " <a class="lnk" href="/settings/key" rel="external">
                                {t!(settings.api_key)}
                            </a>
                        </dd>
                    </div>
                </dl>
            </main>
        </div>
    }
}

/// System, light or dark.
#[component]
fn Themes() -> impl IntoView {
    let chosen = RwSignal::new(None::<String>);
    Effect::new(move || chosen.set(browser::chosen_theme()));
    let choice = move |label: &'static str, theme: Option<&'static str>| {
        let pressed = move || chosen.with(|chosen| chosen.as_deref() == theme);
        view! {
            <button
                type="button"
                aria-pressed=move || pressed().to_string()
                on:click:target=move |_| {
                    browser::choose_theme(theme);
                    chosen.set(theme.map(str::to_owned));
                }
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="seg" role="group" aria-labelledby="theme-label">
            {choice(t!(settings.system), None)} {choice(t!(settings.light), Some("light"))} {choice(t!(settings.dark), Some("dark"))}
        </div>
    }
}
