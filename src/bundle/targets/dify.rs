//! Dify: a chatflow. A classifier picks the branch, a model with the branch's steps answers.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;

use super::Target;
use super::branches::{self, Branch};
use super::text::{shortened, untemplated, yaml};

/// Ids of the nodes that every flow has; those of branches are counted on from here.
const START: u32 = 1000;
const CHOOSE: u32 = 1001;
const FIRST: u32 = 1002;

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    vec![File::text("agent.yml", yaml(&document(kit, target)))]
}

fn document(kit: &Kit<'_>, target: &Target) -> Value {
    let flow = kit.flow.clone();
    let branches = branches::of(&flow);
    let mut nodes = vec![node(START, (0, 0), "start", "Start", json!({ "variables": [] }))];
    let mut edges = Vec::new();
    if branches.len() > 1 {
        nodes.push(node(CHOOSE, (1, 0), "question-classifier", "Choose", classifier(&branches, target)));
        edges.push(edge(START, "start", "source", CHOOSE, "question-classifier"));
    }
    for (at, branch) in branches.iter().enumerate() {
        // At most a few dozen branches, so it fits.
        let at = at as u32;
        let (model, answer) = (FIRST + 2 * at, FIRST + 2 * at + 1);
        let title = shortened(&branch.title, target.limit("title"));
        nodes.push(node(model, (2, at), "llm", &title, agent(kit, branch, target)));
        let said = json!({ "answer": format!("{{{{#{model}.text#}}}}"), "variables": [] });
        nodes.push(node(answer, (3, at), "answer", &shortened(&format!("Answer {}", at + 1), 60), said));
        match branches.len() {
            1 => edges.push(edge(START, "start", "source", model, "llm")),
            _ => edges.push(edge(CHOOSE, "question-classifier", &(at + 1).to_string(), model, "llm")),
        }
        edges.push(edge(model, "llm", "source", answer, "answer"));
    }
    json!({
        "app": {
            "name": shortened(&kit.title(), target.limit("title")),
            "mode": "advanced-chat",
            "description": "",
            "icon": "🤖",
            "icon_background": "#FFEAD5",
            "use_icon_as_answer_icon": false,
        },
        "kind": "app",
        "version": target.setting("version"),
        "dependencies": [plugin(target)],
        "workflow": {
            "conversation_variables": [],
            "environment_variables": [],
            "features": {
                "opening_statement": without_templates(&kit.prompt(PromptFormat::Generic).first_message),
                "suggested_questions": [],
            },
            "graph": { "viewport": { "x": 0, "y": 0, "zoom": 1 }, "nodes": nodes, "edges": edges },
        },
    })
}

/// Text that is no template: Dify fills in `{{…}}`.
fn without_templates(text: &str) -> String {
    untemplated(text)
}

fn node(id: u32, (column, row): (u32, u32), kind: &str, title: &str, data: Value) -> Value {
    let mut data = data;
    data["type"] = kind.into();
    data["title"] = title.into();
    data["desc"] = "".into();
    json!({
        "id": id.to_string(),
        "type": "custom",
        "position": { "x": column * 300, "y": row * 180 },
        "data": data,
    })
}

fn edge(from: u32, from_kind: &str, handle: &str, to: u32, to_kind: &str) -> Value {
    json!({
        "id": format!("{from}-{handle}-{to}-target"),
        "type": "custom",
        "source": from.to_string(),
        "sourceHandle": handle,
        "target": to.to_string(),
        "targetHandle": "target",
        "data": { "sourceType": from_kind, "targetType": to_kind, "isInIteration": false, "isInLoop": false },
    })
}

fn model(target: &Target) -> Value {
    json!({
        "provider": target.setting("provider"),
        "name": target.setting("model"),
        "mode": "chat",
        "completion_params": {},
    })
}

/// The plugin that the models come from.
fn plugin(target: &Target) -> Value {
    let id = json!({ "marketplace_plugin_unique_identifier": target.setting("plugin") });
    json!({ "current_identifier": null, "type": "marketplace", "value": id })
}

fn classifier(branches: &[Branch<'_>], target: &Target) -> Value {
    let class = |(at, branch): (usize, &Branch<'_>)| {
        let name = if branch.is_default {
            format!("{} Anything that fits nothing else.", branch.when)
        } else {
            branch.when.clone()
        };
        json!({ "id": (at + 1).to_string(), "name": without_templates(&name) })
    };
    let classes: Vec<Value> = branches.iter().enumerate().map(class).collect();
    json!({
        "query_variable_selector": ["sys", "query"],
        "model": model(target),
        "classes": classes,
        "instruction": target.setting("choose"),
        "memory": { "window": { "enabled": true, "size": 10 } },
        "vision": { "enabled": false },
    })
}

fn agent(kit: &Kit<'_>, branch: &Branch<'_>, target: &Target) -> Value {
    let prompt = &kit.prompt(PromptFormat::Generic).system_prompt;
    let system = format!("{prompt}\n# Your part\n\n{}\n\n{}", branch.when, branch.steps);
    json!({
        "model": model(target),
        "prompt_template": [{ "id": "system", "role": "system", "text": without_templates(&system) }],
        "context": { "enabled": false, "variable_selector": [] },
        "memory": { "window": { "enabled": true, "size": 50 }, "query_prompt_template": "{{#sys.query#}}" },
        "vision": { "enabled": false },
    })
}
