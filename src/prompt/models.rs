//! Prompts as data: sections of lines, each line with the field it comes from. Pure types, shared with the page.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intent::models::{FieldId, Provenance};

/// The seven prompt formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromptFormat {
    #[serde(rename = "elevenlabs")]
    ElevenLabs,
    #[serde(rename = "openai_chat")]
    OpenAiChat,
    #[serde(rename = "openai_assistant")]
    OpenAiAssistant,
    #[serde(rename = "openai_realtime")]
    OpenAiRealtime,
    Anthropic,
    Gemini,
    Generic,
}

impl PromptFormat {
    pub const ALL: [PromptFormat; 7] = [
        PromptFormat::ElevenLabs,
        PromptFormat::OpenAiChat,
        PromptFormat::OpenAiAssistant,
        PromptFormat::OpenAiRealtime,
        PromptFormat::Anthropic,
        PromptFormat::Gemini,
        PromptFormat::Generic,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            PromptFormat::ElevenLabs => "elevenlabs",
            PromptFormat::OpenAiChat => "openai_chat",
            PromptFormat::OpenAiAssistant => "openai_assistant",
            PromptFormat::OpenAiRealtime => "openai_realtime",
            PromptFormat::Anthropic => "anthropic",
            PromptFormat::Gemini => "gemini",
            PromptFormat::Generic => "generic",
        }
    }

    pub fn parse(text: &str) -> Option<PromptFormat> {
        PromptFormat::ALL.into_iter().find(|format| format.as_str() == text)
    }

    /// The platform's name as its vendor writes it.
    pub fn label(self) -> &'static str {
        match self {
            PromptFormat::ElevenLabs => "ElevenLabs",
            PromptFormat::OpenAiChat => "OpenAI Chat",
            PromptFormat::OpenAiAssistant => "OpenAI Responses",
            PromptFormat::OpenAiRealtime => "OpenAI Realtime",
            PromptFormat::Anthropic => "Anthropic",
            PromptFormat::Gemini => "Gemini",
            PromptFormat::Generic => "Generic",
        }
    }
}

/// One line of a prompt and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    pub text: String,
    /// The field the line rests on; `None` for a line every agent of this kind gets.
    pub field: Option<FieldId>,
    pub provenance: Provenance,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Section {
    pub id: String,
    pub title: String,
    pub lines: Vec<Line>,
    /// Where its text begins in `system_prompt`, after its heading; lines count from 1.
    #[serde(default)]
    pub first_line: u32,
    /// Where its text ends.
    #[serde(default)]
    pub last_line: u32,
    /// Estimated tokens of the section as rendered.
    pub tokens: u32,
}

/// Which field a line of `system_prompt` comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineSource {
    /// Line of `system_prompt`, counted from 1.
    pub line: u32,
    /// A field id, or `default` for a line every agent of this kind gets.
    pub field: String,
    /// `inferred` for a line in a model's words that the owner took; the field is the one it most likely says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

/// One platform's prompt, rendered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlatformPrompt {
    pub format: PromptFormat,
    pub system_prompt: String,
    /// The rules of the prompt one by one.
    pub instructions: Vec<String>,
    pub examples: Vec<String>,
    pub first_message: String,
    /// Estimated tokens of `system_prompt`.
    pub tokens: u32,
    #[schema(value_type = Object)]
    pub metadata: serde_json::Map<String, serde_json::Value>,
    pub sources: Vec<LineSource>,
    /// The same prompt in sections, as the page shows it.
    pub sections: Vec<Section>,
}
