//! Retell: a conversation flow whose nodes are the workflow's steps, and the same agent with a single prompt; each with
//! the agent that runs it.
//!
//! A call of a tool is a function node: its edge is taken when the call worked, its else edge when it did not. A transfer
//! node needs a way on for when nobody answers, so a flow with transfers has one more end.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bundle::flow::{Step, Way, WayKind};
use crate::bundle::kit::{File, Kit};
use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;
use crate::prompt::tool_schemas::{address, description, plain_parameters, tool_name};
use crate::prompt::wording::{clean, quoted, without_variables};
use crate::tools::models::ToolConfig;
use crate::workflow::models::NodeType;

use super::Target;
use super::names::Names;
use super::text::{shortened, with_texts};

/// The platform's own tools, as the single prompt knows them.
const TRANSFER: &str = "transfer_call";
const END: &str = "end_call";

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let agent = Agent::new(kit, target);
    let flow = json!({ "type": "conversation-flow", "conversation_flow_id": "REPLACE_conversation_flow_id" });
    let single = json!({ "type": "retell-llm", "llm_id": "REPLACE_llm_id" });
    vec![
        File::json("conversation_flow.json", &agent.flow()),
        File::json("agent_flow.json", &agent.runs(flow)),
        File::json("llm.json", &agent.single()),
        File::json("agent_llm.json", &agent.runs(single)),
        File::text("prompt.md", agent.prompt()),
    ]
}

struct Agent<'k, 'a> {
    kit: &'k Kit<'a>,
    target: &'k Target,
    /// Tools that the platform calls at the owner's address, with their names.
    customs: Vec<(&'a ToolConfig, String)>,
    /// Ids of the nodes, by step.
    nodes: Vec<String>,
    /// The end after a transfer that failed.
    not_transferred: String,
    /// Placeholders of the numbers to transfer to, by step.
    numbers: BTreeMap<usize, String>,
    /// Which steps there are: not those that only follow a transfer, nor a start with a single way on.
    kept: Vec<bool>,
    first: usize,
}

impl<'k, 'a> Agent<'k, 'a> {
    fn new(kit: &'k Kit<'a>, target: &'k Target) -> Agent<'k, 'a> {
        let mut tools = Names::new(target.ids("tool"));
        let mut nodes = Names::new(target.ids("node"));
        let mut numbers = Names::new(target.ids("number"));
        let steps = &kit.flow.steps;
        let ids: Vec<String> = steps.iter().map(|step| nodes.of(&step.node.id, &step.node.id, "step")).collect();
        let placeholders = steps.iter().enumerate().filter(|(_, step)| kit.transfers(step)).map(|(at, step)| {
            (at, format!("REPLACE_phone_number_{}", numbers.of(&step.node.id, &step.title(), "person")))
        });
        let numbers: BTreeMap<usize, String> = placeholders.collect();
        let first = if steps[0].ways.len() == 1 { kit.flow.first() } else { 0 };
        let mut kept = kit.flow.reached(|at| !numbers.contains_key(&at));
        kept[0] = first == 0;
        let asked = kit.spec.tools().filter(|tool| !kit.is_transfer(tool));
        Agent {
            customs: asked.map(|tool| (tool, tools.of(&tool.id, &tool_name(&tool.id), "tool"))).collect(),
            not_transferred: nodes.of("", "not_transferred", "step"),
            nodes: ids,
            numbers,
            kept,
            first,
            kit,
            target,
        }
    }

    fn prompt(&self) -> String {
        without_variables(&self.kit.with_transfer(&self.kit.prompt(PromptFormat::ElevenLabs).system_prompt, TRANSFER))
    }

    fn first_message(&self) -> String {
        without_variables(&self.kit.prompt(PromptFormat::ElevenLabs).first_message)
    }

    fn model(&self) -> Value {
        let written = self.kit.prompt(PromptFormat::ElevenLabs);
        let temperature = written.metadata.get("settings").and_then(|settings| settings.get("temperature")).cloned();
        json!({
            "type": "cascading", "primary": { "model": self.target.setting("model") }, "temperature": temperature,
        })
    }

    fn speaker(&self) -> &'static str {
        if self.first_message().is_empty() { "user" } else { "agent" }
    }

    fn flow(&self) -> Value {
        let steps = self.kit.flow.steps.iter().enumerate().filter(|(at, _)| self.kept[*at]);
        let mut nodes: Vec<Value> = steps.map(|(at, step)| self.node(at, step)).collect();
        if self.numbers.keys().any(|at| self.kept[*at]) {
            nodes.push(self.failed_transfer());
        }
        let tools = self.customs.iter().map(|(tool, name)| {
            let mut custom = custom(tool, name);
            custom["tool_id"] = tool_id(name).into();
            custom
        });
        json!({
            "global_prompt": self.kit.persona(TRANSFER),
            "start_speaker": self.speaker(),
            "model_config": self.model(),
            "start_node_id": self.nodes[self.first],
            "tools": tools.collect::<Vec<_>>(),
            "nodes": nodes,
            "knowledge_base_ids": [],
        })
    }

    fn node(&self, at: usize, step: &Step<'_>) -> Value {
        let name = shortened(&without_variables(&step.title()), self.target.limit("name"));
        let (x, y) = (step.node.position.x.round(), step.node.position.y.round());
        let mut node = json!({ "id": self.nodes[at], "name": name, "display_position": { "x": x, "y": y } });
        let task = prompt(&step.task);
        if let Some(number) = self.numbers.get(&at) {
            node["type"] = TRANSFER.into();
            node["instruction"] = task;
            node["transfer_destination"] = json!({ "type": "predefined", "number": number });
            node["transfer_option"] = json!({ "type": "cold_transfer" });
            node["edge"] = self.edge(at, 0, &self.not_transferred, "Transfer failed");
            return node;
        }
        let custom = step.tool.filter(|_| step.calls());
        let custom = custom.and_then(|tool| self.customs.iter().find(|(known, _)| known.id == tool.id));
        match (step.kind(), custom) {
            (NodeType::End, _) => {
                node["type"] = "end".into();
                node["instruction"] = task;
            }
            (_, Some((_, name))) => {
                node["type"] = "function".into();
                node["tool_id"] = tool_id(name).into();
                node["tool_type"] = "local".into();
                node["wait_for_result"] = true.into();
                self.ways(&mut node, at, step, WayKind::Fails);
            }
            _ => {
                let message = self.first_message();
                let greets = at == self.first && step.kind() == NodeType::Greeting && !message.is_empty();
                let said = json!({ "type": "static_text", "text": message });
                node["type"] = "conversation".into();
                node["instruction"] = if greets { said } else { task };
                self.ways(&mut node, at, step, WayKind::Always);
            }
        }
        node
    }

    /// The edges of a node; the way of kind `or_else` becomes its else edge, whose condition has fixed words.
    fn ways(&self, node: &mut Value, at: usize, step: &Step<'_>, or_else: WayKind) {
        let edge = |(number, way): (usize, &Way)| self.edge(at, number, &self.nodes[way.to], &way.when);
        let is_else = |way: &Way| way.kind == or_else && or_else == WayKind::Fails;
        let ways = step.ways.iter().enumerate().filter(|(_, way)| !is_else(way));
        node["edges"] = ways.map(edge).collect();
        if let Some((number, way)) = step.ways.iter().enumerate().find(|(_, way)| is_else(way)) {
            node["else_edge"] = self.edge(at, number, &self.nodes[way.to], "Else");
        }
    }

    fn edge(&self, at: usize, number: usize, to: &str, when: &str) -> Value {
        json!({
            "id": format!("{}_{}", self.nodes[at], number + 1),
            "destination_node_id": to,
            "transition_condition": { "type": "prompt", "prompt": without_variables(when) },
        })
    }

    /// What is said when nobody takes the call.
    fn failed_transfer(&self) -> Value {
        let told = self.kit.spec.tools().find(|tool| self.kit.is_transfer(tool)).map(|tool| clean(&tool.on_failure));
        let told = told.filter(|text| !text.is_empty()).map(|text| format!(" Say something like: {}", quoted(&text)));
        let text = format!("The transfer did not work.{} Then say goodbye.", told.unwrap_or_default());
        json!({ "id": self.not_transferred, "type": "end", "name": "Not transferred", "instruction": prompt(&text) })
    }

    /// Everything in one prompt.
    fn single(&self) -> Value {
        let customs = self.customs.iter().map(|(tool, name)| custom(tool, name));
        let mut tools: Vec<Value> = customs.collect();
        let transfers = self.numbers.iter().enumerate().map(|(position, (at, number))| {
            let ways = self.kit.flow.steps.iter().flat_map(|step| &step.ways).filter(|way| way.to == *at);
            let mut when: Vec<&str> = ways.map(|way| way.when.as_str()).collect();
            when.dedup();
            json!({
                "type": TRANSFER,
                "name": if position == 0 { TRANSFER.to_owned() } else { format!("{TRANSFER}_{}", position + 1) },
                "description": without_variables(&when.join(" Or: ")),
                "transfer_destination": { "type": "predefined", "number": number },
                "transfer_option": { "type": "cold_transfer" },
            })
        });
        tools.extend(transfers);
        tools.push(json!({ "type": END, "name": END, "description": "They need nothing else and have said goodbye." }));
        json!({
            "model_config": self.model(),
            "start_speaker": self.speaker(),
            "begin_message": self.first_message(),
            "general_prompt": self.prompt(),
            "general_tools": tools,
            "knowledge_base_ids": [],
        })
    }

    /// The agent around a flow or a single prompt.
    fn runs(&self, engine: Value) -> Value {
        let steps = 0..self.kit.flow.steps.len();
        let mut data: BTreeMap<String, Value> = BTreeMap::new();
        for (name, about) in steps.flat_map(|at| self.kit.flow.inputs(self.kit.spec, at)) {
            let name = tool_name(&name);
            if data.len() < self.target.limit("data") {
                let about = without_variables(&about);
                data.insert(name.clone(), json!({ "type": "string", "name": name, "description": about }));
            }
        }
        let known = self.kit.spec.values(FieldId::Languages).filter_map(|code| self.target.language_of(code));
        let mut languages: Vec<&str> = known.collect();
        languages.dedup();
        let language = match languages.as_slice() {
            [] => json!("en-US"),
            [only] => json!(only),
            several => json!(several),
        };
        json!({
            "agent_name": shortened(&without_variables(&self.kit.title()), self.target.limit("name")),
            "response_engine": engine,
            "voice_id": "REPLACE_voice_id",
            "language": language,
            "post_call_analysis_data": data.into_values().collect::<Vec<_>>(),
        })
    }
}

fn prompt(text: &str) -> Value {
    json!({ "type": "prompt", "text": without_variables(text) })
}

fn tool_id(name: &str) -> String {
    format!("tool_{name}")
}

/// A tool that the platform calls at the owner's address.
fn custom(tool: &ToolConfig, name: &str) -> Value {
    let (method, url) = address(tool);
    let parameters = with_texts(&plain_parameters(tool), &without_variables);
    json!({
        "type": "custom", "name": name, "method": method, "url": without_variables(&url),
        "description": without_variables(&description(tool)), "parameters": parameters,
        "args_at_root": true, "timeout_ms": 20000,
        "speak_during_execution": true, "speak_after_execution": true,
    })
}
