//! n8n: a chat workflow. A classifier reads what was said so far and picks the branch; the AI agent of that branch has its
//! steps and its tools.

use serde_json::{Map, Value, json};

use crate::bundle::kit::{File, Kit};
use crate::prompt::models::PromptFormat;
use crate::prompt::tool_schemas::{self, PLACEHOLDER_URL};
use crate::prompt::wording::{clean, in_words, sentence};
use crate::tools::models::ToolConfig;

use super::Target;
use super::branches::{self, Branch};
use super::names::Names;
use super::text::shortened;

/// Name of the node that receives messages; expressions refer to it.
const TRIGGER: &str = "When a message comes in";
const MEMORY: &str = "Memory";
const MODEL: &str = "OpenAI Chat Model";
/// The message, and what was said before it.
const SAID: &str = "={{ ($json.messages || []).slice(-6).map(turn => 'User: ' + (turn.human || '') + '\\nAgent: ' + \
                    (turn.ai || '')).join('\\n') }}\nUser: {{ $('When a message comes in').item.json.chatInput }}";
const MESSAGE: &str = "={{ $('When a message comes in').item.json.chatInput }}";

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    vec![File::json("workflow.json", &Sheet::new(kit, target).workflow())]
}

struct Sheet<'k> {
    kit: &'k Kit<'k>,
    target: &'k Target,
    names: Names<'k>,
    /// Names by which the agents call their tools.
    tools: Names<'k>,
    nodes: Vec<Value>,
    connections: Map<String, Value>,
}

impl<'k> Sheet<'k> {
    fn new(kit: &'k Kit<'k>, target: &'k Target) -> Sheet<'k> {
        let mut names = Names::new(target.ids("node"));
        [TRIGGER, MEMORY, MODEL, "History", "Choose"].iter().for_each(|name| names.keep(name));
        let mut tools = Names::new(target.ids("tool"));
        for tool in kit.spec.tools() {
            names.keep(&tools.of(&tool.id, &tool_schemas::tool_name(&tool.id), "tool"));
        }
        Sheet { kit, target, names, tools, nodes: Vec::new(), connections: Map::new() }
    }

    fn workflow(mut self) -> Value {
        let flow = self.kit.flow.clone();
        let branches = branches::of(&flow);
        let chat = json!({ "options": {}, "public": false });
        self.node("chatTrigger", TRIGGER, (0, 0), chat);
        let model = json!({ "__rl": true, "mode": "list", "value": self.target.setting("model") });
        self.node("lmChatOpenAi", MODEL, (0, 4), json!({ "model": model, "options": {} }));
        self.node("memoryBufferWindow", MEMORY, (1, 4), json!({}));
        if branches.len() > 1 {
            self.choice(&branches)
        } else {
            self.alone(&branches)
        }
        let id: String = self.kit.source.session_id.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        json!({
            "id": format!("{id:0<16}"),
            "name": literal(&self.kit.title()),
            "active": false,
            "nodes": self.nodes,
            "connections": self.connections,
            "settings": { "executionOrder": "v1" },
            "pinData": {},
        })
    }

    /// A classifier with a branch for each way, the last one for whatever fits none.
    fn choice(&mut self, branches: &[Branch<'_>]) {
        self.node("memoryManager", "History", (1, 0), json!({ "mode": "load", "simplifyOutput": true, "options": {} }));
        self.connect(TRIGGER, "main", 0, "History");
        self.connect(MEMORY, "ai_memory", 0, "History");
        let (default, chosen): (Vec<&Branch<'_>>, Vec<&Branch<'_>>) =
            branches.iter().partition(|branch| branch.is_default);
        let mut labels = Names::new(self.target.ids("category"));
        let categories: Vec<Value> = chosen
            .iter()
            .map(|branch| {
                let category = labels.of(&branch.id, &branch.title, "branch");
                json!({ "category": literal(&category), "description": literal(&branch.when) })
            })
            .collect();
        let choose = json!({
            "inputText": SAID,
            "categories": { "categories": categories },
            "options": { "fallback": "other" },
        });
        self.node("textClassifier", "Choose", (2, 0), choose);
        self.connect("History", "main", 0, "Choose");
        self.connect(MODEL, "ai_languageModel", 0, "Choose");
        for (at, branch) in chosen.iter().chain(&default).enumerate() {
            let name = self.branch(branch, at);
            self.connect("Choose", "main", at, &name);
        }
    }

    fn alone(&mut self, branches: &[Branch<'_>]) {
        for branch in branches {
            let name = self.branch(branch, 0);
            self.connect(TRIGGER, "main", 0, &name);
        }
    }

    /// The agent of a branch with its model, memory and tools; its name.
    fn branch(&mut self, branch: &Branch<'_>, row: usize) -> String {
        let name = self.names.of(&branch.id, &branch.title, "Branch");
        let prompt = &self.kit.prompt(PromptFormat::OpenAiChat).system_prompt;
        let system = format!("{prompt}\n# Your part\n\n{}\n\n{}", branch.when, branch.steps);
        let parameters = json!({
            "promptType": "define",
            "text": MESSAGE,
            "options": { "systemMessage": literal(&system) },
        });
        let row = row as i64 * 2;
        self.node("agent", &name, (4, row), parameters);
        self.connect(MODEL, "ai_languageModel", 0, &name);
        self.connect(MEMORY, "ai_memory", 0, &name);
        for (at, tool) in branch.tools.iter().enumerate() {
            let tool_name = self.tool(tool, (5 + at as i64, row + 1));
            self.connect(&tool_name, "ai_tool", 0, &name);
        }
        name
    }

    /// The node of a tool, one for all agents that use it; its name.
    fn tool(&mut self, tool: &ToolConfig, place: (i64, i64)) -> String {
        let name = self.tools.of(&tool.id, &tool.id, "tool");
        if self.nodes.iter().any(|node| node["name"] == name) {
            return name;
        }
        let mut parameters = json!({ "toolDescription": literal(&tool_schemas::description(tool)) });
        let address = tool.endpoint.as_ref().map(|endpoint| clean(&endpoint.url));
        let method = tool.endpoint.as_ref().map_or("POST".to_owned(), |it| clean(&it.method).to_ascii_uppercase());
        let address = address.unwrap_or_else(|| format!("{PLACEHOLDER_URL}{}", tool_schemas::tool_name(&tool.id)));
        parameters["method"] = method.as_str().into();
        parameters["url"] = literal(&address).into();
        let (values, told) = inputs(tool, &address);
        if !values.is_empty() {
            let (flag, list) = match method.as_str() {
                "GET" | "DELETE" => ("sendQuery", "parametersQuery"),
                _ => ("sendBody", "parametersBody"),
            };
            parameters[flag] = true.into();
            parameters[list] = json!({ "values": values });
        }
        if !told.is_empty() {
            parameters["placeholderDefinitions"] = json!({ "values": told });
        }
        self.node("toolHttpRequest", &name, place, parameters);
        name
    }

    fn node(&mut self, kind: &str, name: &str, (column, row): (i64, i64), parameters: Value) {
        let mut node = json!({
            "id": format!("node-{}", self.nodes.len() + 1),
            "name": name,
            "type": self.target.setting(kind),
            // A test reads every version there is.
            "typeVersion": serde_json::from_str::<Value>(self.target.setting(&format!("{kind}_version"))).unwrap_or_default(),
            "position": [column * 240, row * 160],
            "parameters": parameters,
        });
        if kind == "chatTrigger" {
            node["webhookId"] = self.kit.source.session_id.into();
        }
        if kind == "memoryManager" {
            // The first message has no history; the conversation begins all the same.
            node["alwaysOutputData"] = true.into();
        }
        self.nodes.push(node);
    }

    /// Leads output `at` of one node to another.
    fn connect(&mut self, from: &str, kind: &str, at: usize, to: &str) {
        let kinds = self.connections.entry(from).or_insert_with(|| json!({}));
        let outputs = &mut kinds[kind];
        if outputs.is_null() {
            *outputs = json!([]);
        }
        let Some(outputs) = outputs.as_array_mut() else { return };
        while outputs.len() <= at {
            outputs.push(json!([]));
        }
        if let Some(links) = outputs[at].as_array_mut() {
            links.push(json!({ "node": to, "type": kind, "index": 0 }));
        }
    }
}

/// A tool's parameters as the node sends them, and what each of them is.
fn inputs(tool: &ToolConfig, address: &str) -> (Vec<Value>, Vec<Value>) {
    let required = tool.required_parameters();
    let schema = tool_schemas::parameters(tool);
    let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let (mut values, mut told) = (Vec::new(), Vec::new());
    for (name, schema) in &properties {
        let provider = if required.contains(&name.as_str()) { "modelRequired" } else { "modelOptional" };
        // What stands in the address is filled in there.
        if !address.contains(&format!("{{{name}}}")) {
            values.push(json!({ "name": literal(name), "valueProvider": provider }));
        }
        let kind = match schema.get("type").and_then(Value::as_str) {
            Some("integer" | "number") => "number",
            Some("boolean") => "boolean",
            Some("object" | "array") => "json",
            _ => "string",
        };
        let about = tool.parameter_description(name).map(sentence).unwrap_or_else(|| in_words(name));
        told.push(json!({ "name": literal(name), "description": literal(&shortened(&about, 500)), "type": kind }));
    }
    (values, told)
}

/// Text that is never an expression: n8n evaluates what begins with `=`.
fn literal(text: &str) -> String {
    if text.trim_start().starts_with('=') { format!("“{}”", text.trim_start()) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_an_expression() {
        assert_eq!(literal("={{ $env }}"), "“={{ $env }}”");
        assert_eq!(literal("a = b"), "a = b");
    }
}
