//! A2A: the card by which other agents find this one. What it can do is one skill for each goal.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::intent::models::FieldId;
use crate::prompt::wording::{clean, sentence};

use super::Target;
use super::names::Names;

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let mut ids = Names::new(target.ids("skill"));
    let kind = kit.spec.agent_type().map_or("agent".to_owned(), clean);
    let asks: Vec<&str> = kit
        .tests
        .iter()
        .filter(|test| test.field == Some(FieldId::Goals))
        .map(|test| test.user_says.as_str())
        .collect();
    let mut skill = |at: usize, goal: &str| {
        json!({
            "id": ids.of(&at.to_string(), goal, "talk"),
            "name": goal,
            "description": sentence(goal),
            "tags": [kind],
            "examples": asks.get(at).into_iter().collect::<Vec<_>>(),
        })
    };
    let goals = kit.spec.values(FieldId::Goals).map(clean).filter(|goal| !goal.is_empty());
    let mut skills: Vec<Value> = goals.enumerate().map(|(at, goal)| skill(at, &goal)).collect();
    if skills.is_empty() {
        // A card without a skill is refused.
        skills.push(skill(0, &kit.title()));
    }
    let card = json!({
        "name": kit.title(),
        "description": description(kit),
        "version": "1.0.0",
        "supportedInterfaces": [
            { "url": target.setting("url"), "protocolBinding": "JSONRPC", "protocolVersion": "1.0" },
        ],
        "capabilities": { "streaming": false, "pushNotifications": false },
        "defaultInputModes": ["text/plain"],
        "defaultOutputModes": ["text/plain"],
        "skills": skills,
    });
    vec![File::json("agent-card.json", &card)]
}

/// What the agent is and does, in a few sentences.
pub(super) fn description(kit: &Kit<'_>) -> String {
    let goals: Vec<String> = kit.spec.values(FieldId::Goals).map(sentence).filter(|goal| !goal.is_empty()).collect();
    let title = sentence(&kit.title());
    if goals.is_empty() { title } else { format!("{title} {}", goals.join(" ")) }
}
