//! Each invariant is broken once, in a graph that is otherwise sound.

use super::*;
use crate::workflow::fixtures::clinic;
use crate::workflow::models::{NodeConfig, Point};
use crate::workflow::synthesizer::synthesize;

fn sound() -> (Graph, AgentSpec) {
    let spec = clinic();
    (synthesize(&spec, &[]).graph, spec)
}

/// Breaks a sound graph and checks that exactly the expected complaint is among the problems.
fn complains(expected: &str, break_it: impl FnOnce(&mut Graph)) {
    let (mut graph, spec) = sound();
    assert_eq!(problems(&graph, &spec), Vec::<String>::new());
    break_it(&mut graph);
    let found = problems(&graph, &spec);
    assert!(found.iter().any(|problem| problem.contains(expected)), "{expected}: {found:?}");
}

fn node<'a>(graph: &'a mut Graph, id: &str) -> &'a mut Node {
    graph.nodes.iter_mut().find(|node| node.id == id).expect("the clinic has this node")
}

fn edge<'a>(graph: &'a mut Graph, source: &str, target: &str) -> &'a mut Edge {
    let same = |edge: &&mut Edge| edge.source == source && edge.target == target;
    graph.edges.iter_mut().find(same).expect("the clinic has this edge")
}

fn response(id: &str) -> Node {
    Node {
        id: id.to_owned(),
        kind: NodeType::Response,
        label: id.to_owned(),
        description: String::new(),
        config: NodeConfig::default(),
        fields: vec![],
        provenance: crate::intent::models::Provenance::Default,
        position: Point::default(),
        width: 0.0,
        height: 0.0,
    }
}

fn rename(graph: &mut Graph, from: &str, to: &str) {
    node(graph, from).id = to.to_owned();
    for edge in &mut graph.edges {
        for end in [&mut edge.source, &mut edge.target] {
            if end == from {
                *end = to.to_owned();
            }
        }
    }
}

#[test]
fn ids_are_snake_case_unique_and_not_reserved() {
    complains("is not lower snake case", |graph| rename(graph, "front_desk", "Front Desk"));
    complains("is reserved", |graph| rename(graph, "end_node", "end"));
    complains("is there twice", |graph| {
        let again = node(graph, "front_desk").clone();
        graph.nodes.push(again);
    });
}

#[test]
fn edges_lead_somewhere() {
    complains("which is no node", |graph| edge(graph, "start_node", "greet_the_caller").target = "nowhere".to_owned());
}

#[test]
fn there_is_one_start() {
    complains("2 starts", |graph| node(graph, "greet_the_caller").kind = NodeType::Start);
    complains("0 starts", |graph| node(graph, "start_node").kind = NodeType::Greeting);
    complains("leads back to the start", |graph| {
        edge(graph, "say_what_it_can_do", "what_do_they_need").target = "start_node".to_owned();
    });
}

#[test]
fn every_node_is_reachable() {
    complains("Nothing leads to", |graph| {
        graph.nodes.push(response("island"));
        let mut to_end = edge(graph, "front_desk", "call_passed_on").clone();
        to_end.source = "island".to_owned();
        graph.edges.push(to_end);
    });
}

#[test]
fn every_node_can_reach_an_end() {
    complains("No end can be reached from", |graph| {
        edge(graph, "front_desk", "call_passed_on").target = "island".to_owned();
        graph.nodes.push(response("island"));
    });
    complains("Something follows the end", |graph| {
        let mut on = edge(graph, "front_desk", "call_passed_on").clone();
        on.source = "end_node".to_owned();
        graph.edges.push(on);
    });
}

#[test]
fn branches_have_labels_and_one_default() {
    complains("has no label", |graph| edge(graph, "read_it_back", "book_appointments").label = None);
    complains("the same label", |graph| {
        edge(graph, "read_it_back", "book_appointments").label = Some("no".to_owned());
    });
    complains("0 default branches", |graph| edge(graph, "read_it_back", "appointment_details").is_default = false);
    complains("2 default branches", |graph| edge(graph, "read_it_back", "book_appointments").is_default = true);
    complains("decides nothing", |graph| {
        graph.edges.retain(|edge| edge.source != "anything_else" || edge.target == "end_node");
    });
    complains("The failure path", |graph| edge(graph, "send_a_text", "front_desk").label = None);
}

#[test]
fn there_is_one_edge_each_way() {
    complains("more than one edge", |graph| {
        let again = edge(graph, "greet_the_caller", "what_do_they_need").clone();
        graph.edges.push(again);
    });
}

#[test]
fn calls_name_tools_of_the_agent() {
    complains("names no tool", |graph| node(graph, "send_a_text").config.tool = None);
    complains("no tool of this agent", |graph| node(graph, "send_a_text").config.tool = Some("fax".to_owned()));
}

#[test]
fn parameters_are_collected_on_every_path() {
    complains("needs “time”", |graph| {
        node(graph, "appointment_details").config.collects.retain(|name| name != "time");
    });
    // Collected on one path alone is not enough: the call is also reached from elsewhere.
    complains("needs “name”", |graph| {
        let mut shortcut = edge(graph, "what_do_they_need", "front_desk").clone();
        shortcut.target = "find_free_times".to_owned();
        shortcut.label = Some("shortcut".to_owned());
        graph.edges.push(shortcut);
    });
    complains("needs “reason”", |graph| node(graph, "what_do_they_need").config.collects.clear());
}

#[test]
fn writes_need_a_yes() {
    complains("needs a yes", |graph| {
        edge(graph, "find_free_times", "read_it_back").target = "book_appointments".to_owned();
        graph.nodes.retain(|node| node.id != "read_it_back");
        graph.edges.retain(|edge| edge.source != "read_it_back");
    });
}

#[test]
fn calls_have_a_failure_path() {
    complains("has no failure path", |graph| edge(graph, "send_a_text", "front_desk").is_failure = false);
    complains("leads nowhere when it works", |graph| edge(graph, "send_a_text", "anything_else").is_failure = true);
    complains("belongs to no call", |graph| edge(graph, "say_what_it_can_do", "what_do_they_need").is_failure = true);
}

#[test]
fn every_goal_and_every_tool_is_served() {
    complains("No node serves the goal “Tell callers hours and prices”", |graph| {
        node(graph, "tell_callers_hours_and_prices").config.goals.clear();
    });
    complains("a goal that is not there", |graph| node(graph, "front_desk").config.goals = vec![7]);
    complains("No node uses the tool “SMS”", |graph| {
        let send = node(graph, "send_a_text");
        send.kind = NodeType::Response;
        send.config.tool = None;
    });
}
