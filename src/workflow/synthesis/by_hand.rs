//! Changes drawn by hand: each does to the graph what it says and no more. Whether the whole is sound is not
//! asked here.

use std::collections::{BTreeMap, HashSet};

use crate::intent::models::{AgentSpec, FieldId, Provenance};
use crate::workflow::models::{Edge, Graph, GraphEdit, Node, NodeSettings, NodeType};
use crate::workflow::words;

use super::facts::active_tools;
use super::p2_chains::step;
use super::p4_edits;

/// How many of the things there are a refusal names.
const NAMED: usize = 12;

/// Does one edit; the error says what it names that is not there, and what is.
pub fn apply(graph: &mut Graph, spec: &AgentSpec, edit: &GraphEdit) -> Result<(), String> {
    match edit {
        GraphEdit::AddNode { id, kind, label, description, config } => {
            let id = id.clone().unwrap_or_else(|| free_id(graph, label, *kind));
            make_room(graph, &id);
            let fields = vec![FieldId::ConversationFlow];
            let mut node = step(*kind, words::clean(label), String::new(), fields, Provenance::Edited);
            node.id = id;
            describe(&mut node, description.as_deref());
            configure(&mut node, spec, config)?;
            let ends = graph.nodes.iter().position(|known| known.kind == NodeType::End);
            graph.nodes.insert(ends.unwrap_or(graph.nodes.len()), node);
            Ok(())
        }
        GraphEdit::UpdateNode { id, label, description, config } => {
            let at = node_at(graph, id)?;
            let node = &mut graph.nodes[at];
            if let Some(label) = label {
                node.label = words::clean(label);
            }
            describe(node, description.as_deref());
            configure(node, spec, config)
        }
        GraphEdit::RemoveNode { id } => {
            node_at(graph, id)?;
            p4_edits::remove(graph, id)
        }
        GraphEdit::AddEdge { source, target, label, condition, is_default, is_failure } => {
            free_way(graph, source, target)?;
            let edge = Edge { is_default: *is_default, is_failure: *is_failure, ..Edge::plain(source, target) };
            graph.edges.push(edge);
            let at = graph.edges.len() - 1;
            word(&mut graph.edges[at], label.as_deref(), condition.as_deref());
            settle_default(graph, at);
            line_up(graph, source, target);
            Ok(())
        }
        GraphEdit::UpdateEdge { source, target, new_source, new_target, label, condition, is_default } => {
            let at = edge_at(graph, source, target)?;
            let from = new_source.as_ref().unwrap_or(source);
            let to = new_target.as_ref().unwrap_or(target);
            if (from, to) != (source, target) {
                free_way(graph, from, to)?;
            }
            let edge = &mut graph.edges[at];
            (edge.source, edge.target) = (from.clone(), to.clone());
            edge.is_default = is_default.unwrap_or(edge.is_default);
            word(edge, label.as_deref(), condition.as_deref());
            settle_default(graph, at);
            line_up(graph, from, to);
            Ok(())
        }
        GraphEdit::RemoveEdge { source, target } => {
            let at = edge_at(graph, source, target)?;
            graph.edges.remove(at);
            Ok(())
        }
    }
}

/// Edits drawn on an earlier graph, in terms of this one: a greeting or choice that is called otherwise by now is still
/// meant, and a step put between two others stays behind the first when something else follows that. `None` when one of
/// the ids is another kind of step's now.
pub fn fitted(graph: &Graph, edits: &[GraphEdit], kinds: &BTreeMap<String, NodeType>) -> Option<Vec<GraphEdit>> {
    let mut edits = edits.to_vec();
    let mut now = BTreeMap::new();
    for (id, kind) in kinds {
        let known = graph.node(id).map(|node| node.kind);
        if known == Some(*kind) {
            continue;
        }
        match only(graph, *kind) {
            Some(node) => drop(now.insert(id.clone(), node.id.clone())),
            None if known.is_some() => return None,
            None => {}
        }
    }
    rename(&mut edits, &now);
    let moved = moved_ends(graph, &edits);
    rename(&mut edits, &moved);
    Some(edits)
}

/// The one step of a kind that a flow has once.
fn only(graph: &Graph, kind: NodeType) -> Option<&Node> {
    let mut nodes = graph.nodes.iter().filter(|node| node.kind == kind);
    let first = nodes.next().filter(|_| matches!(kind, NodeType::Greeting | NodeType::IntentDetection))?;
    nodes.next().is_none().then_some(first)
}

fn rename(edits: &mut [GraphEdit], now: &BTreeMap<String, String>) {
    for id in edits.iter_mut().flat_map(GraphEdit::refers_to) {
        if let Some(other) = now.get(id) {
            id.clone_from(other);
        }
    }
}

/// The other ends of edges that a new step was put on and that are not there any more.
fn moved_ends(graph: &Graph, edits: &[GraphEdit]) -> BTreeMap<String, String> {
    let mut moved = BTreeMap::new();
    if !edits.iter().any(|edit| matches!(edit, GraphEdit::AddNode { .. })) {
        return moved;
    }
    for edit in edits {
        let GraphEdit::UpdateEdge { source, target, new_source, new_target, .. } = edit else { continue };
        let is_put_between = new_source.is_some() || new_target.is_some();
        if !is_put_between || edge_at(graph, source, target).is_ok() {
            continue;
        }
        if graph.node(source).is_some() {
            let next = p4_edits::onward(graph, source).map(|at| graph.edges[at].target.clone());
            moved.extend(next.map(|next| (target.clone(), next)));
        } else if graph.node(target).is_some() {
            let mut into = graph.edges.iter().filter(|edge| edge.target == *target);
            let from = into.next().filter(|_| into.next().is_none());
            moved.extend(from.map(|edge| (source.clone(), edge.source.clone())));
        }
    }
    moved
}

/// An id for a step with this label that no other step has.
pub fn free_id(graph: &Graph, label: &str, kind: NodeType) -> String {
    let mut taken: HashSet<String> = graph.nodes.iter().map(|node| node.id.clone()).collect();
    words::fresh_id(label, kind.as_str(), &mut taken)
}

/// A step drawn since then may have got the id of one that was drawn by hand: it gives way.
fn make_room(graph: &mut Graph, id: &str) {
    let Some(at) = graph.nodes.iter().position(|node| node.id == id) else { return };
    let other = free_id(graph, &graph.nodes[at].label, graph.nodes[at].kind);
    graph.nodes[at].id.clone_from(&other);
    for edge in &mut graph.edges {
        for end in [&mut edge.source, &mut edge.target] {
            if end == id {
                end.clone_from(&other);
            }
        }
    }
}

fn describe(node: &mut Node, description: Option<&str>) {
    if let Some(text) = description {
        node.description = words::sentence(text);
    }
}

fn configure(node: &mut Node, spec: &AgentSpec, settings: &NodeSettings) -> Result<(), String> {
    let config = &mut node.config;
    if let Some(id) = &settings.tool {
        let tool = active_tools(spec).find(|tool| tool.id == *id);
        if tool.is_none() && !id.is_empty() {
            let ids: Vec<&str> = active_tools(spec).map(|tool| tool.id.as_str()).collect();
            return Err(format!("“{id}” is no tool of this agent; {}.", there_are(&ids)));
        }
        config.tool = tool.map(|tool| tool.id.clone());
        config.tool_name = tool.map(|tool| tool.name.clone());
        // What the call does follows from the tool, not from the step that called another one before.
        config.reads_only = false;
    }
    if let Some(names) = &settings.collects {
        config.collects.clone_from(names);
    }
    if let Some(say) = &settings.say {
        config.say = filled(say);
    }
    Ok(())
}

fn filled(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn word(edge: &mut Edge, label: Option<&str>, condition: Option<&str>) {
    if let Some(label) = label {
        edge.label = filled(&words::clean(label));
    }
    if let Some(condition) = condition {
        edge.condition = filled(&words::sentence(condition));
    }
}

/// The default of a step is one: a new one takes it over.
fn settle_default(graph: &mut Graph, at: usize) {
    if !graph.edges[at].is_default {
        return;
    }
    let source = graph.edges[at].source.clone();
    let others = graph.edges.iter_mut().enumerate().filter(|(other, edge)| *other != at && edge.source == source);
    others.for_each(|(_, edge)| edge.is_default = false);
}

/// Where an edge is the only way to a step drawn by hand, the step is read after the edge's source.
fn line_up(graph: &mut Graph, source: &str, target: &str) {
    let place = |id: &str| graph.nodes.iter().position(|node| node.id == id);
    let (Some(from), Some(to)) = (place(source), place(target)) else { return };
    let ways = graph.edges.iter().filter(|edge| edge.target == target).count();
    let node = &graph.nodes[to];
    if to > from && ways == 1 && node.provenance == Provenance::Edited && node.kind != NodeType::End {
        graph.nodes[from + 1..=to].rotate_right(1);
    }
}

fn node_at(graph: &Graph, id: &str) -> Result<usize, String> {
    let ids = || graph.nodes.iter().map(|node| node.id.as_str()).collect::<Vec<_>>();
    graph
        .nodes
        .iter()
        .position(|node| node.id == id)
        .ok_or_else(|| format!("There is no step “{id}”; {}.", there_are(&ids())))
}

fn edge_at(graph: &Graph, source: &str, target: &str) -> Result<usize, String> {
    node_at(graph, source)?;
    node_at(graph, target)?;
    let at = graph.edges.iter().position(|edge| edge.source == source && edge.target == target);
    at.ok_or_else(|| {
        let targets: Vec<&str> = graph.edges_from(source).map(|edge| edge.target.as_str()).collect();
        format!("No edge leads from “{source}” to “{target}”; from there, {}.", there_are(&targets))
    })
}

/// Two steps that can be joined: both there, not the same, and not joined yet.
fn free_way(graph: &Graph, source: &str, target: &str) -> Result<(), String> {
    let (from, to) = (node_at(graph, source)?, node_at(graph, target)?);
    if from == to {
        return Err(format!("An edge cannot lead from “{source}” back to itself; put a step between."));
    }
    if graph.edges_from(source).any(|edge| edge.target == target) {
        return Err(format!("“{source}” leads to “{target}” already; change that edge instead."));
    }
    Ok(())
}

fn there_are(names: &[&str]) -> String {
    let more = if names.len() > NAMED { ", …" } else { "" };
    match names {
        [] => "there is none".to_owned(),
        _ => format!("there is {}{more}", names[..names.len().min(NAMED)].join(", ")),
    }
}
