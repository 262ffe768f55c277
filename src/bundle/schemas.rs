//! Bundles on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::models::TargetInfo;

/// The platforms a bundle serves, in the order of their cards.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TargetsAnswer {
    pub targets: Vec<TargetInfo>,
}
