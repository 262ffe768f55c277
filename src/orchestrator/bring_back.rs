//! An agent that was exported before, as the start of a new interview. Pure: a document is read, nothing in it is run and
//! nothing it names is fetched.

use serde_json::Value;

use crate::error::FieldProblem;
use crate::intent::models::{AgentSpec, FieldId, FieldKind, Item, Provenance, SPEC_VERSION, Slot};
use crate::intent::tool_config::ToolConfig;
use crate::tools::custom;
use crate::tools::import::{self, Format};

use super::field_values::{LONGEST, LONGEST_TOOL, MOST, known};
use super::models::Interview;
use super::requests;

/// The longest quotation, in characters: that of a message.
const LONGEST_QUOTE: usize = crate::session::models::MAX_MESSAGE_CHARS;

/// Reads an interview from a bundle's `spec.json` or `agent.json`, or from an Open Agent Spec agent. Where each value came
/// from is kept.
///
/// # Errors
/// Everything that is wrong with the document, each with its place.
pub fn read(document: &Value) -> Result<Interview, Vec<FieldProblem>> {
    let (place, spec) = match document {
        Value::Object(whole) if whole.get("component_type").is_some_and(|kind| kind == "Agent") => {
            match whole.get("metadata").and_then(|metadata| metadata.get("agentwright_spec")) {
                Some(spec) => ("metadata.agentwright_spec", own(spec)?),
                None => ("agent", foreign(document)?),
            }
        }
        Value::Object(whole) if whole.get("spec").is_some_and(Value::is_object) => ("spec", own(&document["spec"])?),
        Value::Object(whole) if whole.contains_key("spec_version") => ("spec", own(document)?),
        _ => return Err(vec![problem("document", UNKNOWN)]),
    };
    let problems = check(place, &spec);
    if !problems.is_empty() {
        return Err(problems);
    }
    if spec.filled().next().is_none() {
        return Err(vec![problem(place, "holds no field of an agent")]);
    }
    // Messages of the first conversation are not here: the next one gets a number that none of them had.
    let evidence = spec.filled().flat_map(|(_, slot)| &slot.items).filter_map(|item| item.evidence.as_ref());
    let user_messages = evidence.map(|evidence| evidence.message.saturating_add(1)).max().unwrap_or(0);
    let answered = spec.filled().map(|(field, _)| field).collect();
    Ok(requests::copy(Interview { spec, user_messages, answered, ..Interview::default() }))
}

const UNKNOWN: &str =
    "is no document that can be opened: send spec.json or generic/agent.json of a bundle, or an Open Agent Spec agent";

fn problem(field: &str, message: impl Into<String>) -> FieldProblem {
    FieldProblem { field: field.to_owned(), message: message.into() }
}

/// A spec as bundles hold it.
fn own(document: &Value) -> Result<AgentSpec, Vec<FieldProblem>> {
    let Some(fields) = document.as_object() else { return Err(vec![problem("spec", "must be an object")]) };
    match fields.get("spec_version").map(|version| version.as_str()) {
        None | Some(Some(SPEC_VERSION)) => {}
        Some(other) => {
            let told = other.unwrap_or("something else");
            return Err(vec![problem("spec_version", format!("must be \"{SPEC_VERSION}\", is {told}"))]);
        }
    }
    let unknown = fields.keys().filter(|name| *name != "spec_version" && FieldId::parse(name).is_none());
    let unknown: Vec<FieldProblem> = unknown.take(10).map(|name| problem(name, "is no field of the spec")).collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    serde_json::from_value(document.clone()).map_err(|error| vec![problem("spec", format!("cannot be read: {error}"))])
}

/// What is wrong with the values of a spec that reads.
fn check(place: &str, spec: &AgentSpec) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    for (field, slot) in spec.filled() {
        let mut wrong = |message: String| problems.push(problem(&format!("{place}.{field}"), message));
        if slot.items.len() > if field.kind().is_list() { MOST } else { 1 } {
            wrong(format!("has {} values, which is too many", slot.items.len()));
            continue;
        }
        for item in &slot.items {
            if let Err(message) = check_item(field, item) {
                wrong(message);
            }
        }
    }
    for id in spec.values(FieldId::Tools) {
        let found = spec.tool_configs.get(id).map_or(Err("has no configuration".to_owned()), check_tool);
        if let Err(message) = found {
            problems.push(problem(&format!("{place}.tools"), format!("the tool {} {message}", custom::clip(id, 64))));
        }
    }
    if spec.tool_configs.len() > spec.items(FieldId::Tools).len() {
        problems.push(problem(&format!("{place}.tools"), "configures tools that are not in its list"));
    }
    problems
}

fn check_item(field: FieldId, item: &Item) -> Result<(), String> {
    let length = item.value.chars().count();
    if item.value.trim().is_empty() || length > LONGEST {
        return Err(format!("must have from 1 to {LONGEST} characters, has {length}"));
    }
    let hidden = |text: &str| text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\t'));
    let label = item.label.as_deref().unwrap_or_default();
    let quote = item.evidence.as_ref().map(|evidence| evidence.quote.as_str()).unwrap_or_default();
    if [item.value.as_str(), label, quote].into_iter().any(hidden) {
        return Err("holds control characters".to_owned());
    }
    if label.chars().count() > LONGEST || quote.chars().count() > LONGEST_QUOTE {
        return Err("has a label or a quotation that is too long".to_owned());
    }
    match field.kind() {
        FieldKind::Flag if !matches!(item.value.as_str(), "true" | "false") => Err("must be true or false".to_owned()),
        FieldKind::Id | FieldKind::Ids => known(field, &item.value).map(drop),
        _ => Ok(()),
    }
}

fn check_tool(tool: &ToolConfig) -> Result<(), String> {
    if let Some(problem) = custom::id_problem(&tool.id) {
        return Err(format!("has an id that {problem}"));
    }
    if let Some(problem) = tool.endpoint.as_ref().and_then(custom::endpoint_problem) {
        return Err(format!("has an address it cannot have: {problem}"));
    }
    let size = serde_json::to_string(tool).map_or(usize::MAX, |text| text.len());
    if size > LONGEST_TOOL { Err(format!("must have at most {LONGEST_TOOL} bytes")) } else { Ok(()) }
}

/// An agent of the Open Agent Spec that is not ours: what it says outright, each as something concluded.
fn foreign(agent: &Value) -> Result<AgentSpec, Vec<FieldProblem>> {
    let text = |key: &str| agent.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let mut spec = AgentSpec::default();
    let concluded = |value: String| Item::inferred(value, None);
    if let Some(name) = text("name") {
        spec.set(FieldId::AgentName, Slot::one(concluded(custom::clip(&name.replace(['_', '-'], " "), 120))));
    }
    if let Some(about) = text("description") {
        let goals =
            about.split(['.', '\n', ';']).map(|part| custom::clip(part, LONGEST)).filter(|part| !part.is_empty());
        spec.set(FieldId::Goals, Slot { items: goals.take(MOST).map(concluded).collect() });
    }
    if let Some(prompt) = text("system_prompt") {
        let lines = prompt.lines().map(|line| custom::clip(line, LONGEST)).filter(|line| !line.is_empty());
        spec.set(FieldId::AdditionalNotes, Slot { items: lines.take(MOST).map(concluded).collect() });
    }
    let tools = agent.get("tools").and_then(Value::as_array).cloned().unwrap_or_default();
    if !tools.is_empty() {
        let listed: Vec<Value> = tools.iter().map(as_function).collect();
        let imported = import::import(Format::Mcp, &Value::Array(listed))
            .map_err(|error| vec![problem("tools", error.to_string())])?;
        let skipped: Vec<FieldProblem> = imported
            .skipped
            .iter()
            .map(|skipped| problem("tools", format!("{}: {}", skipped.name, skipped.reason)))
            .collect();
        if !skipped.is_empty() {
            return Err(skipped);
        }
        let items = imported.tools.iter().map(|tool| concluded(tool.id.clone()).with_label(tool.name.clone()));
        spec.set(FieldId::Tools, Slot { items: items.collect() });
        spec.tool_configs = imported.tools.iter().map(|tool| (tool.id.clone(), tool.configure())).collect();
    }
    let uses = Item { provenance: Provenance::Inferred, ..Item::default((!tools.is_empty()).to_string()) };
    spec.set(FieldId::UseTools, Slot::one(uses));
    Ok(spec)
}

/// A tool with its inputs as one schema.
fn as_function(tool: &Value) -> Value {
    let inputs = tool.get("inputs").and_then(Value::as_array).cloned().unwrap_or_default();
    let title = |input: &Value| input.get("title").and_then(Value::as_str).map(str::to_owned);
    let required: Vec<String> =
        inputs.iter().filter(|input| input.get("default").is_none()).filter_map(title).collect();
    let properties: serde_json::Map<String, Value> =
        inputs.into_iter().filter_map(|input| Some((title(&input)?, without_title(input)))).collect();
    serde_json::json!({
        "name": tool.get("name"),
        "description": tool.get("description"),
        "inputSchema": { "type": "object", "properties": properties, "required": required },
    })
}

fn without_title(mut input: Value) -> Value {
    if let Some(fields) = input.as_object_mut() {
        fields.remove("title");
    }
    input
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::prompt::fixtures;

    #[test]
    fn what_was_exported_comes_back_with_where_it_came_from() {
        for fixture in fixtures::ALL {
            let spec = fixture.spec();
            let document = serde_json::to_value(&spec).unwrap();
            let read_back = read(&document).unwrap();
            assert_eq!(read_back.spec, spec, "{}", fixture.name);
            let said = |item: &&Item| item.provenance == Provenance::Said;
            assert!(spec.items(FieldId::Goals).iter().any(|item| said(&item)), "{}", fixture.name);
            let latest = spec.filled().flat_map(|(_, slot)| &slot.items).filter_map(|item| item.evidence.as_ref());
            assert!(latest.into_iter().all(|evidence| evidence.message < read_back.user_messages));
            assert_eq!(read(&json!({ "session_id": "x", "spec": document })).unwrap().spec, spec);
        }
    }

    #[test]
    fn an_agent_of_others_is_read_as_concluded() {
        let agent = json!({
            "component_type": "Agent", "name": "front_desk", "description": "Answers callers. Books visits.",
            "system_prompt": "You are kind.\nNever give advice.",
            "tools": [{ "component_type": "ServerTool", "name": "book_visit", "description": "Books a visit",
                "inputs": [{ "title": "day", "type": "string" }, { "title": "note", "type": "string", "default": "" }] }],
        });
        let spec = read(&agent).unwrap().spec;
        assert_eq!(spec.values(FieldId::Goals).collect::<Vec<_>>(), ["Answers callers", "Books visits"]);
        assert_eq!(spec.text(FieldId::AgentName), Some("front desk"));
        assert_eq!(spec.tools().next().unwrap().required_parameters(), ["day"]);
        assert!(spec.filled().all(|(_, slot)| slot.provenance() == Some(Provenance::Inferred)));
    }

    #[test]
    fn what_cannot_be_opened_says_why_and_where() {
        let spec = serde_json::to_value(fixtures::ALL[0].spec()).unwrap();
        let with = |change: fn(&mut Value)| {
            let mut changed = spec.clone();
            change(&mut changed);
            read(&changed).unwrap_err()
        };
        let told = |problems: Vec<FieldProblem>| problems.into_iter().map(|it| it.field).collect::<Vec<_>>().join(" ");
        assert_eq!(told(read(&json!([1])).unwrap_err()), "document");
        assert_eq!(told(with(|spec| spec["spec_version"] = json!("9"))), "spec_version");
        assert_eq!(told(with(|spec| spec["mood"] = json!({}))), "mood");
        assert_eq!(told(with(|spec| spec["goals"] = json!("x"))), "spec");
        assert_eq!(told(with(|spec| spec["tone"]["items"][0]["value"] = json!("sleepy"))), "spec.tone");
        assert_eq!(told(with(|spec| spec["goals"]["items"][0]["value"] = json!("x".repeat(3000)))), "spec.goals");
        let address =
            |spec: &mut Value| spec["tools"]["value"][0]["endpoint"] = json!({"method": "GET", "url": "file:///etc"});
        assert_eq!(told(with(address)), "spec.tools");
        assert_eq!(told(with(|spec| spec["tools"]["value"] = json!([]))).split(' ').next(), Some("spec.tools"));
    }
}
