//! Every path of the server, as a list.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{prompt, session, workflow};

use super::api_error::explain;
use super::docs::{self, ApiDoc};
use super::middleware::{answer_panic, compressible, limit_body, limit_time, name_request, never_cache, protect};
use super::state::AppState;
use super::{health, ownership, pages};

/// The API with its document.
fn api() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    let versioned = OpenApiRouter::new()
        .merge(session::router::routes())
        .merge(workflow::router::routes())
        .merge(prompt::router::routes())
        .layer(from_fn(never_cache));
    OpenApiRouter::with_openapi(ApiDoc::openapi()).nest("/api/v1", versioned).merge(health::routes()).split_for_parts()
}

/// The OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().1
}

/// Everything the server answers.
pub fn build(state: AppState) -> Router {
    let (api, document) = api();
    let unversioned = session::router::seed_routes()
        .merge(workflow::router::page_files())
        .merge(prompt::router::page_files())
        .layer(from_fn(never_cache));
    // The first of these layers sees a request first and its answer last.
    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), name_request))
        .layer(from_fn(protect))
        .layer(CompressionLayer::new().compress_when(compressible()))
        .layer(from_fn(explain))
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(from_fn(limit_time))
        .layer(from_fn(limit_body))
        .layer(from_fn_with_state(state.clone(), ownership::identify))
        .layer(from_fn_with_state(state.clone(), pages::guard));
    Router::new()
        .merge(api)
        .merge(unversioned)
        .merge(docs::routes(document))
        .merge(pages::routes(&state))
        .merge(pages::files(&state.page))
        .fallback(pages::fallback)
        .layer(around)
        .with_state(state)
}
