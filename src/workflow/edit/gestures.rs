//! What a gesture on the drawing means as graph edits; where they would break a rule, what is legal instead.

mod offers;

use crate::intent::models::AgentSpec;
use crate::workflow::gesture::{Gesture, Refused};
use crate::workflow::models::{Edge, Graph, GraphEdit, NodeSettings, NodeType, StepEdit};
use crate::workflow::synthesis::draft::END_ID;
use crate::workflow::synthesis::p4_edits;
use crate::workflow::synthesizer::compose;
use crate::workflow::words;

use super::by_hand::{Reader, draw_for};

/// The edits that do what the gesture asks for; or the rules against it, with what is legal near it.
pub fn edits_of(spec: &AgentSpec, kept: &[StepEdit], gesture: &Gesture) -> Result<Vec<GraphEdit>, Refused> {
    let graph = compose(spec, kept).graph;
    let edits = translate(&graph, gesture).map_err(|reason| vec![reason]);
    let drawn = edits.and_then(|edits| match draw_for(Reader::Person, spec, kept, &edits) {
        Ok(_) => Ok(edits),
        Err(refusals) => Err(refusals.into_iter().map(|refusal| in_words(&graph, &refusal.reason)).collect()),
    });
    drawn.map_err(|reasons| Refused { reasons, offers: offers::instead(&graph, spec, gesture) })
}

/// A gesture in one sentence, for the list of revisions.
pub fn told(graph: &Graph, gesture: &Gesture) -> String {
    let title = |id: &String| format!("“{}”", title(graph, id));
    match gesture {
        Gesture::Rename { node, label } => format!("Renamed {} to “{}”", title(node), words::clean(label)),
        Gesture::Remove { node } => format!("Removed {}", title(node)),
        Gesture::Insert { source, label, .. } => format!("Added “{}” after {}", words::clean(label), title(source)),
        Gesture::Move { node, source, .. } => format!("Moved {} after {}", title(node), title(source)),
        Gesture::Reconnect { source, target, to } => {
            format!("Led {} to {} instead of {}", title(source), title(to), title(target))
        }
        Gesture::Connect { source, target, .. } => format!("Led {} to {}", title(source), title(target)),
        Gesture::Disconnect { source, target } => format!("Unlinked {} from {}", title(source), title(target)),
        Gesture::Label { source, target, label } => {
            format!("Called the way from {} to {} “{}”", title(source), title(target), words::clean(label))
        }
    }
}

fn title<'a>(graph: &'a Graph, id: &'a str) -> &'a str {
    graph.node(id).map_or(id, |node| &node.label)
}

/// A rule's sentence for people: the ids behind the titles are for programs.
fn in_words(graph: &Graph, reason: &str) -> String {
    let ids = graph.nodes.iter().map(|node| format!(" ({})", node.id));
    let text = ids.fold(reason.to_owned(), |text, id| text.replace(&id, ""));
    graph.nodes.iter().fold(text, |text, node| text.replace(&format!("“{}”", node.id), &format!("“{}”", node.label)))
}

fn translate(graph: &Graph, gesture: &Gesture) -> Result<Vec<GraphEdit>, String> {
    Ok(match gesture {
        Gesture::Rename { node, label } => vec![GraphEdit::UpdateNode {
            id: node.clone(),
            label: Some(label.clone()),
            description: None,
            config: NodeSettings::default(),
        }],
        Gesture::Remove { node } => vec![GraphEdit::RemoveNode { id: node.clone() }],
        Gesture::Insert { source, target, kind, label, tool } => {
            insert(graph, (source, target), *kind, label, tool.as_ref())
        }
        Gesture::Move { node, source, target } => shift(graph, node, source, target)?,
        Gesture::Reconnect { source, target, to } => vec![lead(source, target, to)],
        Gesture::Connect { source, target, label } => connect(graph, source, target, label),
        Gesture::Disconnect { source, target } => disconnect(graph, source, target),
        Gesture::Label { source, target, label } => vec![word(source, target, label, None)],
    })
}

/// The edge leads to another step.
fn lead(source: &str, target: &str, to: &str) -> GraphEdit {
    GraphEdit::UpdateEdge {
        source: source.to_owned(),
        target: target.to_owned(),
        new_source: None,
        new_target: Some(to.to_owned()),
        label: None,
        condition: None,
        is_default: None,
    }
}

fn word(source: &str, target: &str, label: &str, is_default: Option<bool>) -> GraphEdit {
    GraphEdit::UpdateEdge {
        source: source.to_owned(),
        target: target.to_owned(),
        new_source: None,
        new_target: None,
        label: Some(label.to_owned()),
        condition: None,
        is_default,
    }
}

fn way(source: &str, target: &str, label: Option<&str>, is_default: bool) -> GraphEdit {
    GraphEdit::AddEdge {
        source: source.to_owned(),
        target: target.to_owned(),
        label: label.map(str::to_owned),
        condition: None,
        is_default,
        is_failure: false,
    }
}

/// A new step between two others; a question gets a second answer, a call a way on when it fails.
fn insert(
    graph: &Graph,
    (source, target): (&str, &str),
    kind: NodeType,
    label: &str,
    tool: Option<&String>,
) -> Vec<GraphEdit> {
    let mut taken = graph.nodes.iter().map(|node| node.id.clone()).collect();
    let mut free = |label: &str, kind: NodeType| words::fresh_id(label, kind.as_str(), &mut taken);
    let id = free(label, kind);
    let name = words::slug(label);
    let config = NodeSettings {
        tool: tool.cloned(),
        collects: (kind == NodeType::CollectInput && !name.is_empty()).then(|| vec![name]),
        say: None,
    };
    let step = |id: &str, kind, label: &str, config| GraphEdit::AddNode {
        id: Some(id.to_owned()),
        kind,
        label: label.to_owned(),
        description: None,
        config,
    };
    let ends = |id: &str| graph.node(id).is_some_and(|node| node.kind == NodeType::End);
    let away = graph.nodes.iter().find(|node| node.kind == NodeType::End && node.id != END_ID);
    let away = away.map_or(END_ID, |node| node.id.as_str());
    if kind == NodeType::Handoff && !ends(target) {
        // In the middle of a flow a hand-over is a question first: whoever is not passed on goes on.
        let question = words::question(label);
        let ask = free(&question, NodeType::Condition);
        return vec![
            step(&ask, NodeType::Condition, &question, NodeSettings::default()),
            step(&id, kind, label, config),
            lead(source, target, &ask),
            way(&ask, &id, Some("yes"), false),
            way(&ask, target, Some("no"), true),
            way(&id, away, None, false),
        ];
    }
    let mut edits = vec![step(&id, kind, label, config), lead(source, target, &id)];
    match kind {
        NodeType::Condition | NodeType::Confirmation => {
            edits.push(way(&id, target, Some("yes"), false));
            edits.push(way(&id, END_ID, Some("no"), true));
        }
        NodeType::ToolCall | NodeType::KnowledgeLookup => {
            let without = "Go on without it";
            let other = free(without, NodeType::Response);
            edits.push(step(&other, NodeType::Response, without, NodeSettings::default()));
            edits.push(way(&id, target, None, true));
            edits.push(GraphEdit::AddEdge {
                source: id,
                target: other.clone(),
                label: Some("if it fails".to_owned()),
                condition: None,
                is_default: false,
                is_failure: true,
            });
            edits.push(way(&other, target, None, false));
        }
        _ => edits.push(way(&id, target, None, false)),
    }
    edits
}

/// What led to the step leads to what follows it, and the step goes between the two others.
fn shift(graph: &Graph, node: &str, source: &str, target: &str) -> Result<Vec<GraphEdit>, String> {
    let onward = p4_edits::onward(graph, node).map(|at| graph.edges[at].target.clone());
    let next = onward.ok_or_else(|| format!("Nothing follows “{}”, so it stays where it is.", title(graph, node)))?;
    if [source, target].contains(&node) {
        return Err(format!("“{}” stands there already.", title(graph, node)));
    }
    let into = graph.edges.iter().filter(|edge| edge.target == node && edge.source != next);
    let mut edits: Vec<GraphEdit> = into.map(|edge| lead(&edge.source, node, &next)).collect();
    edits.push(lead(source, target, node));
    if next != target {
        edits.push(lead(node, &next, target));
    }
    Ok(edits)
}

/// The ways out of a step that are no failures.
fn ways<'a>(graph: &'a Graph, source: &'a str) -> Vec<&'a Edge> {
    graph.edges_from(source).filter(|edge| !edge.is_failure).collect()
}

fn has_label(edge: &Edge) -> bool {
    edge.label.as_deref().is_some_and(|label| !label.is_empty())
}

/// A second way out makes a choice of the step: each way gets a name, and what there was stays the default.
fn connect(graph: &Graph, source: &str, target: &str, label: &str) -> Vec<GraphEdit> {
    let known = ways(graph, source);
    let name = if label.trim().is_empty() { words::edge_label(title(graph, target)) } else { label.to_owned() };
    let mut edits = Vec::new();
    if let [only] = known[..] {
        let label = only.label.as_deref().filter(|label| !label.is_empty()).unwrap_or("otherwise");
        edits.push(word(source, &only.target, label, Some(true)));
    }
    edits.push(way(source, target, (!known.is_empty()).then_some(&name), false));
    edits
}

/// Of the ways that are left, one is the default; a way that is left alone needs no name.
fn disconnect(graph: &Graph, source: &str, target: &str) -> Vec<GraphEdit> {
    let (gone, left): (Vec<&Edge>, Vec<&Edge>) =
        ways(graph, source).into_iter().partition(|edge| edge.target == target);
    let mut edits = vec![GraphEdit::RemoveEdge { source: source.to_owned(), target: target.to_owned() }];
    match left[..] {
        [only] if has_label(only) => edits.push(word(source, &only.target, "", Some(false))),
        [.., last] if left.len() > 1 && gone.iter().any(|edge| edge.is_default) => {
            edits.push(word(source, &last.target, last.label.as_deref().unwrap_or_default(), Some(true)));
        }
        _ => {}
    }
    edits
}

#[cfg(test)]
mod tests;
