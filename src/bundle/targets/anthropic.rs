//! Anthropic: a request of the Messages API.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;

use super::Target;
use super::openai::with_tools;

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    vec![
        File::text("prompt.md", kit.prompt(PromptFormat::Anthropic).system_prompt.as_str()),
        File::json("tools.json", &kit.tools(PromptFormat::Anthropic)),
        File::json("messages_request.json", &request(kit, target)),
    ]
}

/// Conversations begin with the user there, so the first message is not in it.
fn request(kit: &Kit<'_>, target: &Target) -> Value {
    let request = json!({
        "model": target.setting("model"),
        "max_tokens": 2048,
        "system": kit.prompt(PromptFormat::Anthropic).system_prompt,
        "messages": [{ "role": "user", "content": kit.first_question() }],
    });
    with_tools(request, kit.tools(PromptFormat::Anthropic))
}
