//! Pages that the server alone renders, without the page's code: forms that work everywhere.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use leptos::config::LeptosOptions;
use leptos::prelude::*;

use crate::language::Language;
use crate::language::texts::Text;
use crate::ui::host;

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// A page in this language with this title and this content. `content` makes the view, which has to happen under an owner.
pub fn answer<V: IntoView>(
    page: &LeptosOptions,
    language: Language,
    status: StatusCode,
    title: Text,
    content: impl FnOnce() -> V,
) -> Response {
    let style = host::assets(page).style;
    let document = Owner::new().with(|| {
        provide_context(language);
        view! {
            <html lang=language.code() dir=language.direction()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{title.words(language)}</title>
                    <link rel="stylesheet" href=style />
                </head>
                <body>
                    <main class="start" id="main">
                        {content()}
                    </main>
                </body>
            </html>
        }
        .to_html()
    });
    let headers = [(CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, headers, Html(format!("<!DOCTYPE html>{document}"))).into_response()
}
