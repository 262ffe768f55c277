//! `/styleguide`: rendered here alone, as plain markup.

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use leptos::prelude::*;

use crate::language::texts::keys;
use crate::ui::styleguide::{Styleguide, sheet};

use super::plain_page::{self, Frame};
use super::state::AppState;

/// The guide's own style sheet.
const SHEET: &str = "/styleguide.css";

pub fn routes() -> Router<AppState> {
    Router::new().route("/styleguide", get(show)).route(SHEET, get(show_sheet))
}

async fn show(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let frame = Frame { title: keys::styleguide::title, class: "guide", sheet: Some(SHEET) };
    plain_page::answer(&state.page, &headers, StatusCode::OK, frame, || view! { <Styleguide /> })
}

async fn show_sheet() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")], sheet())
}
