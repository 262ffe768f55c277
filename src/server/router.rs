//! Every path of the server, as a list.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{llm, orchestrator, tools};

use super::api_error::explain;
use super::docs::{self, ApiDoc};
use super::limits::{limit_rate, limit_work};
use super::middleware::{
    Patience, answer_panic, compressible, limit_body, limit_time, measure, name_request, never_cache, protect,
};
use super::state::AppState;
use super::{health, key_page, language, ownership, pages, styleguide, telemetry};

/// The API below its base.
fn versioned() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(orchestrator::router::routes())
        .merge(tools::router::routes())
        .merge(llm::router::routes())
        .layer(from_fn(never_cache))
}

/// The API below its base for whoever runs the server.
fn administration() -> OpenApiRouter<AppState> {
    llm::router::admin_routes().layer(from_fn(never_cache))
}

/// The OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    describe(versioned().merge(administration())).1
}

fn describe(versioned: OpenApiRouter<AppState>) -> (Router<AppState>, utoipa::openapi::OpenApi) {
    let all = OpenApiRouter::with_openapi(ApiDoc::openapi()).nest("/api/v1", versioned).merge(health::routes());
    let (router, mut document) = all.split_for_parts();
    docs::close_variants(&mut document);
    (router, document)
}

/// Everything the server answers.
pub fn build(state: AppState) -> Router {
    let require_key = from_fn_with_state(state.clone(), ownership::require_key);
    let limited = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), limit_rate))
        .layer(from_fn_with_state(state.clone(), limit_work));
    let keyed = versioned().layer(require_key.clone());
    let (api, mut document) = describe(keyed.merge(administration()).layer(limited.clone()));
    if !state.api_keys.is_empty() {
        docs::demand_key(&mut document);
    }
    let seed =
        orchestrator::router::seed_routes().layer(from_fn(never_cache)).layer(require_key).layer(limited.clone());
    let page_files = orchestrator::router::page_files().layer(from_fn(never_cache));
    let plain = language::routes().merge(key_page::routes()).merge(styleguide::routes());
    let pages = pages::routes(&state).merge(plain).merge(page_files).layer(limited);
    let patience = Patience { under_way: state.under_way.clone(), models: state.models.total() };
    // The first of these layers sees a request first and its answer last.
    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), name_request))
        .layer(from_fn(protect))
        .layer(CompressionLayer::new().compress_when(compressible()))
        .layer(from_fn(explain))
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(from_fn_with_state(patience, limit_time))
        .layer(from_fn(limit_body))
        .layer(from_fn_with_state(state.clone(), ownership::identify))
        .layer(from_fn_with_state(state.clone(), pages::guard));
    Router::new()
        .merge(api)
        .merge(seed)
        .merge(pages)
        .merge(docs::routes(document))
        .merge(pages::files(&state.page))
        .route("/metrics", get(telemetry::show_metrics))
        .route_layer(from_fn(measure))
        .fallback(pages::fallback)
        .layer(around)
        .with_state(state)
}
