//! From spec to graph.

use crate::intent::models::AgentSpec;

use super::layout;
use super::models::{Graph, StepEdit, Unmet};
use super::synthesis::{facts::Facts, p1_assign, p3_draw, p4_edits};

/// A valid, laid-out graph and what no step covers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Synthesis {
    pub graph: Graph,
    pub unmet: Vec<Unmet>,
    /// Changes of the user's that were left out because the flow would not have been sound with them; a sentence each.
    pub skipped: Vec<String>,
}

/// Draws the workflow of an agent as far as it is known. Always a valid graph.
pub fn synthesize(spec: &AgentSpec, edits: &[StepEdit]) -> Synthesis {
    let mut synthesis = compose(spec, edits);
    layout::lay_out(&mut synthesis.graph);
    synthesis
}

/// The synthesis before anything has a place.
pub(super) fn compose(spec: &AgentSpec, edits: &[StepEdit]) -> Synthesis {
    let facts = Facts::read(spec);
    let assignment = p1_assign::assign(&facts);
    let mut graph = p3_draw::draw(&facts, &assignment);
    let skipped = p4_edits::apply(&mut graph, spec, edits);
    Synthesis { graph, unmet: assignment.unmet, skipped }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::models::FieldId;
    use crate::workflow::fixtures::{clinic, order_support, said, vet_survey};
    use crate::workflow::models::NodeType;
    use crate::workflow::{render, validator};

    #[test]
    fn nothing_known_is_still_a_flow() {
        let spec = AgentSpec::default();
        let graph = synthesize(&spec, &[]).graph;
        assert_eq!(validator::problems(&graph, &spec), Vec::<String>::new());
        let kinds: Vec<NodeType> = graph.nodes.iter().map(|node| node.kind).collect();
        assert_eq!(kinds[..4], [NodeType::Start, NodeType::Greeting, NodeType::IntentDetection, NodeType::Response]);
        assert_eq!(graph.nodes.last().map(|node| node.id.as_str()), Some("end_node"));
    }

    #[test]
    fn every_goal_is_a_branch_of_its_own() {
        let mut spec = AgentSpec::default();
        said(&mut spec, FieldId::AgentType, &["customer_support"]);
        said(&mut spec, FieldId::Goals, &["Track orders", "Process returns"]);
        said(&mut spec, FieldId::Tone, &["friendly"]);
        said(&mut spec, FieldId::UseTools, &["false"]);
        let synthesis = synthesize(&spec, &[]);
        let labels: Vec<&str> =
            synthesis.graph.edges_from("what_do_they_need").filter_map(|edge| edge.label.as_deref()).collect();
        assert_eq!(labels, ["track orders", "process returns", "something else"]);
        assert_eq!(synthesis.unmet.len(), 2);
        assert_eq!(validator::problems(&synthesis.graph, &spec), Vec::<String>::new());
    }

    #[test]
    fn three_agents_have_their_own_flows() {
        for (name, spec) in [("clinic", clinic()), ("order_support", order_support()), ("vet_survey", vet_survey())] {
            let graph = synthesize(&spec, &[]).graph;
            assert_eq!(validator::problems(&graph, &spec), Vec::<String>::new(), "{name}");
            insta::assert_snapshot!(name, render::mermaid(&graph));
        }
    }
}
