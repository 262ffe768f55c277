//! From spec to graph.

use crate::intent::models::AgentSpec;

use super::models::{Graph, StepEdit, Unmet};

/// A valid, laid-out graph and what no step covers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Synthesis {
    pub graph: Graph,
    pub unmet: Vec<Unmet>,
}

/// Draws the workflow of an agent as far as it is known. Always a valid graph.
pub fn synthesize(spec: &AgentSpec, edits: &[StepEdit]) -> Synthesis {
    let _ = (spec, edits);
    Synthesis::default()
}
