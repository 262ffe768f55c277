//! ElevenLabs Agents: a project of the vendor's command line (tools pushed first, their ids put into the agent), and the
//! same agent inline, as `POST /v1/convai/agents/create` takes it.
//!
//! The workflow is a graph of the platform's own: conversation steps, tool calls with both results, transfers, ends. Two
//! steps have one edge at most; the way back is its backward condition. The start's id is `start_node`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::bundle::flow::{Step, Way, WayKind};
use crate::bundle::kit::{File, Kit};
use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;
use crate::prompt::tool_schemas::{schema, tool_name};
use crate::prompt::wording::{clean, without_variables};
use crate::tools::models::ToolConfig;
use crate::workflow::models::NodeType;

use super::Target;
use super::names::Names;
use super::text::{shortened, with_texts};

const START: &str = "start_node";
/// The platform's own tool in place of the catalogue's.
const TRANSFER: &str = "transfer_to_number";

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let agent = Agent::new(kit, target);
    let mut files = vec![
        File::json("agents.json", &json!({ "agents": [{ "config": "agent_configs/agent.json" }] })),
        File::json("agent_configs/agent.json", &agent.document(Tools::ById)),
    ];
    let configs = agent.webhooks.iter().map(|(tool, name)| (format!("tool_configs/{name}.json"), agent.webhook(tool)));
    let configs: Vec<(String, Value)> = configs.collect();
    let listed: Vec<Value> = configs.iter().map(|(path, _)| json!({ "type": "webhook", "config": path })).collect();
    files.push(File::json("tools.json", &json!({ "tools": listed })));
    files.extend(configs.iter().map(|(path, config)| File::json(path.as_str(), config)));
    files.push(File::json("tests.json", &json!({ "tests": [] })));
    files.push(File::text("fill_ids.py", include_str!("../data/targets/elevenlabs/fill_ids.py")));
    files.push(File::json("agent.json", &agent.document(Tools::Inline)));
    files.push(File::text("prompt.md", agent.prompt()));
    files
}

/// How the agent has its tools.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tools {
    /// Pushed before, named by id.
    ById,
    /// Part of the agent.
    Inline,
}

struct Agent<'k, 'a> {
    kit: &'k Kit<'a>,
    target: &'k Target,
    /// Tools that the platform calls at the owner's address, with their names.
    webhooks: Vec<(&'a ToolConfig, String)>,
    /// Ids of the workflow's nodes, by step.
    nodes: Vec<String>,
    /// Placeholders of the numbers to transfer to, by step.
    numbers: BTreeMap<usize, String>,
    /// Which steps there are: not those that only follow a transfer.
    kept: Vec<bool>,
}

impl<'k, 'a> Agent<'k, 'a> {
    fn new(kit: &'k Kit<'a>, target: &'k Target) -> Agent<'k, 'a> {
        let mut tools = Names::new(target.ids("tool"));
        let mut nodes = Names::new(target.ids("node"));
        let mut numbers = Names::new(target.ids("number"));
        nodes.keep(START);
        let webhooks = kit.spec.tools().filter(|tool| !kit.is_transfer(tool) || !kit.spec.is_voice());
        let ids = kit.flow.steps.iter().enumerate().map(|(at, step)| match at {
            0 => START.to_owned(),
            _ => nodes.of(&step.node.id, &step.node.id, "step"),
        });
        let transfers = |step: &Step<'_>| kit.spec.is_voice() && kit.transfers(step);
        let placeholders = kit.flow.steps.iter().enumerate().filter(|(_, step)| transfers(step)).map(|(at, step)| {
            (at, format!("REPLACE_phone_number_{}", numbers.of(&step.node.id, &step.title(), "person")))
        });
        let nodes = ids.collect();
        let numbers: BTreeMap<usize, String> = placeholders.collect();
        Agent {
            kept: kit.flow.reached(|at| !numbers.contains_key(&at)),
            kit,
            target,
            webhooks: webhooks.map(|tool| (tool, tools.of(&tool.id, &tool_name(&tool.id), "tool"))).collect(),
            nodes,
            numbers,
        }
    }

    /// The name of a step's tool where the platform calls it at the owner's address.
    fn webhook_of(&self, step: &Step<'_>) -> Option<&str> {
        let tool = step.tool.filter(|_| step.calls())?;
        self.webhooks.iter().find(|(known, _)| known.id == tool.id).map(|(_, name)| name.as_str())
    }

    fn webhook(&self, tool: &ToolConfig) -> Value {
        let mut webhook = with_texts(&schema(tool, PromptFormat::ElevenLabs), &without_variables);
        let name = self.webhooks.iter().find(|(known, _)| known.id == tool.id).map(|(_, name)| name.clone());
        webhook["name"] = name.into();
        webhook
    }

    /// The prompt with the platform's own name for transfers.
    fn prompt(&self) -> String {
        let prompt = &self.kit.prompt(PromptFormat::ElevenLabs).system_prompt;
        if self.kit.spec.is_voice() { self.kit.with_transfer(prompt, TRANSFER) } else { prompt.clone() }
    }

    fn document(&self, tools: Tools) -> Value {
        let name = shortened(&self.kit.title(), self.target.limit("name"));
        json!({
            "name": name,
            "tags": ["agentwright"],
            "conversation_config": self.conversation(tools),
            "platform_settings": {
                "evaluation": { "criteria": self.criteria() },
                "data_collection": self.data_collection(),
            },
            "workflow": self.workflow(tools),
        })
    }

    fn conversation(&self, tools: Tools) -> Value {
        let spec = self.kit.spec;
        let written = self.kit.prompt(PromptFormat::ElevenLabs);
        let temperature = written.metadata.get("settings").and_then(|settings| settings.get("temperature")).cloned();
        let language = self.target.language(spec).unwrap_or("en");
        let mut prompt = json!({
            "prompt": self.prompt(),
            "llm": self.target.setting("llm"),
            "temperature": temperature,
            "built_in_tools": self.built_in_tools(),
        });
        match tools {
            Tools::ById => {
                let ids = self.webhooks.iter().map(|(_, name)| placeholder(name));
                prompt["tool_ids"] = ids.collect::<Vec<_>>().into();
            }
            Tools::Inline => prompt["tools"] = self.webhooks.iter().map(|(tool, _)| self.webhook(tool)).collect(),
        }
        let english = language == "en";
        let others = spec.values(FieldId::Languages).filter(|code| !code.starts_with(language));
        let others: Map<String, Value> = others
            .filter_map(|code| self.target.language_of(code))
            .filter(|code| *code != language)
            .map(|code| (code.to_owned(), json!({ "overrides": {} })))
            .collect();
        let mut config = json!({
            "agent": { "first_message": written.first_message, "language": language, "prompt": prompt },
            "tts": { "model_id": self.target.setting(if english && others.is_empty() { "tts_english" } else { "tts" }) },
        });
        if !others.is_empty() {
            config["language_presets"] = others.into();
        }
        config
    }

    fn built_in_tools(&self) -> Value {
        let mut built_in = json!({ "end_call": system_tool("end_call") });
        if self.kit.spec.items(FieldId::Languages).len() > 1 {
            built_in["language_detection"] = system_tool("language_detection");
        }
        let transfers: Vec<Value> = self.numbers.iter().map(|(at, number)| self.transfer(*at, number)).collect();
        if !transfers.is_empty() {
            built_in[TRANSFER] = json!({
                "name": TRANSFER, "description": "",
                "params": { "system_tool_type": TRANSFER, "transfers": transfers },
            });
        }
        built_in
    }

    fn transfer(&self, at: usize, number: &str) -> Value {
        let ways = self.kit.flow.steps.iter().flat_map(|step| &step.ways).filter(|way| way.to == at);
        let mut conditions: Vec<&str> = ways.map(|way| way.when.as_str()).collect();
        conditions.dedup();
        json!({
            "transfer_destination": { "type": "phone", "phone_number": number },
            "condition": without_variables(&conditions.join(" Or: ")),
            "transfer_type": "conference",
        })
    }

    /// One grading prompt for each goal and limit.
    fn criteria(&self) -> Vec<Value> {
        let tests = &self.kit.tests;
        let graded = tests.iter().filter(|test| matches!(test.field, FieldId::Goals | FieldId::Constraints));
        let criterion = graded.take(self.target.limit("criteria")).map(|test| {
            let asks = shortened(&clean(&test.expects), self.target.limit("criterion"));
            let name = test.name.replace('_', " ");
            json!({ "id": test.name, "name": name, "type": "prompt", "conversation_goal_prompt": asks })
        });
        criterion.collect()
    }

    /// What the conversation collects, to be read off its transcript.
    fn data_collection(&self) -> Value {
        let steps = 0..self.kit.flow.steps.len();
        let inputs = steps.flat_map(|at| self.kit.flow.inputs(self.kit.spec, at));
        let mut data = Map::new();
        for (name, about) in inputs {
            if data.len() < self.target.limit("data") {
                data.insert(tool_name(&name), json!({ "type": "string", "description": without_variables(&about) }));
            }
        }
        data.into()
    }

    fn workflow(&self, tools: Tools) -> Value {
        let edges = self.edges(tools);
        let steps = self.kit.flow.steps.iter().enumerate().filter(|(at, _)| self.kept[*at]);
        let nodes: Map<String, Value> =
            steps.map(|(at, step)| (self.nodes[at].clone(), self.node(at, step, tools, &edges))).collect();
        let written: Map<String, Value> =
            edges.iter().map(|(id, edge)| (id.clone(), edge.written(&self.nodes))).collect();
        json!({ "nodes": nodes, "edges": written })
    }

    fn node(&self, at: usize, step: &Step<'_>, tools: Tools, edges: &BTreeMap<String, Edge>) -> Value {
        let order: Vec<&String> = step
            .ways
            .iter()
            .filter_map(|way| edges.iter().find(|(_, edge)| edge.joins(at) && edge.joins(way.to)).map(|(id, _)| id))
            .collect();
        let (x, y) = (step.node.position.x.round(), step.node.position.y.round());
        let mut node = json!({ "position": { "x": x, "y": y }, "edge_order": order });
        let label = shortened(&without_variables(&step.title()), self.target.limit("label"));
        if let Some(number) = self.numbers.get(&at) {
            node["type"] = "phone_number".into();
            node["transfer_destination"] = json!({ "type": "phone", "phone_number": number });
            node["transfer_type"] = "conference".into();
            return node;
        }
        match (step.kind(), self.webhook_of(step)) {
            (NodeType::Start, _) => node["type"] = "start".into(),
            (NodeType::End, _) => node["type"] = "end".into(),
            (_, Some(name)) if tools == Tools::ById => {
                node["type"] = "tool".into();
                node["tools"] = json!([{ "tool_id": placeholder(name) }]);
            }
            (_, webhook) => {
                node["type"] = "override_agent".into();
                node["label"] = label.into();
                node["additional_prompt"] = without_variables(&step.task).into();
                if webhook.is_some() {
                    node["entry_behavior"] = "generate_immediately".into();
                }
            }
        }
        node
    }

    /// One edge for each two steps that a way joins, by id.
    fn edges(&self, tools: Tools) -> BTreeMap<String, Edge> {
        let mut edges: Vec<Edge> = Vec::new();
        for (from, step) in self.kit.flow.steps.iter().enumerate() {
            // A transfer is the end of it there.
            let goes_on = self.kept[from] && !self.numbers.contains_key(&from);
            for way in step.ways.iter().filter(|_| goes_on) {
                let condition = self.condition(from, step, way, tools);
                match edges.iter_mut().find(|edge| edge.from == way.to && edge.to == from) {
                    Some(back) => back.backward = Some(condition),
                    None => edges.push(Edge { from, to: way.to, forward: condition, backward: None }),
                }
            }
        }
        edges.into_iter().enumerate().map(|(at, edge)| (format!("edge_{}", at + 1), edge)).collect()
    }

    fn condition(&self, from: usize, step: &Step<'_>, way: &Way, tools: Tools) -> Value {
        let label = shortened(&without_variables(&way.label), self.target.limit("label"));
        let by_result = tools == Tools::ById && self.webhook_of(step).is_some();
        match way.kind {
            _ if from == 0 => json!({ "type": "unconditional" }),
            WayKind::Works if by_result => json!({ "type": "result", "label": label, "successful": true }),
            WayKind::Fails if by_result => json!({ "type": "result", "label": label, "successful": false }),
            _ => json!({ "type": "llm", "label": label, "condition": without_variables(&way.when) }),
        }
    }
}

/// An edge of the platform's: both ways between two steps.
struct Edge {
    from: usize,
    to: usize,
    forward: Value,
    backward: Option<Value>,
}

impl Edge {
    fn joins(&self, at: usize) -> bool {
        self.from == at || self.to == at
    }

    fn written(&self, nodes: &[String]) -> Value {
        let mut edge =
            json!({ "source": nodes[self.from], "target": nodes[self.to], "forward_condition": self.forward });
        if let Some(backward) = &self.backward {
            edge["backward_condition"] = backward.clone();
        }
        edge
    }
}

fn placeholder(tool: &str) -> String {
    format!("REPLACE_tool_id_{tool}")
}

fn system_tool(name: &str) -> Value {
    json!({ "name": name, "description": "", "params": { "system_tool_type": name } })
}
