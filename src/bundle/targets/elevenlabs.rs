//! ElevenLabs Agents: one inline agent, as `POST /v1/convai/agents/create` takes it.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::intent::models::{AgentSpec, FieldId};
use crate::prompt::models::PromptFormat;
use crate::prompt::wording::clean;

/// Languages an agent can start in.
const LANGUAGES: [&str; 33] = [
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "fi", "fil", "fr", "hi", "hr", "hu", "id", "it", "ja", "ko", "ms",
    "nl", "no", "pl", "pt", "pt-br", "ro", "ru", "sk", "sv", "ta", "tr", "uk", "vi", "zh",
];

/// The longest grading prompt the platform takes.
const MAX_CRITERION: usize = 2000;

pub(super) fn files(kit: &Kit<'_>) -> Vec<File> {
    let prompt = kit.prompt(PromptFormat::ElevenLabs);
    vec![
        File::text("prompt.md", prompt.system_prompt.as_str()),
        File::json("tools.json", &kit.tools(PromptFormat::ElevenLabs)),
        File::json("agent.json", &agent(kit)),
    ]
}

/// The first of the agent's languages that the platform knows.
pub(super) fn language_code(spec: &AgentSpec) -> Option<&str> {
    let known = |code: &str| {
        let base = code.split('-').next().unwrap_or(code);
        LANGUAGES
            .iter()
            .find(|known| known.eq_ignore_ascii_case(code))
            .or_else(|| LANGUAGES.iter().find(|known| **known == base))
    };
    spec.values(FieldId::Languages).find_map(|code| known(code).copied())
}

fn agent(kit: &Kit<'_>) -> Value {
    let prompt = kit.prompt(PromptFormat::ElevenLabs);
    let mut built_in = json!({ "end_call": system_tool("end_call") });
    if kit.spec.items(FieldId::Languages).len() > 1 {
        built_in["language_detection"] = system_tool("language_detection");
    }
    let temperature = prompt.metadata.get("settings").and_then(|settings| settings.get("temperature")).cloned();
    json!({
        "name": kit.title(),
        "tags": ["agentwright"],
        "conversation_config": {
            "agent": {
                "first_message": prompt.first_message,
                "language": language_code(kit.spec).unwrap_or("en"),
                "prompt": {
                    "prompt": prompt.system_prompt,
                    "temperature": temperature,
                    "tools": kit.tools(PromptFormat::ElevenLabs),
                    "built_in_tools": built_in,
                },
            },
        },
        "platform_settings": { "evaluation": { "criteria": criteria(kit) } },
    })
}

fn system_tool(name: &str) -> Value {
    json!({ "name": name, "description": "", "params": { "system_tool_type": name } })
}

/// One grading prompt for each goal and limit.
fn criteria(kit: &Kit<'_>) -> Vec<Value> {
    let graded = kit.tests.iter().filter(|test| matches!(test.field, Some(FieldId::Goals | FieldId::Constraints)));
    let criterion = graded.map(|test| {
        let asks: String = clean(&test.expects).chars().take(MAX_CRITERION).collect();
        json!({ "id": test.name, "name": test.name.replace('_', " "), "type": "prompt", "conversation_goal_prompt": asks })
    });
    criterion.collect()
}
