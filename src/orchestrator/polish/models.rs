//! Polishing on the wire and for the page. Pure types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::{Object, ObjectBuilder, Type};

use crate::llm::models::{ModelName, Usage};
use crate::prompt::models::PromptFormat;
use crate::prompt::polish::models::SectionProposal;

/// The most sections of one request.
pub const MAX_SECTIONS: usize = 20;
/// The longest text of a section, in characters.
pub const MAX_SECTION_CHARS: usize = 20_000;

/// Which prompt to polish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolishRequest {
    pub format: PromptFormat,
}

/// How a model would put the sections of a prompt. Nothing of it is kept until it is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolishProposals {
    pub format: PromptFormat,
    /// The version of the session it was made from.
    pub version: u64,
    /// The sections the model would change, in the order of the prompt.
    pub proposals: Vec<SectionProposal>,
    pub model: ModelName,
    pub usage: Usage,
}

/// The proposed texts to take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptPolish {
    pub format: PromptFormat,
    /// Section ids, each with the `after` of its proposal. A text that would not be proposed is not taken.
    #[schema(schema_with = section_texts)]
    pub sections: BTreeMap<String, String>,
}

fn section_texts() -> Object {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(MAX_SECTION_CHARS));
    ObjectBuilder::new()
        .additional_properties(Some(AdditionalProperties::from(text)))
        .min_properties(Some(1))
        .max_properties(Some(MAX_SECTIONS))
        .build()
}

/// The sections to have as generated again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DropPolish {
    pub format: PromptFormat,
    /// All of the prompt if it is left out or empty.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub sections: Vec<String>,
}
