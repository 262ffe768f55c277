//! What a language model does beside the interview: polish a prompt, play the agent, play its tests. Nothing here writes
//! to a session.

use crate::error::AppError;
use crate::llm::models::{ChatRequest, Collected, Finish, Purpose};
use crate::llm::service::Models;

use super::service::TurnService;

/// The interviews and the models. Cheap to clone.
#[derive(Clone)]
pub struct Workshop {
    pub(super) turns: TurnService,
    models: Models,
}

impl Workshop {
    pub fn new(turns: TurnService, models: Models) -> Workshop {
        Workshop { turns, models }
    }

    /// Whether there is a model for this.
    pub fn can(&self, purpose: Purpose) -> bool {
        self.models.route(purpose).is_some()
    }

    /// One request to the model of this purpose, answered whole.
    pub(super) async fn ask(&self, purpose: Purpose, request: &ChatRequest) -> Result<Collected, AppError> {
        if !self.can(purpose) {
            return Err(AppError::NoModel);
        }
        let answer = self.models.collect(purpose, request).await;
        let answer = answer.map_err(|error| AppError::ModelFailed { reason: error.to_string() })?;
        if answer.finish == Finish::Refused {
            return Err(AppError::ModelFailed { reason: "it refused to answer".to_owned() });
        }
        Ok(answer)
    }
}
