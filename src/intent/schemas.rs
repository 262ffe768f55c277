//! What a message says, on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::orchestrator::hearing::Heard;

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

impl From<Heard> for ExtractAnswer {
    fn from(heard: Heard) -> ExtractAnswer {
        let field = |(id, slot): (FieldId, &super::models::Slot)| {
            let lead = slot.lead()?;
            let values = slot.items.iter().map(|item| item.value.as_str());
            let value = match id.kind() {
                kind if kind.is_list() => values.collect(),
                super::models::FieldKind::Flag => Value::Bool(lead.value == "true"),
                _ => Value::from(lead.value.as_str()),
            };
            let (provenance, evidence) = (lead.provenance, lead.evidence.clone());
            Some((id, ExtractedField { value, provenance, evidence, confidence: confidence(provenance) }))
        };
        ExtractAnswer { fields: heard.spec.filled().filter_map(field).collect(), commands: heard.acts }
    }
}

/// Words that say it are nearly certain, conclusions likely, what is usual a guess.
fn confidence(provenance: Provenance) -> f32 {
    match provenance {
        Provenance::Edited => 1.0,
        Provenance::Said => 0.95,
        Provenance::Inferred => 0.6,
        Provenance::Default => 0.3,
    }
}
