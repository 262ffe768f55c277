//! OpenAI Realtime: the session of a speech-to-speech agent.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;

use super::openai::with_tools;

const MODEL: &str = "gpt-realtime";
const TRANSCRIPTION: &str = "gpt-4o-mini-transcribe";
const VOICE: &str = "marin";

pub(super) fn files(kit: &Kit<'_>) -> Vec<File> {
    let prompt = kit.prompt(PromptFormat::OpenAiRealtime);
    vec![
        File::text("prompt.md", prompt.system_prompt.as_str()),
        File::json("tools.json", &kit.tools(PromptFormat::OpenAiRealtime)),
        File::json("session.json", &session(kit)),
    ]
}

fn session(kit: &Kit<'_>) -> Value {
    let mut transcription = json!({ "model": TRANSCRIPTION });
    // With several languages the transcriber had better find out by itself.
    if let [only] = kit.spec.items(FieldId::Languages) {
        transcription["language"] = only.value.split('-').next().unwrap_or_default().into();
    }
    let session = json!({
        "type": "realtime",
        "model": MODEL,
        "instructions": kit.prompt(PromptFormat::OpenAiRealtime).system_prompt,
        "output_modalities": ["audio"],
        "audio": {
            "input": { "turn_detection": { "type": "semantic_vad" }, "transcription": transcription },
            "output": { "voice": VOICE },
        },
        "tool_choice": "auto",
    });
    with_tools(session, kit.tools(PromptFormat::OpenAiRealtime))
}
