//! What stands for the product outside its pages: its icons, and the card that a link to it shows. docs/identity.md has
//! the reasons.

use leptos::html;
use leptos::prelude::*;

use crate::ui::host::{self, Address};
use crate::ui::texts::t;

/// The paper of both themes, for the browser's own bars.
const PAPER: [(&str, &str); 2] =
    [("(prefers-color-scheme: light)", "#fcfaf6"), ("(prefers-color-scheme: dark)", "#1a1916")];

const NAME: &str = "Agentwright";

/// What the page at this path is.
fn about(path: &str) -> &'static str {
    match path {
        "/history" => t!(identity.history),
        "/settings" => t!(identity.settings),
        "/styleguide" => t!(identity.styleguide),
        _ if path.starts_with("/s/") => t!(identity.interview),
        _ => t!(language.description),
    }
}

/// Whether the page is for everybody; the others are of one browser.
fn is_public(path: &str) -> bool {
    matches!(path, "/" | "/styleguide")
}

/// For the head of every document.
pub fn icons() -> impl IntoView {
    let colours = PAPER.map(|(media, colour)| html::meta().name("theme-color").attr("media", media).content(colour));
    view! {
        <link rel="icon" href="/favicon.ico" sizes="32x32" />
        <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
        <link rel="manifest" href="/site.webmanifest" />
        {colours.into_iter().collect_view()}
    }
}

/// A line of the Open Graph protocol.
fn graph(property: &'static str, content: impl Into<String>) -> impl IntoView {
    html::meta().attr("property", property).content(content.into())
}

/// What the page is, for search engines and for whoever is sent a link. What an interview is about is not told.
pub fn card() -> impl IntoView {
    let Address { origin, path } = host::address();
    let about = about(&path);
    let hidden = (!is_public(&path)).then(|| view! { <meta name="robots" content="noindex" /> });
    view! {
        <meta name="description" content=about />
        {hidden}
        {graph("og:type", "website")}
        {graph("og:site_name", NAME)}
        {graph("og:title", NAME)}
        {graph("og:description", about)}
        {graph("og:url", format!("{origin}{path}"))}
        {graph("og:image", format!("{origin}/social-card.png"))}
        {graph("og:image:width", "1200")}
        {graph("og:image:height", "630")}
        {graph("og:image:alt", t!(identity.card))}
        <meta name="twitter:card" content="summary_large_image" />
    }
}
