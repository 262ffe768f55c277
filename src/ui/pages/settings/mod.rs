//! Settings: the theme, the models and where things are kept. What the server decides is said, not offered.

mod models;

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::browser;
use crate::ui::components::site_bar::SiteBar;

use models::ModelList;

#[component]
pub fn SettingsPage() -> impl IntoView {
    view! {
        <Title text="Settings · Agentwright" />
        <div class="screen">
            <SiteBar />
            <main class="hist narrow" id="main">
                <h1>"Settings"</h1>
                <dl class="settings">
                    <div>
                        <dt id="theme-label">"Theme"</dt>
                        <dd>
                            <Themes />
                        </dd>
                    </div>
                    <div>
                        <dt>"Models"</dt>
                        <dd>
                            <ModelList />
                        </dd>
                    </div>
                    <div>
                        <dt>"Your data"</dt>
                        <dd>
                            "Interviews are kept in this server’s database and belong to this browser, by a cookie. "
                            "Drafts are kept in the browser alone. Deleting an interview in the "
                            <a class="lnk" href="/history">
                                "history"
                            </a> " removes everything of it. With a model, its provider gets what you write here."
                        </dd>
                    </div>
                    <div>
                        <dt>"For programs"</dt>
                        <dd>
                            "Everything here can be done over REST: "
                            <a class="lnk" href="/docs" rel="external">
                                "reference"
                            </a> ". " <a class="lnk" href="/settings/key" rel="external">
                                "API key"
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
            {choice("System", None)} {choice("Light", Some("light"))} {choice("Dark", Some("dark"))}
        </div>
    }
}
