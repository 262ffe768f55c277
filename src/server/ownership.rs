//! Whose request it is: an API key, or a signed cookie, names the owner of the sessions made with it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::{Cookie, Key, SameSite};
use secrecy::ExposeSecret;

use crate::error::AppError;
use crate::session::models::SessionId;
use crate::session::ports::{Caller, OwnerId};

use super::api_error::{ApiError, PAGE_CALLS};
use super::api_keys::is_same;
use super::key_page::KEY_PAGE;
use super::state::AppState;

/// Between a visitor's id and the key's owner in a cookie.
const ATTACHED: char = '.';
const PLAIN_NAME: &str = "agentwright_owner";
/// Over https the browser itself refuses a cookie of this name that another host or path set.
const HOST_NAME: &str = "__Host-agentwright_owner";

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Self::Rejection> {
        Ok(parts.extensions.get::<Caller>().cloned().unwrap_or_default())
    }
}

/// Reads key or cookie. Refuses a key that is none, and changes that another site sends with the cookie.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let caller = match shown_key(request.headers()).filter(|_| !state.api_keys.is_empty()) {
        Some(key) => match state.api_keys.owner_of(key) {
            Some(owner) => Caller { owner: Some(owner.clone()), has_key: true },
            None if is_admin_key(&state, key) => Caller::default(),
            None => {
                return unauthorized("This API key is not one of the server's. Nothing was changed.").into_response();
            }
        },
        None => cookie_caller(&state, request.headers()),
    };
    let is_from_page =
        [PAGE_CALLS, KEY_PAGE, crate::language::ADDRESS].iter().any(|start| request.uri().path().starts_with(start));
    let shows_cookie = caller.owner.is_some() && shown_key(request.headers()).is_none();
    if (shows_cookie || is_from_page) && changes_something(request.method()) && is_cross_site(request.headers()) {
        return ApiError::from(AppError::Forbidden).into_response();
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// Lets nobody in without a key, where the server has keys: in a header, or attached to the browser's cookie.
pub async fn require_key(State(state): State<AppState>, caller: Caller, request: Request, next: Next) -> Response {
    if state.api_keys.is_empty() || caller.has_key {
        return next.run(request).await;
    }
    unauthorized("This server's API needs a key: send `Authorization: Bearer` and one. Nothing was changed.")
        .into_response()
}

/// Whoever runs the server: with the admin key, or on its own machine where there is none.
pub struct Admin;

impl<S: Send + Sync> FromRequestParts<S> for Admin
where
    AppState: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Admin, Response> {
        let state = AppState::from_ref(state);
        if shown_key(&parts.headers).is_some_and(|key| is_admin_key(&state, key)) {
            return Ok(Admin);
        }
        if state.admin_key.is_some() {
            let detail = "This needs the server's admin key: send `Authorization: Bearer` and it. Nothing was done.";
            return Err(unauthorized(detail).into_response());
        }
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        if !peer.is_some_and(|peer| is_local(peer.ip(), &parts.headers)) {
            let detail = "Without an admin key only the server's own machine may do this: ADMIN_API_KEY sets one. \
                Nothing was done.";
            return Err(ApiError::new(StatusCode::FORBIDDEN, "no_admin_key", detail).into_response());
        }
        match is_cross_site(&parts.headers) {
            true => Err(ApiError::from(AppError::Forbidden).into_response()),
            false => Ok(Admin),
        }
    }
}

/// Whether a request comes from this machine and from nobody else's.
pub fn is_local(peer: IpAddr, headers: &HeaderMap) -> bool {
    peer.is_loopback() && !headers.contains_key("x-forwarded-for")
}

pub fn is_admin_key(state: &AppState, shown: &str) -> bool {
    state.admin_key.as_ref().is_some_and(|key| is_same(key.expose_secret(), shown))
}

fn unauthorized(detail: &str) -> impl IntoResponse {
    let error = ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", detail);
    ([(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))], error)
}

/// The key of an `Authorization` header.
pub fn shown_key(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = header(headers, AUTHORIZATION.as_str())?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// Who the signed cookie says it is: a visitor of its own, or with a key attached that key's owner, for as long as the
/// server has the key.
fn cookie_caller(state: &AppState, headers: &HeaderMap) -> Caller {
    let jar = SignedCookieJar::from_headers(headers, Key::from_ref(state));
    let Some(cookie) = jar.get(cookie_name(headers)) else { return Caller::default() };
    let (visitor, key) =
        cookie.value().split_once(ATTACHED).map_or((cookie.value(), None), |(id, key)| (id, Some(key)));
    let attached = key.map(|key| OwnerId(key.to_owned())).filter(|owner| state.api_keys.has_owner(owner));
    match (attached, key, SessionId::parse(visitor)) {
        (Some(owner), _, Some(_)) => Caller { owner: Some(owner), has_key: true },
        (None, None, Some(id)) => Caller { owner: Some(OwnerId(id.to_string())), has_key: false },
        _ => Caller::default(),
    }
}

/// A new cookie, unlike any before: for a visitor, or for the owner of a key.
pub fn fresh_cookie(state: &AppState, headers: &HeaderMap, key_owner: Option<&OwnerId>) -> SignedCookieJar {
    let visitor = state.clock.new_id();
    let value = key_owner.map_or(visitor.clone(), |owner| format!("{visitor}{ATTACHED}{owner}"));
    SignedCookieJar::new(Key::from_ref(state)).add(owner_cookie(value, headers))
}

/// Gives a visitor of the page the cookie, and keeps it alive with each page. Only for pages and their functions.
pub async fn welcome(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let known = request.extensions().get::<Caller>().and_then(|caller| caller.owner.clone());
    let is_navigation = header(request.headers(), "sec-fetch-mode") == Some("navigate");
    if known.is_none() && is_cross_site(request.headers()) && !is_navigation {
        // A browser leaves the cookie out of such requests: a new one would replace it.
        return next.run(request).await;
    }
    let jar = SignedCookieJar::from_headers(request.headers(), Key::from_ref(&state));
    let shown = jar.get(cookie_name(request.headers())).map(|cookie| cookie.value().to_owned());
    let is_due = known.is_none() || request.method() == Method::GET;
    let value = shown.filter(|_| known.is_some()).unwrap_or_else(|| state.clock.new_id());
    if known.is_none() {
        request.extensions_mut().insert(Caller { owner: Some(OwnerId(value.clone())), has_key: false });
    }
    let cookie = owner_cookie(value, request.headers());
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

fn owner_cookie(value: String, headers: &HeaderMap) -> Cookie<'static> {
    Cookie::build((cookie_name(headers), value))
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
        let plain = owner_cookie("o".to_owned(), &headers(&[])).to_string();
        assert!(plain.starts_with("agentwright_owner=o; HttpOnly; SameSite=Lax; Path=/"), "{plain}");
        let secure = owner_cookie("o".to_owned(), &headers(&[("x-forwarded-proto", "https")])).to_string();
        assert!(secure.starts_with("__Host-agentwright_owner=o") && secure.contains("Secure"), "{secure}");
    }
}
