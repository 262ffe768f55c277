//! The agent's acceptance tests.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRef, Path, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::AppError;
use crate::orchestrator::answers::StepAnswer;
use crate::orchestrator::own_tests::models::{RunTest, SaveTest, TestRun, TestsAnswer};
use crate::orchestrator::service::TurnService;
use crate::orchestrator::workshop::Workshop;
use crate::server::api_error::{ApiError, ChangeProblems, ReadProblems};
use crate::server::extract::{ApiJson, OptionalJson, RepeatHeader, RepeatKey, SessionPath};
use crate::session::models::SessionId;
use crate::session::ports::Caller;

pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
    Workshop: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(list_tests, save_test)).routes(routes!(delete_test)).routes(routes!(run_test))
}

/// The agent's tests, as its bundle has them: those that follow from its description, then the owner's own.
#[utoipa::path(get, path = "/sessions/{id}/tests", tag = "tests",
    params(("id" = String, Path, description = "Session id")),
    responses((status = 200, body = TestsAnswer), ReadProblems))]
async fn list_tests(
    State(workshop): State<Workshop>,
    caller: Caller,
    SessionPath(id): SessionPath,
) -> Result<Json<TestsAnswer>, ApiError> {
    Ok(Json(workshop.tests(&caller, &id).await?))
}

/// Keeps a run of the agent as a test. Can be undone.
#[utoipa::path(post, path = "/sessions/{id}/tests", tag = "tests", request_body = SaveTest,
    params(("id" = String, Path, description = "Session id"), RepeatHeader),
    responses((status = 200, body = StepAnswer), ChangeProblems))]
async fn save_test(
    State(turns): State<TurnService>,
    caller: Caller,
    SessionPath(id): SessionPath,
    RepeatKey(key): RepeatKey,
    ApiJson(test): ApiJson<SaveTest>,
) -> Result<Json<StepAnswer>, ApiError> {
    Ok(Json(turns.save_test(&caller, &id, &test, key.as_deref()).await?))
}

/// Drops one of the owner's own tests. Can be undone.
#[utoipa::path(delete, path = "/sessions/{id}/tests/{name}", tag = "tests",
    params(("id" = String, Path, description = "Session id"), ("name" = String, Path, description = "Name of the test")),
    responses((status = 200, body = StepAnswer), ChangeProblems))]
async fn delete_test(
    State(turns): State<TurnService>,
    caller: Caller,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Json<StepAnswer>, ApiError> {
    let (id, name) = read_path(path)?;
    Ok(Json(turns.delete_test(&caller, &id, &name).await?))
}

/// Plays a test on the language model: the user's words of the test, the answers its tools gave, judged by what the test
/// expects. Nothing is kept.
///
/// 409 `no_model` where the server has no language model; 503 `model_failed` where it did not help.
#[utoipa::path(post, path = "/sessions/{id}/tests/{name}/run", tag = "tests", request_body = Option<RunTest>,
    params(("id" = String, Path, description = "Session id"), ("name" = String, Path, description = "Name of the test")),
    responses((status = 200, body = TestRun), ChangeProblems))]
async fn run_test(
    State(workshop): State<Workshop>,
    caller: Caller,
    path: Result<Path<(String, String)>, PathRejection>,
    OptionalJson(how): OptionalJson<RunTest>,
) -> Result<Json<TestRun>, ApiError> {
    let (id, name) = read_path(path)?;
    Ok(Json(workshop.run_test(&caller, &id, &name, how).await?))
}

/// Malformed ids look like ones that are not there.
fn read_path(path: Result<Path<(String, String)>, PathRejection>) -> Result<(SessionId, String), AppError> {
    let Path((id, name)) = path.map_err(|_| AppError::NotFound)?;
    Ok((SessionId::parse(&id).ok_or(AppError::NotFound)?, name))
}
