//! Deepgram: the settings message of its Voice Agent API. There is no graph there: the steps are in the prompt.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;
use crate::prompt::tool_schemas::{address, description, plain_parameters, tool_name};
use crate::tools::models::ToolConfig;

use super::Target;
use super::names::Names;

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    vec![
        File::json("settings.json", &settings(kit, target)),
        File::text("prompt.md", kit.prompt(PromptFormat::ElevenLabs).system_prompt.as_str()),
    ]
}

fn settings(kit: &Kit<'_>, target: &Target) -> Value {
    let written = kit.prompt(PromptFormat::ElevenLabs);
    let temperature = written.metadata.get("settings").and_then(|settings| settings.get("temperature")).cloned();
    let language = target.language(kit.spec).unwrap_or("en");
    let several = kit.spec.items(FieldId::Languages).len() > 1;
    let sound = json!({ "encoding": "linear16", "sample_rate": 24000 });
    let mut agent = json!({
        "listen": { "provider": {
            "type": "deepgram", "version": "v1", "model": target.setting("listen"),
            "language": if several { "multi" } else { language },
        } },
        "think": {
            "provider": { "type": "open_ai", "model": target.setting("model"), "temperature": temperature },
            "prompt": written.system_prompt,
            "functions": functions(kit, target),
        },
        "speak": { "provider": { "type": "deepgram", "model": target.setting(&format!("voice_{language}")) } },
    });
    if !written.first_message.is_empty() {
        agent["greeting"] = written.first_message.as_str().into();
    }
    let mut spoken = sound.clone();
    spoken["container"] = "none".into();
    json!({
        "type": "Settings",
        "tags": ["agentwright"],
        "audio": { "input": sound, "output": spoken },
        "agent": agent,
    })
}

/// The owner's tools, which the platform calls itself, and what only the program around it can do.
fn functions(kit: &Kit<'_>, target: &Target) -> Vec<Value> {
    let mut names = Names::new(target.ids("function"));
    let mut functions: Vec<Value> = kit
        .spec
        .tools()
        .map(|tool| function(tool, &names.of(&tool.id, &tool_name(&tool.id), "tool"), kit.is_transfer(tool)))
        .collect();
    functions.push(json!({
        "name": "end_call",
        "description": "They need nothing else and have said goodbye.",
        "parameters": { "type": "object", "properties": {} },
    }));
    functions
}

fn function(tool: &ToolConfig, name: &str, by_program: bool) -> Value {
    let mut function = json!({ "name": name, "description": description(tool), "parameters": plain_parameters(tool) });
    if !by_program {
        let (method, url) = address(tool);
        function["endpoint"] = json!({ "url": url, "method": method.to_ascii_lowercase() });
    }
    function
}
