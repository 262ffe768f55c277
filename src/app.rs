//! The page.

use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

/// The document around the page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <AutoReload options=options.clone() />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! { <main>"Agentwright"</main> }
}
