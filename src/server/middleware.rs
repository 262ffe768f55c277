//! What happens around every request: its id in log and answer, limits, headers for the browser's protection.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio_util::task::TaskTracker;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tracing::Instrument;

use crate::error::AppError;
use crate::session::ports::Clock;

use super::api_error::ApiError;

/// The largest body of a request, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;
/// How long a body may take to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(20);
/// How long an answer may take.
const MAX_TIME: Duration = Duration::from_secs(30);
/// The same for what may ask a language model several times, by the end of its path.
const MAX_MODEL_TIME: Duration = Duration::from_secs(150);
const ASKS_A_MODEL: [&str; 6] = ["/polish", "/preview", "/run", "/load_polish", "/preview_turn", "/run_test"];
/// The longest request id taken over from a caller.
const MAX_ID: usize = 64;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The id under which a request stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Gives the request an id, its caller's own if that is a sound one, and a span of the log.
pub async fn name_request(State(clock): State<Arc<dyn Clock>>, mut request: Request, next: Next) -> Response {
    let id = own_id(request.headers()).unwrap_or_else(|| clock.new_id());
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    let began = Instant::now();
    let header = HeaderValue::from_str(&id).ok();
    request.extensions_mut().insert(RequestId(id));
    let mut response = async {
        let response = next.run(request).await;
        tracing::info!(status = response.status().as_u16(), ms = began.elapsed().as_secs_f64() * 1e3, "answered");
        response
    }
    .instrument(span)
    .await;
    if let Some(header) = header {
        response.headers_mut().insert(REQUEST_ID, header);
    }
    response
}

/// Counts and times answers by route, never by what stands in a path.
pub async fn measure(path: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let route = path.as_ref().map_or("file", MatchedPath::as_str).to_owned();
    let labels = [("route", route), ("method", request.method().to_string())];
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::histogram!("agentwright_request_seconds", &labels).record(began.elapsed().as_secs_f64());
    let [route, method] = labels;
    metrics::counter!("agentwright_requests_total", &[route, method, ("status", status)]).increment(1);
    response
}

fn own_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ((1..=MAX_ID).contains(&id.len()) && id.bytes().all(sound)).then(|| id.to_owned())
}

/// Reads the body before anything is done, so that a slow sender holds nothing but its connection: refused when it says
/// that it is too large or turns out to be, or takes too long to arrive.
pub async fn limit_body(request: Request, next: Next) -> Response {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MAX_BODY as u64) {
        return too_large();
    }
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(BODY_DEADLINE, Limited::new(body, MAX_BODY).collect()).await {
        Ok(Ok(body)) => next.run(Request::from_parts(parts, Body::from(body.to_bytes()))).await,
        Ok(Err(error)) if error.is::<LengthLimitError>() => too_large(),
        Ok(Err(_)) => closing(ApiError::from(AppError::invalid("The body ended early. Nothing was changed."))),
        Err(_) => {
            let detail = "The body did not arrive in time. Nothing was changed: send it again.";
            closing(ApiError::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", detail))
        }
    }
}

fn too_large() -> Response {
    let detail = format!("The body of a request may have at most {MAX_BODY} bytes. Nothing was changed.");
    closing(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail))
}

/// What is left of the body is not waited for.
fn closing(error: ApiError) -> Response {
    let mut response = error.into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Where changes run, and how long models are waited for at most.
#[derive(Clone)]
pub struct Patience {
    pub under_way: TaskTracker,
    pub models: Duration,
}

/// Gives up on an answer that takes too long. A change that was begun is finished all the same, also when the caller has
/// gone: a closed tab is no cancel, and the cache must learn what the store was told.
pub async fn limit_time(State(patience): State<Patience>, request: Request, next: Next) -> Response {
    let Patience { under_way, models } = patience;
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let most = longest(request.uri().path(), models);
    let answer = next.run(request);
    let answered = async {
        if is_read {
            return answer.await;
        }
        under_way.spawn(answer.in_current_span()).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a request did not end in order");
            ApiError::from(AppError::Internal).into_response()
        })
    };
    tokio::time::timeout(most, answered).await.unwrap_or_else(|_| {
        tracing::error!("no answer in time");
        ApiError::from(AppError::Unavailable).into_response()
    })
}

/// How long an answer to a request of this path may take. A turn may wait for `models`, too.
fn longest(path: &str, models: Duration) -> Duration {
    let asks_often = ASKS_A_MODEL.iter().any(|end| path.ends_with(end));
    models + if asks_often { MAX_MODEL_TIME } else { MAX_TIME }
}

/// A panic is our mistake: it is logged, the caller gets the usual problem, the server lives on.
pub fn answer_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("no text"), "a handler panicked");
    ApiError::from(AppError::Internal).into_response()
}

/// What browsers may do with an answer. Pages set a policy of their own; everything else may do nothing.
pub async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        PERMISSIONS_POLICY,
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"),
    );
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// Answers about somebody's session stay out of shared and stale caches.
pub async fn never_cache(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// What is worth compressing on the way out.
pub fn compressible() -> impl Predicate {
    SizeAbove::new(1024)
        .and(NotForContentType::const_new("image/png"))
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::SSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_over_only_sound_ids() {
        let with = |id: &'static str| HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_static(id))]);
        assert_eq!(own_id(&with("a-1_b.2")), Some("a-1_b.2".to_owned()));
        assert_eq!(own_id(&with("")), None);
        assert_eq!(own_id(&with("a b\"")), None);
        assert_eq!(own_id(&HeaderMap::new()), None);
    }

    #[test]
    fn models_are_waited_for_as_long_as_they_may_take() {
        let model = Duration::from_secs(120);
        assert_eq!(longest("/api/v1/sessions/create", Duration::ZERO), MAX_TIME);
        assert!(longest("/api/v1/sessions/create", model) > model);
        assert!(longest("/api/v1/sessions/1/preview", model) > model + model);
    }

    /// A route that panics answers 500, in a read as in a change, and the next request is answered as ever.
    #[tokio::test]
    async fn a_panic_stays_in_its_request() {
        use axum::routing::get;
        use tower::ServiceExt;
        use tower_http::catch_panic::CatchPanicLayer;

        async fn broken() -> &'static str {
            panic!("broken on purpose")
        }
        let patience = Patience { under_way: TaskTracker::new(), models: Duration::ZERO };
        let router = axum::Router::new()
            .route("/broken", get(broken).post(broken))
            .route("/whole", get(async || "well"))
            .layer(axum::middleware::from_fn_with_state(patience, limit_time))
            .layer(CatchPanicLayer::custom(answer_panic));
        for (method, path, status) in [("GET", "/broken", 500), ("POST", "/broken", 500), ("GET", "/whole", 200)] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status().as_u16(), status, "{method} {path}");
        }
    }
}
