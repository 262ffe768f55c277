//! The flow in a few sentences.

use std::collections::HashSet;

use crate::workflow::models::{Edge, Graph, Node, NodeType};
use crate::workflow::words;

/// The flow in a few sentences: the opening, each branch, what happens on failure, the end.
pub fn text_summary(graph: &Graph) -> String {
    let Some(start) = graph.nodes.iter().find(|node| node.kind == NodeType::Start) else {
        return String::new();
    };
    let mut teller = Teller { graph, told: HashSet::new(), sentences: Vec::new() };
    teller.follow(start, None);
    teller.failures();
    teller.sentences.join(" ")
}

struct Teller<'a> {
    graph: &'a Graph,
    told: HashSet<&'a str>,
    sentences: Vec<String>,
}

impl<'a> Teller<'a> {
    /// Tells the steps from `node` up to the next choice or a step that was told before, then what follows the choice.
    fn follow(&mut self, node: &'a Node, opening: Option<String>) {
        let mut steps = Vec::new();
        let mut at = Some(node);
        let mut choice = None;
        while let Some(node) = at {
            if !self.told.insert(&node.id) {
                steps.push(format!("on to “{}”", node.label));
                break;
            }
            steps.push(phrase(node));
            let ways: Vec<&'a Edge> = self.graph.edges_from(&node.id).filter(|edge| !edge.is_failure).collect();
            at = match ways.as_slice() {
                [only] => self.graph.node(&only.target),
                [] => None,
                _ => {
                    choice = Some((node, ways));
                    None
                }
            };
        }
        let told = steps.join(", then ");
        let sentence = opening.map_or_else(|| told.clone(), |opening| format!("{opening}: {told}"));
        self.sentences.push(words::sentence(&sentence));
        if let Some((node, ways)) = choice {
            for way in ways {
                if let Some(target) = self.graph.node(&way.target) {
                    let label = way.label.as_deref().unwrap_or("otherwise");
                    self.follow(target, Some(format!("{} — {label}", node.label.trim_end_matches('?'))));
                }
            }
        }
    }

    fn failures(&mut self) {
        let mut targets: Vec<(&str, Vec<String>)> = Vec::new();
        for edge in self.graph.edges.iter().filter(|edge| edge.is_failure) {
            let Some(source) = self.graph.node(&edge.source) else { continue };
            let name = source.config.tool_name.clone().unwrap_or_else(|| source.label.clone());
            match targets.iter_mut().find(|(target, _)| *target == edge.target) {
                Some((_, names)) if names.contains(&name) => {}
                Some((_, names)) => names.push(name),
                None => targets.push((&edge.target, vec![name])),
            }
        }
        for (target, names) in targets {
            if let Some(node) = self.graph.node(target) {
                let sentence = format!("If {} fails, it goes to “{}”", words::list(&names, "or"), node.label);
                self.sentences.push(words::sentence(&sentence));
                if !self.told.contains(target) {
                    self.follow(node, Some("There".to_owned()));
                }
            }
        }
    }
}

fn phrase(node: &Node) -> String {
    let label = words::lower_first(&node.label);
    let with = node.config.tool_name.as_deref().map_or_else(String::new, |tool| format!(" with {tool}"));
    match node.kind {
        NodeType::CollectInput => {
            let names: Vec<String> = node.config.collects.iter().map(|name| words::humane(name)).collect();
            if names.is_empty() { label } else { format!("{label} ({})", names.join(", ")) }
        }
        NodeType::IntentDetection | NodeType::Condition => format!("“{}”", node.label),
        _ => format!("{label}{with}"),
    }
}
