//! One platform's prompt from spec and workflow.

use serde_json::{Map, Value, json};

use crate::intent::models::{AgentSpec, FieldId};
use crate::workflow::models::Graph;

use super::brief::Brief;
use super::formats::{Draft, render};
use super::models::{PlatformPrompt, PromptFormat};
use super::parts::Mark;
use super::wording::{clean, without_variables};
use super::{greeting, sections, tool_schemas};

/// Writes the prompt of one platform.
pub fn generate(spec: &AgentSpec, graph: &Graph, format: PromptFormat) -> PlatformPrompt {
    let brief = Brief::new(spec, graph, format);
    let mut instructions = Vec::new();
    let drafts = brief.plan.sections.iter().map(|section| {
        let mut blocks = Vec::new();
        for part in &section.parts {
            let written = sections::part(&brief, *part);
            if part.is_rule() {
                let rules = written.iter().flat_map(|block| &block.pieces);
                instructions.extend(rules.filter(|piece| piece.mark == Mark::Bullet).map(|piece| piece.text.clone()));
            }
            blocks.extend(written);
        }
        Draft { id: section.id.clone(), title: section.title.clone(), titled: section.titled, blocks }
    });
    let rendered = render(drafts.collect(), brief.plan.style, brief.plan.variables);
    PlatformPrompt {
        format,
        tokens: rendered.sections.iter().map(|section| section.tokens).sum(),
        system_prompt: rendered.text,
        instructions: once_each(instructions),
        examples: brief.texts_of(FieldId::ExampleInteractions).map(|(text, _)| text).collect(),
        first_message: first_message(&brief),
        metadata: metadata(&brief, format),
        sources: rendered.sources,
        sections: rendered.sections,
    }
}

fn first_message(brief: &Brief<'_>) -> String {
    let text = greeting::first_message(brief);
    if brief.plan.variables { without_variables(&text) } else { text }
}

fn once_each(texts: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    texts.into_iter().filter(|text| seen.insert(text.to_lowercase())).collect()
}

/// What a platform's settings are made from: languages, channel, tools in the vendor's schema.
fn metadata(brief: &Brief<'_>, format: PromptFormat) -> Map<String, Value> {
    let spec = brief.spec;
    let mut metadata = Map::new();
    let mut put = |key: &str, value: Value| metadata.insert(key.to_owned(), value);
    put("agent_name", spec.text(FieldId::AgentName).map(clean).into());
    put("agent_type", spec.agent_type().into());
    put("languages", spec.values(FieldId::Languages).collect::<Vec<_>>().into());
    put("channel", spec.text(FieldId::Channel).into());
    put("voice", brief.voice.into());
    put("tool_names", spec.tools().map(|tool| tool_schemas::tool_name(&tool.id)).collect::<Vec<_>>().into());
    put("tools", tool_schemas::tools(spec, format).into());
    // Gemini wants its default and reasoning models of OpenAI and Anthropic refuse the setting: said only where it helps.
    if matches!(format, PromptFormat::ElevenLabs | PromptFormat::Generic) {
        put("settings", json!({ "temperature": brief.kind.temperature }));
    }
    put("token_count", "estimate: about four characters or three quarters of a word each".into());
    metadata
}
