//! The page: the document around it, and which address shows what.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{ParamSegment, SsrMode, StaticSegment};

use crate::ui::chunks::{self, SitePage, later};
use crate::ui::pages::not_found::NotFound;
use crate::ui::pages::workspace::WorkspacePage;
use crate::ui::texts::{self, ELEMENT, t};
use crate::ui::{host, identity};

/// Starts the page's code once the page is seen: it reads without, so fonts and styles go first. A page that nobody looks
/// at is not painted, and does not wait for it.
const HYDRATE: &str = "
const seen = new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); setTimeout(done, 500); });
const soon = (href) => document.head.append(Object.assign(document.createElement('link'), \
{ rel: 'preload', as: 'fetch', type: 'application/wasm', crossOrigin: '', href }));
await seen;
FILES.forEach(soon);
const { default: start, hydrate } = await import('SCRIPT');
await start({ module_or_path: 'WASM' });
hydrate();
";

/// A chat begins at its end, before the script comes too.
const SCROLL: &str = "for (const log of document.querySelectorAll('.log')) log.scrollTop = log.scrollHeight;";

/// Fonts of the first paint.
const FONTS: [&str; 2] = ["/fonts/inter-latin-wght-normal.woff2", "/fonts/source-serif-4-latin-wght-normal.woff2"];

/// The document around the page. Every script in it carries the nonce of the answer's content security policy.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let assets = host::assets(&options);
    let files = std::iter::once(&assets.wasm).chain(&assets.chunks).map(|file| format!("'{file}'"));
    let files = format!("[{}]", files.collect::<Vec<_>>().join(", "));
    let script = HYDRATE.replace("SCRIPT", &assets.script).replace("WASM", &assets.wasm).replace("FILES", &files);
    let fonts = FONTS.map(|font| {
        view! { <link rel="preload" href=font r#as="font" r#type="font/woff2" crossorigin="" /> }
    });
    view! {
        <!DOCTYPE html>
        <html lang=host::language().code() dir=host::language().direction() data-theme=host::chosen_theme()>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                {identity::card()}
                {identity::icons()}
                {fonts.into_iter().collect_view()}
                <link rel="stylesheet" href=assets.style />
                <link rel="modulepreload" href=assets.script crossorigin="" />
                <script type="module" nonce=use_nonce()>
                    {script}
                </script>
                <AutoReload options=options />
                <MetaTags />
            </head>
            <body>
                <App />
                <script nonce=use_nonce()>{SCROLL}</script>
                <script id=ELEMENT type="application/json" nonce=use_nonce() inner_html=texts::json()></script>
            </body>
        </html>
    }
}

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <a class="skip" href="#main">
            {t!(language.skip)}
        </a>
        <Router>
            // Whole pages, not streamed ones: they read without the script, and carry the right status.
            <Routes fallback=|| view! { <NotFound /> }>
                <Route path=StaticSegment("") view=|| apart(SitePage::Start) ssr=SsrMode::Async />
                <Route path=(StaticSegment("s"), ParamSegment("id")) view=WorkspacePage ssr=SsrMode::Async />
                <Route path=StaticSegment("history") view=|| apart(SitePage::History) ssr=SsrMode::Async />
                <Route path=StaticSegment("settings") view=|| apart(SitePage::Settings) ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}

/// A page whose code comes apart from the workspace's.
fn apart(page: SitePage) -> AnyView {
    later(move || chunks::page(page), || ().into_any())
}
