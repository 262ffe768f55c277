//! The layered layout of dagre, by the crate `dugong`: ranks, order in the ranks, columns.

use dugong::graphlib::{Graph, GraphOptions};
use dugong::{EdgeLabel, GraphLabel, LabelPos, NodeLabel};

use super::Layouter;
use super::measure::LABEL_HEIGHT;
use super::sketch::{Arrangement, Line, Pass, Sketch};

pub struct Dagre;

const NODE_GAP: f64 = 36.0;
const LINE_GAP: f64 = 16.0;
/// Rows are set later; here the gap only has to keep ranks apart.
const RANK_GAP: f64 = 40.0;

type Layered = Graph<NodeLabel, EdgeLabel, GraphLabel>;

// No bare numbers: the crate orders ids like array indices first.
fn id(at: usize) -> String {
    format!("n{at}")
}

/// The ends as the layering sees them: always downwards.
fn down(line: &Line) -> (usize, usize) {
    if line.up { (line.to, line.from) } else { (line.from, line.to) }
}

impl Layouter for Dagre {
    fn arrange(&self, sketch: &Sketch) -> Option<Arrangement> {
        let mut layered = describe(sketch);
        dugong::layout(&mut layered).ok()?;
        read(sketch, &layered)
    }
}

fn describe(sketch: &Sketch) -> Layered {
    let mut layered = Graph::new(GraphOptions { directed: true, multigraph: true, compound: false });
    layered.set_graph(GraphLabel { nodesep: NODE_GAP, edgesep: LINE_GAP, ranksep: RANK_GAP, ..GraphLabel::default() });
    for (at, node) in sketch.boxes.iter().enumerate() {
        layered.set_node(id(at), NodeLabel { width: node.width, height: node.height, ..NodeLabel::default() });
    }
    for (at, line) in sketch.lines.iter().enumerate() {
        let (from, to) = down(line);
        let label = EdgeLabel {
            width: line.label,
            height: if line.label > 0.0 { LABEL_HEIGHT } else { 0.0 },
            labelpos: LabelPos::C,
            weight: f64::from(line.weight),
            ..EdgeLabel::default()
        };
        layered.set_edge_named(id(from), id(to), Some(id(at)), Some(label));
    }
    layered
}

/// Heights that belong to one rank differ by less than this.
const SAME_RANK: f64 = 0.5;

fn read(sketch: &Sketch, layered: &Layered) -> Option<Arrangement> {
    let mut centres = Vec::with_capacity(sketch.boxes.len());
    for at in 0..sketch.boxes.len() {
        let node = layered.node(&id(at))?;
        centres.push((node.x?, node.y?));
    }
    let mut inner = Vec::with_capacity(sketch.lines.len());
    let mut labels = Vec::with_capacity(sketch.lines.len());
    for (at, line) in sketch.lines.iter().enumerate() {
        let (from, to) = down(line);
        let edge = layered.edge(&id(from), &id(to), Some(&id(at)))?;
        // The first and last points lie on the boxes.
        let points = edge.points.get(1..edge.points.len().saturating_sub(1)).unwrap_or_default();
        let mut points: Vec<(f64, f64)> = points.iter().map(|point| (point.x, point.y)).collect();
        if line.up {
            points.reverse();
        }
        inner.push(points);
        labels.push(if line.label > 0.0 { edge.x.zip(edge.y) } else { None });
    }
    let heights = centres.iter().chain(inner.iter().flatten()).map(|(_, y)| *y);
    let mut rows: Vec<f64> = heights.collect();
    if centres.iter().chain(inner.iter().flatten()).any(|(x, y)| !x.is_finite() || !y.is_finite()) {
        return None;
    }
    rows.sort_by(f64::total_cmp);
    rows.dedup_by(|later, earlier| *later - *earlier < SAME_RANK);
    let rank = |y: f64| rows.partition_point(|row| *row < y - SAME_RANK);
    let pass = |(x, y): &(f64, f64)| Pass { rank: rank(*y), x: *x };
    Some(Arrangement {
        boxes: centres.iter().map(|(x, y)| (rank(*y), *x)).collect(),
        passes: inner.iter().map(|points| points.iter().map(pass).collect()).collect(),
        labels: labels.iter().map(|at| at.as_ref().map(pass)).collect(),
        ranks: rows.len(),
    })
}
