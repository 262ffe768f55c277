//! Anthropic: a request of the Messages API.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;

use super::openai::with_tools;

const MODEL: &str = "claude-sonnet-4-5";

pub(super) fn files(kit: &Kit<'_>) -> Vec<File> {
    vec![
        File::text("prompt.md", kit.prompt(PromptFormat::Anthropic).system_prompt.as_str()),
        File::json("tools.json", &kit.tools(PromptFormat::Anthropic)),
        File::json("messages_request.json", &request(kit)),
    ]
}

/// Conversations begin with the user there, so the first message is not in it.
fn request(kit: &Kit<'_>) -> Value {
    let request = json!({
        "model": MODEL,
        "max_tokens": 2048,
        "system": kit.prompt(PromptFormat::Anthropic).system_prompt,
        "messages": [{ "role": "user", "content": kit.first_question() }],
    });
    with_tools(request, kit.tools(PromptFormat::Anthropic))
}
