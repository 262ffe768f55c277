//! The models for the settings page.

use leptos::prelude::*;

use crate::error::AppError;

use super::models::ModelCard;

/// The providers of models: which are configured, whether they are there, what they counted.
#[server(prefix = "/rpc", endpoint = "load_models")]
pub async fn load_models() -> Result<Vec<ModelCard>, AppError> {
    let models = use_context::<super::service::Models>().ok_or(AppError::Internal)?;
    Ok(super::cards::cards(&models))
}
