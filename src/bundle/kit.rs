//! Everything the files of a bundle are written from, worked out once.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::intent::models::{AgentSpec, FieldId};
use crate::intent::vocabulary;
use crate::prompt::generator::generate;
use crate::prompt::models::{PlatformPrompt, PromptFormat, Section};
use crate::prompt::texts;
use crate::prompt::tool_schemas::tool_name;
use crate::prompt::wording::{clean, in_words};
use crate::tools::models::ToolConfig;
use crate::workflow::models::NodeType;

use super::acceptance::{self, AcceptanceTest};
use super::export::Source;
use super::flow::{Flow, Step};
use super::targets;

/// One file of a bundle, before it has a place in the zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path with forward slashes, made of names of ours only.
    pub path: String,
    pub bytes: Vec<u8>,
}

impl File {
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> File {
        let mut text: String = text.into();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        File { path: path.into(), bytes: text.into_bytes() }
    }

    /// JSON on one line, for what only programs read.
    pub fn compact_json(path: impl Into<String>, value: &impl Serialize) -> File {
        // As in `pretty`.
        File::text(path, serde_json::to_string(value).expect("a document of ours is valid JSON"))
    }

    pub fn yaml(path: impl Into<String>, value: &impl Serialize) -> File {
        File::text(path, targets::yaml(value))
    }

    pub fn json(path: impl Into<String>, value: &impl Serialize) -> File {
        File::text(path, pretty(value))
    }
}

/// Indented JSON.
pub(super) fn pretty(value: &impl Serialize) -> String {
    // Our documents have string keys and no failing serializers, which is all that JSON can refuse.
    serde_json::to_string_pretty(value).expect("a document of ours is valid JSON")
}

pub(super) struct Kit<'a> {
    pub source: &'a Source<'a>,
    pub spec: &'a AgentSpec,
    pub prompts: BTreeMap<PromptFormat, PlatformPrompt>,
    pub tests: Vec<AcceptanceTest>,
    /// The workflow as platforms hold it.
    pub flow: Flow<'a>,
}

impl<'a> Kit<'a> {
    pub fn new(source: &'a Source<'a>) -> Kit<'a> {
        let spec = source.spec;
        let prompts = PromptFormat::ALL.map(|format| (format, generate(spec, source.graph, format)));
        Kit {
            source,
            spec,
            prompts: prompts.into_iter().collect(),
            tests: acceptance::tests(spec),
            flow: Flow::new(spec, source.graph),
        }
    }

    pub fn prompt(&self, format: PromptFormat) -> &PlatformPrompt {
        // `new` puts every format in.
        &self.prompts[&format]
    }

    /// The tools of a format as its requests carry them.
    pub fn tools(&self, format: PromptFormat) -> serde_json::Value {
        self.prompt(format).metadata.get("tools").cloned().unwrap_or_default()
    }

    /// Whether a tool puts a person on the line.
    pub fn is_transfer(&self, tool: &ToolConfig) -> bool {
        texts::puts_a_person_on(&tool.id)
    }

    /// Whether a step puts people through with a tool.
    pub fn transfers(&self, step: &Step<'_>) -> bool {
        step.kind() == NodeType::Handoff && step.tool.is_some_and(|tool| self.is_transfer(tool))
    }

    /// Who the agent is and what it keeps to, for platforms that hold the steps and the tools themselves. `transfer` is
    /// the platform's own name for the tool that puts a person on the line.
    pub fn persona(&self, transfer: &str) -> String {
        let elsewhere = |section: &&Section| !matches!(section.id.as_str(), "goal" | "tools");
        let sections = self.prompt(PromptFormat::ElevenLabs).sections.iter().filter(elsewhere);
        let text = sections.map(|section| {
            let lines: Vec<&str> = section.lines.iter().map(|line| line.text.as_str()).collect();
            format!("# {}\n{}\n", section.title, lines.join("\n"))
        });
        self.with_transfer(&text.collect::<Vec<_>>().join("\n"), transfer)
    }

    /// A prompt with the platform's own name for the tool that puts a person on the line.
    pub fn with_transfer(&self, prompt: &str, transfer: &str) -> String {
        let tool = self.spec.tools().find(|tool| self.is_transfer(tool));
        tool.map_or(prompt.to_owned(), |tool| prompt.replace(&tool_name(&tool.id), transfer))
    }

    /// What a user might say first: the question of the first acceptance test.
    pub fn first_question(&self) -> &str {
        self.tests.first().map_or("Hello", |test| &test.user_says)
    }

    /// "Mia, receptionist": the agent in a heading.
    pub fn title(&self) -> String {
        let name = self.spec.text(FieldId::AgentName).map(clean).filter(|name| !name.is_empty());
        let kind = self.spec.agent_type().map(|id| in_words(&vocabulary::display(FieldId::AgentType, id)));
        match (name, kind) {
            (Some(name), Some(kind)) => format!("{name}, {}", kind.to_lowercase()),
            (Some(name), None) => name,
            (None, Some(kind)) => crate::prompt::wording::capitalised(&kind),
            (None, None) => "Agent".to_owned(),
        }
    }
}
