//! Errors on the wire: `application/problem+json`.
//!
//! A handler's error becomes a response that carries it as an extension; [`explain`] then writes the body, because only
//! there path and request id are known. What axum itself refuses is explained the same way.

use axum::Json;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::{AppError, FieldProblem, Problem};

use super::middleware::RequestId;

/// Where the page's functions are.
pub const PAGE_CALLS: &str = "/rpc/";
/// The longest error of a page's function, in bytes.
const MAX_ERROR: usize = 64 * 1024;
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// An error of the API, before it knows its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: String,
    pub version: Option<u64>,
    pub errors: Vec<FieldProblem>,
    /// For the page's functions, which know this type.
    pub cause: Option<AppError>,
}

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> ApiError {
        ApiError { status, code, detail: detail.into(), version: None, errors: Vec::new(), cause: None }
    }

    /// The path does not exist.
    pub fn no_such_path() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this path. /docs lists what there is.")
    }

    /// What axum refused, by its status alone.
    fn from_status(status: StatusCode) -> ApiError {
        match status {
            StatusCode::NOT_FOUND => ApiError::no_such_path(),
            StatusCode::METHOD_NOT_ALLOWED => {
                ApiError::new(status, "method_not_allowed", "This path does not take this method.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                ApiError::new(status, "body_too_large", "The body of the request is too large. Nothing was changed.")
            }
            StatusCode::SERVICE_UNAVAILABLE => AppError::Unavailable.into(),
            _ if status.is_server_error() => AppError::Internal.into(),
            _ => ApiError::new(status, "refused", "The request was not understood. Nothing was changed."),
        }
    }

    fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> ApiError {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut api = ApiError::new(status, error.code(), error.to_string());
        match &error {
            AppError::InvalidFields { problems } => api.errors = problems.clone(),
            AppError::Conflict { version } => api.version = Some(*version),
            _ => {}
        }
        api.cause = Some(error);
        api
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the problem document of every refused request of the API.
pub async fn explain(request: Request, next: Next) -> Response {
    let instance = request.uri().path().to_owned();
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    if instance.starts_with(PAGE_CALLS) {
        return explain_to_page(response).await;
    }
    let error = match response.extensions_mut().remove::<ApiError>() {
        Some(error) => error,
        None if is_unexplained(&response) => ApiError::from_status(response.status()),
        None => return response,
    };
    let problem = Problem {
        kind: format!("urn:agentwright:problem:{}", error.code),
        title: error.title().to_owned(),
        status: error.status.as_u16(),
        detail: error.detail,
        instance,
        code: error.code.to_owned(),
        request_id,
        version: error.version,
        errors: error.errors,
    };
    let (mut parts, _) = response.into_parts();
    let body = Json(problem).into_response().into_body();
    parts.headers.insert(CONTENT_TYPE, PROBLEM_JSON);
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

/// Whether axum or a layer refused the request in its own words.
fn is_unexplained(response: &Response) -> bool {
    let refused = response.status().is_client_error() || response.status().is_server_error();
    let answered = response.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes();
        kind.starts_with(b"application/json") || kind.starts_with(b"text/html")
    });
    refused && !answered
}

/// Answers the page's functions with the type they know, under its own status.
async fn explain_to_page(mut response: Response) -> Response {
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        let cause = error.cause.unwrap_or_else(|| AppError::invalid(error.detail));
        return (error.status, Json(cause)).into_response();
    }
    // The framework answers every error of a function with 500, also those that are the caller's.
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_ERROR).await else {
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(AppError::Internal)).into_response();
    };
    let status = serde_json::from_slice::<AppError>(&body).ok().and_then(|error| error.status().try_into().ok());
    parts.status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Response::from_parts(parts, body.into())
}

/// What reading from a session can be refused with.
#[derive(utoipa::IntoResponses)]
pub enum ReadProblems {
    /// The server asks for an API key, and this is none.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// No such session, or not yours.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// Something in the query makes no sense.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many requests from here; `Retry-After` says how long to wait.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// Our mistake.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// Too much to do, or the store cannot be reached; `Retry-After` says when to try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// What changing a session can be refused with.
#[derive(utoipa::IntoResponses)]
pub enum ChangeProblems {
    /// The body is not well-formed JSON.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// The server asks for an API key, and this is none.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// Another site sent this with the owner's cookie.
    #[response(status = 403, content_type = "application/problem+json")]
    CrossSite(Problem),
    /// No such session, or not yours.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The body took too long to arrive.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(Problem),
    /// The session is completed, is full, is not ready, has nothing to do, or is at another version; or it needs a
    /// language model and there is none.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// The message or the body is too long.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLong(Problem),
    /// The body is not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(Problem),
    /// Something in the request makes no sense; `errors` says what.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many requests from here; `Retry-After` says how long to wait.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// Our mistake.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// Too much to do, or the store cannot be reached; `Retry-After` says when to try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// What work on the server itself can be refused with.
#[derive(utoipa::IntoResponses)]
pub enum AdminProblems {
    /// The server has an admin key, and this is none.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// Without an admin key only the server's own machine may.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// The body took too long to arrive.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(Problem),
    /// The body is too long.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLong(Problem),
    /// The body ended early.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many requests from here; `Retry-After` says how long to wait.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// Our mistake.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// Too much to do; `Retry-After` says when to try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}
