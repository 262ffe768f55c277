//! OpenAI Realtime: the session of a speech-to-speech agent.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;

use super::Target;
use super::openai::with_tools;

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let session = session(kit, target);
    let prompt = kit.prompt(PromptFormat::OpenAiRealtime);
    vec![
        File::text("prompt.md", prompt.system_prompt.as_str()),
        File::json("tools.json", &kit.tools(PromptFormat::OpenAiRealtime)),
        File::json("session.json", &session),
        File::json("session_update.json", &json!({ "type": "session.update", "session": session })),
        File::json("client_secret.json", &json!({ "session": session })),
    ]
}

fn session(kit: &Kit<'_>, target: &Target) -> Value {
    let mut transcription = json!({ "model": target.setting("transcription") });
    // With several languages the transcriber had better find out by itself.
    if let [only] = kit.spec.items(FieldId::Languages) {
        transcription["language"] = only.value.split('-').next().unwrap_or_default().into();
    }
    let session = json!({
        "type": "realtime",
        "model": target.setting("model"),
        "instructions": kit.prompt(PromptFormat::OpenAiRealtime).system_prompt,
        "output_modalities": ["audio"],
        "audio": {
            "input": { "turn_detection": { "type": "semantic_vad" }, "transcription": transcription },
            "output": { "voice": target.setting("voice") },
        },
        "tool_choice": "auto",
    });
    with_tools(session, kit.tools(PromptFormat::OpenAiRealtime))
}
