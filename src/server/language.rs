//! Choosing the page's language, by a form that works without the script: the choice stays in a cookie.

use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Form, Router};
use serde::Deserialize;

use crate::language::{ADDRESS, COOKIE, Language};

use super::state::AppState;

/// What the form sends.
#[derive(Debug, Deserialize)]
struct Choice {
    language: String,
    /// Where the page was, to come back to.
    #[serde(default)]
    back: String,
}

pub fn routes() -> Router<AppState> {
    Router::new().route(ADDRESS, post(choose))
}

/// Keeps the language for a year and goes back to the page. One that is not there changes nothing.
async fn choose(Form(choice): Form<Choice>) -> Response {
    let kept = Language::parse(&choice.language)
        .map(|language| format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", language.code()));
    (AppendHeaders(kept.map(|cookie| (SET_COOKIE, cookie))), Redirect::to(local(&choice.back))).into_response()
}

/// The address if it is one of this site, else the start page.
fn local(address: &str) -> &str {
    let stays =
        address.starts_with('/') && !address[1..].starts_with(['/', '\\']) && !address.contains(char::is_control);
    if stays { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leaves_the_site() {
        assert_eq!(local("/s/1?view=fields"), "/s/1?view=fields");
        for elsewhere in ["", "//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\nb"] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
