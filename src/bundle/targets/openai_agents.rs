//! OpenAI Agents SDK (Python): one agent finds out what somebody wants and hands over to the agent of that branch.

use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;

use super::Target;
use super::branches::{self, Branch};
use super::names::Names;
use super::python::{self, PythonTool};
use super::text::python_string;

const HEAD: &str = include_str!("../data/targets/openai_agents/agent_head.py");
const CHAT: &str = include_str!("../data/targets/openai_agents/chat.py");
const REQUIREMENTS: &str = include_str!("../data/targets/openai_agents/requirements.txt");

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let tools = python::tools(kit, target.ids("function"), target.ids("argument"));
    let model = [("OPENAI_API_KEY", ""), ("AGENT_MODEL", target.setting("model"))];
    vec![
        File::text("agent.py", module(kit, target, &tools)),
        File::text("tools.py", python::module(&tools)),
        File::text("chat.py", CHAT),
        File::text("prompt.md", kit.prompt(PromptFormat::OpenAiChat).system_prompt.as_str()),
        File::text("requirements.txt", REQUIREMENTS),
        File::text(".env.example", python::env_example(&model, &tools)),
    ]
}

fn module(kit: &Kit<'_>, target: &Target, tools: &[PythonTool<'_>]) -> String {
    let flow = kit.flow.clone();
    let mut names = Names::new(target.ids("agent"));
    let mut text = HEAD.to_owned();
    for tool in tools {
        text.push_str(&format!("{} = function({})\n", constant(tool), python::entry(tool)));
    }
    let mut handoffs = Vec::new();
    for branch in branches::of(&flow) {
        let name = names.of(&branch.id, &branch.id, "branch");
        text.push_str(&agent(&name, &branch, tools));
        handoffs.push(name);
    }
    text.push_str(&format!(
        "\ntriage = Agent(\n    name=\"triage\",\n    instructions=PROMPT + TRIAGE,\n    model=MODEL,\n    \
         handoffs=[{0}],\n)\nfor agent in [{0}]:\n    agent.handoffs.append(triage)\n",
        handoffs.join(", ")
    ));
    text
}

fn agent(name: &str, branch: &Branch<'_>, tools: &[PythonTool<'_>]) -> String {
    let own: Vec<String> =
        tools.iter().filter(|tool| branch.tools.iter().any(|used| used.id == tool.config.id)).map(constant).collect();
    let when =
        if branch.is_default { format!("{} Also when nothing else fits.", branch.when) } else { branch.when.clone() };
    format!(
        "\n{name} = Agent(\n    name={},\n    handoff_description={},\n    instructions=PROMPT + PART + {},\n    \
         model=MODEL,\n    tools=[{}],\n)\n",
        python_string(name),
        python_string(&when),
        python_string(&branch.steps),
        own.join(", ")
    )
}

fn constant(tool: &PythonTool<'_>) -> String {
    tool.name.to_ascii_uppercase()
}
