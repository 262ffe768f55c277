//! What a message says, on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::acts::Act;
use super::models::{Evidence, FieldId, Provenance};

/// A message to read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtractRequest {
    /// At most 8,000 characters.
    #[schema(min_length = 1, max_length = 8000, pattern = r"\S")]
    pub text: String,
    /// What it follows on; without it the text is read as the description an interview begins with.
    #[serde(default, deserialize_with = "crate::json::object_or_none")]
    pub context: Option<ExtractContext>,
}

/// What came before a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtractContext {
    /// The field of the open question.
    #[serde(default)]
    pub asked: Option<FieldId>,
    /// The field that was answered before.
    #[serde(default)]
    pub previous: Option<FieldId>,
}

/// One field as a message fills it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExtractedField {
    /// A text, a list of texts, or true or false.
    pub value: Value,
    pub provenance: Provenance,
    pub evidence: Option<Evidence>,
    /// 0 to 1: how much the words say it themselves.
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: f32,
}

/// What a message tells and does.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExtractAnswer {
    pub fields: BTreeMap<FieldId, ExtractedField>,
    /// Acts of the conversation, in the order in which they stand.
    pub commands: Vec<Act>,
}
