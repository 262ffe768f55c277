//! Last phase: no choice twice, none without a name.

use std::collections::HashSet;

use super::super::models::{Edge, Graph, NodeType};

/// Joins edges that lead from one node to the same other, and names branches whose words left nothing to name them by.
pub fn tidy(graph: &mut Graph) {
    let mut edges: Vec<Edge> = Vec::new();
    for edge in std::mem::take(&mut graph.edges) {
        match edges.iter_mut().find(|known| known.source == edge.source && known.target == edge.target) {
            Some(known) => join(known, edge),
            None => edges.push(edge),
        }
    }
    let branching: HashSet<&str> = graph
        .nodes
        .iter()
        .filter(|node| matches!(node.kind, NodeType::IntentDetection | NodeType::Condition | NodeType::Confirmation))
        .map(|node| node.id.as_str())
        .collect();
    for (at, edge) in edges.iter_mut().enumerate() {
        let is_nameless = edge.label.as_deref().is_none_or(|label| label.trim().is_empty());
        if is_nameless && branching.contains(edge.source.as_str()) {
            edge.label = Some(format!("case {}", at + 1));
        }
    }
    graph.edges = edges;
}

fn join(known: &mut Edge, other: Edge) {
    let either = |one: &mut Option<String>, more: Option<String>| {
        *one = match (one.take(), more) {
            (Some(one), Some(more)) if one != more => Some(format!("{one} or {more}")),
            (one, more) => one.or(more),
        };
    };
    either(&mut known.label, other.label);
    either(&mut known.condition, other.condition);
    known.is_default |= other.is_default;
    known.is_failure &= other.is_failure;
}
