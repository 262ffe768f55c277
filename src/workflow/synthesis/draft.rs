//! A graph under construction: nodes by position, chains laid between exits, ids given at the end.

use std::collections::HashSet;

use crate::workflow::models::{Edge, Graph, Node, NodeType};
use crate::workflow::words;

/// The id of the one start and of the main end.
pub const START_ID: &str = "start_node";
pub const END_ID: &str = "end_node";

/// Position of a node in the draft.
pub type At = usize;

#[derive(Default)]
pub struct Draft {
    nodes: Vec<Node>,
    edges: Vec<(At, At, Edge)>,
    end: Option<At>,
}

/// Where a chain leads.
#[derive(Clone, Copy)]
pub struct Exits {
    pub next: At,
    /// After a failed call or a check that did not hold.
    pub trouble: At,
    /// After a "no" where there is nothing to ask again.
    pub declined: At,
    /// After the conversation was passed on.
    pub passed_on: At,
}

impl Draft {
    pub fn add(&mut self, node: Node) -> At {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The main end: it gets the id [`END_ID`].
    pub fn add_end(&mut self, node: Node) -> At {
        let at = self.add(node);
        self.end = Some(at);
        at
    }

    fn push(&mut self, from: At, to: At, label: Option<String>, condition: Option<String>) -> &mut Edge {
        let edge = Edge {
            source: String::new(),
            target: String::new(),
            label,
            condition,
            is_default: false,
            is_failure: false,
            points: Vec::new(),
            label_at: None,
        };
        self.edges.push((from, to, edge));
        &mut self.edges.last_mut().expect("an edge was just pushed").2
    }

    pub fn link(&mut self, from: At, to: At) {
        self.push(from, to, None, None);
    }

    /// A branch; its label is made unique among the node's branches.
    pub fn branch(&mut self, from: At, to: At, label: &str, condition: &str) {
        let taken = |label: &str| {
            self.edges.iter().any(|(source, _, edge)| *source == from && edge.label.as_deref() == Some(label))
        };
        let mut unique = label.to_owned();
        let mut number = 1;
        while taken(&unique) {
            number += 1;
            unique = format!("{label} {number}");
        }
        let condition = words::sentence(condition);
        self.push(from, to, Some(unique), Some(condition).filter(|text| !text.is_empty()));
    }

    pub fn default_branch(&mut self, from: At, to: At, label: &str, condition: &str) {
        self.branch(from, to, label, condition);
        if let Some((_, _, edge)) = self.edges.last_mut() {
            edge.is_default = true;
        }
    }

    fn call_edges(&mut self, at: At, next: At, trouble: At) {
        let name = self.nodes[at].config.tool_name.clone().unwrap_or_default();
        self.push(at, next, None, None).is_default = true;
        let condition = words::sentence(&format!("{name} does not answer or reports an error"));
        self.push(at, trouble, Some("if it fails".to_owned()), Some(condition)).is_failure = true;
    }

    /// Lays steps one after another up to the exits; returns the first one, or the next exit when there are none.
    pub fn lay(&mut self, steps: Vec<Node>, exits: Exits) -> At {
        let places: Vec<At> = steps.into_iter().map(|node| self.add(node)).collect();
        let mut collect = None;
        for (step, at) in places.iter().copied().enumerate() {
            let next = places.get(step + 1).copied().unwrap_or(exits.next);
            match self.nodes[at].kind {
                NodeType::ToolCall | NodeType::KnowledgeLookup => self.call_edges(at, next, exits.trouble),
                NodeType::Confirmation => {
                    self.branch(at, next, "yes", "The answer is yes");
                    let back = collect.unwrap_or(exits.declined);
                    self.default_branch(at, back, "no", "The answer is no, or something has to change");
                }
                NodeType::Condition => {
                    self.branch(at, next, "yes", "It holds");
                    self.default_branch(at, exits.trouble, "no", "It does not hold, or it is not clear");
                }
                NodeType::Handoff => self.link(at, exits.passed_on),
                _ => self.link(at, next),
            }
            if self.nodes[at].kind == NodeType::CollectInput {
                collect = Some(at);
            }
        }
        places.first().copied().unwrap_or(exits.next)
    }

    /// The finished graph: only what can be reached from `start`, in reading order, with ids.
    pub fn finish(mut self, start: At) -> Graph {
        let order = self.reading_order(start);
        let mut taken: HashSet<String> = HashSet::from([START_ID.to_owned(), END_ID.to_owned()]);
        for at in &order {
            let id = match *at {
                at if at == start => START_ID.to_owned(),
                at if Some(at) == self.end => END_ID.to_owned(),
                at => words::fresh_id(&self.nodes[at].label, self.nodes[at].kind.as_str(), &mut taken),
            };
            self.nodes[*at].id = id;
        }
        let place: Vec<Option<usize>> =
            (0..self.nodes.len()).map(|at| order.iter().position(|known| *known == at)).collect();
        let mut edges: Vec<(usize, Edge)> = Vec::new();
        for (from, to, mut edge) in self.edges {
            if let (Some(rank), Some(_)) = (place[from], place[to]) {
                edge.source.clone_from(&self.nodes[from].id);
                edge.target.clone_from(&self.nodes[to].id);
                edges.push((rank, edge));
            }
        }
        edges.sort_by_key(|(rank, _)| *rank);
        let nodes = order.into_iter().map(|at| self.nodes[at].clone()).collect();
        Graph { nodes, edges: edges.into_iter().map(|(_, edge)| edge).collect(), width: 0.0, height: 0.0 }
    }

    /// Every reachable node, each after those that lead to it (loops aside), first branches first.
    fn reading_order(&self, start: At) -> Vec<At> {
        let mut next: Vec<Vec<At>> = vec![Vec::new(); self.nodes.len()];
        for (from, to, _) in &self.edges {
            next[*from].push(*to);
        }
        let mut seen = vec![false; self.nodes.len()];
        let mut finished = Vec::new();
        // Children last to first, so that reversing the order of completion reads first to last.
        let mut stack = vec![(start, next[start].len())];
        seen[start] = true;
        while let Some((at, left)) = stack.pop() {
            if left == 0 {
                finished.push(at);
                continue;
            }
            stack.push((at, left - 1));
            let child = next[at][left - 1];
            if !seen[child] {
                seen[child] = true;
                stack.push((child, next[child].len()));
            }
        }
        finished.reverse();
        finished
    }
}
