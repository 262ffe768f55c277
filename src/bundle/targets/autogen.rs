//! AutoGen: a team in which triage hands over to the agent of each branch, as one component document.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;

use super::Target;
use super::branches::{self, Branch};
use super::names::Names;
use super::python::{self, PythonTool};

/// A whole conversation has fewer messages than this.
const MAX_MESSAGES: u32 = 60;

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    vec![File::json("team.json", &team(kit, target))]
}

fn component(kind: &str, provider: &str, version: u32, config: Value) -> Value {
    json!({
        "provider": provider, "component_type": kind, "version": version, "component_version": version, "config": config,
    })
}

fn team(kit: &Kit<'_>, target: &Target) -> Value {
    let tools = python::tools(kit, target.ids("function"), target.ids("argument"));
    let flow = kit.flow.clone();
    let mut names = Names::new(target.ids("agent"));
    let branches: Vec<(String, Branch<'_>)> =
        branches::of(&flow).into_iter().map(|branch| (names.of(&branch.id, &branch.id, "branch"), branch)).collect();
    let prompt = &kit.prompt(PromptFormat::OpenAiChat).system_prompt;
    let ways: Vec<Value> = branches.iter().map(|(name, branch)| handoff(name, &when(branch))).collect();
    let part = target.setting("triage");
    let mut participants =
        vec![agent(target, "triage", &kit.title(), &format!("{prompt}\n# Your part\n\n{part}"), ways, &[])];
    for (name, branch) in &branches {
        let part = format!("{prompt}\n# Your part\n\n{}\n\n{}", target.setting("part"), branch.steps);
        let own = tools.iter().filter(|tool| branch.tools.iter().any(|used| used.id == tool.config.id));
        let back = vec![handoff("triage", target.setting("back"))];
        participants.push(agent(target, name, &when(branch), &part, back, &own.collect::<Vec<_>>()));
    }
    let condition = |name: &str, config: Value| {
        component("termination", &format!("autogen_agentchat.conditions.{name}"), 1, config)
    };
    // What an agent says ends a run; the next one goes on with the answer. Without a name the user's own words would.
    let speakers = std::iter::once("triage").chain(branches.iter().map(|(name, _)| name.as_str()));
    let mut conditions: Vec<Value> =
        speakers.map(|name| condition("TextMessageTermination", json!({ "source": name }))).collect();
    conditions.push(condition("MaxMessageTermination", json!({ "max_messages": MAX_MESSAGES })));
    let ends = json!({ "conditions": conditions });
    let config = json!({
        "name": "team",
        "description": kit.title(),
        "participants": participants,
        "termination_condition": component("termination", "autogen_agentchat.base.OrTerminationCondition", 1, ends),
    });
    component("team", "autogen_agentchat.teams.Swarm", 1, config)
}

fn when(branch: &Branch<'_>) -> String {
    if branch.is_default { format!("{} Also when nothing else fits.", branch.when) } else { branch.when.clone() }
}

fn handoff(to: &str, when: &str) -> Value {
    json!({
        "target": to,
        "description": when,
        "name": format!("transfer_to_{to}"),
        "message": format!("Transferred to {to}."),
    })
}

fn agent(
    target: &Target,
    name: &str,
    about: &str,
    prompt: &str,
    handoffs: Vec<Value>,
    tools: &[&PythonTool<'_>],
) -> Value {
    let model = json!({ "model": target.setting("model") });
    let tools: Vec<Value> = tools.iter().map(|tool| function(tool)).collect();
    let bench = json!({ "tools": tools });
    let config = json!({
        "name": name,
        "description": about,
        "system_message": prompt,
        "model_client": component("model", "autogen_ext.models.openai.OpenAIChatCompletionClient", 1, model),
        "workbench": [component("workbench", "autogen_core.tools.StaticStreamWorkbench", 1, bench)],
        "handoffs": handoffs,
        "reflect_on_tool_use": false,
        "tool_call_summary_format": "{result}",
        "max_tool_iterations": 8,
    });
    component("agent", "autogen_agentchat.agents.AssistantAgent", 2, config)
}

/// A tool as source code of ours: a signature of legal names and nothing that anybody wrote.
fn function(tool: &PythonTool<'_>) -> Value {
    let config = json!({
        "source_code": python::stub(tool),
        "name": tool.name,
        "description": tool.description,
        "global_imports": [],
        "has_cancellation_support": false,
    });
    component("tool", "autogen_core.tools.FunctionTool", 1, config)
}
