//! Requests that may come again: each is made once, and its answer is kept with what it changed.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AppError;
use crate::session::models::SessionId;
use crate::session::ports::Caller;

use super::answers::MessageAnswer;
use super::intake;
use super::service::{Kept, Proposal, Target, TurnService, internal};
use super::state::Session;

/// A request that may come again: the key its sender gave it, what it asks for, and how its answer is read off the step.
pub(super) struct Repeatable<'a> {
    pub key: &'a str,
    pub request: &'a str,
    pub answer: &'a (dyn Fn(&Kept) -> Result<String, AppError> + Sync),
}

impl TurnService {
    /// Makes a step once: under a key that was used before it is not made again, and gets the first answer.
    pub(super) async fn once<T: Serialize + DeserializeOwned>(
        &self,
        caller: &Caller,
        target: Target<'_>,
        key: Option<&str>,
        request: &str,
        answer: impl Fn(&Kept) -> T + Sync,
        step: impl Fn(&Session) -> Result<Proposal, AppError>,
    ) -> Result<T, AppError> {
        let Some(key) = key else { return Ok(answer(&self.replace(caller, target, None, step).await?)) };
        let id = target.id;
        let as_json = |kept: &Kept| to_json(&answer(kept));
        match self.replace(caller, target, Some(Repeatable { key, request, answer: &as_json }), step).await {
            Ok(kept) => Ok(answer(&kept)),
            // Only the session's owner comes as far as these.
            Err(
                refused @ (AppError::Conflict { .. }
                | AppError::Completed
                | AppError::Full
                | AppError::Nothing { .. }
                | AppError::InvalidFields { .. }),
            ) => self.first_answer(id, key, request).await?.ok_or(refused),
            Err(refused) => Err(refused),
        }
    }

    /// What was answered when this request came first.
    pub(super) async fn first_answer<T: DeserializeOwned>(
        &self,
        id: &SessionId,
        key: &str,
        request: &str,
    ) -> Result<Option<T>, AppError> {
        let Some(stored) = self.store.answer(id, key).await? else { return Ok(None) };
        if stored.request != request {
            return Err(intake::other_request());
        }
        serde_json::from_str(&stored.answer_json).map(Some).map_err(internal)
    }

    /// What was answered to the message with this client id, if it was kept.
    pub(super) async fn stored_answer(
        &self,
        id: &SessionId,
        client_id: &str,
    ) -> Result<Option<MessageAnswer>, AppError> {
        let stored = self.store.answer(id, client_id).await?;
        stored.map(|stored| serde_json::from_str(&stored.answer_json).map_err(internal)).transpose()
    }
}

pub(super) fn to_json(answer: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string(answer).map_err(internal)
}
