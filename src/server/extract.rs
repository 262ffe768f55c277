//! How handlers read a request, so that whatever is wrong with it is answered as a problem.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::{AppError, FieldProblem};
use crate::language::Language;
use crate::session::models::SessionId;

use super::api_error::ApiError;

/// The longest `Idempotency-Key`, in characters.
const MAX_KEY: usize = 100;

/// The session id of the path. A malformed one looks like one that is not there.
pub struct SessionPath(pub SessionId);

impl<S: Send + Sync> FromRequestParts<S> for SessionPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<SessionPath, ApiError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(text)| SessionId::parse(&text));
        id.map(SessionPath).ok_or_else(|| AppError::NotFound.into())
    }
}

/// The query string.
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<ApiQuery<T>, ApiError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(ApiQuery(value)),
            Err(rejection) => {
                let text = rejection.body_text();
                Err(AppError::invalid(format!("The query is not understood: {}.", reason(&text))).into())
            }
        }
    }
}

/// What is wrong, without axum's introduction.
fn reason(text: &str) -> &str {
    text.rsplit_once("query string: ").map_or(text, |(_, reason)| reason)
}

/// What makes a request repeatable, as the API's document has it.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
pub struct RepeatHeader {
    /// Makes sending it again harmless: the same request under the same key gets the first answer.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 100, pattern = r"^[!-~]+$")]
    #[expect(dead_code, reason = "read as a header")]
    idempotency_key: Option<String>,
}

/// The `Idempotency-Key`, if one was sent.
pub struct RepeatKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for RepeatKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<RepeatKey, ApiError> {
        let Some(header) = parts.headers.get("idempotency-key") else { return Ok(RepeatKey(None)) };
        let key = header.to_str().ok().filter(|key| (1..=MAX_KEY).contains(&key.len()));
        let key = key.filter(|key| key.bytes().all(|byte| byte.is_ascii_graphic()));
        let wrong = || AppError::field("Idempotency-Key", format!("must be 1 to {MAX_KEY} visible ASCII characters"));
        Ok(RepeatKey(Some(key.ok_or_else(wrong)?.to_owned())))
    }
}

/// What chooses the language, as the API's document has it.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
pub struct LanguageHeader {
    /// The languages the interviewer may speak, the best first; of those known here one is taken, else English.
    #[param(rename = "Accept-Language")]
    #[expect(dead_code, reason = "read as a header")]
    accept_language: Option<String>,
}

/// The language that `Accept-Language` likes best; English where it names none that is known.
pub struct Wanted(pub Language);

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Wanted, Self::Rejection> {
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Wanted(header.and_then(Language::accepted).unwrap_or_default()))
    }
}

/// A JSON body.
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<ApiJson<T>, ApiError> {
        let body = read_body(request, state).await?;
        parse(&body).map(ApiJson)
    }
}

/// A JSON body that may be left out, or be `null`.
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<OptionalJson<T>, ApiError> {
        if is_empty(request.headers()) {
            return Ok(OptionalJson(T::default()));
        }
        let body = read_body(request, state).await?;
        let value = if body.is_empty() { None } else { parse::<Option<T>>(&body)? };
        Ok(OptionalJson(value.unwrap_or_default()))
    }
}

/// No body, and nothing said about its type.
fn is_empty(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_none()
        && headers.get("content-length").is_none_or(|length| length.as_bytes() == b"0")
        && headers.get("transfer-encoding").is_none()
}

async fn read_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    let is_json = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
    });
    if !is_json {
        let detail = "The body must be JSON, with `Content-Type: application/json`.";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail));
    }
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = "The body of the request is too large. Nothing was changed.";
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
        }
        _ => malformed("the body ended early"),
    })
}

fn malformed(reason: &str) -> ApiError {
    let detail = format!("The body is not well-formed JSON: {reason}. Nothing was changed.");
    ApiError::new(StatusCode::BAD_REQUEST, "malformed_json", detail)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() { wrong_field(&path, &inner.to_string()) } else { malformed(&inner.to_string()) }
    })?;
    json.end().map_err(|error| malformed(&error.to_string()))?;
    Ok(value)
}

/// Names the field that does not fit; for an unknown or missing one, serde names it in its text.
fn wrong_field(path: &str, text: &str) -> ApiError {
    let text = text.split(" at line ").next().unwrap_or(text);
    let named =
        ["unknown field `", "missing field `"].iter().find_map(|start| text.strip_prefix(start)?.split('`').next());
    let field = named.unwrap_or(path);
    let message = if text.starts_with("unknown field") {
        "is not a field of this request".to_owned()
    } else if text.starts_with("missing field") {
        "is missing".to_owned()
    } else {
        text.to_owned()
    };
    let problem = FieldProblem { field: field.to_owned(), message };
    AppError::InvalidFields { problems: vec![problem] }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only parsed")]
        message: String,
    }

    #[test]
    fn says_which_field_is_wrong() {
        let error = |text: &str| parse::<Body>(text.as_bytes()).unwrap_err();
        assert_eq!(error(r#"{"message": "a", "mesage": 1}"#).errors[0].field, "mesage");
        assert_eq!(error("{}").errors[0].field, "message");
        assert_eq!(error(r#"{"message": 1}"#).errors[0].field, "message");
        assert_eq!(error(r#"{"message": "#).status, StatusCode::BAD_REQUEST);
        assert_eq!(error(r#"{"message": "a"} x"#).status, StatusCode::BAD_REQUEST);
        assert_eq!(error("[]").status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
