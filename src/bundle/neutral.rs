//! The files of every bundle, whatever the platforms: the agent itself in formats that nobody owns, and a list of all
//! files with their checksums.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::intent::models::SPEC_VERSION;
use crate::prompt::lint;
use crate::prompt::models::PromptFormat;
use crate::session::models::Role;
use crate::workflow::render;

use super::kit::{File, Kit};
use super::readable::{self, markdown_text};
use super::review;
use super::targets::Target;

/// What a manifest is called in `format`.
const FORMAT: &str = "agentwright-bundle";

#[derive(Serialize)]
struct Manifest<'a> {
    format: &'static str,
    version: u32,
    spec_version: &'static str,
    session_id: &'a str,
    created_at: chrono::DateTime<chrono::Utc>,
    targets: Vec<&'a str>,
    files: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    path: &'a str,
    bytes: usize,
    sha256: String,
}

/// The agent itself.
pub(super) fn files(kit: &Kit<'_>, targets: &[&Target], include_workflow: bool) -> Vec<File> {
    let mut files = vec![
        File::text("README.md", readable::readme(kit, targets, include_workflow)),
        File::text("assumptions.md", review::report(kit)),
        File::json("spec.json", kit.spec),
        File::yaml("spec.yaml", kit.spec),
        File::json("tests.json", &kit.tests),
        File::text("tests.md", tests(kit)),
    ];
    for format in PromptFormat::ALL {
        let name = format.as_str();
        files.push(File::text(format!("prompts/{name}.md"), kit.prompt(format).system_prompt.as_str()));
        files.push(File::json(format!("tools/{name}.json"), &kit.tools(format)));
    }
    let report = lint::check(kit.spec, kit.source.graph, &kit.prompts.values().cloned().collect::<Vec<_>>());
    files.push(File::json("lint.json", &report));
    files.push(File::text("lint.md", findings(&report)));
    if !kit.source.transcript.is_empty() {
        files.push(File::text("transcript.md", transcript(kit)));
    }
    if include_workflow {
        let graph = kit.source.graph;
        files.push(File::json("workflow.json", graph));
        files.push(File::text("workflow.mmd", render::mermaid(graph)));
        files.push(File::text("workflow.dot", render::dot(graph)));
        files.push(File::text("workflow.svg", render::svg(graph)));
        files.extend(
            kit.source.picture.map(|picture| File { path: "workflow.png".to_owned(), bytes: picture.to_vec() }),
        );
    }
    files
}

/// `manifest.json`: every file with its size and checksum.
pub(super) fn manifest(kit: &Kit<'_>, targets: &[&Target], files: &[File]) -> File {
    let entries = files.iter().map(|file| Entry {
        path: &file.path,
        bytes: file.bytes.len(),
        sha256: hex(&Sha256::digest(&file.bytes)),
    });
    let manifest = Manifest {
        format: FORMAT,
        version: 1,
        spec_version: SPEC_VERSION,
        session_id: kit.source.session_id,
        created_at: kit.source.created_at,
        targets: targets.iter().map(|target| target.id).collect(),
        files: entries.collect(),
    };
    File::json("manifest.json", &manifest)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The acceptance tests for people.
fn tests(kit: &Kit<'_>) -> String {
    let mut text = String::from("# Acceptance tests\n\nSay what stands first, and look for what stands second.\n");
    for test in &kit.tests {
        text.push_str(&format!(
            "\n## {}\n\n- **Say**: {}\n- **It should**: {}\n- **Because of**: {}\n",
            test.name.replace('_', " "),
            markdown_text(&test.user_says),
            markdown_text(&test.expects),
            test.field.map_or_else(|| "a run that its owner kept".to_owned(), |field| field.label().to_lowercase()),
        ));
    }
    text
}

/// The lint report for people.
fn findings(report: &lint::LintReport) -> String {
    let mut text = format!("# Lint\n\nScore: {} of 100.\n", report.score);
    if report.findings.is_empty() {
        text.push_str("\nNothing was found.\n");
    }
    for finding in &report.findings {
        let severity = match finding.severity {
            lint::Severity::Error => "Error",
            lint::Severity::Warning => "Warning",
            lint::Severity::Hint => "Hint",
        };
        text.push_str(&format!("\n- **{severity}** (`{}`): {}", finding.rule, markdown_text(&finding.message)));
        if let Some(fix) = &finding.fix {
            text.push_str(&format!(" {}", markdown_text(fix)));
        }
    }
    text
}

/// The interview as it was held.
fn transcript(kit: &Kit<'_>) -> String {
    let mut text = String::from("# Transcript\n");
    for message in kit.source.transcript {
        let who = match message.role {
            Role::User => "You",
            Role::Assistant => "Agentwright",
        };
        text.push_str(&format!("\n**{who}**\n\n"));
        for line in message.content.lines() {
            text.push_str(&format!("> {}\n", markdown_text(line)));
        }
    }
    text
}
