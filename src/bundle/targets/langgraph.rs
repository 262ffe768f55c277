//! LangGraph: the workflow as a state graph in Python. `graph.py` names every step and edge; what a kind of step does is
//! in `steps.py`, the same for every agent.

use serde_json::{Map, Value, json};

use crate::bundle::flow::{Flow, Way, WayKind};
use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;
use crate::prompt::wording::clean;
use crate::workflow::models::NodeType;

use super::Target;
use super::names::Names;
use super::python::{self, PythonTool};
use super::text::{python_string, python_value};

const STEPS: &str = include_str!("../data/targets/langgraph/steps.py");
const CHAT: &str = include_str!("../data/targets/langgraph/chat.py");
const REQUIREMENTS: &str = include_str!("../data/targets/langgraph/requirements.txt");
const HEAD: &str = include_str!("../data/targets/langgraph/graph_head.py");

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let tools = python::tools(kit, target.ids("function"), target.ids("argument"));
    let project = json!({
        "dependencies": ["."],
        "graphs": { "agent": "./graph.py:graph" },
        "env": ".env",
        "python_version": "3.12",
    });
    vec![
        File::text("graph.py", Drawing::new(target, kit, &tools).text()),
        File::text("steps.py", STEPS),
        File::text("tools.py", python::module(&tools)),
        File::text("chat.py", CHAT),
        File::text("prompt.md", kit.prompt(PromptFormat::Generic).system_prompt.as_str()),
        File::json("langgraph.json", &project),
        File::text("requirements.txt", REQUIREMENTS),
        File::text(
            ".env.example",
            python::env_example(&[("OPENAI_API_KEY", ""), ("AGENT_MODEL", target.setting("model"))], &tools),
        ),
    ]
}

/// The graph as Python, under construction.
struct Drawing<'k> {
    kit: &'k Kit<'k>,
    flow: Flow<'k>,
    tools: &'k [PythonTool<'k>],
    names: Names<'k>,
    text: String,
}

impl<'k> Drawing<'k> {
    fn new(target: &'k Target, kit: &'k Kit<'k>, tools: &'k [PythonTool<'k>]) -> Drawing<'k> {
        let flow = kit.flow.clone();
        let mut names = Names::new(target.ids("node"));
        for step in &flow.steps {
            names.of(&step.node.id, &step.node.id, "step");
        }
        Drawing { kit, flow, tools, names, text: HEAD.to_owned() }
    }

    fn text(mut self) -> String {
        for tool in self.tools {
            self.line(&format!("{} = {}", constant(tool), python::entry(tool)));
        }
        self.line("\nbuilder = StateGraph(steps.State)");
        for at in 0..self.flow.steps.len() {
            self.line("");
            self.step(at);
        }
        self.line("\ngraph = builder.compile()");
        self.text
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A step's name as a literal.
    fn name(&self, at: usize) -> String {
        // Every step of the flow was named in `new`.
        python_string(self.names.get(&self.flow.steps[at].node.id).unwrap_or_default())
    }

    /// A step and the edges that leave it.
    fn step(&mut self, at: usize) {
        let step = self.flow.steps[at].clone();
        let name = self.name(at);
        let say = python_string(&step.node.config.say.as_deref().map(clean).unwrap_or_default());
        let task = python_string(&step.task);
        let tool = step.tool.and_then(|tool| self.tools.iter().find(|known| known.config.id == tool.id)).map(constant);
        let (failures, ways): (Vec<&Way>, Vec<&Way>) = step.ways.iter().partition(|way| way.kind == WayKind::Fails);
        if step.kind() == NodeType::Start {
            self.line(&format!("builder.add_edge(START, {name})"));
        }
        let chooses = matches!(step.kind(), NodeType::IntentDetection | NodeType::Condition | NodeType::Confirmation);
        if ways.len() > 1 && chooses {
            let (listed, default) = self.choices(&ways);
            let asks = step.kind() == NodeType::IntentDetection || step.node.config.say.is_some();
            let made = match step.kind() {
                NodeType::Confirmation => format!("steps.confirm({say}, {listed}, {default})"),
                _ => format!("steps.choose({task}, {say}, {listed}, {default}, {})", python_bool(asks)),
            };
            self.node(&name, &made);
            self.routes(&name, &ways.iter().map(|way| self.name(way.to)).collect::<Vec<_>>());
            return;
        }
        let next = match ways.as_slice() {
            [] => "END".to_owned(),
            [only] => self.name(only.to),
            several => self.way_on(&step.node.id, several),
        };
        match (step.kind(), tool) {
            (NodeType::CollectInput, _) if !step.node.config.collects.is_empty() => {
                let fields = python_value(&Value::Object(self.fields(&step.node.config.collects)));
                self.node(&name, &format!("steps.collect({say}, {fields}, {name}, {next})"));
                self.routes(&name, &[name.clone(), next]);
            }
            (NodeType::ToolCall | NodeType::KnowledgeLookup, Some(tool)) => {
                let failed = failures.first().map_or(next.clone(), |way| self.name(way.to));
                self.node(&name, &format!("steps.call({tool}, {next}, {failed})"));
                self.routes(&name, &[next, failed]);
            }
            (kind, tool) => {
                let made = match kind {
                    NodeType::Start => "steps.begin()".to_owned(),
                    NodeType::Greeting => format!("steps.greet({})", self.greeting(&say)),
                    NodeType::End => format!("steps.say({say})"),
                    NodeType::Handoff => {
                        format!("steps.hand_over({say}, {})", tool.unwrap_or_else(|| "None".to_owned()))
                    }
                    _ => format!("steps.respond({task}, {say})"),
                };
                self.node(&name, &made);
                self.line(&format!("builder.add_edge({name}, {next})"));
            }
        }
    }

    fn node(&mut self, name: &str, made: &str) {
        self.line(&format!("builder.add_node({name}, {made})"));
    }

    fn routes(&mut self, name: &str, targets: &[String]) {
        let entry = |target: &String| match target.as_str() {
            "END" => "END: END".to_owned(),
            target => format!("{target}: {target}"),
        };
        let map: Vec<String> = targets.iter().map(entry).collect();
        self.line(&format!("builder.add_conditional_edges({name}, steps.route, {{{}}})", map.join(", ")));
    }

    /// A choice after a step that goes on in several ways without being one itself.
    fn way_on(&mut self, id: &str, ways: &[&Way]) -> String {
        let name = python_string(&self.names.of(&format!("{id} way"), &format!("{id}_way"), "way"));
        let (listed, default) = self.choices(ways);
        self.node(&name, &format!("steps.choose(\"The way on\", \"\", {listed}, {default}, False)"));
        self.routes(&name, &ways.iter().map(|way| self.name(way.to)).collect::<Vec<_>>());
        name
    }

    /// The agent's first words, in the owner's own wording where there is one.
    fn greeting(&self, say: &str) -> String {
        match self.kit.prompt(PromptFormat::Generic).first_message.as_str() {
            "" => say.to_owned(),
            first => python_string(first),
        }
    }

    /// The ways of a choice with when each is taken, and the one for when none fits.
    fn choices(&self, ways: &[&Way]) -> (String, String) {
        let listed: Vec<String> =
            ways.iter().map(|way| format!("{}: {}", self.name(way.to), python_string(&way.when))).collect();
        let default = ways.iter().find(|way| way.kind == WayKind::Default).or(ways.last());
        (format!("{{{}}}", listed.join(", ")), default.map(|way| self.name(way.to)).unwrap_or_default())
    }

    /// The inputs a step collects, each as the tool that needs it describes it.
    fn fields(&self, collects: &[String]) -> Map<String, Value> {
        let of = |name: &String| {
            let mut schemas = self.tools.iter().filter_map(|tool| tool.parameters.get("properties")?.get(name));
            (name.clone(), schemas.next().cloned().unwrap_or_else(|| json!({ "type": "string" })))
        };
        collects.iter().map(of).collect()
    }
}

fn constant(tool: &PythonTool<'_>) -> String {
    tool.name.to_ascii_uppercase()
}

fn python_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
