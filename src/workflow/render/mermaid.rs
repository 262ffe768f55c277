//! Mermaid flowchart. Ids are snake case by the graph's invariants; every text stands in quotes.

use std::fmt::Write as _;

use crate::workflow::models::{Edge, Graph, Node, NodeType};
use crate::workflow::words;

/// The flow as a Mermaid flowchart, top to bottom.
pub fn mermaid(graph: &Graph) -> String {
    let mut text = String::from("flowchart TD\n");
    for node in &graph.nodes {
        line(&mut text, &shape(node));
    }
    for edge in &graph.edges {
        line(&mut text, &arrow(edge));
    }
    text
}

fn line(text: &mut String, content: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "    {content}");
}

/// A text in quotes. Mermaid reads entities as `#name;` and `#code;`, and Markdown in labels: what could be either, or
/// markup, goes in as a code.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in words::clean(text).chars() {
        match c {
            '"' => quoted.push_str("#quot;"),
            '#' | '<' | '>' | '&' | '`' | '\\' | '*' | '_' | '~' | '|' | '[' | ']' | '{' | '}' => {
                let _ = write!(quoted, "#{};", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn shape(node: &Node) -> String {
    let label = quoted(&node.label);
    let (open, close) = match node.kind {
        NodeType::Start | NodeType::End => ("([", "])"),
        NodeType::IntentDetection | NodeType::Condition => ("{", "}"),
        NodeType::CollectInput => ("[/", "/]"),
        NodeType::KnowledgeLookup => ("[(", ")]"),
        NodeType::ToolCall => ("[[", "]]"),
        NodeType::Confirmation => ("{{", "}}"),
        NodeType::Handoff => ("[\\", "/]"),
        NodeType::Greeting | NodeType::Response => ("(", ")"),
    };
    format!("{}{open}{label}{close}", node.id)
}

fn arrow(edge: &Edge) -> String {
    let arrow = if edge.is_failure { "-.->" } else { "-->" };
    match edge.label.as_deref().map(words::clean).filter(|label| !label.is_empty()) {
        Some(label) => format!("{} {arrow}|{}| {}", edge.source, quoted(&label), edge.target),
        None => format!("{} {arrow} {}", edge.source, edge.target),
    }
}
