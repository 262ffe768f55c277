//! What a request is about: finds the step, tool or goal that a few words mean.

use std::collections::BTreeSet;

use crate::intent::models::{AgentSpec, FieldId};
use crate::workflow::models::{Edge, Graph, Node, NodeType};
use crate::workflow::synthesis::draft::END_ID;
use crate::workflow::synthesis::facts::active_tools;
use crate::workflow::words;

/// Where a new step goes, in terms of the graph.
#[derive(Debug, Default, PartialEq)]
pub struct Anchor {
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// What can be left out.
#[derive(Debug, PartialEq)]
pub enum Target {
    Node(String),
    Tool(String),
    Goal(usize),
}

/// A word of the title counts more than one of the tool's name.
const TITLE: usize = 3;
const TOOL: usize = 2;
const KIND: usize = 1;

fn stems(text: &str) -> BTreeSet<String> {
    let content = words::content_stems(text);
    // A request may be made of words that mean little elsewhere ("the greeting", "the name").
    if content.is_empty() { words::tokens(text).iter().map(|word| words::stem(word)).collect() } else { content }
}

/// How well a node fits the words meant.
fn score(node: &Node, meant: &BTreeSet<String>) -> usize {
    let common = |text: &str| {
        words::tokens(&text.replace('_', " "))
            .iter()
            .map(|word| words::stem(word))
            .collect::<BTreeSet<_>>()
            .intersection(meant)
            .count()
    };
    let tool = [node.config.tool.as_deref(), node.config.tool_name.as_deref()];
    let tool: usize = tool.into_iter().flatten().map(common).max().unwrap_or(0);
    let kinds = common(node.kind.label()).max(common(node.kind.as_str()));
    TITLE * common(&node.label) + TOOL * tool + KIND * kinds
}

/// The step that a text means. Of equals, the first when something goes before it, the last when something follows.
pub fn node(text: &str, graph: &Graph, side: Option<Side>) -> Option<String> {
    let meant = stems(text);
    let fixed = |node: &&Node| side.is_none() && matches!(node.kind, NodeType::Start);
    let scored = graph.nodes.iter().filter(|node| !fixed(node)).map(|node| (score(node, &meant), node));
    let mut best: Option<(usize, &Node)> = None;
    for (score, node) in scored.filter(|(score, _)| *score > 0) {
        let better = best.is_none_or(|(known, _)| score > known || score == known && side == Some(Side::After));
        if better {
            best = Some((score, node));
        }
    }
    best.map(|(_, node)| node.id.clone())
}

/// The tool, goal or step that a text means, whichever fits best; a step that is all there is of a tool or a goal
/// stands for it.
pub fn any(text: &str, graph: &Graph, spec: &AgentSpec) -> Option<Target> {
    let meant = stems(text);
    let count = |text: &str| words::content_stems(text).intersection(&meant).count();
    let tools = active_tools(spec).map(|tool| (count(&tool.name).max(count(&tool.id)), Target::Tool(tool.id.clone())));
    let goals = spec.values(FieldId::Goals).enumerate().map(|(index, goal)| (count(goal), Target::Goal(index)));
    let step = node(text, graph, None).and_then(|id| graph.node(&id));
    let titled =
        |node: &Node| words::tokens(&node.label).iter().filter(|word| meant.contains(&words::stem(word))).count();
    let steps = step.map(|node| (titled(node).max(1), stands_for(node, graph)));
    let all = steps.into_iter().chain(tools).chain(goals).filter(|(score, _)| *score > 0);
    let best = all.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    // Half of what was said must be there, or it was about something else.
    (best.0 * 2 >= meant.len()).then_some(best.1)
}

fn stands_for(node: &Node, graph: &Graph) -> Target {
    let others = || graph.nodes.iter().filter(|other| other.id != node.id);
    let goal = node.config.goals.iter().find(|goal| !others().any(|other| other.config.goals.contains(goal)));
    if let Some(goal) = goal {
        return Target::Goal(*goal);
    }
    match &node.config.tool {
        Some(tool) if !others().any(|other| other.config.tool.as_ref() == Some(tool)) => Target::Tool(tool.clone()),
        _ => Target::Node(node.id.clone()),
    }
}

/// Where the last step goes: after "anything else?", or before the closing words.
pub fn closing(graph: &Graph) -> Anchor {
    let place = |id: &str| graph.nodes.iter().position(|node| node.id == id);
    let backwards = |edge: &Edge| place(&edge.target) < place(&edge.source);
    let ends = |id: &str| graph.edges_from(id).any(|edge| edge.target == END_ID);
    let asks_again =
        |node: &&Node| node.kind == NodeType::Condition && ends(&node.id) && graph.edges_from(&node.id).any(backwards);
    if let Some(again) = graph.nodes.iter().find(asks_again) {
        return Anchor { before: None, after: Some(again.id.clone()) };
    }
    let says_last = |node: &&Node| node.kind == NodeType::Response && node.config.goals.is_empty() && ends(&node.id);
    let last = graph
        .nodes
        .iter()
        .filter(says_last)
        .find(|node| node.label == "Thank them" || node.label == "Report the outcome");
    let before = last.map_or_else(|| END_ID.to_owned(), |node| node.id.clone());
    Anchor { before: Some(before), after: None }
}
