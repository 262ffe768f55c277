//! The graph as Mermaid, DOT, SVG and text.

use super::models::Graph;

pub fn mermaid(graph: &Graph) -> String {
    let _ = graph;
    String::new()
}

pub fn dot(graph: &Graph) -> String {
    let _ = graph;
    String::new()
}

/// A standalone drawing with its own colours.
pub fn svg(graph: &Graph) -> String {
    let _ = graph;
    String::new()
}

/// The flow in a few sentences.
pub fn text_summary(graph: &Graph) -> String {
    let _ = graph;
    String::new()
}
