//! The difference between two graphs, in plain words.

use std::collections::BTreeSet;

use crate::workflow::models::{Graph, GraphDiff, Node};
use crate::workflow::words;

/// What `after` has, lacks and does differently. Steps are told apart by id; where they stand does not matter.
pub fn diff(before: &Graph, after: &Graph) -> GraphDiff {
    let mut result = GraphDiff::default();
    for node in &after.nodes {
        match before.node(&node.id) {
            None => result.added.push(named(node, after)),
            Some(known) => result.changed.extend(changes(known, node)),
        }
    }
    let gone = before.nodes.iter().filter(|node| after.node(&node.id).is_none());
    result.removed = gone.map(|node| named(node, before)).collect();
    for node in &after.nodes {
        if before.node(&node.id).is_some() {
            result.changed.extend(ways(node, before, after));
        }
    }
    result
}

/// "“Check who it is” (tool call), after “Appointment details”".
fn named(node: &Node, graph: &Graph) -> String {
    let kind = node.kind.label();
    let into = graph.edges.iter().find(|edge| edge.target == node.id).and_then(|edge| graph.node(&edge.source));
    match into {
        Some(before) => format!("“{}” ({kind}), after “{}”", node.label, before.label),
        None => format!("“{}” ({kind})", node.label),
    }
}

fn changes(before: &Node, after: &Node) -> Vec<String> {
    let mut found = Vec::new();
    if before.label != after.label {
        found.push(format!("“{}” is now called “{}”", before.label, after.label));
    }
    if before.kind != after.kind {
        found.push(format!("“{}” is a {} step instead of {}", after.label, after.kind.label(), before.kind.label()));
    }
    if before.config.tool != after.config.tool || before.config.tool_name != after.config.tool_name {
        found.push(match &after.config.tool_name {
            Some(name) => format!("“{}” uses {name}", after.label),
            None => format!("“{}” uses no tool any more", after.label),
        });
    }
    let names = |node: &Node| node.config.collects.iter().map(|name| words::humane(name)).collect::<BTreeSet<_>>();
    let (had, has) = (names(before), names(after));
    let more: Vec<&String> = has.difference(&had).collect();
    let less: Vec<&String> = had.difference(&has).collect();
    if !more.is_empty() {
        found.push(format!("“{}” also gets {}", after.label, words::list(&more, "and")));
    }
    if !less.is_empty() {
        found.push(format!("“{}” does not get {} any more", after.label, words::list(&less, "and")));
    }
    if before.config.say != after.config.say {
        found.push(match &after.config.say {
            Some(say) => format!("“{}” says “{say}”", after.label),
            None => format!("“{}” has no words of its own any more", after.label),
        });
    }
    found
}

/// Ways out of a step that is in both graphs.
fn ways(node: &Node, before: &Graph, after: &Graph) -> Vec<String> {
    let out = |graph: &Graph| -> BTreeSet<(String, String)> {
        let edges = graph.edges_from(&node.id);
        edges.map(|edge| (edge.label.clone().unwrap_or_default(), edge.target.clone())).collect()
    };
    let (had, has) = (out(before), out(after));
    let title = |graph: &Graph, id: &str| graph.node(id).map_or_else(|| id.to_owned(), |node| node.label.clone());
    let by = |label: &str| if label.is_empty() { String::new() } else { format!(" by “{label}”") };
    let mut found = Vec::new();
    for (label, target) in has.difference(&had) {
        let target = title(after, target);
        found.push(match had.difference(&has).find(|(known, _)| known == label) {
            Some((_, old)) => {
                format!("“{}” leads{} to “{target}” instead of “{}”", node.label, by(label), title(before, old))
            }
            None => format!("“{}” leads{} to “{target}”", node.label, by(label)),
        });
    }
    let replaced = |label: &str| has.difference(&had).any(|(known, _)| known == label);
    for (label, target) in had.difference(&has).filter(|(label, _)| !replaced(label)) {
        found.push(format!("“{}” does not lead{} to “{}” any more", node.label, by(label), title(before, target)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::fixtures::clinic;
    use crate::workflow::models::{NodeType, StepEdit};
    use crate::workflow::synthesizer::synthesize;

    #[test]
    fn the_same_graph_has_no_difference() {
        let graph = synthesize(&clinic(), &[]).graph;
        assert!(diff(&graph, &graph).is_empty());
    }

    #[test]
    fn a_new_step_is_told_with_what_leads_to_it() {
        let before = synthesize(&clinic(), &[]).graph;
        let edit = StepEdit::Insert {
            label: "Ask for consent".to_owned(),
            kind: NodeType::Condition,
            before: None,
            after: None,
            quote: "put a consent question first".to_owned(),
        };
        let after = synthesize(&clinic(), &[edit]).graph;
        let diff = diff(&before, &after);
        assert_eq!(diff.added, ["“Ask for consent” (condition), after “Greet the caller”"]);
        assert_eq!(diff.changed, ["“Greet the caller” leads to “Ask for consent” instead of “What do they need?”"]);
        assert_eq!(diff.removed, Vec::<String>::new());
    }
}
