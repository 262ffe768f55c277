//! The drawing as a file of its own: colours inside, light and dark by the viewer's preference.

use std::fmt::Write as _;

use crate::workflow::layout::measure;
use crate::workflow::models::{Edge, Graph, Node, NodeType, Point};

/// The page's colours in sRGB, so that any viewer has them.
const STYLE: &str = "\
.desk{fill:#f5f2ed}.box{fill:#fefdfb;stroke:#c1bbb2}.pill{fill:#f5f2ed}.line{fill:none;stroke:#8d867d;stroke-width:1.25}\
.fail{stroke-dasharray:4 3}.tip{fill:#8d867d}.title{fill:#26211c;font:500 12.5px Inter,'Helvetica Neue',Arial,sans-serif}\
.sub,.label{fill:#6a645c;font:400 11px Inter,'Helvetica Neue',Arial,sans-serif}.label{text-anchor:middle}\
.said{stroke:#16685c}.inferred{stroke:#8f5611;stroke-dasharray:2 2}.default{stroke:#6d6a66;stroke-dasharray:4 3}.edited{stroke:#2b5fa8}\
.from{fill:none;stroke-width:2}\
@media (prefers-color-scheme:dark){.desk{fill:#131210}.box{fill:#23201d;stroke:#524d47}.pill{fill:#131210}.line{stroke:#7b756d}\
.tip{fill:#7b756d}.title{fill:#eae7e2}.sub,.label{fill:#a29c94}.said{stroke:#5cbdab}.inferred{stroke:#dfac66}\
.default{stroke:#949089}.edited{stroke:#7fb0ee}}";

const CORNER: f64 = 8.0;
const CUT: f64 = 8.0;
const TIP: f64 = 6.5;

/// A standalone drawing with its own colours.
pub fn svg(graph: &Graph) -> String {
    let (width, height) = (graph.width.max(1.0), graph.height.max(1.0));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"flow-title flow-desc\"><title id=\"flow-title\">Workflow</title>\
         <desc id=\"flow-desc\">{}</desc><style>{STYLE}</style><rect class=\"desk\" width=\"100%\" height=\"100%\"/>",
        escaped(&super::text_summary(graph))
    );
    for edge in &graph.edges {
        line(&mut text, edge);
    }
    for edge in &graph.edges {
        label(&mut text, edge);
    }
    for node in &graph.nodes {
        draw(&mut text, node);
    }
    text.push_str("</svg>\n");
    text
}

/// Text for XML content and attributes; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(' '),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

// Writing to a string cannot fail, so the results below are let go.

fn line(text: &mut String, edge: &Edge) {
    let [first, .., before, last] = edge.points.as_slice() else {
        if let [a, b] = edge.points.as_slice() {
            straight(text, edge, *a, *b);
        }
        return;
    };
    let mut path = format!("M{} {}", first.x, first.y);
    for window in edge.points.windows(3) {
        corner(&mut path, window[0], window[1], window[2]);
    }
    let stop = towards(*last, *before, TIP - 2.0);
    let _ = write!(path, "L{} {}", stop.x, stop.y);
    finish(text, edge, &path, *before, *last);
}

fn straight(text: &mut String, edge: &Edge, a: Point, b: Point) {
    let stop = towards(b, a, TIP - 2.0);
    finish(text, edge, &format!("M{} {}L{} {}", a.x, a.y, stop.x, stop.y), a, b);
}

fn finish(text: &mut String, edge: &Edge, path: &str, before: Point, last: Point) {
    let class = if edge.is_failure { "line fail" } else { "line" };
    let base = towards(last, before, TIP);
    let (dx, dy) = if (last.x - before.x).abs() < (last.y - before.y).abs() { (3.5, 0.0) } else { (0.0, 3.5) };
    let _ = write!(
        text,
        "<path class=\"{class}\" d=\"{path}\"/><path class=\"tip\" d=\"M{} {}L{} {}L{} {}Z\"/>",
        last.x,
        last.y,
        base.x - dx,
        base.y - dy,
        base.x + dx,
        base.y + dy
    );
}

/// The point at `distance` from `from` on the way to `to`, no farther than halfway.
fn towards(from: Point, to: Point, distance: f64) -> Point {
    let length = (to.x - from.x).hypot(to.y - from.y);
    let part = if length > 0.0 { (distance / length).min(0.5) } else { 0.0 };
    Point { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}

fn corner(path: &mut String, a: Point, b: Point, c: Point) {
    let (enter, leave) = (towards(b, a, CORNER), towards(b, c, CORNER));
    let _ = write!(path, "L{} {}Q{} {} {} {}", enter.x, enter.y, b.x, b.y, leave.x, leave.y);
}

fn label(text: &mut String, edge: &Edge) {
    let (Some(label), Some(at)) = (edge.label.as_deref(), edge.label_at) else { return };
    let width = measure::label_width(label);
    let height = measure::LABEL_HEIGHT;
    let _ = write!(
        text,
        "<rect class=\"desk\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\" rx=\"4\"/><text class=\"label\" x=\"{}\" y=\"{}\">{}</text>",
        at.x - width / 2.0,
        at.y - height / 2.0,
        at.x,
        at.y + 3.5,
        escaped(label)
    );
}

fn draw(text: &mut String, node: &Node) {
    let (left, top) = (node.position.x - node.width / 2.0, node.position.y - node.height / 2.0);
    let (width, height) = (node.width, node.height);
    let _ = write!(text, "<g><title>{}</title>", escaped(&node.description));
    match node.kind {
        NodeType::Start | NodeType::End => {
            let _ = write!(
                text,
                "<rect class=\"box pill\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"{}\"/>",
                height / 2.0
            );
        }
        NodeType::IntentDetection | NodeType::Condition => {
            let (right, bottom) = (left + width, top + height);
            let _ = write!(
                text,
                "<path class=\"box\" d=\"M{} {top}H{}L{right} {}V{}L{} {bottom}H{}L{left} {}V{}Z\"/>",
                left + CUT,
                right - CUT,
                top + CUT,
                bottom - CUT,
                right - CUT,
                left + CUT,
                bottom - CUT,
                top + CUT
            );
        }
        _ => {
            let _ = write!(
                text,
                "<rect class=\"box\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>"
            );
        }
    }
    titles(text, node, left, top);
    if !measure::is_pill(node.kind) {
        let y = top + height;
        let _ = write!(text, "<path class=\"from {}\" d=\"M{} {y}h22\"/>", node.provenance.as_str(), left + 14.0);
    }
    text.push_str("</g>");
}

fn titles(text: &mut String, node: &Node, left: f64, top: f64) {
    if measure::is_pill(node.kind) {
        let (x, y) = (node.position.x, node.position.y + 4.5);
        let _ = write!(
            text,
            "<text class=\"title\" text-anchor=\"middle\" x=\"{x}\" y=\"{y}\">{}</text>",
            escaped(&node.label)
        );
        return;
    }
    let mut y = top + 19.0;
    for line in measure::lines(node) {
        let _ = write!(text, "<text class=\"title\" x=\"{}\" y=\"{y}\">{}</text>", left + 16.0, escaped(&line));
        y += 16.0;
    }
    let below = node.config.tool_name.as_deref().unwrap_or(node.kind.label());
    let fitting: String = below.chars().take(34).collect();
    let _ = write!(text, "<text class=\"sub\" x=\"{}\" y=\"{}\">{}</text>", left + 16.0, y - 1.5, escaped(&fitting));
}
