//! The invariants every workflow keeps. Pure.

use crate::intent::models::AgentSpec;

use super::models::Graph;

/// Every invariant the graph breaks, in one sentence each; empty for a sound graph.
pub fn problems(graph: &Graph, spec: &AgentSpec) -> Vec<String> {
    let _ = (graph, spec);
    Vec::new()
}
