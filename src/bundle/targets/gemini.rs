//! Gemini: a request of `generateContent`.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;

use super::Target;

pub(super) fn files(kit: &Kit<'_>, _target: &Target) -> Vec<File> {
    vec![
        File::text("prompt.md", kit.prompt(PromptFormat::Gemini).system_prompt.as_str()),
        File::json("tools.json", &declarations(kit)),
        File::json("request.json", &request(kit)),
    ]
}

fn declarations(kit: &Kit<'_>) -> Value {
    let functions = kit.tools(PromptFormat::Gemini);
    if functions.as_array().is_none_or(Vec::is_empty) {
        json!([])
    } else {
        json!([{ "functionDeclarations": functions }])
    }
}

fn request(kit: &Kit<'_>) -> Value {
    let request = json!({
        "systemInstruction": { "parts": [{ "text": kit.prompt(PromptFormat::Gemini).system_prompt }] },
        "contents": [{ "role": "user", "parts": [{ "text": kit.first_question() }] }],
    });
    super::openai::with_tools(request, declarations(kit))
}
