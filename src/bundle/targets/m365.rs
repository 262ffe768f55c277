//! Microsoft 365 Copilot: a declarative agent in a Teams app.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;
use crate::prompt::wording::clean;

use super::Target;
use super::a2a::description;
use super::text::shortened;

const COLOR: &[u8] = include_bytes!("../data/targets/m365/color.png");
const OUTLINE: &[u8] = include_bytes!("../data/targets/m365/outline.png");

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    vec![
        File::json("declarativeAgent.json", &agent(kit, target)),
        File::json("manifest.json", &manifest(kit, target)),
        File { path: "color.png".to_owned(), bytes: COLOR.to_vec() },
        File { path: "outline.png".to_owned(), bytes: OUTLINE.to_vec() },
    ]
}

fn agent(kit: &Kit<'_>, target: &Target) -> Value {
    let starter = |text: &str| json!({ "text": shortened(&clean(text), target.limit("starter")) });
    let asked = kit.tests.iter().filter(|test| test.field == Some(FieldId::Goals));
    let starters: Vec<Value> = asked.take(target.limit("starters")).map(|test| starter(&test.user_says)).collect();
    let mut agent = json!({
        "$schema": target.setting("agent_schema"),
        "version": target.setting("agent_version"),
        "name": shortened(&kit.title(), target.limit("name")),
        "description": shortened(&description(kit), target.limit("description")),
        "instructions": whole_lines(&kit.prompt(PromptFormat::Generic).system_prompt, target.limit("instructions")),
    });
    if !starters.is_empty() {
        agent["conversation_starters"] = starters.into();
    }
    agent
}

/// As many lines from the start as fit.
fn whole_lines(text: &str, most: usize) -> String {
    let mut kept = String::new();
    let mut room = most;
    for line in text.lines() {
        // The platform counts UTF-16 units.
        let length = line.encode_utf16().count() + 1;
        if length > room {
            break;
        }
        room -= length;
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}

fn manifest(kit: &Kit<'_>, target: &Target) -> Value {
    let site = target.setting("site");
    json!({
        "$schema": target.setting("manifest_schema"),
        "manifestVersion": target.setting("manifest_version"),
        "version": "1.0.0",
        "id": app_id(kit.source.session_id),
        "developer": {
            "name": "REPLACE_WITH_YOUR_NAME",
            "websiteUrl": site,
            "privacyUrl": format!("{site}/privacy"),
            "termsOfUseUrl": format!("{site}/terms"),
        },
        "name": {
            "short": shortened(&kit.title(), target.limit("short_name")),
            "full": shortened(&kit.title(), target.limit("name")),
        },
        "description": {
            "short": shortened(&kit.title(), target.limit("short_description")),
            "full": shortened(&description(kit), target.limit("description")),
        },
        "icons": { "color": "color.png", "outline": "outline.png" },
        "accentColor": "#FFFFFF",
        "copilotAgents": { "declarativeAgents": [{ "id": "agent", "file": "declarativeAgent.json" }] },
    })
}

/// The interview's own id where it is the UUID the platform wants.
fn app_id(session: &str) -> String {
    let parts: Vec<usize> = session.split('-').map(str::len).collect();
    let hex = session.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '-');
    let uuid = hex && parts == [8, 4, 4, 4, 12];
    if uuid { session.to_ascii_lowercase() } else { "00000000-0000-4000-8000-000000000000".to_owned() }
}
