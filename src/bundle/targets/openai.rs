//! OpenAI's text APIs: Chat Completions and Responses.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;

use super::Target;

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let chat = kit.prompt(PromptFormat::OpenAiChat);
    let responses = kit.prompt(PromptFormat::OpenAiAssistant);
    vec![
        File::text("chat_prompt.md", chat.system_prompt.as_str()),
        File::json("chat_tools.json", &kit.tools(PromptFormat::OpenAiChat)),
        File::json("chat_request.json", &chat_request(kit, target)),
        File::text("responses_prompt.md", responses.system_prompt.as_str()),
        File::json("responses_tools.json", &kit.tools(PromptFormat::OpenAiAssistant)),
        File::json("responses_request.json", &responses_request(kit, target)),
    ]
}

fn chat_request(kit: &Kit<'_>, target: &Target) -> Value {
    let prompt = kit.prompt(PromptFormat::OpenAiChat);
    let mut messages = vec![json!({ "role": "system", "content": prompt.system_prompt })];
    if !prompt.first_message.is_empty() {
        messages.push(json!({ "role": "assistant", "content": prompt.first_message }));
    }
    messages.push(json!({ "role": "user", "content": kit.first_question() }));
    with_tools(json!({ "model": target.setting("model"), "messages": messages }), kit.tools(PromptFormat::OpenAiChat))
}

fn responses_request(kit: &Kit<'_>, target: &Target) -> Value {
    let prompt = kit.prompt(PromptFormat::OpenAiAssistant);
    let request = json!({ "model": target.setting("model"), "instructions": prompt.system_prompt, "input": kit.first_question() });
    with_tools(request, kit.tools(PromptFormat::OpenAiAssistant))
}

/// The request with its tools; an empty list is refused by some vendors, so none is written.
pub(super) fn with_tools(mut request: Value, tools: Value) -> Value {
    if tools.as_array().is_some_and(|tools| !tools.is_empty()) {
        request["tools"] = tools;
    }
    request
}
