//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::components::site_bar::SiteBar;
use crate::ui::host;
use crate::ui::texts::t;

#[component]
pub fn NotFound(#[prop(default = t!(not_found.page))] what: &'static str) -> impl IntoView {
    host::answer_status(404);
    view! {
        <Title text=t!(not_found.not_found_agentwright) />
        <div class="screen">
            <SiteBar />
            <main class="hist" id="main">
                <h1>{what}</h1>
                <p class="lede">{t!(not_found.it_may_have_been)}</p>
                <p class="ways">
                    <a class="btn primary" href="/">
                        {t!(common.describe_an_agent)}
                    </a>
                    <a class="btn" href="/history">
                        {t!(common.history)}
                    </a>
                </p>
            </main>
        </div>
    }
}
