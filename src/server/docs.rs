//! The API's documentation, served from the binary: `/docs` (Swagger UI), `/redoc`, `/openapi.json`.

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{Modify, OpenApi};
use utoipa_swagger_ui::SwaggerUi;

use crate::error::Problem;

/// Copied from `public/docs` when the program was built; empty when it was not there.
const REDOC: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/redoc.standalone.js"));

const REDOC_PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Agentwright API</title>
<link rel="icon" href="/favicon.svg">
</head>
<body>
<redoc spec-url="/openapi.json" disable-search="false" hide-download-button="false"></redoc>
<script src="/redoc/redoc.standalone.js"></script>
</body>
</html>
"#;

const MISSING_PAGE: &str = "<!DOCTYPE html><meta charset=\"utf-8\"><title>Agentwright API</title>\
    <p>The documentation assets were not built; <a href=\"/docs\">Swagger UI</a> has the same content.</p>";

/// Both tools write their own styles and draw from data; scripts come from here alone.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
     font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// The head of the OpenAPI document; paths come with the routers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Agentwright",
        description = "Interviews you about the agent you want and hands over its prompt, tools and workflow.\n\n\
            `POST /sessions/create`, `POST /sessions/{id}/message`, `GET /sessions/{id}/status`, \
            `POST /sessions/{id}/resume` and `DELETE /sessions/{id}` answer the same without `/api/v1`.\n\n\
            Where the server has API keys, each request needs one: `Authorization: Bearer …`. Sessions belong to the \
            key. Without keys a session made by a program belongs to nobody, and its random id opens it.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(Problem)),
    modifiers(&Bearer),
    security((), ("bearer" = [])),
    tags(
        (name = "sessions", description = "One interview: its messages, its fields, its state"),
        (name = "workflows", description = "The agent's workflow, live from the first message"),
        (name = "prompts", description = "The agent's prompts and files"),
        (name = "tests", description = "The agent played, and the tests that come of it"),
        (name = "bundles", description = "One platform's files"),
        (name = "tools", description = "What agents can use: the catalogue, one's own, and choosing among them"),
        (name = "reference", description = "How words become fields, and what the interview is made of"),
        (name = "health", description = "Whether the server works"),
    )
)]
pub struct ApiDoc;

/// How a key is shown.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// Enums whose variants refuse unknown fields, of which the derived schemas say nothing.
const CLOSED: [&str; 1] = ["GraphEdit"];

/// Says of these enums' variants that they take no other fields.
pub fn close_variants(document: &mut utoipa::openapi::OpenApi) {
    let Some(components) = &mut document.components else { return };
    for name in CLOSED {
        let Some(RefOr::T(Schema::OneOf(variants))) = components.schemas.get_mut(name) else { continue };
        for variant in &mut variants.items {
            if let RefOr::T(Schema::Object(object)) = variant {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
}

/// Says that a key is needed, where the server has keys.
pub fn demand_key(document: &mut utoipa::openapi::OpenApi) {
    document.security = Some(vec![SecurityRequirement::new("bearer", std::iter::empty::<String>())]);
}

pub fn routes<S: Clone + Send + Sync + 'static>(document: utoipa::openapi::OpenApi) -> Router<S> {
    let swagger = SwaggerUi::new("/docs")
        .url("/openapi.json", document)
        .config(utoipa_swagger_ui::Config::default().validator_url("none"));
    Router::from(swagger)
        .route("/redoc", get(redoc_page))
        .route("/redoc/redoc.standalone.js", get(redoc_script))
        .layer(from_fn(allow_tools))
}

async fn allow_tools(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    response
}

async fn redoc_page() -> Html<&'static str> {
    Html(if REDOC.is_empty() { MISSING_PAGE } else { REDOC_PAGE })
}

async fn redoc_script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "public, max-age=86400")], REDOC)
}
