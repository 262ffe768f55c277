//! When a platform loses something of an agent. The sentences are in `data/losses.toml` and in each target's file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::bundle::flow::Step;
use crate::bundle::kit::Kit;
use crate::intent::models::FieldId;
use crate::intent::vocabulary;
use crate::prompt::models::PromptFormat;
use crate::prompt::wording::{capitalised, clean, fill, listed};
use crate::tools::models::ToolConfig;
use crate::workflow::models::NodeType;

use super::target::Target;

/// What an agent must have for the loss to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum When {
    Always,
    /// Steps besides a greeting and an end.
    Steps,
    Tools,
    /// Tools that need a yes first.
    ConfirmedTools,
    /// Tools whose endpoint nobody gave.
    ToolsWithoutAddress,
    /// Tools that put a person on the line.
    TransferTools,
    /// Tools with parameters that are lists or objects.
    NestedTools,
    /// Tools whose parameters have formats, patterns or defaults.
    SchemaLimits,
    /// A step that transfers people with a tool.
    Handoff,
    /// A step that passes people on without a tool for it.
    HandoffByWord,
    /// A first message.
    Opening,
    /// An opening that is described and not a sentence.
    DescribedOpening,
    Knowledge,
    SeveralLanguages,
    /// Languages, but none that the platform lists.
    UnknownLanguage,
    Voice,
    NotVoice,
    /// A prompt of more tokens than the platform's `prompt_tokens` limit.
    LongPrompt,
    /// A prompt of more characters than the platform's `instructions` limit.
    LongInstructions,
}

/// One loss as the data files hold it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Loss {
    when: When,
    text: String,
}

static SHARED: LazyLock<BTreeMap<String, Loss>> = LazyLock::new(|| {
    // Embedded and read by a test, so this cannot fail in use.
    toml::from_str(include_str!("../data/losses.toml")).expect("the embedded losses are well formed")
});

/// The loss that several targets share under this name.
pub(super) fn shared(name: &str) -> Option<&'static Loss> {
    SHARED.get(name)
}

impl Loss {
    /// The sentence for this agent; none when it loses nothing here.
    pub fn text(&self, kit: &Kit<'_>, target: &Target) -> Option<String> {
        let (spec, template) = (kit.spec, self.text.as_str());
        let voice = kit.prompt(PromptFormat::ElevenLabs).metadata.get("voice").is_some_and(|voice| voice == true);
        match self.when {
            When::Always => Some(template.to_owned()),
            When::Steps => plain(has_steps(kit), template),
            When::Tools => for_tools(kit, template, |_| true),
            When::ConfirmedTools => for_tools(kit, template, |tool| tool.needs_confirmation),
            When::ToolsWithoutAddress => {
                for_tools(kit, template, |tool| tool.endpoint.is_none() && !kit.is_transfer(tool))
            }
            When::TransferTools => for_tools(kit, template, |tool| kit.is_transfer(tool)),
            When::NestedTools => for_tools(kit, template, is_nested),
            When::SchemaLimits => plain(spec.tools().any(has_limits), template),
            When::Handoff => plain(handoffs(kit).any(|step| step.tool.is_some()), template),
            When::HandoffByWord => plain(handoffs(kit).any(|step| step.tool.is_none()), template),
            When::Opening => plain(!kit.prompt(PromptFormat::Generic).first_message.is_empty(), template),
            When::DescribedOpening => plain(has_described_opening(kit), template),
            When::Knowledge => plain(spec.has(FieldId::KnowledgeSources), template),
            When::LongInstructions => {
                let length = kit.prompt(PromptFormat::Generic).system_prompt.encode_utf16().count();
                plain(length > target.limit("instructions"), template)
            }
            When::SeveralLanguages => {
                let first = spec.text(FieldId::Languages).filter(|_| spec.items(FieldId::Languages).len() > 1)?;
                let name = vocabulary::display(FieldId::Languages, target.language(spec).unwrap_or(first));
                Some(fill(template, &[("languages", &name)]))
            }
            When::UnknownLanguage => plain(spec.has(FieldId::Languages) && target.language(spec).is_none(), template),
            When::Voice => plain(spec.is_voice(), template),
            When::NotVoice => plain(!voice, template),
            When::LongPrompt => {
                let tokens = kit.prompt(PromptFormat::ElevenLabs).tokens as usize;
                plain(tokens > target.limit("prompt_tokens"), template)
            }
        }
    }
}

fn plain(holds: bool, template: &str) -> Option<String> {
    holds.then(|| template.to_owned())
}

fn has_steps(kit: &Kit<'_>) -> bool {
    kit.flow.steps.iter().any(|step| !matches!(step.kind(), NodeType::Start | NodeType::Greeting | NodeType::End))
}

fn handoffs<'k>(kit: &'k Kit<'_>) -> impl Iterator<Item = &'k Step<'k>> {
    kit.flow.steps.iter().filter(|step| step.kind() == NodeType::Handoff)
}

fn has_described_opening(kit: &Kit<'_>) -> bool {
    let first = kit.prompt(PromptFormat::ElevenLabs).first_message.to_lowercase();
    kit.spec.text(FieldId::GreetingStyle).is_some_and(|wanted| {
        let said = wanted.trim().trim_end_matches(['.', '!', '?', '\'', '"', '”']).to_lowercase();
        !first.contains(said.trim_start_matches(['\'', '"', '“']))
    })
}

fn for_tools(kit: &Kit<'_>, template: &str, concerns: impl Fn(&ToolConfig) -> bool) -> Option<String> {
    let names: Vec<String> = kit.spec.tools().filter(|tool| concerns(tool)).map(|tool| clean(&tool.name)).collect();
    (!names.is_empty()).then(|| capitalised(&fill(template, &[("tools", &listed(&names, "and"))])))
}

fn properties(tool: &ToolConfig) -> impl Iterator<Item = &serde_json::Value> {
    let properties = tool.parameters.get("properties").and_then(serde_json::Value::as_object);
    properties.into_iter().flat_map(|properties| properties.values())
}

fn is_nested(tool: &ToolConfig) -> bool {
    properties(tool).any(|property| property.get("items").is_some() || property.get("properties").is_some())
}

/// Whether a tool's schema says more than types, names and choices.
fn has_limits(tool: &ToolConfig) -> bool {
    properties(tool)
        .any(|property| ["format", "pattern", "default"].iter().any(|keyword| property.get(keyword).is_some()))
}
