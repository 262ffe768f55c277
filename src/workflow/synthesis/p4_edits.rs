//! Last phase: the changes the user asked for in words or drew by hand. One that would break an invariant is left out;
//! for one asked for in words, with the reason.

use std::collections::{BTreeSet, HashSet};

use crate::intent::models::{AgentSpec, FieldId, Provenance};
use crate::tools::models::ToolConfig;
use crate::workflow::models::{Edge, Graph, Node, NodeType, StepEdit};
use crate::workflow::{validator, words};

use super::draft::END_ID;
use super::facts::active_tools;
use super::p2_chains::step;
use super::{by_hand, p5_tidy};

/// Applies the edits in order; returns a sentence for each that was left out.
pub fn apply(graph: &mut Graph, spec: &AgentSpec, edits: &[StepEdit]) -> Vec<String> {
    let mut skipped = Vec::new();
    for edit in edits {
        let mut changed = graph.clone();
        let outcome = apply_one(&mut changed, spec, edit)
            .and_then(|()| validator::problems(&changed, spec).into_iter().next().map_or(Ok(()), Err));
        match outcome {
            Ok(()) => {
                p5_tidy::tidy(&mut changed);
                *graph = changed;
            }
            Err(reason) => skipped.extend(refusal(edit, &reason)),
        }
    }
    skipped
}

fn refusal(edit: &StepEdit, reason: &str) -> Option<String> {
    Some(match edit {
        // It fitted when it was drawn: what it was drawn around is gone, and it goes with it.
        StepEdit::Graph { .. } => return None,
        StepEdit::Insert { label, .. } => format!("“{}” was not added: {reason}", words::clean(label)),
        StepEdit::Remove { quote, .. } => format!("“{}” was not done: {reason}", words::clean(quote)),
        StepEdit::Rename { label, .. } => format!("Nothing was renamed to “{}”: {reason}", words::clean(label)),
    })
}

const GONE: &str = "the step it refers to is not in the flow any more.";

fn apply_one(graph: &mut Graph, spec: &AgentSpec, edit: &StepEdit) -> Result<(), String> {
    match edit {
        StepEdit::Rename { node, label } => {
            let node = graph.nodes.iter_mut().find(|known| known.id == *node).ok_or(GONE)?;
            let label = words::title(label);
            if label.is_empty() {
                return Err("the new title is empty.".to_owned());
            }
            node.label = label;
            Ok(())
        }
        StepEdit::Remove { node, .. } => remove(graph, node),
        StepEdit::Graph { edits, kinds } => {
            let edits = by_hand::fitted(graph, edits, kinds).ok_or(GONE)?;
            edits.iter().try_for_each(|edit| by_hand::apply(graph, spec, edit))
        }
        StepEdit::Insert { label, kind, before, after, quote } => {
            let place = place(graph, before.as_deref(), after.as_deref())?;
            insert(graph, spec, Wanted { label, kind: *kind, quote }, &place)?;
            drop_unreachable(graph);
            Ok(())
        }
    }
}

fn labelled(source: &str, target: &str, label: &str, is_default: bool) -> Edge {
    Edge { label: Some(label.to_owned()), is_default, ..Edge::plain(source, target) }
}

// ---- where

/// Where new steps go: the edges that will lead to them, and what follows.
enum Place {
    /// On these edges (positions), which all lead to `next`.
    On { edges: Vec<usize>, next: String },
    /// A new branch of a choice, leading to `next`.
    Branch { of: String, next: String },
}

fn place(graph: &Graph, before: Option<&str>, after: Option<&str>) -> Result<Place, String> {
    if let Some(next) = before.filter(|id| graph.node(id).is_some_and(|node| node.kind != NodeType::Start)) {
        return Ok(Place::On { edges: edges_forward_to(graph, next), next: next.to_owned() });
    }
    if let Some(node) = after.and_then(|id| graph.node(id)) {
        return after_node(graph, node);
    }
    if before.is_some() || after.is_some() {
        return Err(GONE.to_owned());
    }
    let opening = |kind: NodeType| graph.nodes.iter().find(|node| node.kind == kind);
    let node = opening(NodeType::Greeting).or_else(|| opening(NodeType::Start)).ok_or(GONE)?;
    after_node(graph, node)
}

fn after_node(graph: &Graph, node: &Node) -> Result<Place, String> {
    if node.kind == NodeType::IntentDetection && graph.edges_from(&node.id).count() > 1 {
        return Ok(Place::Branch { of: node.id.clone(), next: after_branches(graph, &node.id) });
    }
    let edge = onward(graph, &node.id).ok_or_else(|| format!("nothing can follow “{}”.", node.label))?;
    Ok(Place::On { edges: vec![edge], next: graph.edges[edge].target.clone() })
}

/// The edge by which the conversation normally goes on: the yes of a question, the success of a call; none that leads
/// back to what was done before.
pub fn onward(graph: &Graph, id: &str) -> Option<usize> {
    let place = |id: &str| graph.nodes.iter().position(|node| node.id == id);
    let leaves = |edge: &Edge| edge.source == id && !edge.is_failure;
    let ways: Vec<usize> = (0..graph.edges.len()).filter(|at| leaves(&graph.edges[*at])).collect();
    let forward = |at: &&usize| place(&graph.edges[**at].target) > place(id);
    let chosen = ways.iter().filter(forward).find(|at| !graph.edges[**at].is_default);
    chosen.or_else(|| ways.iter().find(forward)).or(ways.first()).copied()
}

/// Where branches of a choice lead when they are done: to the question that leads back to it, else to the end.
fn after_branches(graph: &Graph, intent: &str) -> String {
    let asks = |id: &str| graph.node(id).is_some_and(|node| node.kind == NodeType::Condition);
    let back = graph.edges.iter().find(|edge| edge.target == intent && asks(&edge.source));
    back.map_or_else(|| END_ID.to_owned(), |edge| edge.source.clone())
}

/// Edges into a node, without those that come back to it from what follows it.
fn edges_forward_to(graph: &Graph, id: &str) -> Vec<usize> {
    let first = graph.nodes.iter().find(|node| node.kind == NodeType::Start).map(|node| node.id.as_str());
    let mut reached: HashSet<&str> = HashSet::new();
    let mut todo: Vec<&str> = first.into_iter().collect();
    while let Some(at) = todo.pop() {
        if at != id && reached.insert(at) {
            todo.extend(graph.edges_from(at).map(|edge| edge.target.as_str()));
        }
    }
    let into = |at: &usize| graph.edges[*at].target == id && reached.contains(graph.edges[*at].source.as_str());
    (0..graph.edges.len()).filter(into).collect()
}

// ---- what

struct Wanted<'a> {
    label: &'a str,
    kind: NodeType,
    quote: &'a str,
}

/// New nodes and the edges between and out of them; the first node is the entry.
#[derive(Default)]
struct Piece {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

struct Writer<'a> {
    taken: HashSet<String>,
    wanted: Wanted<'a>,
    piece: Piece,
}

impl Writer<'_> {
    fn node(&mut self, kind: NodeType, label: &str) -> String {
        let label = words::title(label);
        let description = words::sentence(self.wanted.quote);
        let mut node = step(kind, label, description, vec![FieldId::ConversationFlow], Provenance::Said);
        node.id = words::fresh_id(&node.label, kind.as_str(), &mut self.taken);
        let id = node.id.clone();
        self.piece.nodes.push(node);
        id
    }

    fn last(&mut self) -> &mut Node {
        self.piece.nodes.last_mut().expect("called after a node was written")
    }
}

fn insert(graph: &mut Graph, spec: &AgentSpec, wanted: Wanted<'_>, place: &Place) -> Result<(), String> {
    let (Place::On { next, .. } | Place::Branch { next, .. }) = place;
    let taken = graph.nodes.iter().map(|node| node.id.clone()).collect();
    let label = words::title(wanted.label);
    let mut writer = Writer { taken, wanted, piece: Piece::default() };
    write(graph, spec, &mut writer, &label, place, next)?;
    let entry = writer.piece.nodes.first().ok_or(GONE)?.id.clone();
    match place {
        Place::On { edges, .. } => edges.iter().for_each(|at| graph.edges[*at].target.clone_from(&entry)),
        Place::Branch { of, .. } => {
            let edge = labelled(of, &entry, &words::edge_label(&label), false);
            let first_default = graph.edges.iter().position(|edge| edge.source == *of && edge.is_default);
            graph.edges.insert(first_default.unwrap_or(graph.edges.len()), edge);
        }
    }
    let follows = graph.nodes.iter().position(|node| node.id == *next).unwrap_or(graph.nodes.len());
    graph.nodes.splice(follows..follows, writer.piece.nodes);
    graph.edges.extend(writer.piece.edges);
    Ok(())
}

fn write(
    graph: &Graph,
    spec: &AgentSpec,
    writer: &mut Writer<'_>,
    label: &str,
    place: &Place,
    next: &str,
) -> Result<(), String> {
    let ends = graph.node(next).is_some_and(|node| node.kind == NodeType::End);
    match writer.wanted.kind {
        NodeType::Start | NodeType::End | NodeType::IntentDetection => {
            return Err("a flow has one start and one choice, and its ends are given.".to_owned());
        }
        NodeType::ToolCall | NodeType::KnowledgeLookup => return write_call(graph, spec, writer, label, place, next),
        NodeType::Condition | NodeType::Confirmation if !ends => {
            let id = writer.node(writer.wanted.kind, label);
            writer.piece.edges.push(labelled(&id, next, "yes", false));
            writer.piece.edges.push(labelled(&id, END_ID, "no", true));
        }
        NodeType::Handoff => write_handoff(graph, writer, label, place, next),
        NodeType::CollectInput => {
            let id = writer.node(NodeType::CollectInput, label);
            writer.last().config.collects =
                vec![words::slug(label)].into_iter().filter(|name| !name.is_empty()).collect();
            writer.piece.edges.push(Edge::plain(&id, next));
        }
        kind => {
            let kind = if kind == NodeType::Greeting { kind } else { NodeType::Response };
            let id = writer.node(kind, label);
            writer.piece.edges.push(Edge::plain(&id, next));
        }
    }
    Ok(())
}

/// In the middle of a flow a hand-over is a question first: whoever is not passed on goes on.
fn write_handoff(graph: &Graph, writer: &mut Writer<'_>, label: &str, place: &Place, next: &str) {
    let away = graph.nodes.iter().find(|node| node.kind == NodeType::End && node.id != END_ID);
    let away = away.map_or(END_ID, |node| node.id.as_str()).to_owned();
    if matches!(place, Place::Branch { .. }) || next == END_ID || next == away {
        let id = writer.node(NodeType::Handoff, label);
        writer.piece.edges.push(Edge::plain(&id, &away));
        return;
    }
    let question = format!("{}?", words::short(label, words::NODE_TITLE - 1));
    let ask = writer.node(NodeType::Condition, &question);
    let pass = writer.node(NodeType::Handoff, label);
    writer.piece.edges.push(labelled(&ask, &pass, "yes", false));
    writer.piece.edges.push(labelled(&ask, next, "no", true));
    writer.piece.edges.push(Edge::plain(&pass, &away));
}

/// A call with what it needs: the missing input, the yes, a way on when it fails.
fn write_call(
    graph: &Graph,
    spec: &AgentSpec,
    writer: &mut Writer<'_>,
    label: &str,
    place: &Place,
    next: &str,
) -> Result<(), String> {
    let text = format!("{label} {}", writer.wanted.quote);
    let tool = matching_tool(spec, &text).ok_or("no tool that is set up does it.")?;
    let known = known_at(graph, spec, place);
    let missing = tool.required_parameters().into_iter().filter(|name| !known.contains(*name));
    let missing: Vec<String> = missing.map(str::to_owned).collect();
    let mut ids = Vec::new();
    if !missing.is_empty() {
        ids.push(writer.node(NodeType::CollectInput, &format!("Details for {}", words::lower_first(label))));
        writer.last().config.collects = missing;
    }
    let confirm = tool.needs_confirmation.then(|| writer.node(NodeType::Confirmation, "Ask first"));
    ids.extend(confirm.clone());
    ids.push(writer.node(writer.wanted.kind, label));
    let config = &mut writer.last().config;
    config.tool = Some(tool.id.clone());
    config.tool_name = Some(tool.name.clone());
    let call = ids.last().cloned().unwrap_or_default();
    let without = writer.node(NodeType::Response, "Go on without it");
    for pair in ids.windows(2) {
        let asks = confirm.as_ref() == Some(&pair[0]);
        writer.piece.edges.push(if asks {
            labelled(&pair[0], &pair[1], "yes", false)
        } else {
            Edge::plain(&pair[0], &pair[1])
        });
        if asks {
            writer.piece.edges.push(labelled(&pair[0], next, "no", true));
        }
    }
    writer.piece.edges.push(Edge { is_default: true, ..Edge::plain(&call, next) });
    writer.piece.edges.push(Edge { is_failure: true, ..labelled(&call, &without, "if it fails", false) });
    writer.piece.edges.push(Edge::plain(&without, next));
    Ok(())
}

/// What is collected on every way to the place.
fn known_at(graph: &Graph, spec: &AgentSpec, place: &Place) -> BTreeSet<String> {
    let sources: Vec<&str> = match place {
        Place::On { edges, .. } => edges.iter().map(|at| graph.edges[*at].source.as_str()).collect(),
        Place::Branch { of, .. } => vec![of.as_str()],
    };
    let known = sources.into_iter().map(|id| validator::collected_after(graph, spec, id));
    known.reduce(|all, one| all.intersection(&one).cloned().collect()).unwrap_or_default()
}

/// The configured tool that a text speaks of.
fn matching_tool<'a>(spec: &'a AgentSpec, text: &str) -> Option<&'a ToolConfig> {
    let stems = words::content_stems(text);
    let tokens = words::tokens(text);
    let score = |tool: &ToolConfig| {
        let flow = crate::workflow::flow::tool(tool);
        let named = words::content_stems(&format!("{} {}", tool.id, tool.name));
        let phrases = flow.words.iter().filter(|phrase| phrase.holds(&tokens)).count();
        2 * named.intersection(&stems).count() + phrases
    };
    let scored = active_tools(spec).map(|tool| (score(tool), tool)).filter(|(score, _)| *score > 0);
    scored.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, tool)| tool)
}

// ---- removing

/// Leaves a step out: what led to it leads to what follows it, and what only it led to goes with it.
pub fn remove(graph: &mut Graph, id: &str) -> Result<(), String> {
    let before = reachable(graph);
    let node = graph.node(id).ok_or(GONE)?;
    if matches!(node.kind, NodeType::Start | NodeType::End | NodeType::IntentDetection) {
        return Err(format!("“{}” holds the flow together.", node.label));
    }
    let onward = onward(graph, id).map(|at| graph.edges[at].target.clone()).ok_or(GONE)?;
    for edge in &mut graph.edges {
        if edge.target == id {
            edge.target.clone_from(&onward);
        }
    }
    graph.nodes.retain(|node| node.id != id);
    let mut seen = HashSet::new();
    graph.edges.retain(|edge| {
        let pair = (edge.source.clone(), edge.target.clone());
        edge.source != id && edge.source != edge.target && seen.insert(pair)
    });
    unbranch(graph);
    let after = reachable(graph);
    drop_nodes(graph, |id| before.contains(id) && !after.contains(id));
    Ok(())
}

/// A question with one answer left is none: what remains of it is the way on.
fn unbranch(graph: &mut Graph) {
    let lonely: Vec<String> = graph
        .nodes
        .iter()
        .filter(|node| matches!(node.kind, NodeType::IntentDetection | NodeType::CollectInput | NodeType::Response))
        .filter(|node| graph.edges_from(&node.id).count() == 1)
        .map(|node| node.id.clone())
        .collect();
    for edge in graph.edges.iter_mut().filter(|edge| lonely.contains(&edge.source)) {
        edge.label = None;
        edge.is_default = false;
    }
}

fn reachable(graph: &Graph) -> HashSet<String> {
    let start = graph.nodes.iter().find(|node| node.kind == NodeType::Start).map(|node| node.id.clone());
    let mut seen: HashSet<String> = HashSet::new();
    let mut todo: Vec<String> = start.into_iter().collect();
    while let Some(at) = todo.pop() {
        if seen.insert(at.clone()) {
            todo.extend(graph.edges_from(&at).map(|edge| edge.target.clone()));
        }
    }
    seen
}

fn drop_unreachable(graph: &mut Graph) {
    let seen = reachable(graph);
    drop_nodes(graph, |id| !seen.contains(id));
}

fn drop_nodes(graph: &mut Graph, goes: impl Fn(&str) -> bool) {
    graph.nodes.retain(|node| !goes(&node.id));
    graph.edges.retain(|edge| !goes(&edge.source) && !goes(&edge.target));
}
