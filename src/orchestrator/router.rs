//! The interview's own description over REST.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::server::api_error::ReadProblems;

use super::guide::{Guide, guide};

/// Below the API's base.
pub fn routes<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(list_stages))
}

/// The stages of an interview, the fields each collects, where each leads, and the questions.
#[utoipa::path(get, path = "/orchestrator/stages", tag = "reference",
    responses((status = 200, body = Guide), ReadProblems))]
async fn list_stages() -> Json<Guide> {
    Json(guide())
}
