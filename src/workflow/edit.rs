//! Changes of the flow asked for in words, and the difference between two graphs.

use crate::intent::models::AgentSpec;

use super::models::{Graph, GraphDiff, StepEdit};

/// What a request such as "add a check of the caller's identity before the booking" does.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A step edit to keep with the interview.
    Step(StepEdit),
    /// A tool to add to the spec.
    AddTool { id: String, quote: String },
    /// A tool to take out of the spec.
    RemoveTool { id: String },
    /// A goal (position in the field) to take out of the spec.
    RemoveGoal { index: usize },
}

/// Reads one requested change against the graph it is about; `None` when it is not understood.
pub fn read_request(text: &str, graph: &Graph, spec: &AgentSpec) -> Option<Request> {
    let _ = (text, graph, spec);
    None
}

pub fn diff(before: &Graph, after: &Graph) -> GraphDiff {
    let _ = (before, after);
    GraphDiff::default()
}
