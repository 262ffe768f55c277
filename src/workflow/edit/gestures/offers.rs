//! What is legal where a gesture is not: others like it, nearest first, each tried before it is offered.

use crate::intent::models::AgentSpec;
use crate::workflow::gesture::{Gesture, Offer};
use crate::workflow::models::{Graph, NodeType};
use crate::workflow::synthesis::by_hand;
use crate::workflow::validator;

use super::{title, told, translate};

/// How many are offered, and how many are tried for them.
const OFFERED: usize = 4;
const TRIED: usize = 60;

/// What a question or a call can give way to.
const PLAIN: [NodeType; 3] = [NodeType::Response, NodeType::CollectInput, NodeType::Condition];

/// Legal gestures near one that is not.
pub fn instead(graph: &Graph, spec: &AgentSpec, gesture: &Gesture) -> Vec<Offer> {
    let legal = |other: &Gesture| other != gesture && is_legal(graph, spec, other);
    let others = alternatives(graph, gesture).into_iter().take(TRIED).filter(legal).take(OFFERED);
    others.map(|other| Offer { says: says(graph, &other), gesture: other }).collect()
}

fn is_legal(graph: &Graph, spec: &AgentSpec, gesture: &Gesture) -> bool {
    let Ok(edits) = translate(graph, gesture) else { return false };
    let mut drawn = graph.clone();
    edits.iter().all(|edit| by_hand::apply(&mut drawn, spec, edit).is_ok())
        && validator::problems(&drawn, spec).is_empty()
}

/// An offer in the words of a button.
fn says(graph: &Graph, gesture: &Gesture) -> String {
    match gesture {
        Gesture::Insert { source, target, kind, .. } => {
            format!("Add a {} step between “{}” and “{}”", kind.label(), title(graph, source), title(graph, target))
        }
        Gesture::Move { node, source, target } => {
            format!("Move “{}” between “{}” and “{}”", title(graph, node), title(graph, source), title(graph, target))
        }
        Gesture::Reconnect { source, to, .. } => {
            format!("Lead “{}” to “{}”", title(graph, source), title(graph, to))
        }
        Gesture::Connect { source, target, .. } => {
            format!("Lead “{}” to “{}” as well", title(graph, source), title(graph, target))
        }
        Gesture::Disconnect { source, target } => {
            format!("Unlink “{}” from “{}”", title(graph, source), title(graph, target))
        }
        Gesture::Remove { node } => format!("Remove “{}”", title(graph, node)),
        Gesture::Rename { .. } | Gesture::Label { .. } => told(graph, gesture),
    }
}

fn alternatives(graph: &Graph, gesture: &Gesture) -> Vec<Gesture> {
    match gesture {
        // Only words can be wrong with it; the reason says which.
        Gesture::Rename { .. } | Gesture::Label { .. } => Vec::new(),
        Gesture::Remove { node } => moves(graph, node, node),
        Gesture::Move { node, source, .. } => moves(graph, node, source),
        Gesture::Insert { source, target, kind, label, tool } => {
            let put = |source: &str, target: &str, kind, tool| Gesture::Insert {
                source: source.to_owned(),
                target: target.to_owned(),
                kind,
                label: label.clone(),
                tool,
            };
            let same = edges_near(graph, source).into_iter().map(|(from, to)| put(from, to, *kind, tool.clone()));
            let other = PLAIN.into_iter().filter(|plain| plain != kind).map(|kind| put(source, target, kind, None));
            other.chain(same).collect()
        }
        Gesture::Reconnect { source, target, to } => {
            let lead = |other: &str| Gesture::Reconnect {
                source: source.clone(),
                target: target.clone(),
                to: other.to_owned(),
            };
            // What followed keeps its way, where the new one is to stand beside it.
            let beside = Gesture::Connect { source: source.clone(), target: to.clone(), label: String::new() };
            let others = nodes_near(graph, to).into_iter().filter(|other| other != target);
            std::iter::once(beside).chain(others.map(lead)).collect()
        }
        Gesture::Disconnect { source, target } => {
            let lead = |other: &str| Gesture::Reconnect {
                source: source.clone(),
                target: target.clone(),
                to: other.to_owned(),
            };
            let others = nodes_near(graph, target).into_iter().filter(|other| other != target);
            let out = Gesture::Remove { node: target.clone() };
            others.map(lead).chain(std::iter::once(out)).collect()
        }
        Gesture::Connect { source, target, label } => {
            let join = |other: &str| Gesture::Connect {
                source: source.clone(),
                target: other.to_owned(),
                label: label.clone(),
            };
            nodes_near(graph, target).into_iter().map(join).collect()
        }
    }
}

fn moves(graph: &Graph, node: &str, near: &str) -> Vec<Gesture> {
    let put = |(source, target): (&str, &str)| Gesture::Move {
        node: node.to_owned(),
        source: source.to_owned(),
        target: target.to_owned(),
    };
    edges_near(graph, near).into_iter().map(put).collect()
}

fn place(graph: &Graph, id: &str) -> usize {
    graph.nodes.iter().position(|node| node.id == id).unwrap_or_default()
}

/// The steps by how far they are from this one in the order in which the flow is read.
fn nodes_near<'a>(graph: &'a Graph, id: &str) -> Vec<&'a str> {
    let here = place(graph, id);
    let mut all: Vec<(usize, &str)> = graph.nodes.iter().enumerate().map(|(at, it)| (at, it.id.as_str())).collect();
    all.sort_by_key(|(at, _)| at.abs_diff(here));
    all.into_iter().map(|(_, id)| id).collect()
}

/// The edges by how far they begin from this step.
fn edges_near<'a>(graph: &'a Graph, id: &str) -> Vec<(&'a str, &'a str)> {
    let here = place(graph, id);
    let mut all: Vec<(&str, &str)> = graph.edges.iter().map(|it| (it.source.as_str(), it.target.as_str())).collect();
    all.sort_by_key(|(source, _)| place(graph, source).abs_diff(here));
    all
}
