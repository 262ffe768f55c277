//! The interview over REST: everything of a session, from its first message to its bundles.

use axum::Router;
use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;

use crate::session::service::SessionService;

use super::service::TurnService;
use super::streams::TurnStreams;
use super::workshop::Workshop;

mod agents;
mod bundles;
mod history;
mod own_tests;
mod own_tools;
mod polish;
mod preview;
mod prompts;
mod reference;
mod sessions;
mod spec;
mod turns;
mod workflows;

pub use sessions::seed_routes;

/// All of it, below the API's base.
pub fn routes<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
    TurnStreams: FromRef<S>,
    SessionService: FromRef<S>,
    Workshop: FromRef<S>,
{
    OpenApiRouter::new()
        .merge(sessions::routes())
        .merge(turns::routes())
        .merge(history::routes())
        .merge(spec::routes())
        .merge(workflows::routes())
        .merge(prompts::routes())
        .merge(polish::routes())
        .merge(preview::routes())
        .merge(own_tests::routes())
        .merge(own_tools::routes())
        .merge(bundles::routes())
        .merge(agents::routes())
        .merge(reference::routes())
}

/// The files that the page links to.
pub fn page_files<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    TurnService: FromRef<S>,
{
    workflows::page_files().merge(prompts::page_files())
}
