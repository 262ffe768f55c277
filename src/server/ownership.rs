//! Whose request it is: a signed cookie names the owner of the sessions made with it.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, Request, State};
use axum::http::header::{HOST, ORIGIN, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::{Cookie, Key, SameSite};

use crate::error::AppError;
use crate::session::models::SessionId;
use crate::session::ports::{Caller, Clock, OwnerId};

use super::api_error::{ApiError, PAGE_CALLS};
use super::state::AppState;

const PLAIN_NAME: &str = "agentwright_owner";
/// Over https the browser itself refuses a cookie of this name that another host or path set.
const HOST_NAME: &str = "__Host-agentwright_owner";

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Self::Rejection> {
        Ok(parts.extensions.get::<Caller>().cloned().unwrap_or_default())
    }
}

/// Reads the cookie, and refuses changes that another site sends with it.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let key = Key::from_ref(&state);
    let jar = SignedCookieJar::from_headers(request.headers(), key);
    let named = jar.get(cookie_name(request.headers()));
    let owner = named.and_then(|cookie| SessionId::parse(cookie.value())).map(|id| OwnerId(id.to_string()));
    let is_page_call = request.uri().path().starts_with(PAGE_CALLS);
    if (owner.is_some() || is_page_call) && changes_something(request.method()) && is_cross_site(request.headers()) {
        return ApiError::from(AppError::Forbidden).into_response();
    }
    request.extensions_mut().insert(Caller { owner });
    next.run(request).await
}

/// Gives a visitor of the page the cookie, and keeps it alive with each page. Only for pages and their functions.
pub async fn welcome(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let known = request.extensions().get::<Caller>().and_then(|caller| caller.owner.clone());
    let is_navigation = header(request.headers(), "sec-fetch-mode") == Some("navigate");
    if known.is_none() && is_cross_site(request.headers()) && !is_navigation {
        // A browser leaves the cookie out of such requests: a new one would replace it.
        return next.run(request).await;
    }
    let clock: Arc<dyn Clock> = FromRef::from_ref(&state);
    let is_due = known.is_none() || request.method() == Method::GET;
    let owner = known.unwrap_or_else(|| OwnerId(clock.new_id()));
    let cookie = owner_cookie(&owner, request.headers());
    request.extensions_mut().insert(Caller { owner: Some(owner) });
    let response = next.run(request).await;
    if !is_due {
        return response;
    }
    let jar = SignedCookieJar::new(Key::from_ref(&state)).add(cookie);
    let mut with_cookie = (jar, ()).into_response();
    let (mut parts, body) = response.into_parts();
    if let Some(cookie) = with_cookie.headers_mut().remove(SET_COOKIE) {
        parts.headers.append(SET_COOKIE, cookie);
    }
    Response::from_parts(parts, body)
}

fn owner_cookie(owner: &OwnerId, headers: &HeaderMap) -> Cookie<'static> {
    Cookie::build((cookie_name(headers), owner.0.clone()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_https(headers))
        .permanent()
        .build()
}

fn cookie_name(headers: &HeaderMap) -> &'static str {
    if is_https(headers) { HOST_NAME } else { PLAIN_NAME }
}

/// Whether the visitor came by https, as the proxy in front says. A visitor who lies here weakens only the own cookie.
fn is_https(headers: &HeaderMap) -> bool {
    header(headers, "x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a browser says that another site sent this. Programs that are no browsers say nothing.
fn is_cross_site(headers: &HeaderMap) -> bool {
    match header(headers, "sec-fetch-site") {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => match headers.get(ORIGIN).map(HeaderValue::to_str) {
            None => false,
            Some(Ok(origin)) => origin_host(origin).is_none_or(|host| Some(host) != header(headers, HOST.as_str())),
            Some(Err(_)) => true,
        },
    }
}

/// Host and port of an origin; `None` for an opaque one.
fn origin_host(origin: &str) -> Option<&str> {
    origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn tells_other_sites_from_the_own_and_from_programs() {
        for own in [
            headers(&[]),
            headers(&[("sec-fetch-site", "same-origin")]),
            headers(&[("sec-fetch-site", "none")]),
            headers(&[("host", "a.example:8000"), ("origin", "http://a.example:8000")]),
        ] {
            assert!(!is_cross_site(&own), "{own:?}");
        }
        for other in [
            headers(&[("sec-fetch-site", "cross-site")]),
            headers(&[("sec-fetch-site", "same-site")]),
            headers(&[("host", "a.example"), ("origin", "https://b.example")]),
            headers(&[("host", "a.example"), ("origin", "null")]),
        ] {
            assert!(is_cross_site(&other), "{other:?}");
        }
    }

    #[test]
    fn the_cookie_is_tied_to_the_host_over_https() {
        let owner = OwnerId("o".to_owned());
        let plain = owner_cookie(&owner, &headers(&[])).to_string();
        assert!(plain.starts_with("agentwright_owner=o; HttpOnly; SameSite=Lax; Path=/"), "{plain}");
        let secure = owner_cookie(&owner, &headers(&[("x-forwarded-proto", "https")])).to_string();
        assert!(secure.starts_with("__Host-agentwright_owner=o") && secure.contains("Secure"), "{secure}");
    }
}
