//! From ranks and columns to rows and right-angled lines.
//!
//! A line runs straight down (or up) through the rows, at its own column in each, and changes columns only in the
//! channels between rows, so it never crosses a node. Lines out of one node, or into one, share a track.

mod tracks;

use crate::workflow::models::{Graph, Point};

use super::columns::Rounds;
use super::measure::LABEL_HEIGHT;
use super::sketch::{Arrangement, Sketch};
use tracks::{Channel, Key, Run};

const MARGIN: f64 = 24.0;
/// A channel without a track, the space before the first and after the last, the space between two.
const EMPTY: f64 = 12.0;
const PAD: f64 = 14.0;
const TRACK: f64 = 8.0;
/// A line that is off a node's centre by less than this goes straight into it.
const NEAR: f64 = 12.0;
/// How far from its corner a node may be entered.
const CORNER: f64 = 16.0;

/// Sets positions, lines, label places and the size of the drawing.
pub fn draw(graph: &mut Graph, sketch: &Sketch, arrangement: &Arrangement, rounds: &Rounds) {
    let mut router = Router::new(sketch, arrangement);
    let plans: Vec<Plan> = (0..sketch.lines.len()).map(|line| router.plan(line, rounds[line])).collect();
    router.settle();
    for (at, node) in graph.nodes.iter_mut().enumerate() {
        let (rank, x) = arrangement.boxes[at];
        node.position = Point { x, y: router.rows[rank].middle() };
    }
    for (line, plan) in plans.iter().enumerate() {
        let points = router.points(line, plan);
        let edge = &mut graph.edges[line];
        let labelled = sketch.lines[line].label > 0.0;
        edge.label_at = labelled.then(|| router.label(line, &points));
        edge.points = points;
    }
    normalise(graph, sketch);
}

#[derive(Clone, Copy, Debug, Default)]
struct Row {
    top: f64,
    height: f64,
}

impl Row {
    fn middle(self) -> f64 {
        self.top + self.height / 2.0
    }
}

/// Where a line leaves or enters a node.
#[derive(Clone, Copy, Debug)]
enum Port {
    /// Above or below, at this column.
    Flat(f64),
    /// At the side: from this edge of the node.
    Side(f64),
}

/// One line before the rows are known: its ports, and its changes of column as positions in the channels.
#[derive(Debug)]
struct Plan {
    out: Port,
    into: Port,
    /// Between consecutive columns: the channel and the group of the run, where the column changes.
    runs: Vec<Option<(usize, usize)>>,
    /// Columns from port to port.
    columns: Vec<f64>,
}

struct Router<'a> {
    sketch: &'a Sketch,
    arrangement: &'a Arrangement,
    channels: Vec<Channel>,
    rows: Vec<Row>,
    /// How many lines that may share a port leave and enter each box.
    fan_out: Vec<usize>,
    fan_in: Vec<usize>,
}

impl<'a> Router<'a> {
    fn new(sketch: &'a Sketch, arrangement: &'a Arrangement) -> Router<'a> {
        let mut rows = vec![Row::default(); arrangement.ranks];
        for (node, (rank, _)) in sketch.boxes.iter().zip(&arrangement.boxes) {
            rows[*rank].height = rows[*rank].height.max(node.height);
        }
        for label in arrangement.labels.iter().flatten() {
            rows[label.rank].height = rows[label.rank].height.max(LABEL_HEIGHT);
        }
        let mut fan_out = vec![0; sketch.boxes.len()];
        let mut fan_in = vec![0; sketch.boxes.len()];
        for line in sketch.lines.iter().filter(|line| line.lane.is_none() && !line.up) {
            fan_out[line.from] += 1;
            fan_in[line.to] += 1;
        }
        let channels = vec![Channel::default(); arrangement.ranks.saturating_sub(1)];
        Router { sketch, arrangement, channels, rows, fan_out, fan_in }
    }

    fn plan(&mut self, line: usize, rounds: (bool, bool)) -> Plan {
        let this = self.sketch.lines[line];
        let passes = &self.arrangement.passes[line];
        let ((from_rank, from_x), (to_rank, to_x)) =
            (self.arrangement.boxes[this.from], self.arrangement.boxes[this.to]);
        let first = passes.first().map_or(to_x, |pass| pass.x);
        let last = passes.last().map_or(from_x, |pass| pass.x);
        let out = self.port(this.from, first, rounds.0, self.fan_out[this.from]);
        let into = self.port(this.to, last, rounds.1, self.fan_in[this.to]);
        let column = |port: Port, beyond: f64| if let Port::Flat(x) = port { x } else { beyond };
        let mut columns = vec![column(out, first)];
        let mut ranks = vec![from_rank];
        for pass in passes {
            columns.push(pass.x);
            ranks.push(pass.rank);
        }
        columns.push(column(into, last));
        ranks.push(to_rank);
        if passes.is_empty() {
            // Straight from port to port where one column fits both.
            columns = straighten(columns, out, into);
        }
        for hop in 1..columns.len() {
            if (columns[hop] - columns[hop - 1]).abs() < 1.0 {
                columns[hop] = columns[hop - 1];
            }
        }
        let mut runs = Vec::with_capacity(columns.len() - 1);
        for hop in 0..columns.len() - 1 {
            runs.push(self.run(line, hop, &columns, &ranks));
        }
        Plan { out: adopt(out, columns[0]), into: adopt(into, columns[columns.len() - 1]), runs, columns }
    }

    /// The port of a node for a line that stands at column `x` beside it or in the next row.
    fn port(&self, node: usize, x: f64, beside: bool, fan: usize) -> Port {
        let centre = self.arrangement.boxes[node].1;
        let half = self.sketch.boxes[node].width / 2.0;
        if beside {
            return Port::Side(if x < centre { centre - half } else { centre + half });
        }
        let reach = if fan <= 1 { (half - CORNER).max(0.0) } else { NEAR };
        Port::Flat(if (x - centre).abs() <= reach { x } else { centre })
    }

    fn run(&mut self, line: usize, hop: usize, columns: &[f64], ranks: &[usize]) -> Option<(usize, usize)> {
        let (a, b) = (columns[hop], columns[hop + 1]);
        if a == b {
            return None;
        }
        let this = self.sketch.lines[line];
        let (first, last) = (hop == 0, hop + 2 == columns.len());
        let falls = ranks[0] <= ranks[ranks.len() - 1];
        let channel = match (last && !first, falls) {
            (false, true) => ranks[hop],
            (false, false) => ranks[hop].checked_sub(1)?,
            (true, true) => ranks[hop + 1].checked_sub(1)?,
            (true, false) => ranks[hop + 1],
        };
        let shared = !(this.up || this.lane.is_some());
        let key = match (first, last) {
            (true, false) if shared => Key::OutOf(this.from),
            (false, true) if shared => Key::Into(this.to),
            (true, true) if shared && self.fan_out[this.from] > 1 => Key::OutOf(this.from),
            (true, true) if shared => Key::Into(this.to),
            _ if this.lane.is_some() => Key::Lane(this.to),
            _ => Key::Line(line, hop),
        };
        let (above, below) = if falls { (a, b) } else { (b, a) };
        let group = self.channels.get_mut(channel)?.add(Run { key, above, below });
        Some((channel, group))
    }

    /// Gives every track and every row its height, top to bottom.
    fn settle(&mut self) {
        let mut y = MARGIN;
        for rank in 0..self.rows.len() {
            self.rows[rank].top = y;
            y += self.rows[rank].height;
            if let Some(channel) = self.channels.get_mut(rank) {
                let levels = channel.settle(y + PAD, TRACK);
                y += if levels == 0 { EMPTY } else { PAD * 2.0 + TRACK * (levels - 1) as f64 };
            }
        }
    }

    fn points(&self, line: usize, plan: &Plan) -> Vec<Point> {
        let this = self.sketch.lines[line];
        let (from_rank, to_rank) = (self.arrangement.boxes[this.from].0, self.arrangement.boxes[this.to].0);
        let falls = from_rank <= to_rank;
        let edge_of = |node: usize, rank: usize, below: bool| {
            let half = self.sketch.boxes[node].height / 2.0;
            self.rows[rank].middle() + if below { half } else { -half }
        };
        let mut points = Vec::with_capacity(plan.columns.len() * 2 + 2);
        match plan.out {
            Port::Side(x) => points.push(Point { x, y: self.rows[from_rank].middle() }),
            Port::Flat(x) => points.push(Point { x, y: edge_of(this.from, from_rank, falls) }),
        }
        if let Port::Side(_) = plan.out {
            points.push(Point { x: plan.columns[0], y: self.rows[from_rank].middle() });
        }
        for (hop, run) in plan.runs.iter().enumerate() {
            if let Some((channel, group)) = run {
                let y = self.channels[*channel].height_of(*group);
                points.push(Point { x: plan.columns[hop], y });
                points.push(Point { x: plan.columns[hop + 1], y });
            }
        }
        let last = plan.columns[plan.columns.len() - 1];
        match plan.into {
            Port::Side(x) => {
                points.push(Point { x: last, y: self.rows[to_rank].middle() });
                points.push(Point { x, y: self.rows[to_rank].middle() });
            }
            Port::Flat(x) => points.push(Point { x, y: edge_of(this.to, to_rank, !falls) }),
        }
        without_idle(points)
    }

    /// The label stands on the line, in the row kept for it; on a line without one, in the middle.
    fn label(&self, line: usize, points: &[Point]) -> Point {
        let kept = self.arrangement.labels[line];
        let column = kept.and_then(|label| {
            let at = self.arrangement.passes[line].iter().find(|pass| pass.rank == label.rank)?;
            Some(Point { x: at.x, y: self.rows[label.rank].middle() })
        });
        column.unwrap_or_else(|| middle(points))
    }
}

fn straighten(columns: Vec<f64>, out: Port, into: Port) -> Vec<f64> {
    match (out, into, columns.as_slice()) {
        (Port::Flat(_), Port::Flat(_), [a, b]) if (a - b).abs() <= NEAR => vec![*b, *b],
        _ => columns,
    }
}

fn adopt(port: Port, column: f64) -> Port {
    if let Port::Flat(_) = port { Port::Flat(column) } else { port }
}

/// Without points that lie on the straight line between their neighbours.
fn without_idle(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if kept.last().is_some_and(|last| (last.x - point.x).abs() < 0.01 && (last.y - point.y).abs() < 0.01) {
            continue;
        }
        if let [.., a, b] = kept.as_slice() {
            let vertical = (a.x - b.x).abs() < 0.01 && (b.x - point.x).abs() < 0.01;
            let level = (a.y - b.y).abs() < 0.01 && (b.y - point.y).abs() < 0.01;
            if vertical || level {
                kept.pop();
            }
        }
        kept.push(point);
    }
    kept
}

/// The middle of the longest stretch of a line.
fn middle(points: &[Point]) -> Point {
    let length = |pair: &&[Point]| (pair[0].x - pair[1].x).abs() + (pair[0].y - pair[1].y).abs();
    let longest = points.windows(2).max_by(|a, b| length(a).total_cmp(&length(b)));
    longest.map_or_else(Point::default, |pair| Point {
        x: (pair[0].x + pair[1].x) / 2.0,
        y: (pair[0].y + pair[1].y) / 2.0,
    })
}

/// Moves the drawing to the margin and measures it; whole and half pixels only.
fn normalise(graph: &mut Graph, sketch: &Sketch) {
    let mut low = f64::INFINITY;
    let mut high: (f64, f64) = (0.0, 0.0);
    let mut see = |left: f64, right: f64, bottom: f64| {
        low = low.min(left);
        high = (high.0.max(right), high.1.max(bottom));
    };
    for node in &graph.nodes {
        let (half, y) = (node.width / 2.0, node.position.y + node.height / 2.0);
        see(node.position.x - half, node.position.x + half, y);
    }
    for (edge, line) in graph.edges.iter().zip(&sketch.lines) {
        edge.points.iter().for_each(|point| see(point.x, point.x, point.y));
        if let Some(at) = edge.label_at {
            see(at.x - line.label / 2.0, at.x + line.label / 2.0, at.y + LABEL_HEIGHT / 2.0);
        }
    }
    let shift = if low.is_finite() { MARGIN - low } else { 0.0 };
    let half_pixel = |value: f64| (value * 2.0).round() / 2.0;
    let place = |point: &mut Point| {
        *point = Point { x: half_pixel(point.x + shift), y: half_pixel(point.y) };
    };
    graph.nodes.iter_mut().for_each(|node| place(&mut node.position));
    for edge in &mut graph.edges {
        edge.points.iter_mut().for_each(place);
        edge.label_at.iter_mut().for_each(place);
    }
    graph.width = (high.0 + shift + MARGIN).ceil();
    graph.height = (high.1 + MARGIN).ceil();
}
