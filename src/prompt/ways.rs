//! The ways through a workflow graph, by position: what follows what, and which way is the main one. Pure.

use std::collections::HashMap;

use crate::workflow::models::{Edge, Graph, Node, NodeType};

pub(super) struct Ways<'g> {
    graph: &'g Graph,
    /// Edges out of each node with the position they lead to; edges to nowhere are left out.
    out: Vec<Vec<(&'g Edge, usize)>>,
}

impl<'g> Ways<'g> {
    pub fn new(graph: &'g Graph) -> Ways<'g> {
        let places: HashMap<&str, usize> =
            graph.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
        let mut out = vec![Vec::new(); graph.nodes.len()];
        for edge in &graph.edges {
            if let (Some(from), Some(to)) = (places.get(edge.source.as_str()), places.get(edge.target.as_str())) {
                out[*from].push((edge, *to));
            }
        }
        Ways { graph, out }
    }

    pub fn node(&self, at: usize) -> &'g Node {
        &self.graph.nodes[at]
    }

    pub fn start(&self) -> Option<usize> {
        self.graph.nodes.iter().position(|node| node.kind == NodeType::Start)
    }

    pub fn out(&self, at: usize) -> impl Iterator<Item = (&'g Edge, usize)> + '_ {
        self.out[at].iter().copied()
    }

    /// The main way from a node, without going back to a known node or through `hub`; it ends before a node that only
    /// asks for anything else, and after one that passes the conversation on.
    pub fn main_way(&self, first: usize, hub: Option<usize>) -> Vec<usize> {
        let mut way: Vec<usize> = Vec::new();
        let mut at = Some(first);
        while let Some(here) = at {
            if Some(here) == hub || way.contains(&here) || self.node(here).kind == NodeType::End {
                break;
            }
            way.push(here);
            if self.node(here).kind == NodeType::Handoff || self.asks_again(here) {
                break;
            }
            let mut open: Vec<usize> = self.out(here).filter(|(edge, _)| !edge.is_failure).map(|(_, to)| to).collect();
            open.retain(|to| !way.contains(to) && Some(*to) != hub);
            // Of two ways the longer one is the conversation; among equals the first is the yes.
            at = match open.as_slice() {
                [] => None,
                [only] => Some(*only),
                several => {
                    let reach = several.iter().map(|to| self.reach(*to, &way, hub));
                    let best = reach.enumerate().max_by_key(|(place, reach)| (*reach, std::cmp::Reverse(*place)));
                    best.map(|(place, _)| several[place])
                }
            };
        }
        way
    }

    /// How many nodes can be reached without those already passed.
    fn reach(&self, from: usize, passed: &[usize], hub: Option<usize>) -> usize {
        let mut seen = vec![false; self.out.len()];
        passed.iter().chain(&hub).for_each(|at| seen[*at] = true);
        let (mut todo, mut count) = (vec![from], 0);
        while let Some(at) = todo.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                count += 1;
                todo.extend(self.out(at).filter(|(edge, _)| !edge.is_failure).map(|(_, to)| to));
            }
        }
        count
    }

    /// Whether a node only asks for anything else: one answer ends, the other goes back to what came before.
    pub fn asks_again(&self, at: usize) -> bool {
        let ends = |(_, to): (&Edge, usize)| self.node(to).kind == NodeType::End;
        let goes_back = |(_, to): (&Edge, usize)| self.reach(to, &[], None) > 0 && self.leads_to(to, at);
        self.node(at).kind == NodeType::Condition && self.out(at).any(ends) && self.out(at).any(goes_back)
    }

    /// Whether something that asks for anything else leads back to the hub.
    pub fn asks_again_into(&self, hub: usize) -> bool {
        (0..self.out.len()).any(|at| self.asks_again(at) && self.out(at).any(|(_, to)| to == hub))
    }

    fn leads_to(&self, from: usize, wanted: usize) -> bool {
        let mut seen = vec![false; self.out.len()];
        let mut todo = vec![from];
        while let Some(at) = todo.pop() {
            if at == wanted {
                return true;
            }
            if !std::mem::replace(&mut seen[at], true) {
                todo.extend(self.out(at).map(|(_, to)| to));
            }
        }
        false
    }

    /// The hand-over or call that a side way comes to within a few steps.
    pub fn remedy(&self, from: usize) -> Option<&'g Node> {
        let mut at = from;
        for _ in 0..4 {
            let node = self.node(at);
            match node.kind {
                NodeType::Handoff | NodeType::ToolCall => return Some(node),
                NodeType::CollectInput | NodeType::Confirmation => {}
                _ => return None,
            }
            at = self.out(at).find(|(edge, _)| !edge.is_failure).map(|(_, to)| to)?;
        }
        None
    }
}
