//! The files a user downloads.

use chrono::{DateTime, Utc};

use crate::intent::models::AgentSpec;
use crate::workflow::models::{Graph, Unmet};

use super::models::{BundleView, ExportDocument};

/// Everything an export is made from.
pub struct Source<'a> {
    pub session_id: &'a str,
    pub spec: &'a AgentSpec,
    pub graph: &'a Graph,
    pub unmet: &'a [Unmet],
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    Json,
    Yaml,
    Markdown,
    Text,
    Zip,
}

impl FileFormat {
    pub fn parse(text: &str) -> Option<FileFormat> {
        match text {
            "json" => Some(FileFormat::Json),
            "yaml" => Some(FileFormat::Yaml),
            "markdown" => Some(FileFormat::Markdown),
            "text" => Some(FileFormat::Text),
            "zip" => Some(FileFormat::Zip),
            _ => None,
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            FileFormat::Json => "json",
            FileFormat::Yaml => "yaml",
            FileFormat::Markdown => "md",
            FileFormat::Text => "txt",
            FileFormat::Zip => "zip",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            FileFormat::Json => "application/json",
            FileFormat::Yaml => "application/yaml",
            FileFormat::Markdown => "text/markdown; charset=utf-8",
            FileFormat::Text => "text/plain; charset=utf-8",
            FileFormat::Zip => "application/zip",
        }
    }
}

/// The neutral document.
pub fn document(source: &Source<'_>, include_workflow: bool) -> ExportDocument {
    let _ = (source, include_workflow);
    unimplemented!("written with the bundle")
}

/// One download: the bytes of the file. `targets` narrows a zip to some platforms; empty means all.
pub fn file(source: &Source<'_>, format: FileFormat, targets: &[String], include_workflow: bool) -> Vec<u8> {
    let _ = (source, format, targets, include_workflow);
    Vec::new()
}

/// `{agent_type}_agent.{extension}`, safe in a header and on every file system.
pub fn file_name(spec: &AgentSpec, format: FileFormat) -> String {
    let _ = spec;
    format!("agent.{}", format.extension())
}

/// What the bundle tab shows.
pub fn view(source: &Source<'_>) -> BundleView {
    let _ = source;
    unimplemented!("written with the bundle")
}
