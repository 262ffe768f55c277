//! Pipecat: a declarative flow (flow.yaml), the code of its tools (handlers.py) and a program that runs both in a
//! terminal.
//!
//! Each step is a node; each way on is a function that only leads there, but for calls: a tool's function runs its code, and
//! its `status` decides. `{{ key }}` would be filled in from the state, so no text of anybody's has two braces in a row.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::bundle::flow::{Step, WayKind};
use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;
use crate::prompt::tool_schemas::{address, description, plain_parameters, tool_name};
use crate::prompt::wording::without_variables;
use crate::tools::models::ToolConfig;
use crate::workflow::models::NodeType;

use super::Target;
use super::names::Names;
use super::text::{plain_yaml, python_string};

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let agent = Agent::new(kit, target);
    vec![
        File::text("flow.yaml", plain_yaml(&agent.flow())),
        File::text("handlers.py", agent.handlers()),
        File::text("chat.py", include_str!("../data/targets/pipecat/chat.py")),
        File::text("requirements.txt", "pipecat-ai[openai]>=1.14,<2"),
    ]
}

struct Agent<'k, 'a> {
    kit: &'k Kit<'a>,
    target: &'k Target,
    /// Tools that are called at the owner's address, with the names of their functions.
    tools: Vec<(&'a ToolConfig, String)>,
    /// Names of the nodes, by step.
    nodes: Vec<String>,
    /// Placeholders of the numbers to transfer to, by step.
    numbers: BTreeMap<usize, String>,
    /// Which steps there are: not those that only follow a transfer, nor a start with a single way on.
    kept: Vec<bool>,
    first: usize,
}

impl<'k, 'a> Agent<'k, 'a> {
    fn new(kit: &'k Kit<'a>, target: &'k Target) -> Agent<'k, 'a> {
        let mut functions = Names::new(target.ids("function"));
        let mut nodes = Names::new(target.ids("node"));
        let mut numbers = Names::new(target.ids("number"));
        let steps = &kit.flow.steps;
        let placeholders = steps.iter().enumerate().filter(|(_, step)| kit.transfers(step)).map(|(at, step)| {
            (at, format!("REPLACE_phone_number_{}", numbers.of(&step.node.id, &step.title(), "person")))
        });
        let numbers: BTreeMap<usize, String> = placeholders.collect();
        let first = if steps[0].ways.len() == 1 { kit.flow.first() } else { 0 };
        let mut kept = kit.flow.reached(|at| !numbers.contains_key(&at));
        kept[0] = first == 0;
        let asked = kit.spec.tools().filter(|tool| !kit.is_transfer(tool));
        Agent {
            tools: asked.map(|tool| (tool, functions.of(&tool.id, &tool_name(&tool.id), "tool"))).collect(),
            nodes: steps.iter().map(|step| nodes.of(&step.node.id, &step.node.id, "step")).collect(),
            numbers,
            kept,
            first,
            kit,
            target,
        }
    }

    fn flow(&self) -> Value {
        let steps = self.kit.flow.steps.iter().enumerate().filter(|(at, _)| self.kept[*at]);
        let nodes: Map<String, Value> = steps.map(|(at, step)| (self.nodes[at].clone(), self.node(at, step))).collect();
        json!({ "initial_node": self.nodes[self.first], "nodes": nodes })
    }

    fn node(&self, at: usize, step: &Step<'_>) -> Value {
        let task = without_variables(&step.task);
        let mut node = json!({ "task_messages": [{ "role": "developer", "content": task }] });
        if at == self.first {
            node["role_message"] = self.kit.persona("transfer_call").into();
            let said = without_variables(&self.kit.prompt(PromptFormat::ElevenLabs).first_message);
            if step.kind() == NodeType::Greeting && !said.is_empty() {
                node["pre_actions"] = json!([{ "type": "tts_say", "text": said }]);
                node["respond_immediately"] = false.into();
            }
        }
        if let Some(number) = self.numbers.get(&at) {
            node["post_actions"] = json!([{ "type": "transfer_call", "handler": "transfer_call", "number": number }]);
            return node;
        }
        if step.kind() == NodeType::End {
            node["post_actions"] = json!([{ "type": "end_conversation" }]);
        } else {
            node["functions"] = self.functions(step).into();
        }
        node
    }

    fn functions(&self, step: &Step<'_>) -> Vec<Value> {
        let tool = step.tool.filter(|_| step.calls());
        let tool = tool.and_then(|tool| self.tools.iter().find(|(known, _)| known.id == tool.id));
        let mut names = Names::new(self.target.ids("function"));
        self.tools.iter().for_each(|(_, name)| names.keep(name));
        let mut functions = Vec::new();
        let fails = step.ways.iter().find(|way| way.kind == WayKind::Fails);
        let works = step.ways.iter().find(|way| way.kind == WayKind::Works);
        if let Some((_, name)) = tool {
            functions.push(match (works, fails) {
                (Some(works), Some(fails)) => json!({ "name": name, "transition_to": {
                    "field": "status", "cases": { "ok": self.nodes[works.to] }, "default": self.nodes[fails.to],
                } }),
                (Some(only), None) => json!({ "name": name, "transition_to": self.nodes[only.to] }),
                _ => json!({ "name": name }),
            });
        }
        let by_code =
            |kind: WayKind| tool.is_some() && (kind == WayKind::Works || kind == WayKind::Fails && works.is_some());
        for way in step.ways.iter().filter(|way| !by_code(way.kind)) {
            let place = &self.nodes[way.to];
            functions.push(json!({
                "name": names.of(place, &format!("go_{}", way.label), place),
                "transition_only": true,
                "description": without_variables(&way.when),
                "transition_to": place,
            }));
        }
        functions
    }

    fn handlers(&self) -> String {
        let mut code = include_str!("../data/targets/pipecat/handlers_head.py").to_owned();
        for (tool, name) in &self.tools {
            code.push_str(&self.handler(tool, name));
        }
        code
    }

    /// The function of a tool: typed parameters, since the platform makes the tool's schema from them.
    fn handler(&self, tool: &ToolConfig, name: &str) -> String {
        let (method, url) = address(tool);
        let schema = plain_parameters(tool);
        let required: Vec<&str> = tool.required_parameters();
        let mut names = Names::new(self.target.ids("parameter"));
        let properties = schema["properties"].as_object();
        let mut parameters: Vec<Parameter<'_>> = properties
            .into_iter()
            .flatten()
            .map(|(key, schema)| Parameter {
                name: names.of(key, key, "value"),
                key,
                schema,
                required: required.contains(&key.as_str()),
            })
            .collect();
        // Those that may be left out have a default, and stand last.
        parameters.sort_by_key(|parameter| !parameter.required);
        let declared: String = parameters.iter().map(|parameter| format!(", {}", parameter.declared())).collect();
        let about: String = parameters.iter().map(|parameter| parameter.about()).collect();
        let docs =
            format!("{}\n{}", description(tool), if about.is_empty() { about } else { format!("\nArgs:\n{about}") });
        let arguments: Vec<String> = parameters
            .iter()
            .map(|parameter| format!("{}: {}", python_string(parameter.key), parameter.name))
            .collect();
        format!(
            "\n\nasync def {name}(flow_manager: FlowManager{declared}):\n    {}\n    return await _call({}, {}, {{{}}})\n",
            python_string(&docs),
            python_string(&method),
            python_string(&url),
            arguments.join(", "),
        )
    }
}

struct Parameter<'p> {
    name: String,
    key: &'p str,
    schema: &'p Value,
    required: bool,
}

impl Parameter<'_> {
    fn declared(&self) -> String {
        let kind = python_type(self.schema);
        match self.required {
            true => format!("{}: {kind}", self.name),
            false => format!("{}: {kind} | None = None", self.name),
        }
    }

    /// Its line in the documentation of the function.
    fn about(&self) -> String {
        let text = self.schema["description"].as_str().unwrap_or_default();
        let choices = self.schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let choices: Vec<&str> = choices.collect();
        let choices = if choices.is_empty() { String::new() } else { format!(" One of: {}.", choices.join(", ")) };
        format!("    {}: {text}{choices}\n", self.name)
    }
}

fn python_type(schema: &Value) -> &'static str {
    match schema["type"].as_str() {
        Some("integer") => "int",
        Some("number") => "float",
        Some("boolean") => "bool",
        Some("array") => match schema["items"]["type"].as_str() {
            Some("object") => "list[dict]",
            Some("number" | "integer") => "list[float]",
            _ => "list[str]",
        },
        Some("object") => "dict",
        _ => "str",
    }
}
