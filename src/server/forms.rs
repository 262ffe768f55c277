//! Forms posted without the script. A message that was refused comes back with the reason and its text, to be mended.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use server_fn::error::ServerFnUrlError;

use crate::error::AppError;
use crate::language::texts::keys;
use crate::ui::texts::{t, trouble};

use super::api_error::ApiError;
use super::middleware::MAX_BODY;
use super::plain_page::{self, Frame};
use super::state::AppState;

/// Answers a refused form with a page that holds what was written; a script gets the error as it is.
pub async fn give_back(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !is_form(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(sent) = to_bytes(body, MAX_BODY).await else {
        return ApiError::from(AppError::invalid("The form did not arrive whole. Send it again.")).into_response();
    };
    let (target, headers) = (parts.uri.clone(), parts.headers.clone());
    let response = next.run(Request::from_parts(parts, Body::from(sent.clone()))).await;
    match refusal(&response) {
        Some(error) => refused(&state.page, &headers, &target, &sent, &error),
        None => response,
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let has = |name: HeaderName, part: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(part))
    };
    has(ACCEPT, "text/html") && has(CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// The error that a server function sends a form back with.
fn refusal(response: &Response) -> Option<AppError> {
    let back: Uri = response.headers().get(LOCATION)?.to_str().ok()?.parse().ok()?;
    let mut pairs = form_urlencoded::parse(back.query()?.as_bytes());
    let (_, error) = pairs.find(|(key, _)| key == "__err")?;
    Some(ServerFnUrlError::<AppError>::decode_err(&error))
}

fn refused(page: &LeptosOptions, headers: &HeaderMap, target: &Uri, sent: &Bytes, error: &AppError) -> Response {
    let field = |name: &str| {
        let found = form_urlencoded::parse(sent).find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    let action = target.path().to_owned();
    // The renderer writes the content of a text area out as it is.
    let text = html_escape::encode_text(&field("text").unwrap_or_default()).into_owned();
    let session = field("session_id");
    let back = session.as_ref().map_or_else(|| "/".to_owned(), |id| format!("/s/{id}"));
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    plain_page::answer(page, headers, status, Frame::titled(keys::plain::not_sent_title), || {
        view! {
            <h1>{t!(plain.not_sent)}</h1>
            <p class="lede" role="alert">
                {trouble(error)}
            </p>
            <form class="composer" method="post" action=action>
                {session.map(|id| view! { <input type="hidden" name="session_id" value=id /> })}
                <textarea name="text" rows="12" required aria-label=t!(plain.your_text)>{text}</textarea>
                <div class="row">
                    <a class="btn" href=back>
                        {t!(plain.back)}
                    </a>
                    <span class="grow"></span>
                    <button class="btn primary">{t!(plain.send_again)}</button>
                </div>
            </form>
        }
    })
}
