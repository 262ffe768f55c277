//! Agentwright interviews people about the agent they want and hands over its prompt, tools and workflow.
//!
//! Feature folders carry the names of the design; in each, the file name says the layer. Dependencies point one way:
//! `ui → server_fns → orchestrator → {bundle → prompt → workflow → tools → intent}, session, llm`; `server` wires them; `cli` is a client of the API.
//! Whatever needs a whole interview over REST or for the page stands in `orchestrator`. Everything named `models` compiles for the
//! server and for the page.

// The page's views nest deep in their types.
#![recursion_limit = "256"]

#[cfg(feature = "ui")]
pub mod app;
pub mod bundle;
#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ui")]
pub mod error;
pub mod intent;
#[cfg(feature = "ssr")]
mod json;
pub mod language;
pub mod llm;
pub mod orchestrator;
pub mod prompt;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
pub mod tools;
#[cfg(feature = "ui")]
pub mod ui;
pub mod workflow;

/// Takes the page over in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    // Not by `leptos::task`, which works once the page is mounted.
    leptos::__reexports::wasm_bindgen_futures::spawn_local(async {
        // Without its code the page stays as the server drew it: it reads, and its forms post.
        if ui::chunks::fetch_first().await.is_err() {
            return;
        }
        leptos::mount::hydrate_body(app::App);
        // Once the effects of the first run are through.
        leptos::prelude::set_timeout(ui::browser::mark_hydrated, std::time::Duration::ZERO);
        ui::chunks::fetch_rest();
    });
}
