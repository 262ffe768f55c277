//! Prompts on the wire.

use serde::{Deserialize, Serialize};
use utoipa::openapi::{Object, ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};

use crate::bundle::export::{self, FileFormat};
use crate::session::ports::ExportRecord;

use super::models::PromptFormat;

/// Which prompts to write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerateRequest {
    /// All seven if it is left out or empty.
    #[serde(default)]
    pub formats: Vec<PromptFormat>,
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Whether the workflow belongs to it; yes by default.
    pub include_workflow: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DownloadQuery {
    /// `json`, `yaml`, `markdown`, `text` or `zip`; zip by default.
    #[param(value_type = Option<FileFormat>, inline)]
    pub format: Option<String>,
    /// Platforms of a zip, with commas between; all by default.
    #[param(schema_with = target_list)]
    pub targets: Option<String>,
    /// Whether the workflow belongs to it; yes by default.
    pub include_workflow: Option<bool>,
}

fn target_list() -> Object {
    let id = format!("({})", export::target_ids().join("|"));
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(format!("^({id}(,{id})*)?$"))).build()
}

/// The downloads that were made, the newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExportsAnswer {
    pub exports: Vec<ExportRecord>,
}
