//! What a layouter sees of a graph, and what it answers.

use std::collections::HashMap;

use crate::workflow::models::{Graph, NodeType};

use super::measure;

/// A node as a box.
#[derive(Clone, Copy, Debug)]
pub struct Box {
    pub width: f64,
    pub height: f64,
}

/// A line between two boxes (positions), as the layering should see it.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub from: usize,
    pub to: usize,
    /// It leads back up: the target is to stand above the source.
    pub up: bool,
    /// How straight it should be.
    pub weight: u32,
    /// Room for its label; 0 without one.
    pub label: f64,
    /// Lines of one lane may lie on each other.
    pub lane: Option<usize>,
}

#[derive(Clone, Debug, Default)]
pub struct Sketch {
    pub boxes: Vec<Box>,
    pub lines: Vec<Line>,
}

/// A line's column at one rank between its ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pass {
    pub rank: usize,
    pub x: f64,
}

/// Ranks and columns of everything in a sketch.
#[derive(Clone, Debug, Default)]
pub struct Arrangement {
    /// Rank and centre of each box.
    pub boxes: Vec<(usize, f64)>,
    /// By line, from its source to its target.
    pub passes: Vec<Vec<Pass>>,
    /// By line: the rank and centre of its label.
    pub labels: Vec<Option<Pass>>,
    pub ranks: usize,
}

/// Of lines on which the conversation normally goes on.
pub const MAIN: u32 = 8;
const SIDE: u32 = 1;
/// Of lines into a node that several lead to: what stands before it stays near its own beginning.
const MERGE: u32 = 2;

impl Sketch {
    pub fn of(graph: &Graph) -> Sketch {
        let place: HashMap<&str, usize> =
            graph.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
        let ends = graph.edges.iter().map(|edge| (place[edge.source.as_str()], place[edge.target.as_str()]));
        let ends: Vec<(usize, usize)> = ends.collect();
        let soft = soft_lines(graph, &ends);
        let depth = depths(graph.nodes.len(), &ends, &soft);
        let mut incoming = vec![0; graph.nodes.len()];
        for ((from, to), soft) in ends.iter().zip(&soft) {
            incoming[*to] += usize::from(from < to && !soft);
        }
        let mut lanes: HashMap<usize, bool> = HashMap::new();
        let lines = graph.edges.iter().zip(&ends).zip(&soft).map(|((edge, (from, to)), soft)| {
            let up = to <= from || *soft && depth[*to] < depth[*from];
            let lane = edge.is_failure.then_some(*to);
            // One label is enough for all lines that share a lane.
            let repeats = lane.is_some_and(|lane| lanes.insert(lane, true).is_some());
            let label = edge.label.as_deref().filter(|label| !label.is_empty() && !repeats);
            let merges = incoming[*to] > 1;
            let weight = match () {
                () if up && graph.nodes[*from].kind == NodeType::Confirmation => MERGE,
                () if up || *soft || edge.is_failure => SIDE,
                () if merges => MERGE,
                () => MAIN,
            };
            Line { from: *from, to: *to, up, weight, label: label.map_or(0.0, measure::label_width), lane }
        });
        let lines = lines.collect();
        let boxes = graph.nodes.iter().map(|node| Box { width: node.width, height: node.height }).collect();
        Sketch { boxes, lines }
    }
}

/// Lines that do not decide where their target stands: failures and refusals, where something else leads there too.
fn soft_lines(graph: &Graph, ends: &[(usize, usize)]) -> Vec<bool> {
    let aside = |at: usize| {
        let edge = &graph.edges[at];
        let refuses = edge.is_default && graph.nodes[ends[at].0].kind == NodeType::Condition;
        edge.is_failure || refuses && ends[at].0 < ends[at].1
    };
    let mut home = vec![false; graph.nodes.len()];
    for at in (0..ends.len()).filter(|at| !aside(*at) && ends[*at].0 < ends[*at].1) {
        home[ends[at].1] = true;
    }
    (0..ends.len()).map(|at| aside(at) && home[ends[at].1] && is_exit(graph, ends[at].1)).collect()
}

/// A hand-over, or the step that prepares one.
fn is_exit(graph: &Graph, node: usize) -> bool {
    graph.nodes[node].kind == NodeType::Handoff
        || graph
            .edges_from(&graph.nodes[node].id)
            .any(|edge| graph.node(&edge.target).is_some_and(|target| target.kind == NodeType::Handoff))
}

/// The longest way to each node over lines that lead forward and are not soft.
fn depths(nodes: usize, ends: &[(usize, usize)], soft: &[bool]) -> Vec<usize> {
    let mut depth = vec![0; nodes];
    let mut order: Vec<usize> = (0..ends.len()).filter(|at| ends[*at].0 < ends[*at].1 && !soft[*at]).collect();
    order.sort_by_key(|at| ends[*at].0);
    for at in order {
        let (from, to) = ends[at];
        depth[to] = depth[to].max(depth[from] + 1);
    }
    depth
}
