//! How large a node is: its title in the page's sans at 12.5 px, beside the icon, on one line or two.

use crate::workflow::models::{Graph, Node, NodeType};

pub const MIN_WIDTH: f64 = 152.0;
pub const MAX_WIDTH: f64 = 240.0;
pub const HEIGHT: f64 = 44.0;
/// Of a node whose title takes two lines.
pub const TALL: f64 = 60.0;
const PILL_HEIGHT: f64 = 28.0;
const PILL_MIN: f64 = 96.0;
/// Icon, gaps and padding beside the title.
const BESIDE: f64 = 56.0;
const PILL_BESIDE: f64 = 52.0;
/// Room for the cut corners of intent and condition.
const CUT: f64 = 12.0;
/// Height of an edge's label.
pub const LABEL_HEIGHT: f64 = 18.0;
const LABEL_PADDING: f64 = 10.0;

/// Width of a text at 12.5 px, on the safe side.
pub fn text_width(text: &str) -> f64 {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ';' | ':' | '\'' | '’' | '|' | '!' => 3.6,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 4.8,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' => 11.0,
        'A'..='Z' | '&' | '0'..='9' | '€' | '$' => 8.4,
        c if (c as u32) < 0x2E80 => 7.1,
        _ => 13.0,
    }
}

/// Width of an edge's label, which is set at 11 px.
pub fn label_width(label: &str) -> f64 {
    (text_width(label) * 0.88 + LABEL_PADDING).ceil()
}

/// The title as the drawing breaks it: one line, or two where it is wider than a node may be.
pub fn lines(node: &Node) -> Vec<String> {
    let room = MAX_WIDTH - BESIDE;
    if text_width(&node.label) <= room || is_pill(node.kind) {
        return vec![node.label.clone()];
    }
    let mut first = String::new();
    let mut rest = String::new();
    for word in node.label.split_whitespace() {
        let longer = if first.is_empty() { word.to_owned() } else { format!("{first} {word}") };
        let line =
            if rest.is_empty() && (first.is_empty() || text_width(&longer) <= room) { &mut first } else { &mut rest };
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if rest.is_empty() { vec![first] } else { vec![first, rest] }
}

pub fn is_pill(kind: NodeType) -> bool {
    matches!(kind, NodeType::Start | NodeType::End)
}

/// Gives every node its width and height, in whole even pixels.
pub fn size(graph: &mut Graph) {
    for node in &mut graph.nodes {
        let lines = lines(node);
        let widest = lines.iter().map(|line| text_width(line)).fold(0.0, f64::max);
        let cut = if matches!(node.kind, NodeType::IntentDetection | NodeType::Condition) { CUT } else { 0.0 };
        let (width, height) = match is_pill(node.kind) {
            true => ((widest + PILL_BESIDE).max(PILL_MIN), PILL_HEIGHT),
            false => ((widest + BESIDE + cut).clamp(MIN_WIDTH, MAX_WIDTH), if lines.len() > 1 { TALL } else { HEIGHT }),
        };
        node.width = (width.min(MAX_WIDTH) / 2.0).ceil() * 2.0;
        node.height = height;
    }
}
