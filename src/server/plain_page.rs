//! Pages that the server alone renders, without the page's code: forms that work everywhere.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use leptos::config::LeptosOptions;
use leptos::prelude::*;

use crate::language::texts::Text;
use crate::ui::components::icon::mark;
use crate::ui::{host, identity};

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; manifest-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'",
);

/// What such a page has around its content.
pub struct Frame {
    pub title: Text,
    /// The class of the main part.
    pub class: &'static str,
    /// A style sheet besides the product's own.
    pub sheet: Option<&'static str>,
}

impl Frame {
    /// A page like the start page.
    pub fn titled(title: Text) -> Frame {
        Frame { title, class: "start", sheet: None }
    }
}

/// A page in this frame, for the request with these headers. `content` makes the view, which has to happen under an owner.
pub fn answer<V: IntoView>(
    page: &LeptosOptions,
    headers: &HeaderMap,
    status: StatusCode,
    frame: Frame,
    content: impl FnOnce() -> V,
) -> Response {
    let Frame { title, class, sheet } = frame;
    let language = host::wanted_language(headers);
    let style = host::assets(page).style;
    let document = Owner::new().with(|| {
        provide_context(language);
        view! {
            <html lang=language.code() dir=language.direction() data-theme=host::theme_of(headers)>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    // Written as it is: what stands between a browser's views would be part of the title.
                    <title inner_html=title.words(language)></title>
                    {identity::icons()}
                    <link rel="stylesheet" href=style />
                    {sheet.map(|sheet| view! { <link rel="stylesheet" href=sheet /> })}
                </head>
                <body>
                    <header class="bar">
                        <a class="mark" href="/">
                            {mark()}
                            <span>"Agentwright"</span>
                        </a>
                    </header>
                    <main class=class id="main">
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
