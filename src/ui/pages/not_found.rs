//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::components::site_bar::SiteBar;
use crate::ui::host;

#[component]
pub fn NotFound(#[prop(default = "There is no such page")] what: &'static str) -> impl IntoView {
    host::answer_status(404);
    view! {
        <Title text="Not found · Agentwright" />
        <div class="screen">
            <SiteBar />
            <main class="hist" id="main">
                <h1>{what}</h1>
                <p class="lede">"It may have been deleted, or belong to another browser."</p>
                <p class="ways">
                    <a class="btn primary" href="/">
                        "Describe an agent"
                    </a>
                    <a class="btn" href="/history">
                        "History"
                    </a>
                </p>
            </main>
        </div>
    }
}
