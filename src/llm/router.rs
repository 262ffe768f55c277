//! Models over REST.

use axum::Json;
use axum::extract::{FromRef, FromRequestParts, State};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::server::api_error::{AdminProblems, ReadProblems};
use crate::server::ownership::Admin;

use super::schemas::{ProvidersAnswer, TestAnswer};
use super::service::Models;

/// Below the API's base.
pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Models: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(list_providers))
}

/// The same, for whoever runs the server.
pub fn admin_routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Models: FromRef<S>,
    Admin: FromRequestParts<S, Rejection = Response>,
{
    OpenApiRouter::new().routes(routes!(test_providers))
}

/// The providers of models: which are configured, how they are and what they counted.
///
/// Answers at once with what is known; whether they are there is looked up in the background, every half a minute at most.
#[utoipa::path(get, path = "/llm/providers", tag = "reference",
    responses((status = 200, body = ProvidersAnswer), ReadProblems))]
async fn list_providers(State(models): State<Models>) -> Json<ProvidersAnswer> {
    Json(ProvidersAnswer::of(&models))
}

/// Asks every configured provider something small.
///
/// Needs the admin key as `Authorization: Bearer`; where the server has none, only its own machine may.
#[utoipa::path(post, path = "/llm/test", tag = "reference", security((), ("bearer" = [])),
    responses((status = 200, body = TestAnswer), AdminProblems))]
async fn test_providers(_: Admin, State(models): State<Models>) -> Json<TestAnswer> {
    Json(models.test().await.into())
}
