//! Graphviz DOT: quoted strings throughout, so that nothing in a text can end one.

use std::fmt::Write as _;

use crate::workflow::models::{Graph, NodeType};
use crate::workflow::words;

/// The flow in Graphviz's language.
pub fn dot(graph: &Graph) -> String {
    let mut text = String::from("digraph workflow {\n");
    text.push_str("  graph [rankdir=TB, splines=ortho, nodesep=0.4, ranksep=0.5];\n");
    text.push_str("  node [shape=box, style=\"rounded\", fontname=\"Helvetica\", fontsize=11];\n");
    text.push_str("  edge [fontname=\"Helvetica\", fontsize=10];\n");
    for node in &graph.nodes {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  {} [label={}, shape={}, tooltip={}];",
            quoted(&node.id),
            quoted(&node.label),
            shape(node.kind),
            quoted(&node.description)
        );
    }
    for edge in &graph.edges {
        let mut attributes = Vec::new();
        if let Some(label) = edge.label.as_deref().filter(|label| !label.is_empty()) {
            // `splines=ortho` places outer labels only.
            attributes.push(format!("xlabel={}", quoted(label)));
        }
        if edge.is_failure {
            attributes.push("style=dashed".to_owned());
        }
        let attributes = if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
        let _ = writeln!(text, "  {} -> {}{attributes};", quoted(&edge.source), quoted(&edge.target));
    }
    text.push_str("}\n");
    text
}

/// A string literal; backslashes too, since Graphviz reads `\N` and the like as escapes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", words::clean(text).replace('\\', "\\\\").replace('"', "\\\""))
}

fn shape(kind: NodeType) -> &'static str {
    match kind {
        NodeType::Start | NodeType::End => "oval",
        NodeType::IntentDetection | NodeType::Condition => "diamond",
        NodeType::CollectInput => "parallelogram",
        NodeType::KnowledgeLookup => "cylinder",
        NodeType::ToolCall => "component",
        NodeType::Confirmation => "hexagon",
        NodeType::Handoff => "cds",
        NodeType::Greeting | NodeType::Response => "box",
    }
}
