//! The files a user downloads.

use chrono::{DateTime, Utc};

use crate::intent::models::{AgentSpec, FieldId};
use crate::prompt::polish::models::PolishedSections;
use crate::session::models::Message;
use crate::workflow::models::{Graph, Unmet};
use crate::workflow::render;

use super::kit::{self, File, Kit};
use super::models::{BundleFile, BundleView, ExportDocument, TargetCard, TargetInfo};
use super::own_tests::OwnTest;
use super::targets::{self, Target};
use super::{archive, neutral, readable, review, verified};

/// The ids of all platforms.
pub fn target_ids() -> Vec<&'static str> {
    targets::all().iter().map(|target| target.id).collect()
}

/// The first of these ids that names no platform.
pub fn unknown_target(ids: &[String]) -> Option<&str> {
    ids.iter().map(String::as_str).find(|id| targets::named(id).is_none())
}

/// Everything an export is made from.
pub struct Source<'a> {
    pub session_id: &'a str,
    pub spec: &'a AgentSpec,
    pub graph: &'a Graph,
    pub unmet: &'a [Unmet],
    /// Sections of the prompts in words that the owner took from a model.
    pub polished: &'a PolishedSections,
    /// The owner's own tests.
    pub tests: &'a [OwnTest],
    pub created_at: DateTime<Utc>,
    /// What was said, for a zip; empty elsewhere.
    pub transcript: &'a [Message],
    /// The workflow as PNG, for a zip.
    pub picture: Option<&'a [u8]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
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

    /// The name it is asked for by.
    pub fn name(self) -> &'static str {
        match self {
            FileFormat::Markdown => "markdown",
            FileFormat::Text => "text",
            other => other.extension(),
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
    document_of(&Kit::new(source), include_workflow)
}

pub(super) fn document_of(kit: &Kit<'_>, include_workflow: bool) -> ExportDocument {
    let (source, spec) = (kit.source, kit.spec);
    let texts = |field: FieldId| spec.values(field).map(str::to_owned).collect::<Vec<_>>();
    ExportDocument {
        session_id: source.session_id.to_owned(),
        agent_type: spec.agent_type().map(str::to_owned),
        agent_goals: texts(FieldId::Goals),
        agent_tone: texts(FieldId::Tone),
        prompts: kit.prompts.iter().map(|(format, prompt)| (format.as_str().to_owned(), prompt.clone())).collect(),
        tools: spec.tools().cloned().collect(),
        workflow_diagram: include_workflow.then(|| render::mermaid(source.graph)),
        workflow_summary: include_workflow.then(|| render::text_summary(source.graph)),
        spec: spec.clone(),
        created_at: source.created_at,
    }
}

/// One download: the bytes of the file. `targets` narrows a zip to some platforms; empty means all.
pub fn file(source: &Source<'_>, format: FileFormat, targets: &[String], include_workflow: bool) -> Vec<u8> {
    let kit = Kit::new(source);
    let text = match format {
        FileFormat::Json => kit::pretty(&document_of(&kit, include_workflow)),
        FileFormat::Yaml => targets::yaml(&document_of(&kit, include_workflow)),
        FileFormat::Markdown => readable::markdown(&kit, include_workflow),
        FileFormat::Text => readable::text(&kit, include_workflow),
        FileFormat::Zip => return archive::zip(&files(&kit, &targets::chosen(targets), include_workflow)),
    };
    text.into_bytes()
}

/// One platform's files alone: the zip's name and bytes; `None` for an id that names no platform.
pub fn target(source: &Source<'_>, id: &str) -> Option<(String, Vec<u8>)> {
    let target = targets::named(id)?;
    let name = file_name(source.spec, FileFormat::Zip);
    let name = format!("{}_{}.zip", name.trim_end_matches(".zip"), target.id);
    Some((name, archive::zip(&target.own_files(&Kit::new(source)))))
}

/// One platform's files as they are, without a zip around them; `None` for an id that names no platform.
pub fn target_files(source: &Source<'_>, id: &str) -> Option<Vec<File>> {
    Some(targets::named(id)?.own_files(&Kit::new(source)))
}

/// The files that every bundle has, whatever the platforms, without the list of all files.
pub fn neutral_files(source: &Source<'_>) -> Vec<File> {
    neutral::files(&Kit::new(source), &[], true)
}

/// The platforms, with the files each gets for any agent.
pub fn targets() -> Vec<TargetInfo> {
    let (spec, graph, polished) = (AgentSpec::default(), Graph::default(), PolishedSections::new());
    let source = Source {
        session_id: "",
        spec: &spec,
        graph: &graph,
        unmet: &[],
        polished: &polished,
        tests: &[],
        created_at: DateTime::UNIX_EPOCH,
        transcript: &[],
        picture: None,
    };
    let kit = Kit::new(&source);
    let info = |target: &Target| TargetInfo {
        id: target.id.to_owned(),
        name: target.name().to_owned(),
        platform: target.platform().to_owned(),
        files: target.own_files(&kit).into_iter().map(|file| file.path).collect(),
        verified_with: verified::with(target.id),
    };
    targets::all().iter().map(info).collect()
}

/// Everything in a zip: the files every bundle has, then each platform's.
pub(super) fn files(kit: &Kit<'_>, targets: &[&Target], include_workflow: bool) -> Vec<File> {
    let mut files = neutral::files(kit, targets, include_workflow);
    files.extend(targets.iter().flat_map(|target| target.files(kit)));
    files.push(neutral::manifest(kit, targets, &files));
    files
}

/// `{agent_type}_agent.{extension}`, safe in a header and on every file system.
pub fn file_name(spec: &AgentSpec, format: FileFormat) -> String {
    let kind = spec.agent_type().map(archive::safe_name).filter(|kind| !kind.is_empty());
    let stem = kind.map_or("agent".to_owned(), |kind| format!("{kind}_agent"));
    format!("{stem}.{}", format.extension())
}

/// What the bundle tab shows.
pub fn view(source: &Source<'_>) -> BundleView {
    let kit = Kit::new(source);
    let card = |target: &Target| TargetCard {
        id: target.id.to_owned(),
        name: target.name().to_owned(),
        files: target
            .files(&kit)
            .into_iter()
            .map(|file| BundleFile { bytes: file.bytes.len() as u64, path: file.path })
            .collect(),
        losses: target.losses(&kit),
        verified_with: verified::with(target.id),
    };
    BundleView {
        file_name: file_name(source.spec, FileFormat::Zip),
        targets: targets::all().iter().map(card).collect(),
        assumptions: review::sentences(&kit),
    }
}
