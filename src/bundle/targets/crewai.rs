//! CrewAI: a crew of one agent in its classic form (YAML and Python), and the choice of the branch as a declarative flow.

use serde_json::{Map, Value, json};

use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;
use crate::prompt::wording::sentence;

use super::Target;
use super::branches::{self, Branch};
use super::names::Names;
use super::text::yaml;

const CREW: &str = include_str!("../data/targets/crewai/crew.py");
const REQUIREMENTS: &str = include_str!("../data/targets/crewai/requirements.txt");

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let prompt = braces_apart(&kit.prompt(PromptFormat::Generic).system_prompt);
    let agents = json!({ "agent": {
        "role": braces_apart(&kit.title()),
        "goal": target.setting("goal"),
        "backstory": prompt,
        "llm": target.setting("model"),
    } });
    let tasks = json!({ "answer": {
        "description": target.setting("task"),
        "expected_output": target.setting("output"),
        "agent": "agent",
    } });
    vec![
        File::text("classic/config/agents.yaml", yaml(&agents)),
        File::text("classic/config/tasks.yaml", yaml(&tasks)),
        File::text("classic/crew.py", CREW),
        File::text("flow/flow.yaml", yaml(&flow(kit, target))),
        File::text("requirements.txt", REQUIREMENTS),
    ]
}

/// CrewAI fills in `{name}` and `${…}`, which owners' words must not trigger.
fn braces_apart(text: &str) -> String {
    text.replace('{', "(").replace('}', ")").replace('$', "＄")
}

fn flow(kit: &Kit<'_>, target: &Target) -> Value {
    let steps = kit.flow.clone();
    let branches = branches::of(&steps);
    let mut names = Names::new(target.ids("method"));
    let named: Vec<(String, String, &Branch<'_>)> = branches
        .iter()
        .map(|branch| {
            let method = names.of(&branch.id, &branch.id, "branch");
            (format!("do_{method}"), method, branch)
        })
        .collect();
    let listed: Vec<String> =
        named.iter().map(|(event, _, branch)| format!("{event}: {}", braces_apart(&branch.when))).collect();
    let call = |role: &str, goal: &str, backstory: &str| {
        json!({ "call": "agent", "with": {
            "role": role, "goal": goal, "backstory": backstory, "llm": target.setting("model"),
            "input": "${state.user_message}",
        } })
    };
    let mut methods = Map::new();
    let choose = format!("{}\n{}", target.setting("choose"), listed.join("\n"));
    methods.insert(
        "classify".to_owned(),
        json!({ "start": true, "do": call("Router", &choose, target.setting("router")) }),
    );
    let events: Vec<&String> = named.iter().map(|(event, _, _)| event).collect();
    methods.insert(
        "route".to_owned(),
        json!({ "listen": "classify", "router": true, "emit": events, "do": { "call": "expression", "expr": expression(&named) } }),
    );
    let prompt = braces_apart(&kit.prompt(PromptFormat::Generic).system_prompt);
    for (event, method, branch) in &named {
        let goal = format!("{} {}", sentence(&branch.title), branch.when);
        let backstory = format!("{prompt}\n{}", braces_apart(&branch.steps));
        let made = call(&braces_apart(&kit.title()), &braces_apart(&goal), &backstory);
        methods.insert(method.clone(), json!({ "listen": event, "do": made }));
    }
    json!({
        "schema": "crewai.flow/v1",
        "name": "AgentFlow",
        "state": { "type": "json_schema", "json_schema": {
            "type": "object", "properties": { "user_message": { "type": "string" } }, "required": ["user_message"],
        } },
        "methods": methods,
    })
}

/// Which event the answer of the router stands for; names of ours alone are in it.
fn expression(named: &[(String, String, &Branch<'_>)]) -> String {
    let default = named.iter().find(|(_, _, branch)| branch.is_default).or(named.last());
    let default = default.map(|(event, _, _)| event.as_str()).unwrap_or_default();
    let chosen = named.iter().filter(|(event, _, _)| event != default);
    let tests = chosen.map(|(event, _, _)| format!("outputs.classify.raw.contains('{event}') ? '{event}' : "));
    format!("{}'{default}'", tests.collect::<String>())
}
