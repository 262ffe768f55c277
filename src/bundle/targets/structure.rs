//! Whether what platforms would take without a look holds together: every reference leads somewhere, names are legal and
//! unique, texts are no templates. For agents whose owners try to break the files; tests only.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::named;
use crate::bundle::File;
use crate::bundle::kit::Kit;
use crate::bundle::tests::source;
use crate::prompt::hostile;

/// What is wrong with a target's files.
type Check = fn(&[File]) -> Vec<String>;

fn json(files: &[File], path: &str) -> Value {
    let file = files.iter().find(|file| file.path == path).unwrap();
    serde_json::from_slice(&file.bytes).unwrap()
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn is_name(name: &str, max: usize) -> bool {
    (1..=max).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// Legal names, each there once.
fn names<'v>(names: impl Iterator<Item = &'v str>, max: usize) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| !is_name(name, max) || !seen.insert(*name)).map(|name| format!("the name {name:?}")).collect()
}

fn elevenlabs(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    let configs: Vec<Value> =
        list(&json(files, "tools.json"), "tools").map(|it| json(files, text(it, "config"))).collect();
    found.extend(names(configs.iter().map(|tool| text(tool, "name")), 64));
    for path in ["agent.json", "agent_configs/agent.json"] {
        let agent = json(files, path);
        let (nodes, edges) =
            (agent["workflow"]["nodes"].as_object().unwrap(), agent["workflow"]["edges"].as_object().unwrap());
        let mut pairs = BTreeSet::new();
        for (id, edge) in edges {
            let mut ends = [text(edge, "source"), text(edge, "target")];
            ends.sort_unstable();
            if ends.iter().any(|end| !nodes.contains_key(*end)) || ends[0] == ends[1] || !pairs.insert(ends) {
                found.push(format!("{path}: {id} joins {ends:?}"));
            }
        }
        if nodes.get("start_node").is_none_or(|start| start["type"] != "start") {
            found.push(format!("{path}: no start"));
        }
        let ids = list(&agent["conversation_config"]["agent"]["prompt"], "tool_ids").collect::<Vec<_>>();
        for (id, node) in nodes {
            let lost = list(node, "edge_order").any(|edge| !edges.contains_key(edge.as_str().unwrap()));
            let unknown = list(node, "tools").any(|tool| !ids.contains(&&tool["tool_id"]));
            if lost || unknown || text(node, "additional_prompt").contains("{{") {
                found.push(format!("{path}: the node {id}"));
            }
        }
    }
    found
}

fn vapi(files: &[File]) -> Vec<String> {
    let squad = json(files, "squad.json");
    let members: Vec<&Value> = list(&squad, "members").map(|member| &member["assistant"]).collect();
    let known: BTreeSet<&str> = members.iter().map(|member| text(member, "name")).collect();
    let mut found = Vec::new();
    if known.len() < members.len() || known.iter().any(|name| !(1..=40).contains(&name.chars().count())) {
        found.push(format!("the names {known:?}"));
    }
    for member in &members {
        let tools: Vec<&Value> = list(&member["model"], "tools").collect();
        found.extend(names(tools.iter().filter(|it| it["type"] == "apiRequest").map(|it| text(it, "name")), 40));
        let destinations = tools.iter().flat_map(|tool| list(tool, "destinations"));
        let handoffs = destinations.filter(|it| it["type"] == "assistant").map(|it| text(it, "assistantName"));
        found.extend(handoffs.filter(|name| !known.contains(name)).map(|name| format!("a handoff to {name:?}")));
        let said = format!("{}{}", member["model"]["messages"], member["firstMessage"]);
        if said.contains("{{") || said.contains("{%") {
            found.push(format!("a template in {}", member["name"]));
        }
    }
    found
}

fn retell(files: &[File]) -> Vec<String> {
    let flow = json(files, "conversation_flow.json");
    let mut found = names(list(&flow, "nodes").map(|node| text(node, "id")), 80);
    found.extend(names(list(&flow, "tools").map(|tool| text(tool, "name")), 64));
    found.extend(names(list(&json(files, "llm.json"), "general_tools").map(|tool| text(tool, "name")), 64));
    let ids: BTreeSet<&str> = list(&flow, "nodes").map(|node| text(node, "id")).collect();
    let tools: BTreeSet<&str> = list(&flow, "tools").map(|tool| text(tool, "tool_id")).collect();
    for node in list(&flow, "nodes") {
        let single = ["edge", "else_edge"].into_iter().filter_map(|key| node.get(key));
        let ends = list(node, "edges").chain(single).map(|edge| text(edge, "destination_node_id"));
        found.extend(ends.filter(|to| !ids.contains(to)).map(|to| format!("{} leads to {to:?}", node["id"])));
        if node["type"] == "function" && !tools.contains(text(node, "tool_id")) {
            found.push(format!("{} calls {}", node["id"], node["tool_id"]));
        }
    }
    if !ids.contains(text(&flow, "start_node_id")) || flow.to_string().contains("{{") {
        found.push("the start, or a template".to_owned());
    }
    found
}

fn pipecat(files: &[File]) -> Vec<String> {
    let file = files.iter().find(|file| file.path == "flow.yaml").unwrap();
    let flow: Value = serde_yaml_ng::from_slice(&file.bytes).unwrap();
    let nodes = flow["nodes"].as_object().unwrap();
    let mut found = Vec::new();
    if !nodes.contains_key(text(&flow, "initial_node")) {
        found.push("the start".to_owned());
    }
    for (id, node) in nodes {
        found.extend(names(list(node, "functions").map(|function| text(function, "name")), 64));
        for function in list(node, "functions") {
            let to = &function["transition_to"];
            let ends = [to.as_str(), to["cases"]["ok"].as_str(), to["default"].as_str()].into_iter().flatten();
            found.extend(ends.filter(|to| !nodes.contains_key(*to)).map(|to| format!("{id} leads to {to:?}")));
        }
    }
    if String::from_utf8_lossy(&file.bytes).contains("{{") {
        found.push("a template".to_owned());
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nothing_anybody_says_breaks_a_reference_or_a_name((spec, graph) in hostile::agent()) {
        let source = source(&spec, &graph, &[]);
        let kit = Kit::new(&source);
        let checks: [(&str, Check); 4] =
            [("elevenlabs", elevenlabs), ("vapi", vapi), ("retell", retell), ("pipecat", pipecat)];
        for (target, check) in checks {
            let files = named(target).unwrap().own_files(&kit);
            prop_assert_eq!(check(&files), Vec::<String>::new(), "{}", target);
        }
    }
}
