//! LiveKit Agents: a Python program with a class for each section of the workflow. There is no document of an agent there.
//!
//! A tool that returns an agent of another class goes on with that one. The owner's tools carry their own schema, so that no
//! name of a parameter becomes Python; every text is a string literal.

use serde_json::json;

use crate::bundle::kit::{File, Kit};
use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;
use crate::prompt::tool_schemas::{address, description, plain_parameters, tool_name};
use crate::prompt::wording::{clean, sentence};
use crate::tools::models::ToolConfig;
use crate::workflow::models::NodeType;

use super::Target;
use super::names::Names;
use super::sections::{Section, sections};
use super::text::{python_string, python_value};

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    vec![
        File::text("agent.py", Program::new(kit, target).code()),
        File::text("requirements.txt", "livekit-agents[openai]>=1.8,<2"),
    ]
}

struct Program<'k, 'a> {
    kit: &'k Kit<'a>,
    target: &'k Target,
    sections: Vec<Section>,
    /// Names of the classes, by section.
    classes: Vec<String>,
    /// Names of the tools that put people through, with their placeholders, by step.
    transfers: Vec<(usize, String, String)>,
    /// The owner's tools with the names of their methods.
    tools: Vec<(&'a ToolConfig, String)>,
}

impl<'k, 'a> Program<'k, 'a> {
    fn new(kit: &'k Kit<'a>, target: &'k Target) -> Program<'k, 'a> {
        let steps = &kit.flow.steps;
        let acts = |at: usize| steps[at].kind() == NodeType::End || kit.transfers(&steps[at]);
        let sections = sections(&kit.flow, acts);
        let mut classes = Names::new(target.ids("class"));
        let mut methods = Names::new(target.ids("method"));
        let mut numbers = Names::new(target.ids("number"));
        let names = sections.iter().map(|section| {
            let head = &steps[section.head()].node;
            classes.of(&head.id, &head.id, "Part")
        });
        let classes = names.collect();
        let asked = kit.spec.tools().filter(|tool| !kit.is_transfer(tool));
        let tools = asked.map(|tool| (tool, methods.of(&tool.id, &tool_name(&tool.id), "tool"))).collect();
        let transfers = (0..steps.len()).filter(|at| kit.transfers(&steps[*at]));
        let transfers = transfers.map(|at| {
            let title = steps[at].title();
            let method = methods.of(&format!("transfer {at}"), &format!("transfer_to_{title}"), "transfer");
            (at, method, format!("REPLACE_phone_number_{}", numbers.of(&at.to_string(), &title, "person")))
        });
        Program { transfers: transfers.collect(), kit, target, sections, classes, tools }
    }

    fn code(&self) -> String {
        let mut code = include_str!("../data/targets/livekit/head.py").to_owned();
        code.push_str(&format!("\n\nPERSONA = {}\n", python_string(&self.kit.persona("the transfer tool"))));
        code.push_str("\n\nclass Step(Agent):\n");
        code.push_str("    def __init__(self, part: str, **settings) -> None:\n");
        code.push_str("        super().__init__(instructions=PERSONA + \"\\n# Your part\\n\" + part, **settings)\n");
        for at in 0..self.sections.len() {
            code.push_str(&self.class(at));
        }
        code.push_str(&self.session());
        code
    }

    fn class(&self, at: usize) -> String {
        let section = &self.sections[at];
        let exits = section.exits(&self.kit.flow);
        let ends = exits.iter().any(|(to, _)| self.kit.flow.steps[*to].kind() == NodeType::End);
        let end = if ends { "tools=[EndCallTool()], " } else { "" };
        let script = section.script(&self.kit.flow, |to| self.outside(to));
        let class = &self.classes[at];
        let mut code = format!("\n\nclass {class}(Step):\n");
        code.push_str("    def __init__(self, **settings) -> None:\n");
        code.push_str(&format!("        super().__init__({}, {end}**settings)\n", python_string(&script)));
        code.push_str("\n    async def on_enter(self) -> None:\n");
        let first = &self.kit.prompt(PromptFormat::ElevenLabs).first_message;
        match at == 0 && !first.is_empty() {
            true => code.push_str(&format!("        self.session.say({})\n", python_string(first))),
            false => code.push_str("        self.session.generate_reply()\n"),
        }
        let called = section.steps.iter().filter_map(|step| self.kit.flow.steps[*step].tool);
        let called: Vec<&str> = called.map(|tool| tool.id.as_str()).collect();
        for (tool, method) in self.tools.iter().filter(|(tool, _)| called.contains(&tool.id.as_str())) {
            code.push_str(&method_of(tool, method));
        }
        for (to, when) in exits {
            code.push_str(&self.way_out(to, &when.join(" Or: ")));
        }
        code
    }

    /// A tool that goes on with another class or puts people through; none for the end, which is a tool of the platform.
    fn way_out(&self, to: usize, when: &str) -> String {
        let docs = python_string(when);
        if let Some(place) = self.sections.iter().position(|section| section.head() == to) {
            let (class, method) = (&self.classes[place], self.method_into(place));
            return format!(
                "\n    @function_tool()\n    async def {method}(self, ctx: RunContext) -> Agent:\n        {docs}\n        return {class}(chat_ctx=self.chat_ctx)\n"
            );
        }
        let transfer = self.transfers.iter().find(|(at, ..)| *at == to);
        transfer.map_or(String::new(), |(_, method, number)| {
            format!(
                "\n    @function_tool()\n    async def {method}(self, ctx: RunContext) -> str:\n        {docs}\n        return await _transfer({})\n",
                python_string(number)
            )
        })
    }

    /// The tool that leads to a section; it is named like the section's first step, which no other is.
    fn method_into(&self, place: usize) -> String {
        let mut names = Names::new(self.target.ids("method"));
        self.tools.iter().for_each(|(_, method)| names.keep(method));
        self.transfers.iter().for_each(|(_, method, _)| names.keep(method));
        let heads = self.sections.iter().map(|section| &self.kit.flow.steps[section.head()].node.id);
        let all: Vec<String> = heads.map(|id| names.of(id, &format!("go_to_{id}"), "go_on")).collect();
        all[place].clone()
    }

    fn outside(&self, to: usize) -> String {
        if let Some(place) = self.sections.iter().position(|section| section.head() == to) {
            return format!("Call `{}`.", self.method_into(place));
        }
        let task = &self.kit.flow.steps[to].task;
        match self.transfers.iter().find(|(at, ..)| *at == to) {
            Some((_, method, _)) => format!("{task} Call `{method}`."),
            None => format!("{task} Call `end_call`."),
        }
    }

    /// The session and how the program starts.
    fn session(&self) -> String {
        let mut names = Names::new(self.target.ids("agent"));
        let name = names.of("", &self.kit.title(), "agent");
        let languages = self.kit.spec.items(FieldId::Languages);
        let heard = match languages {
            [] => "en",
            [only] => only.value.split('-').next().unwrap_or("en"),
            _ => "multi",
        };
        let stt = format!("{}:{heard}", self.target.setting("stt"));
        let (llm, tts) = (python_string(self.target.setting("llm")), python_string(self.target.setting("tts")));
        format!(
            "\n\nserver = AgentServer()\nFIRST = {}\n\n\n@server.rtc_session(agent_name={})\nasync def entrypoint(ctx: JobContext) -> None:\n    session = AgentSession(stt={}, llm={llm}, tts={tts})\n    await session.start(agent=FIRST(), room=ctx.room)\n\n\nif __name__ == \"__main__\":\n    cli.run_app(server)\n",
            self.classes.first().map_or("Step", String::as_str),
            python_string(&name),
            python_string(&stt),
        )
    }
}

/// The method of one of the owner's tools.
fn method_of(tool: &ToolConfig, method: &str) -> String {
    let (verb, url) = address(tool);
    let schema = json!({ "name": method, "description": description(tool), "parameters": plain_parameters(tool) });
    let failed = sentence(&tool.on_failure);
    let failed = if failed.is_empty() { format!("{} did not work.", clean(&tool.name)) } else { failed };
    format!(
        "\n    @function_tool(raw_schema={})\n    async def {method}(self, raw_arguments: dict[str, object], ctx: RunContext) -> str:\n        return await _call({}, {}, raw_arguments, {})\n",
        python_value(&schema),
        python_string(&verb),
        python_string(&url),
        python_string(&failed),
    )
}
