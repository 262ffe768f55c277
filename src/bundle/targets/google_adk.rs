//! Google's Agent Development Kit (Python): one agent finds out what somebody wants and passes them to the agent of that
//! branch.

use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;

use super::Target;
use super::branches::{self, Branch};
use super::names::Names;
use super::python::{self, PythonTool};
use super::text::python_string;

const HEAD: &str = include_str!("../data/targets/google_adk/agent_head.py");
const PACKAGE: &str = include_str!("../data/targets/google_adk/package.py");
const REQUIREMENTS: &str = include_str!("../data/targets/google_adk/requirements.txt");

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let tools = python::tools(kit, target.ids("function"), target.ids("argument"));
    let model = [("GOOGLE_API_KEY", ""), ("AGENT_MODEL", target.setting("model"))];
    vec![
        File::text("agent/__init__.py", PACKAGE),
        File::text("agent/agent.py", module(kit, target, &tools)),
        File::text("agent/tools.py", python::module(&tools)),
        File::text("agent/prompt.md", kit.prompt(PromptFormat::Gemini).system_prompt.as_str()),
        File::text("agent/.env.example", python::env_example(&model, &tools)),
        File::text("requirements.txt", REQUIREMENTS),
    ]
}

fn module(kit: &Kit<'_>, target: &Target, tools: &[PythonTool<'_>]) -> String {
    let flow = kit.flow.clone();
    let mut names = Names::new(target.ids("agent"));
    let mut text = HEAD.to_owned();
    let mut branches = Vec::new();
    for branch in branches::of(&flow) {
        let name = names.of(&branch.id, &branch.id, "branch");
        text.push_str(&agent(&name, &branch, tools));
        branches.push(name);
    }
    text.push_str(&format!(
        "root_agent = LlmAgent(\n    name=\"triage\",\n    model=MODEL,\n    description={},\n    \
         instruction=told(PROMPT + TRIAGE),\n    sub_agents=[{}],\n)\n",
        python_string(&kit.title()),
        branches.join(", ")
    ));
    text
}

fn agent(name: &str, branch: &Branch<'_>, tools: &[PythonTool<'_>]) -> String {
    let used = |tool: &&PythonTool<'_>| branch.tools.iter().any(|used| used.id == tool.config.id);
    let wrapped = |tool: &PythonTool<'_>| {
        let asks = if tool.config.needs_confirmation { "True" } else { "False" };
        format!("tool(tools.{}, {}, {asks})", tool.name, python_string(&tool.config.on_failure))
    };
    let own: Vec<String> = tools.iter().filter(used).map(wrapped).collect();
    let when =
        if branch.is_default { format!("{} Also when nothing else fits.", branch.when) } else { branch.when.clone() };
    format!(
        "{name} = LlmAgent(\n    name={},\n    model=MODEL,\n    description={},\n    instruction=told(PROMPT + PART + {}),\n    \
         tools=[{}],\n)\n\n",
        python_string(name),
        python_string(&when),
        python_string(&branch.steps),
        own.join(", ")
    )
}
