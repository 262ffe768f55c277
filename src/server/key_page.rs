//! Attaching an API key to a browser: its interviews become the key's, and it sees all of the key's.
//!
//! Rendered here alone, as plain forms: the page's own code has nothing to do with keys.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use leptos::prelude::*;
use serde::Deserialize;

use crate::language::texts::keys;
use crate::session::ports::Caller;
use crate::ui::texts::{t, text};

use super::api_error::ApiError;
use super::ownership::fresh_cookie;
use super::plain_page::{self, Frame};
use super::state::AppState;

pub const KEY_PAGE: &str = "/settings/key";

#[derive(Deserialize)]
struct KeyForm {
    key: String,
}

pub fn routes() -> Router<AppState> {
    Router::new().route(KEY_PAGE, get(show).post(attach)).route("/settings/key/remove", post(remove))
}

async fn show(State(state): State<AppState>, caller: Caller, headers: HeaderMap) -> Response {
    page(&state, &caller, &headers, StatusCode::OK, false)
}

/// The browser gets a cookie unlike the one before, which from now on opens nothing.
async fn attach(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Form(form): Form<KeyForm>,
) -> Result<Response, ApiError> {
    let Some(owner) = state.api_keys.owner_of(form.key.trim()) else {
        return Ok(page(&state, &caller, &headers, StatusCode::UNPROCESSABLE_ENTITY, true));
    };
    if let Some(before) = caller.owner.as_ref().filter(|_| !caller.has_key) {
        state.sessions.claim(before, owner).await?;
        state.tools.claim(before, owner).await?;
    }
    Ok((fresh_cookie(&state, &headers, Some(owner)), Redirect::to(KEY_PAGE)).into_response())
}

/// The interviews stay with the key; the browser begins anew.
async fn remove(State(state): State<AppState>, headers: HeaderMap) -> Response {
    (fresh_cookie(&state, &headers, None), Redirect::to(KEY_PAGE)).into_response()
}

fn page(state: &AppState, caller: &Caller, headers: &HeaderMap, status: StatusCode, is_wrong: bool) -> Response {
    let (says, offer) = match (state.api_keys.is_empty(), caller.has_key) {
        (true, _) => (keys::key::none, Offer::Nothing),
        (false, true) => (keys::key::attached, Offer::Detach),
        (false, false) => (keys::key::offer, Offer::Attach),
    };
    plain_page::answer(&state.page, headers, status, Frame::titled(keys::key::title), || {
        view! {
            <h1>{t!(settings.api_key)}</h1>
            <p class="lede">{text(says)}</p>
            {is_wrong.then(|| view! { <p role="alert">{t!(key.wrong)}</p> })}
            {form(offer)}
            <p>
                <a class="lnk" href="/settings">
                    {t!(common.settings)}
                </a>
            </p>
        }
    })
}

enum Offer {
    Nothing,
    Attach,
    Detach,
}

fn form(offer: Offer) -> Option<AnyView> {
    let (action, input, label) = match offer {
        Offer::Nothing => return None,
        Offer::Attach => {
            let input = view! { <input type="password" name="key" required autocomplete="off" aria-label=t!(settings.api_key) /> };
            (KEY_PAGE, Some(input), t!(key.attach))
        }
        Offer::Detach => ("/settings/key/remove", None, t!(key.detach)),
    };
    let form = view! {
        <form class="composer" method="post" action=action>
            {input}
            <div class="row">
                <span class="grow"></span>
                <button class="btn primary">{label}</button>
            </div>
        </form>
    };
    Some(form.into_any())
}
