//! When a platform loses something of an agent. The sentences are in `data/targets.toml`.

use serde::Deserialize;

use crate::bundle::kit::Kit;
use crate::intent::models::FieldId;
use crate::intent::vocabulary;
use crate::prompt::models::PromptFormat;
use crate::prompt::wording::{capitalised, clean, fill, listed};
use crate::tools::models::ToolConfig;
use crate::workflow::models::NodeType;

use super::elevenlabs::language_code;

/// Something a platform may not be able to express.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Loss {
    Workflow,
    Confirmation,
    NoAddress,
    Transfer,
    TransferOwn,
    OwnCalls,
    FirstMessage,
    SpeaksWhenAsked,
    Knowledge,
    MoreLanguages,
    LanguageUnknown,
    NotVoice,
    VoiceOpen,
    VoiceChosen,
    DescribedOpening,
    VoiceUnheard,
    SchemaSubset,
}

impl Loss {
    /// The sentence for this agent; none when it loses nothing here.
    pub fn text(self, kit: &Kit<'_>, template: &str) -> Option<String> {
        let spec = kit.spec;
        let transfer = |tool: &ToolConfig| tool.id == "call_transfer";
        let voice = kit.prompt(PromptFormat::ElevenLabs).metadata.get("voice").is_some_and(|voice| voice == true);
        match self {
            Loss::Workflow => plain(has_steps(kit), template),
            Loss::Confirmation => for_tools(kit, template, |tool| tool.needs_confirmation),
            Loss::NoAddress => for_tools(kit, template, |tool| tool.endpoint.is_none() && !transfer(tool)),
            Loss::Transfer | Loss::TransferOwn => for_tools(kit, template, transfer),
            Loss::OwnCalls => for_tools(kit, template, |_| true),
            Loss::FirstMessage => plain(!kit.prompt(PromptFormat::Generic).first_message.is_empty(), template),
            Loss::Knowledge => plain(spec.has(FieldId::KnowledgeSources), template),
            Loss::MoreLanguages => {
                let first = spec.text(FieldId::Languages).filter(|_| spec.items(FieldId::Languages).len() > 1)?;
                let name = vocabulary::display(FieldId::Languages, language_code(spec).unwrap_or(first));
                Some(fill(template, &[("languages", &name)]))
            }
            Loss::LanguageUnknown => plain(spec.has(FieldId::Languages) && language_code(spec).is_none(), template),
            Loss::NotVoice => plain(!voice, template),
            Loss::VoiceOpen | Loss::VoiceChosen | Loss::SpeaksWhenAsked => Some(template.to_owned()),
            Loss::DescribedOpening => {
                let first = &kit.prompt(PromptFormat::ElevenLabs).first_message;
                let wanted = spec.text(FieldId::GreetingStyle)?;
                let said = wanted.trim().trim_end_matches(['.', '!', '?', '\'', '"', '”']).to_lowercase();
                plain(!first.to_lowercase().contains(said.trim_start_matches(['\'', '"', '“'])), template)
            }
            Loss::VoiceUnheard => plain(spec.is_voice(), template),
            Loss::SchemaSubset => plain(spec.tools().any(has_limits), template),
        }
    }
}

fn plain(holds: bool, template: &str) -> Option<String> {
    holds.then(|| template.to_owned())
}

fn has_steps(kit: &Kit<'_>) -> bool {
    kit.source.graph.nodes.iter().any(|node| !matches!(node.kind, NodeType::Start | NodeType::Greeting | NodeType::End))
}

fn for_tools(kit: &Kit<'_>, template: &str, concerns: impl Fn(&ToolConfig) -> bool) -> Option<String> {
    let names: Vec<String> = kit.spec.tools().filter(|tool| concerns(tool)).map(|tool| clean(&tool.name)).collect();
    (!names.is_empty()).then(|| capitalised(&fill(template, &[("tools", &listed(&names, "and"))])))
}

/// Whether a tool's schema says more than types, names and choices.
fn has_limits(tool: &ToolConfig) -> bool {
    let properties = tool.parameters.get("properties").and_then(serde_json::Value::as_object);
    properties
        .into_iter()
        .flat_map(|properties| properties.values())
        .any(|property| ["format", "pattern", "default"].iter().any(|keyword| property.get(keyword).is_some()))
}
