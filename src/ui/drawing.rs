//! Where things of the drawing are: what stays in its place when it is drawn again, what is under a point. Pure.

use std::collections::BTreeMap;

use crate::workflow::models::{Edge, Graph, Node, Point};

use super::geometry::corner;

/// How far from a line it is still pointed at, in pixels of the drawing.
const NEAR: f64 = 28.0;

/// Moves a new drawing so that `anchor`, or else most of what was there before, stands where it stood.
pub fn keep_in_place(before: &Graph, after: &mut Graph, anchor: Option<&str>) {
    let moved = |node: &Node| {
        let known = before.node(&node.id)?;
        Some(((known.position.x - node.position.x).round() as i64, (known.position.y - node.position.y).round() as i64))
    };
    let anchored = anchor.and_then(|id| after.node(id)).and_then(moved);
    let by = anchored.or_else(|| {
        let mut counts: BTreeMap<(i64, i64), usize> = BTreeMap::new();
        after.nodes.iter().filter_map(moved).for_each(|by| *counts.entry(by).or_default() += 1);
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(by, _)| by)
    });
    let Some((x, y)) = by.filter(|by| *by != (0, 0)) else { return };
    let shift = |point: &mut Point| {
        point.x += x as f64;
        point.y += y as f64;
    };
    after.nodes.iter_mut().for_each(|node| shift(&mut node.position));
    for edge in &mut after.edges {
        edge.points.iter_mut().chain(&mut edge.label_at).for_each(shift);
    }
}

/// The step under a point.
pub fn node_at(graph: &Graph, at: Point) -> Option<&Node> {
    graph.nodes.iter().find(|node| {
        let (left, top) = corner(node);
        (left..=left + node.width).contains(&at.x) && (top..=top + node.height).contains(&at.y)
    })
}

/// The edge nearest to a point, if one is near; none that begins or ends at `apart_from`.
pub fn edge_near<'a>(graph: &'a Graph, at: Point, apart_from: &str) -> Option<&'a Edge> {
    let others = graph.edges.iter().filter(|edge| edge.source != apart_from && edge.target != apart_from);
    let near = others.map(|edge| (distance_to(&edge.points, at), edge)).filter(|(distance, _)| *distance < NEAR);
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, edge)| edge)
}

fn distance_to(line: &[Point], at: Point) -> f64 {
    line.windows(2).map(|ends| distance_to_part(ends[0], ends[1], at)).fold(f64::INFINITY, f64::min)
}

fn distance_to_part(from: Point, to: Point, at: Point) -> f64 {
    let (along_x, along_y) = (to.x - from.x, to.y - from.y);
    let length = along_x * along_x + along_y * along_y;
    let part = if length > 0.0 { ((at.x - from.x) * along_x + (at.y - from.y) * along_y) / length } else { 0.0 };
    let part = part.clamp(0.0, 1.0);
    (at.x - from.x - part * along_x).hypot(at.y - from.y - part * along_y)
}

/// The way on from a step that is no failure and leads forward, if there is one.
pub fn onward<'a>(graph: &'a Graph, id: &'a str) -> Option<&'a Edge> {
    let place = |id: &str| graph.nodes.iter().position(|node| node.id == id);
    let ways = || graph.edges_from(id).filter(|edge| !edge.is_failure);
    let forward = |edge: &&Edge| place(&edge.target) > place(id);
    ways().filter(forward).find(|edge| !edge.is_default).or_else(|| ways().find(forward)).or_else(|| ways().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(places: &[(&str, f64, f64)]) -> Graph {
        let node = |(id, x, y): &(&str, f64, f64)| {
            let node = serde_json::json!({
                "id": id, "type": "response", "label": id, "description": "", "config": {}, "fields": [],
                "provenance": "said", "position": {"x": x, "y": y}, "width": 100.0, "height": 40.0,
            });
            serde_json::from_value(node).expect("a node")
        };
        let ids: Vec<&str> = places.iter().map(|(id, ..)| *id).collect();
        let edge = |ends: &[&str]| {
            let (from, to) = (places.iter().find(|it| it.0 == ends[0]), places.iter().find(|it| it.0 == ends[1]));
            let points = [from, to].into_iter().flatten().map(|(_, x, y)| Point { x: *x, y: *y }).collect();
            Edge { points, ..Edge::plain(ends[0], ends[1]) }
        };
        let edges = ids.windows(2).map(edge).collect();
        Graph { nodes: places.iter().map(node).collect(), edges, width: 0.0, height: 0.0 }
    }

    fn places(graph: &Graph) -> Vec<(f64, f64)> {
        graph.nodes.iter().map(|node| (node.position.x, node.position.y)).collect()
    }

    #[test]
    fn most_of_what_was_there_stays() {
        let before = graph(&[("a", 50.0, 0.0), ("b", 50.0, 100.0), ("c", 50.0, 200.0)]);
        let mut after = graph(&[("a", 90.0, 0.0), ("b", 90.0, 100.0), ("new", 90.0, 200.0), ("c", 90.0, 300.0)]);
        keep_in_place(&before, &mut after, None);
        assert_eq!(places(&after), [(50.0, 0.0), (50.0, 100.0), (50.0, 200.0), (50.0, 300.0)]);
        assert_eq!(after.edges[0].points[0], Point { x: 50.0, y: 0.0 });
        keep_in_place(&before, &mut after, Some("c"));
        assert_eq!(places(&after)[3], (50.0, 200.0));
    }

    #[test]
    fn what_is_under_a_point_is_found() {
        let drawn = graph(&[("a", 50.0, 0.0), ("b", 50.0, 100.0), ("c", 50.0, 200.0)]);
        let at = |x, y| Point { x, y };
        assert_eq!(node_at(&drawn, at(10.0, 110.0)).map(|node| node.id.as_str()), Some("b"));
        assert_eq!(node_at(&drawn, at(10.0, 130.0)), None);
        let near = |x, y, apart| edge_near(&drawn, at(x, y), apart).map(|edge| edge.source.as_str());
        assert_eq!(near(60.0, 150.0, "a"), Some("b"));
        assert_eq!(near(60.0, 150.0, "c"), None);
        assert_eq!(near(150.0, 150.0, "a"), None);
    }
}
