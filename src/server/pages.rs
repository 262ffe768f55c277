//! The page: rendered on the server, its functions, its files.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, file_and_error_handler_with_context, generate_route_list};
use tower_http::services::ServeDir;

use crate::app::{App, shell};
use crate::orchestrator::desk::Desk;
use crate::session::ports::Caller;
use crate::ui::host;

use super::api_error::ApiError;
use super::state::AppState;
use super::{forms, ownership};

/// Names of fonts stay with their content; other files may change with the next release.
const KEEP_FONTS: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const KEEP_FILES: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The page's routes and functions.
pub fn routes(state: &AppState) -> Router<AppState> {
    let options = state.page.clone();
    let render = move || shell(options.clone());
    Router::new()
        .leptos_routes_with_context(state, generate_route_list(App), context(state), render)
        .layer(from_fn_with_state(state.clone(), forms::give_back))
        .layer(from_fn_with_state(state.clone(), ownership::welcome))
}

/// The nonce of the scripts in a rendered page; stays empty where nothing is rendered.
#[derive(Clone, Default)]
struct ScriptNonce(Arc<OnceLock<String>>);

/// Gives what is rendered its policy, and keeps it out of caches.
pub async fn guard(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let nonce = ScriptNonce::default();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    if let Some(policy) = nonce.0.get().and_then(|nonce| HeaderValue::from_str(&policy(nonce, state.watched)).ok()) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The built files. Those named by their content never change. The build's own folder leads
/// to the same files: they find each other by where they came from.
pub fn files(page: &LeptosOptions) -> Router<AppState> {
    let folder = format!("{}/{}", page.site_root, page.site_pkg_dir);
    let files = ServeDir::new(folder).precompressed_br().precompressed_gzip();
    let keep = if page.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    let keep = HeaderValue::from_static(keep);
    let (plain, of_build) = (format!("/{}", page.site_pkg_dir), host::folder(page).to_owned());
    let router = Router::new().nest_service(&plain, files.clone());
    let router = if of_build == plain { router } else { router.nest_service(&of_build, files) };
    router.layer(from_fn(move |request: Request, next: Next| {
        let keep = keep.clone();
        async move {
            let mut response = next.run(request).await;
            if response.status().is_success() {
                response.headers_mut().insert(CACHE_CONTROL, keep);
            }
            response
        }
    }))
}

/// Everything else: a file of the site, the page that says there is none, or a problem for programs.
pub async fn fallback(state: State<AppState>, uri: Uri, request: Request) -> Response {
    let for_programs = uri.path() == "/api" || uri.path().starts_with("/api/");
    if for_programs || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError::no_such_path().into_response();
    }
    let keep = if uri.path().starts_with("/fonts/") { KEEP_FONTS } else { KEEP_FILES };
    let mut response = file_and_error_handler_with_context(context(&state), shell)(uri, state, request).await;
    // What is there is a file; what is not is the page that says so.
    if response.status().is_success() {
        response.headers_mut().insert(CACHE_CONTROL, keep);
    }
    response
}

/// What the page's code finds in its context: the desk. The nonce of its scripts goes the other way.
fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let state = state.clone();
    move || {
        let request = use_context::<Parts>();
        let extensions = request.as_ref().map(|parts| &parts.extensions);
        let visitor = extensions.and_then(|it| it.get::<Caller>().cloned()).unwrap_or_default();
        let (turns, streams, sessions) = (state.turns.clone(), state.streams.clone(), state.sessions.clone());
        let language = request.as_ref().map(|parts| host::wanted_language(&parts.headers)).unwrap_or_default();
        let turns = turns.speaking(language);
        provide_context(Desk { turns, streams, sessions, workshop: state.workshop.clone(), visitor });
        provide_context(state.models.clone());
        provide_context(language);
        if let (Some(nonce), Some(slot)) = (use_nonce(), extensions.and_then(|it| it.get::<ScriptNonce>())) {
            // Rendered once; a second time would keep the first nonce.
            let _ = slot.0.set(nonce.to_string());
        }
    }
}

fn policy(nonce: &str, watched: bool) -> String {
    let reload = if watched { " ws:" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'{reload}; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    )
}
