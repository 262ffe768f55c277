//! Open Agent Spec 25.4.1: the agent with its tools, and the workflow as a flow that its runtimes execute.
//!
//! A step of the workflow becomes one node or a short chain of them. What people are asked for is an output of the step
//! that asks and reaches the tools over data edges; a call has two outputs, and a branch on its `status` is its failure
//! path.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::bundle::flow::{Flow, Step, Way, WayKind};
use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;
use crate::prompt::tool_schemas;
use crate::prompt::wording::{clean, listed, sentence};
use crate::tools::models::ToolConfig;
use crate::workflow::models::NodeType;

use super::Target;
use super::names::Names;
use super::text::untemplated;

const VERSION: &str = "25.4.1";

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    vec![
        File::json("agent.json", &agent_document(kit, target)),
        File::json("flow.json", &Weaver::new(kit, target).document()),
    ]
}

fn agent_document(kit: &Kit<'_>, target: &Target) -> Value {
    let tools: Vec<Value> = kit.spec.tools().map(|tool| server_tool(tool, &[("result", "What came back.")])).collect();
    let mut agent = agent("agent", &prompt(kit), Vec::new(), tools);
    agent["description"] = kit.title().into();
    agent["llm_config"] = llm(target);
    // Opened again, the agent has everything it had; others pass over what they do not know.
    agent["metadata"] = json!({ "agentwright_spec": kit.spec });
    agent["agentspec_version"] = VERSION.into();
    agent
}

/// The system prompt; the platform would fill in `{{…}}`, which owners' words must not trigger.
fn prompt(kit: &Kit<'_>) -> String {
    untemplated(&kit.prompt(PromptFormat::Generic).system_prompt)
}

fn llm(target: &Target) -> Value {
    json!({ "component_type": "OpenAiConfig", "id": "llm", "name": "llm", "model_id": target.setting("model") })
}

fn reference(id: &str) -> Value {
    json!({ "$component_ref": id })
}

fn agent(id: &str, system_prompt: &str, outputs: Vec<Value>, tools: Vec<Value>) -> Value {
    json!({
        "component_type": "Agent",
        "id": id,
        "name": id,
        "llm_config": reference("llm"),
        "system_prompt": system_prompt,
        "inputs": [],
        "outputs": outputs,
        "tools": tools,
    })
}

fn server_tool(tool: &ToolConfig, outputs: &[(&str, &str)]) -> Value {
    let name = tool_schemas::tool_name(&tool.id);
    let outputs: Vec<Value> = outputs
        .iter()
        .map(|(title, about)| json!({ "title": title, "type": "string", "description": about }))
        .collect();
    json!({
        "component_type": "ServerTool",
        "id": format!("tool-{name}"),
        "name": name,
        "description": tool_schemas::description(tool),
        "inputs": properties(tool).into_values().collect::<Vec<_>>(),
        "outputs": outputs,
    })
}

/// A tool's parameters as properties by name; one that is not required may be null.
fn properties(tool: &ToolConfig) -> BTreeMap<String, Value> {
    let schema = tool_schemas::parameters(tool);
    let required = tool.required_parameters();
    let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let property = |(name, schema): (String, Value)| {
        let needed = required.contains(&name.as_str());
        (name.clone(), property(&name, &schema, needed))
    };
    properties.into_iter().map(property).collect()
}

/// Keywords of JSON Schema that go over as they are.
const KEYWORDS: [&str; 5] = ["type", "description", "enum", "items", "properties"];

fn property(name: &str, schema: &Value, needed: bool) -> Value {
    let source = schema.as_object().cloned().unwrap_or_default();
    let mut kept: Map<String, Value> = source.into_iter().filter(|(key, _)| KEYWORDS.contains(&key.as_str())).collect();
    if !kept.get("type").is_some_and(Value::is_string) {
        kept.insert("type".to_owned(), "string".into());
    }
    // Runtimes hand objects on as types of their own, which tools then refuse: they travel as text.
    if kept.get("type").is_some_and(|kind| kind == "object") {
        let keys: Vec<String> = kept
            .remove("properties")
            .as_ref()
            .and_then(Value::as_object)
            .map_or(Vec::new(), |keys| keys.keys().cloned().collect());
        let about = kept.get("description").and_then(Value::as_str).map(sentence).unwrap_or_default();
        let told = format!("{about} As a JSON object with {}.", listed(&keys, "and"));
        kept.insert("type".to_owned(), "string".into());
        kept.insert("description".to_owned(), told.trim().into());
    }
    if kept.get("type").is_some_and(|kind| kind == "array") && !kept.contains_key("items") {
        kept.insert("items".to_owned(), json!({ "type": "string" }));
    }
    if needed {
        kept.insert("title".to_owned(), name.into());
        return kept.into();
    }
    // Lists reach no union of theirs with null over a data edge: left out they are empty.
    if kept.get("type").is_some_and(|kind| kind == "array") {
        kept.insert("default".to_owned(), json!([]));
        kept.insert("title".to_owned(), name.into());
        return kept.into();
    }
    let about = kept.remove("description").unwrap_or_default();
    let mut optional = json!({ "title": name, "anyOf": [kept, { "type": "null" }], "default": null });
    if about.is_string() {
        optional["description"] = about;
    }
    optional
}

fn text_property(title: &str) -> Value {
    json!({ "title": title, "type": "string" })
}

/// A text input that may be empty where nothing has filled it.
fn spare_property(title: &str) -> Value {
    json!({ "title": title, "type": "string", "default": "" })
}

/// An exit of a chain: the branch it leaves by, and the step it leads to.
type Exit = (Option<String>, usize);

struct Weaver<'k> {
    kit: &'k Kit<'k>,
    flow: Flow<'k>,
    names: Names<'k>,
    /// Every node by its id.
    components: Map<String, Value>,
    nodes: Vec<Value>,
    control: Vec<Value>,
    /// Who puts out a value, and of which type: by name.
    given: BTreeMap<String, Vec<(String, Value)>>,
    /// Who needs a value: node, name, type (null for any).
    wanted: Vec<(String, String, Value)>,
    data: Vec<Value>,
}

impl<'k> Weaver<'k> {
    fn new(kit: &'k Kit<'k>, target: &'k Target) -> Weaver<'k> {
        let flow = kit.flow.clone();
        let mut names = Names::new(target.ids("node"));
        for step in &flow.steps {
            names.of(&step.node.id, &step.node.id, "step");
        }
        let components = Map::from_iter([("llm".to_owned(), llm(target))]);
        Weaver {
            kit,
            flow,
            names,
            components,
            nodes: Vec::new(),
            control: Vec::new(),
            given: BTreeMap::new(),
            wanted: Vec::new(),
            data: Vec::new(),
        }
    }

    fn document(mut self) -> Value {
        for at in 0..self.flow.steps.len() {
            for (name, schema) in self.collected(at) {
                let id = self.name(at);
                self.given.entry(name).or_default().push((id, schema));
            }
        }
        for at in 0..self.flow.steps.len() {
            self.step(at);
        }
        self.connect();
        let start = self.nodes.first().cloned().unwrap_or_default();
        json!({
            "component_type": "Flow",
            "id": "flow",
            "name": "flow",
            "description": self.kit.title(),
            "metadata": {},
            "inputs": [],
            "outputs": [],
            "start_node": start,
            "nodes": self.nodes,
            "control_flow_connections": self.control,
            "data_flow_connections": self.data,
            "$referenced_components": self.components,
            "agentspec_version": VERSION,
        })
    }

    fn name(&self, at: usize) -> String {
        // Every step of the flow was named in `new`.
        self.names.get(&self.flow.steps[at].node.id).unwrap_or_default().to_owned()
    }

    /// The id of a further node of a step.
    fn part(&mut self, at: usize, part: &str) -> String {
        let id = self.flow.steps[at].node.id.clone();
        self.names.of(&format!("{id} {part}"), &format!("{id}_{part}"), part)
    }

    /// What a step gets from people, each as the tool that needs it describes it.
    fn collected(&self, at: usize) -> Vec<(String, Value)> {
        let node = &self.flow.steps[at].node;
        if node.kind != NodeType::CollectInput {
            return Vec::new();
        }
        let schema = |name: &String| {
            let own = self.kit.spec.tools().filter(|tool| node.config.tool.as_ref().is_none_or(|id| *id == tool.id));
            let known = own.chain(self.kit.spec.tools()).find_map(|tool| {
                tool_schemas::parameters(tool).get("properties")?.get(name).map(|schema| property(name, schema, true))
            });
            (name.clone(), known.unwrap_or_else(|| text_property(name)))
        };
        node.config.collects.iter().map(schema).collect()
    }

    fn step(&mut self, at: usize) {
        let step = self.flow.steps[at].clone();
        let ways: Vec<Way> = step.ways.iter().filter(|way| way.kind != WayKind::Fails).cloned().collect();
        let several = ways.len() > 1;
        let (chain, mut exits) = match step.kind() {
            NodeType::Start => (vec![self.bare(at, "StartNode", json!({}))], plain(&ways)),
            NodeType::Greeting => (vec![self.says(at, None, &self.greeting(&step))], plain(&ways)),
            NodeType::IntentDetection | NodeType::Confirmation if several => self.asks(at, &step, &ways),
            NodeType::Condition if several && step.node.config.say.is_some() => self.asks(at, &step, &ways),
            NodeType::Condition if several => self.judges(at, None, &step, &ways),
            NodeType::CollectInput if !step.node.config.collects.is_empty() => {
                let outputs = self.collected(at).into_iter().map(|(_, schema)| schema).collect();
                (vec![self.agent(at, None, &step.task, outputs)], plain(&ways))
            }
            NodeType::ToolCall | NodeType::KnowledgeLookup if step.tool.is_some() => self.calls(at, &step, &ways),
            NodeType::Handoff => self.hands_over(at, &step, &ways),
            NodeType::End => {
                let end = json!({ "branch_name": self.name(at) });
                match said(&step) {
                    Some(say) => (vec![self.says(at, None, &say), self.bare_part(at, "done", "EndNode", end)], vec![]),
                    None => (vec![self.bare(at, "EndNode", end)], vec![]),
                }
            }
            _ => (self.responds(at, &step), plain(&ways)),
        };
        let mut chain = chain;
        if exits.len() > 1 && exits.iter().all(|(branch, _)| branch.is_none()) {
            let (more, chosen) = self.judges(at, Some("way"), &step, &ways);
            chain.extend(more);
            exits = chosen;
        }
        self.link(at, &chain, &exits);
    }

    /// Joins a chain and leads it on.
    fn link(&mut self, at: usize, chain: &[String], exits: &[Exit]) {
        for pair in chain.windows(2) {
            self.edge(&pair[0], None, &pair[1]);
        }
        let Some(last) = chain.last() else { return };
        let from = self.flow.steps[at].kind();
        for (branch, to) in exits {
            let listens = from == NodeType::Greeting && self.flow.steps[*to].kind() == NodeType::IntentDetection;
            // The greeting has asked already: the next node listens at once.
            let asked = listens && self.flow.steps[*to].ways.len() > 1 && said(&self.flow.steps[*to]).is_some();
            let target = if asked { self.part(*to, "answer") } else { self.name(*to) };
            self.edge(last, branch.as_deref(), &target);
        }
    }

    fn edge(&mut self, from: &str, branch: Option<&str>, to: &str) {
        let name = format!("control_{}", self.control.len() + 1);
        self.control.push(json!({
            "component_type": "ControlFlowEdge", "id": name, "name": name,
            "from_node": reference(from), "from_branch": branch, "to_node": reference(to),
        }));
    }

    fn add(&mut self, id: &str, kind: &str, fields: Value) -> String {
        let mut node = json!({ "component_type": kind, "id": id, "name": id });
        if let (Some(node), Value::Object(fields)) = (node.as_object_mut(), fields) {
            node.extend(fields);
        }
        self.components.insert(id.to_owned(), node);
        self.nodes.push(reference(id));
        id.to_owned()
    }

    fn bare(&mut self, at: usize, kind: &str, fields: Value) -> String {
        self.add(&self.name(at), kind, fields)
    }

    fn bare_part(&mut self, at: usize, part: &str, kind: &str, fields: Value) -> String {
        let id = self.part(at, part);
        self.add(&id, kind, fields)
    }

    fn id(&mut self, at: usize, part: Option<&str>) -> String {
        match part {
            Some(part) => self.part(at, part),
            None => self.name(at),
        }
    }

    fn says(&mut self, at: usize, part: Option<&str>, text: &str) -> String {
        let id = self.id(at, part);
        self.add(&id, "OutputMessageNode", json!({ "message": untemplated(text), "inputs": [], "outputs": [] }))
    }

    fn agent(&mut self, at: usize, part: Option<&str>, task: &str, outputs: Vec<Value>) -> String {
        let id = self.id(at, part);
        let own = format!("{}\n\n# This step\n\n{}", prompt(self.kit), untemplated(task));
        let agent = agent(&format!("{id}_agent"), &own, outputs.clone(), Vec::new());
        self.add(&id, "AgentNode", json!({ "agent": agent, "inputs": [], "outputs": outputs, "branches": ["next"] }))
    }

    fn greeting(&self, step: &Step<'_>) -> String {
        let first = &self.kit.prompt(PromptFormat::Generic).first_message;
        if first.is_empty() { said(step).unwrap_or_else(|| step.title()) } else { first.clone() }
    }

    /// Says something, listens, and has the model sort the answer.
    fn asks(&mut self, at: usize, step: &Step<'_>, ways: &[Way]) -> (Vec<String>, Vec<Exit>) {
        let mut chain = Vec::new();
        if let Some(say) = said(step) {
            chain.push(if step.kind() == NodeType::Confirmation {
                self.reads_back(at, &say, ways)
            } else {
                self.says(at, None, &say)
            });
        }
        let answer = self.id(at, (!chain.is_empty()).then_some("answer"));
        let heard = text_property("answer");
        chain.push(self.add(&answer, "InputMessageNode", json!({ "inputs": [], "outputs": [heard] })));
        let choice = self.part(at, "choice");
        let (listed, mapping) = self.choices(ways);
        let ask = format!(
            "{}\n\nReply with exactly one of these words and nothing else:\n{listed}\n\nThe user said:\n{{{{answer}}}}",
            untemplated(&step.task)
        );
        chain.push(self.add(
            &choice,
            "LlmNode",
            json!({
                "llm_config": reference("llm"), "prompt_template": ask, "branches": ["next"],
                "inputs": [text_property("answer")], "outputs": [text_property("way")],
            }),
        ));
        self.flows(&answer, "answer", &choice, "answer");
        let route = self.route(at, &choice, &mapping);
        chain.push(route);
        (chain, self.exits(ways))
    }

    /// Says what is known before a call, with the values people gave.
    fn reads_back(&mut self, at: usize, say: &str, ways: &[Way]) -> String {
        let tools = ways.iter().filter_map(|way| self.flow.steps[way.to].tool);
        let wanted: Vec<String> = tools.flat_map(|tool| properties(tool).into_keys()).collect();
        let known: Vec<String> = wanted.into_iter().filter(|name| self.given.contains_key(name)).collect();
        let mut message = untemplated(say);
        let mut inputs = Vec::new();
        for name in &known {
            message.push_str(&format!("\n- {}: {{{{{name}}}}}", crate::prompt::wording::in_words(name)));
            inputs.push(spare_property(name));
        }
        let id = self.name(at);
        self.wanted.extend(known.into_iter().map(|name| (id.clone(), name, Value::Null)));
        self.add(&id, "OutputMessageNode", json!({ "message": message, "inputs": inputs, "outputs": [] }))
    }

    /// Has the model choose by what was said so far.
    fn judges(&mut self, at: usize, part: Option<&str>, step: &Step<'_>, ways: &[Way]) -> (Vec<String>, Vec<Exit>) {
        let (listed, mapping) = self.choices(ways);
        let task = format!("{}\n\nSet `way` to exactly one of these words:\n{listed}", step.task);
        let judge = self.agent(at, part, &task, vec![text_property("way")]);
        let route = self.route(at, &judge, &mapping);
        (vec![judge, route], self.exits(ways))
    }

    /// The ways of a choice in words, and the mapping of a branching node.
    fn choices(&self, ways: &[Way]) -> (String, Value) {
        let chosen = ways.iter().filter(|way| way.kind != WayKind::Default);
        let mapping: Map<String, Value> =
            chosen.map(|way| self.name(way.to)).map(|name| (name.clone(), name.into())).collect();
        let line = |way: &Way| format!("{}: {}", self.name(way.to), untemplated(&way.when));
        (ways.iter().map(line).collect::<Vec<_>>().join("\n"), mapping.into())
    }

    fn exits(&self, ways: &[Way]) -> Vec<Exit> {
        let exit = |way: &Way| {
            let branch = if way.kind == WayKind::Default { "default".to_owned() } else { self.name(way.to) };
            (Some(branch), way.to)
        };
        ways.iter().map(exit).collect()
    }

    fn route(&mut self, at: usize, source: &str, mapping: &Value) -> String {
        let id = self.part(at, "route");
        let mut branches: Vec<&str> = mapping.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
        branches.push("default");
        let node = json!({ "mapping": mapping, "inputs": [text_property("way")], "outputs": [], "branches": branches });
        self.add(&id, "BranchingNode", node);
        self.flows(source, "way", &id, "way");
        id
    }

    /// Works out what nobody was asked for, calls the tool and looks whether it worked.
    fn calls(&mut self, at: usize, step: &Step<'_>, ways: &[Way]) -> (Vec<String>, Vec<Exit>) {
        let mut chain = self.call(at, step);
        let call = chain.last().cloned().unwrap_or_default();
        let check = self.part(at, "check");
        let failed = step.ways.iter().find(|way| way.kind == WayKind::Fails).or(ways.first());
        self.add(
            &check,
            "BranchingNode",
            json!({
                "mapping": { "ok": "worked" }, "inputs": [text_property("status")], "outputs": [],
                "branches": ["worked", "default"],
            }),
        );
        self.flows(&call, "status", &check, "status");
        chain.push(check.clone());
        let mut exits: Vec<Exit> = failed.map(|way| (Some("default".to_owned()), way.to)).into_iter().collect();
        match ways {
            [only] => exits.push((Some("worked".to_owned()), only.to)),
            _ => {
                // After the call the model chooses; the way in is an edge of its own.
                let (more, chosen) = self.judges(at, Some("way"), step, ways);
                self.edge(&check, Some("worked"), &more[0]);
                self.link(at, &more, &chosen);
            }
        }
        (chain, exits)
    }

    fn call(&mut self, at: usize, step: &Step<'_>) -> Vec<String> {
        let Some(tool) = step.tool else { return Vec::new() };
        let inputs = properties(tool);
        let kind = |schema: &Value| schema.get("type").cloned().unwrap_or_default();
        let missing: Vec<Value> = tool_schemas::parameters(tool)
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name, property(name, schema, true)))
            .filter(|(name, schema)| {
                let givers = self.given.get(*name).into_iter().flatten();
                !givers.into_iter().any(|(_, given)| kind(given) == kind(schema))
            })
            .map(|(_, schema)| schema)
            .collect();
        let mut chain = Vec::new();
        let call = if missing.is_empty() {
            self.name(at)
        } else {
            let prepare = self.agent(at, None, &step.task, missing.clone());
            let call = self.part(at, "call");
            for name in missing.iter().filter_map(|schema| schema.get("title").and_then(Value::as_str)) {
                self.flows(&prepare, name, &call, name);
            }
            chain.push(prepare);
            call
        };
        let made = |name: &str| missing.iter().any(|schema| schema["title"] == name);
        let outputs = [("status", "`ok`, or `error` when it failed."), ("result", "What came back.")];
        let node = server_tool(tool, &outputs);
        for (name, schema) in &inputs {
            if !made(name) {
                let kind = property(name, schema, true).get("type").cloned().unwrap_or_default();
                self.wanted.push((call.clone(), name.clone(), kind));
            }
        }
        let fields = json!({ "inputs": node["inputs"], "outputs": node["outputs"], "tool": reference(&tool_id(tool)) });
        self.components.entry(tool_id(tool)).or_insert(node);
        chain.push(self.add(&call, "ToolNode", fields));
        chain
    }

    fn hands_over(&mut self, at: usize, step: &Step<'_>, ways: &[Way]) -> (Vec<String>, Vec<Exit>) {
        let say = said(step).unwrap_or_else(|| step.title());
        let mut chain = self.call(at, step);
        let part = (!chain.is_empty()).then_some("said");
        chain.push(self.says(at, part, &say));
        (chain, plain(ways))
    }

    /// Has the model answer, and shows the answer.
    fn responds(&mut self, at: usize, step: &Step<'_>) -> Vec<String> {
        let agent = self.agent(at, None, &step.task, vec![text_property("reply")]);
        let shown = self.part(at, "reply");
        let message = json!({ "message": "{{reply}}", "inputs": [text_property("reply")], "outputs": [] });
        self.add(&shown, "OutputMessageNode", message);
        self.flows(&agent, "reply", &shown, "reply");
        vec![agent, shown]
    }

    fn flows(&mut self, from: &str, output: &str, to: &str, input: &str) {
        let name = format!("data_{}", self.data.len() + 1);
        self.data.push(json!({
            "component_type": "DataFlowEdge", "id": name, "name": name,
            "source_node": reference(from), "source_output": output,
            "destination_node": reference(to), "destination_input": input,
        }));
    }

    /// Leads everything people were asked for to where it is needed.
    fn connect(&mut self) {
        for (node, name, kind) in std::mem::take(&mut self.wanted) {
            let givers = self.given.get(&name).cloned().unwrap_or_default();
            for (giver, schema) in givers {
                if kind.is_null() || schema.get("type") == Some(&kind) {
                    self.flows(&giver, &name, &node, &name);
                }
            }
        }
    }
}

fn tool_id(tool: &ToolConfig) -> String {
    format!("tool-{}", tool_schemas::tool_name(&tool.id))
}

/// What the agent says at a step.
fn said(step: &Step<'_>) -> Option<String> {
    step.node.config.say.as_deref().map(clean).filter(|say| !say.is_empty())
}

fn plain(ways: &[Way]) -> Vec<Exit> {
    ways.iter().map(|way| (None, way.to)).collect()
}
