//! Vapi: one assistant with everything in its prompt, and a squad with an assistant for each section of the workflow and
//! handoffs between them. (Vapi's own workflows were retired in 2026.)
//!
//! Handing over to a section, transferring a call and ending it are tools there; calls of the owner's tools are requests
//! that the platform makes itself.

use serde_json::{Map, Value, json};

use crate::bundle::kit::{File, Kit};
use crate::intent::models::FieldId;
use crate::prompt::models::PromptFormat;
use crate::prompt::tool_schemas::{address, description, plain_parameters, tool_name};
use crate::prompt::wording::{clean, without_variables};
use crate::tools::models::ToolConfig;
use crate::workflow::models::NodeType;

use super::Target;
use super::names::Names;
use super::sections::{Section, sections};
use super::text::{shortened, with_texts};

/// The platform's own tools.
const TRANSFER: &str = "transferCall";
const END: &str = "endCall";

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let agent = Agent::new(kit, target);
    vec![
        File::json("squad.json", &agent.squad()),
        File::json("assistant.json", &agent.alone()),
        File::text("prompt.md", agent.prompt()),
    ]
}

/// Text without what the platform's templates would fill in.
fn literal(text: &str) -> String {
    without_variables(text).replace("{%", "{ %").replace("%}", "% }")
}

struct Agent<'k, 'a> {
    kit: &'k Kit<'a>,
    target: &'k Target,
    /// Tools that the platform calls at the owner's address, with their names.
    requests: Vec<(&'a ToolConfig, String)>,
    sections: Vec<Section>,
    /// Names of the assistants, by section.
    names: Vec<String>,
    /// What the number to transfer to is called, by step.
    numbers: Vec<(usize, String)>,
}

impl<'k, 'a> Agent<'k, 'a> {
    fn new(kit: &'k Kit<'a>, target: &'k Target) -> Agent<'k, 'a> {
        let mut tools = Names::new(target.ids("tool"));
        let mut assistants = Names::new(target.ids("assistant"));
        let mut numbers = Names::new(target.ids("number"));
        let transfers = |at: usize| kit.transfers(&kit.flow.steps[at]);
        let ends = |at: usize| kit.flow.steps[at].kind() == NodeType::End || transfers(at);
        let sections = sections(&kit.flow, ends);
        let names = sections.iter().map(|section| {
            let head = &kit.flow.steps[section.head()];
            assistants.of(&head.node.id, &literal(&head.title()), "Step")
        });
        let names = names.collect();
        let asked = kit.spec.tools().filter(|tool| !kit.is_transfer(tool));
        let steps = (0..kit.flow.steps.len()).filter(|at| transfers(*at));
        let placeholder = |at: usize| {
            let step = &kit.flow.steps[at];
            (at, format!("REPLACE_phone_number_{}", numbers.of(&step.node.id, &step.title(), "person")))
        };
        Agent {
            kit,
            target,
            requests: asked.map(|tool| (tool, tools.of(&tool.id, &tool_name(&tool.id), "tool"))).collect(),
            sections,
            names,
            numbers: steps.map(placeholder).collect(),
        }
    }

    fn prompt(&self) -> String {
        literal(&self.kit.with_transfer(&self.kit.prompt(PromptFormat::ElevenLabs).system_prompt, TRANSFER))
    }

    /// Everything in one assistant.
    fn alone(&self) -> Value {
        let requests = self.requests.iter().map(|(tool, name)| request(tool, name));
        let steps: Vec<usize> = (0..self.kit.flow.steps.len()).collect();
        let tools: Vec<Value> = requests.chain(self.actions(&steps)).collect();
        let name = shortened(&literal(&self.kit.title()), self.target.limit("name"));
        let mut assistant = self.assistant(&name, &self.prompt(), tools);
        assistant["firstMessage"] = self.first_message().into();
        assistant["firstMessageMode"] = self.first_mode().into();
        assistant["analysisPlan"] = self.analysis();
        assistant
    }

    fn squad(&self) -> Value {
        let members: Vec<Value> = (0..self.sections.len()).map(|at| json!({ "assistant": self.member(at) })).collect();
        json!({ "name": shortened(&literal(&self.kit.title()), self.target.limit("name")), "members": members })
    }

    /// The assistant of a section.
    fn member(&self, at: usize) -> Value {
        let (kit, section) = (self.kit, &self.sections[at]);
        let script = section.script(&kit.flow, |to| self.outside(to));
        let prompt = format!(
            "{}\n# Your part\nThe conversation is under way; do only this part of it, and do not mention handing over.\n{script}",
            kit.persona(TRANSFER)
        );
        let called: Vec<&str> =
            section.steps.iter().filter_map(|step| kit.flow.steps[*step].tool).map(|tool| tool.id.as_str()).collect();
        let requests = self.requests.iter().filter(|(tool, _)| called.contains(&tool.id.as_str()));
        let mut tools: Vec<Value> = requests.map(|(tool, name)| request(tool, name)).collect();
        for (to, when) in section.exits(&kit.flow) {
            if let Some(place) = self.sections.iter().position(|section| section.head() == to) {
                tools.push(json!({ "type": "handoff", "destinations": [{
                    "type": "assistant",
                    "assistantName": self.names[place],
                    "description": literal(&when.join(" Or: ")),
                }] }));
            }
        }
        tools.extend(self.actions(&section.steps));
        let mut assistant = self.assistant(&self.names[at], &literal(&prompt), tools);
        if at == 0 {
            assistant["firstMessage"] = self.first_message().into();
            assistant["firstMessageMode"] = self.first_mode().into();
        } else {
            assistant["firstMessage"] = "".into();
            assistant["firstMessageMode"] = "assistant-speaks-first-with-model-generated-message".into();
        }
        assistant
    }

    /// How an assistant goes on at a step that is not of its section.
    fn outside(&self, to: usize) -> String {
        let place = self.sections.iter().position(|section| section.head() == to);
        match place {
            Some(place) => format!("Hand off to “{}”.", self.names[place]),
            None if self.numbers.iter().any(|(at, _)| *at == to) => {
                format!("{} Call `{TRANSFER}`.", self.kit.flow.steps[to].task)
            }
            None => format!("{} Call `{END}`.", self.kit.flow.steps[to].task),
        }
    }

    /// Transfers and the end of the call, as far as these steps lead there.
    fn actions(&self, steps: &[usize]) -> Vec<Value> {
        let led: Vec<(usize, &str)> =
            steps.iter().flat_map(|at| &self.kit.flow.steps[*at].ways).map(|way| (way.to, way.when.as_str())).collect();
        let destination = |(at, number): &(usize, String)| {
            let mut when: Vec<&str> = led.iter().filter(|(to, _)| to == at).map(|(_, when)| *when).collect();
            when.dedup();
            (!when.is_empty())
                .then(|| json!({ "type": "number", "number": number, "description": literal(&when.join(" Or: ")) }))
        };
        let destinations: Vec<Value> = self.numbers.iter().filter_map(destination).collect();
        let mut actions = Vec::new();
        if !destinations.is_empty() {
            actions.push(json!({ "type": TRANSFER, "destinations": destinations }));
        }
        let ends = led.iter().any(|(to, _)| self.kit.flow.steps[*to].kind() == NodeType::End);
        if ends {
            actions.push(json!({ "type": END }));
        }
        actions
    }

    fn assistant(&self, name: &str, prompt: &str, tools: Vec<Value>) -> Value {
        let target = self.target;
        let written = self.kit.prompt(PromptFormat::ElevenLabs);
        let temperature = written.metadata.get("settings").and_then(|settings| settings.get("temperature")).cloned();
        json!({
            "name": name,
            "model": {
                "provider": target.setting("provider"),
                "model": target.setting("model"),
                "temperature": temperature,
                "messages": [{ "role": "system", "content": prompt }],
                "tools": tools,
            },
            "voice": { "provider": "11labs", "voiceId": "REPLACE_voice_id", "model": target.setting("voice") },
            "transcriber": {
                "provider": "deepgram", "model": target.setting("transcriber"), "language": self.heard_language(),
            },
        })
    }

    /// With several languages the transcriber finds out by itself.
    fn heard_language(&self) -> &str {
        let several = self.kit.spec.items(FieldId::Languages).len() > 1;
        if several { "multi" } else { self.target.language(self.kit.spec).unwrap_or("en") }
    }

    fn first_message(&self) -> String {
        literal(&self.kit.prompt(PromptFormat::ElevenLabs).first_message)
    }

    fn first_mode(&self) -> &'static str {
        let silent = self.kit.prompt(PromptFormat::ElevenLabs).first_message.is_empty();
        if silent { "assistant-waits-for-user" } else { "assistant-speaks-first" }
    }

    /// What is read off the conversation afterwards, and whether it went well.
    fn analysis(&self) -> Value {
        let steps = 0..self.kit.flow.steps.len();
        let mut properties = Map::new();
        for (name, about) in steps.flat_map(|at| self.kit.flow.inputs(self.kit.spec, at)) {
            if properties.len() < self.target.limit("data") {
                properties.insert(tool_name(&name), json!({ "type": "string", "description": literal(&about) }));
            }
        }
        let mut plan = json!({ "successEvaluationPlan": { "enabled": true, "rubric": "PassFail" } });
        if !properties.is_empty() {
            plan["structuredDataPlan"] =
                json!({ "enabled": true, "schema": { "type": "object", "properties": properties } });
        }
        plan
    }
}

/// A tool that the platform calls at the owner's address. What a GET asks for stands in its address.
fn request(tool: &ToolConfig, name: &str) -> Value {
    let (method, url) = address(tool);
    let schema = plain_parameters(tool);
    let mut url = literal(&url);
    if method == "GET" {
        let keys = schema["properties"].as_object().into_iter().flat_map(Map::keys);
        let plain = |key: &&String| key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        for key in keys.filter(plain) {
            let joint = if url.contains('?') { '&' } else { '?' };
            url.push_str(&format!("{joint}{key}={{{{{key}}}}}"));
        }
    }
    let mut request = json!({
        "type": "apiRequest", "name": name, "method": method, "url": url, "timeoutSeconds": 20,
        "description": literal(&description(tool)), "body": with_texts(&schema, &literal),
    });
    let failed = clean(&tool.on_failure);
    if !failed.is_empty() {
        request["messages"] = json!([{ "type": "request-failed", "content": literal(&failed) }]);
    }
    request
}
