//! Drawing the workflow: rounded lines, arrow heads, and the window onto the canvas. Pure.

use std::fmt::Write as _;

use crate::workflow::models::{Graph, Node, NodeType, Point};

/// Radius of a bend, as of the nodes' corners.
const BEND: f64 = 8.0;
/// Length and half width of an arrow head.
const HEAD: (f64, f64) = (6.5, 3.5);

fn minus(a: Point, b: Point) -> Point {
    Point { x: a.x - b.x, y: a.y - b.y }
}

/// The point `distance` from `from` towards `to`.
fn towards(from: Point, to: Point, distance: f64) -> Point {
    let way = minus(to, from);
    let length = way.x.hypot(way.y);
    if length < f64::EPSILON {
        return from;
    }
    Point { x: from.x + way.x / length * distance, y: from.y + way.y / length * distance }
}

fn distance(a: Point, b: Point) -> f64 {
    let way = minus(b, a);
    way.x.hypot(way.y)
}

/// A length as an attribute has it: as short as the eye needs.
pub fn px(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    match (tenths.abs() / 10, tenths.abs() % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

/// An edge's line with round bends, short of the arrow head, and the head itself; `None` without two points.
pub fn edge_paths(points: &[Point]) -> Option<(String, String)> {
    let (first, tip) = (*points.first()?, *points.last()?);
    let before = *points.iter().rev().find(|point| distance(**point, tip) > 0.5)?;
    let end = towards(tip, before, HEAD.0 - 2.0);
    let mut line = format!("M{} {}", px(first.x), px(first.y));
    for at in 1..points.len().saturating_sub(1) {
        let (previous, corner, next) = (points[at - 1], points[at], points[at + 1]);
        let radius = BEND.min(distance(previous, corner) / 2.0).min(distance(corner, next) / 2.0);
        let (into, out) = (towards(corner, previous, radius), towards(corner, next, radius));
        let _ = write!(
            line,
            "L{} {}Q{} {} {} {}",
            px(into.x),
            px(into.y),
            px(corner.x),
            px(corner.y),
            px(out.x),
            px(out.y)
        );
    }
    let _ = write!(line, "L{} {}", px(end.x), px(end.y));

    let base = towards(tip, before, HEAD.0);
    let along = minus(base, tip);
    let side = Point { x: -along.y / HEAD.0 * HEAD.1, y: along.x / HEAD.0 * HEAD.1 };
    let head = format!(
        "M{} {}L{} {}L{} {}Z",
        px(tip.x),
        px(tip.y),
        px(base.x + side.x),
        px(base.y + side.y),
        px(base.x - side.x),
        px(base.y - side.y)
    );
    Some((line, head))
}

/// The outline of a node that is not a plain rectangle: cut corners where the flow divides.
pub fn cut_corners(node: &Node) -> Option<String> {
    if !matches!(node.kind, NodeType::IntentDetection | NodeType::Condition) {
        return None;
    }
    let cut = 8.5;
    let (left, top) = corner(node);
    let (right, bottom) = (left + node.width, top + node.height);
    Some(format!(
        "M{} {}H{}L{} {}V{}L{} {}H{}L{} {}V{}Z",
        px(left + cut),
        px(top),
        px(right - cut),
        px(right),
        px(top + cut),
        px(bottom - cut),
        px(right - cut),
        px(bottom),
        px(left + cut),
        px(left),
        px(bottom - cut),
        px(top + cut)
    ))
}

/// The top left of a node.
pub fn corner(node: &Node) -> (f64, f64) {
    (node.position.x - node.width / 2.0, node.position.y - node.height / 2.0)
}

/// Where a label without a place of its own goes: the middle of the line.
pub fn middle(points: &[Point]) -> Option<Point> {
    let length: f64 = points.windows(2).map(|ends| distance(ends[0], ends[1])).sum();
    let mut left = length / 2.0;
    for ends in points.windows(2) {
        let part = distance(ends[0], ends[1]);
        if left <= part {
            return Some(towards(ends[0], ends[1], left));
        }
        left -= part;
    }
    points.last().copied()
}

/// How wide a label of 11 px is, with its padding. An estimate: fonts are not measured on the server.
pub fn label_width(text: &str) -> f64 {
    text.chars().count() as f64 * 6.1 + 10.0
}

/// The smallest rectangle around everything drawn: its top left and bottom right.
fn drawn_area(graph: &Graph) -> Option<(Point, Point)> {
    let corners = graph.nodes.iter().flat_map(|node| {
        let (x, y) = corner(node);
        [Point { x, y }, Point { x: x + node.width, y: y + node.height }]
    });
    let bends = graph.edges.iter().flat_map(|edge| edge.points.iter().copied());
    corners.chain(bends).map(|point| (point, point)).reduce(|(low, high), (point, _)| {
        let low = Point { x: low.x.min(point.x), y: low.y.min(point.y) };
        (low, Point { x: high.x.max(point.x), y: high.y.max(point.y) })
    })
}

/// Which part of the drawing the canvas shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The point of the drawing at the canvas's top left.
    pub x: f64,
    pub y: f64,
    /// Pixels of the canvas for one of the drawing.
    pub zoom: f64,
}

/// The least and the most one can zoom.
pub const ZOOM: (f64, f64) = (0.1, 3.0);
/// Room around a fitted drawing, on a canvas as wide as this or wider; less on a narrow one.
const MARGIN: f64 = 24.0;
const WIDE: f64 = 600.0;
/// Room above a drawing on a narrow canvas, whose controls stand at its top.
const CONTROLS: f64 = 56.0;
/// Below this a whole drawing is too small to read: then its top is shown, as large as its width allows.
const READABLE: f64 = 0.55;

impl Window {
    /// The whole drawing, never larger than it is; its top when the whole would be too small to read.
    pub fn fit(graph: &Graph, width: f64, height: f64) -> Window {
        let Some((low, high)) = drawn_area(graph).filter(|_| width > 0.0 && height > 0.0) else {
            return Window { x: 0.0, y: 0.0, zoom: 1.0 };
        };
        let (margin, top) = if width < WIDE { (MARGIN / 2.0, CONTROLS) } else { (MARGIN, MARGIN) };
        let (across, down) = (high.x - low.x, high.y - low.y);
        let wide = ((width - 2.0 * margin) / across.max(1.0)).min(1.0);
        let whole = ((height - top - margin) / down.max(1.0)).min(wide);
        let zoom = if whole >= READABLE { whole } else { wide.min(READABLE).max(whole) }.max(ZOOM.0);
        // In the middle, but near the top, like a text.
        Window { x: (low.x + high.x - width / zoom) / 2.0, y: low.y - top / zoom, zoom }
    }

    /// What moves a picture of this window so that it shows `other`, as a style has it.
    pub fn shift_to(self, other: Window) -> String {
        let (across, down) = ((self.x - other.x) * other.zoom, (self.y - other.y) * other.zoom);
        format!("translate({across}px, {down}px) scale({})", other.zoom / self.zoom)
    }

    /// Zooms by `factor` so that the drawing stays still under the canvas's point (`x`, `y`).
    pub fn zoomed(self, factor: f64, x: f64, y: f64) -> Window {
        let zoom = (self.zoom * factor).clamp(ZOOM.0, ZOOM.1);
        Window { x: self.x + x / self.zoom - x / zoom, y: self.y + y / self.zoom - y / zoom, zoom }
    }

    /// Moves the drawing by so many pixels of the canvas.
    pub fn panned(self, x: f64, y: f64) -> Window {
        Window { x: self.x - x / self.zoom, y: self.y - y / self.zoom, ..self }
    }

    /// Moves just so far that the node is inside a canvas of this size.
    pub fn showing(self, node: &Node, width: f64, height: f64) -> Window {
        let (left, top) = (
            (node.position.x - node.width / 2.0 - self.x) * self.zoom,
            (node.position.y - node.height / 2.0 - self.y) * self.zoom,
        );
        let (right, bottom) = (left + node.width * self.zoom, top + node.height * self.zoom);
        let into = |low: f64, high: f64, size: f64| {
            if low < MARGIN {
                MARGIN - low
            } else if high > size - MARGIN {
                size - MARGIN - high
            } else {
                0.0
            }
        };
        self.panned(into(left, right, width), into(top, bottom, height))
    }

    pub fn view_box(self, width: f64, height: f64) -> String {
        format!("{} {} {} {}", px(self.x), px(self.y), px(width / self.zoom), px(height / self.zoom))
    }
}

/// A way to go from a node with an arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
    Left,
    Right,
}

/// The node an arrow key leads to: along an edge where one goes that way, else the nearest one there.
pub fn neighbour<'a>(graph: &'a Graph, from: &str, direction: Direction) -> Option<&'a Node> {
    let here = graph.node(from)?;
    let ahead = |node: &Node| {
        let way = minus(node.position, here.position);
        match direction {
            Direction::Up => (-way.y, way.x.abs()),
            Direction::Down => (way.y, way.x.abs()),
            Direction::Left => (-way.x, way.y.abs()),
            Direction::Right => (way.x, way.y.abs()),
        }
    };
    let joined = |node: &Node| {
        let meets = |a: &str, b: &str| graph.edges.iter().any(|edge| edge.source == a && edge.target == b);
        meets(from, &node.id) || meets(&node.id, from)
    };
    let cost = |node: &Node| {
        let (along, aside) = ahead(node);
        along + 2.0 * aside - if joined(node) { 10_000.0 } else { 0.0 }
    };
    graph
        .nodes
        .iter()
        .filter(|node| node.id != from && ahead(node).0 > 1.0 && (joined(node) || ahead(node).1 < 2.0 * ahead(node).0))
        .min_by(|a, b| cost(a).total_cmp(&cost(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::models::Edge;

    fn point(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    #[test]
    fn a_straight_edge_ends_in_its_head() {
        let (line, head) = edge_paths(&[point(10.0, 0.0), point(10.0, 40.0)]).expect("two points");
        assert_eq!(line, "M10 0L10 35.5");
        assert_eq!(head, "M10 40L13.5 33.5L6.5 33.5Z");
    }

    #[test]
    fn bends_are_round() {
        let (line, _) = edge_paths(&[point(0.0, 0.0), point(0.0, 20.0), point(30.0, 20.0)]).expect("three points");
        assert_eq!(line, "M0 0L0 12Q0 20 8 20L25.5 20");
    }

    #[test]
    fn no_line_without_a_way() {
        assert_eq!(edge_paths(&[]), None);
        assert_eq!(edge_paths(&[point(1.0, 1.0), point(1.0, 1.0)]), None);
    }

    #[test]
    fn zooming_keeps_the_point_under_the_cursor() {
        let window = Window { x: 10.0, y: 20.0, zoom: 1.0 };
        let zoomed = window.zoomed(2.0, 100.0, 50.0);
        assert_eq!((zoomed.x + 100.0 / zoomed.zoom, zoomed.y + 50.0 / zoomed.zoom), (110.0, 70.0));
        assert_eq!(zoomed.zoomed(1000.0, 0.0, 0.0).zoom, ZOOM.1);
    }

    #[test]
    fn a_picture_is_moved_as_the_window_is() {
        let window = Window { x: 10.0, y: 20.0, zoom: 0.5 };
        assert_eq!(window.shift_to(window.panned(30.0, -8.0)), "translate(30px, -8px) scale(1)");
        // The point at the canvas's (100, 40) stays there: 100 × 2 − 100, 40 × 2 − 40.
        assert_eq!(window.shift_to(window.zoomed(2.0, 100.0, 40.0)), "translate(-100px, -40px) scale(2)");
    }

    #[test]
    fn fitting_never_enlarges() {
        let points = vec![point(0.0, 0.0), point(100.0, 100.0)];
        let edge = Edge { points, ..serde_json::from_str(r#"{"source": "a", "target": "b"}"#).expect("an edge") };
        let graph = Graph { edges: vec![edge], width: 100.0, height: 100.0, ..Graph::default() };
        assert_eq!(Window::fit(&graph, 800.0, 600.0), Window { x: -350.0, y: -24.0, zoom: 1.0 });
        // Below the controls of a narrow canvas.
        assert_eq!(Window::fit(&graph, 500.0, 600.0), Window { x: -200.0, y: -56.0, zoom: 1.0 });
        assert!(Window::fit(&graph, 80.0, 600.0).zoom < 1.0);
        assert_eq!(Window::fit(&Graph::default(), 80.0, 600.0).zoom, 1.0);
    }
}
