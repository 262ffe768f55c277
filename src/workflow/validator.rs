//! The invariants every workflow keeps. Pure.
//!
//! Each rule is a function of its own that reports what breaks it; [`problems`] asks them all.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use crate::intent::models::{AgentSpec, FieldId};
use crate::tools::models::ToolConfig;

use super::models::{Edge, Graph, Node, NodeType};
use super::synthesis::facts::active_tools;
use super::words::WORDS;

/// Every invariant the graph breaks, in one sentence each; empty for a sound graph.
pub fn problems(graph: &Graph, spec: &AgentSpec) -> Vec<String> {
    let mut found = ids(graph);
    found.extend(dangling_edges(graph));
    if !found.is_empty() {
        // The other rules look nodes up by id.
        return found;
    }
    let view = View::of(graph, spec);
    let rules: [fn(&View<'_>) -> Vec<String>; 10] = [
        one_start,
        all_reachable,
        all_can_end,
        branches_are_labelled,
        one_edge_each_way,
        tools_are_configured,
        parameters_are_collected,
        writes_are_confirmed,
        calls_have_failure_paths,
        everything_is_served,
    ];
    rules.iter().flat_map(|rule| rule(&view)).collect()
}

/// A graph whose ids and edges are known to be sound, with what the rules look up.
struct View<'a> {
    graph: &'a Graph,
    spec: &'a AgentSpec,
    index: HashMap<&'a str, usize>,
    /// Edges out of and into each node, as positions of the other end.
    out: Vec<Vec<usize>>,
    back: Vec<Vec<usize>>,
    tools: BTreeMap<&'a str, &'a ToolConfig>,
}

impl<'a> View<'a> {
    fn of(graph: &'a Graph, spec: &'a AgentSpec) -> View<'a> {
        let index: HashMap<&str, usize> =
            graph.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
        let mut out = vec![Vec::new(); graph.nodes.len()];
        let mut back = vec![Vec::new(); graph.nodes.len()];
        for edge in &graph.edges {
            // Edges that lead nowhere are a problem of their own.
            let ends = (index.get(edge.source.as_str()), index.get(edge.target.as_str()));
            if let (Some(from), Some(to)) = ends {
                out[*from].push(*to);
                back[*to].push(*from);
            }
        }
        let tools = active_tools(spec).map(|tool| (tool.id.as_str(), tool)).collect();
        View { graph, spec, index, out, back, tools }
    }

    fn of_kind(&self, kind: NodeType) -> impl Iterator<Item = usize> {
        self.graph.nodes.iter().enumerate().filter(move |(_, node)| node.kind == kind).map(|(at, _)| at)
    }

    fn edges_from(&self, at: usize) -> impl Iterator<Item = &'a Edge> {
        self.graph.edges_from(&self.graph.nodes[at].id)
    }

    /// The tool a node calls, if it is one of the agent's.
    fn tool_of(&self, node: &Node) -> Option<&'a ToolConfig> {
        node.config.tool.as_deref().and_then(|id| self.tools.get(id).copied())
    }

    /// What holds at each node on every path from the start: the intersection over its predecessors of what held there
    /// and what they add. `None` where no path leads.
    fn on_every_path<'b>(&self, adds: impl Fn(&'b Node) -> Vec<&'b str>) -> Vec<Option<BTreeSet<&'b str>>>
    where
        'a: 'b,
    {
        let added: Vec<Vec<&str>> = self.graph.nodes.iter().map(adds).collect();
        let mut known: Vec<Option<BTreeSet<&str>>> = vec![None; self.graph.nodes.len()];
        let mut queue: VecDeque<usize> = self.of_kind(NodeType::Start).collect();
        for start in &queue {
            known[*start] = Some(BTreeSet::new());
        }
        while let Some(at) = queue.pop_front() {
            let mut after = known[at].clone().unwrap_or_default();
            after.extend(&added[at]);
            for next in &self.out[at] {
                let narrowed = match &known[*next] {
                    None => after.clone(),
                    Some(before) => before.intersection(&after).copied().collect(),
                };
                if known[*next].as_ref() != Some(&narrowed) {
                    known[*next] = Some(narrowed);
                    queue.push_back(*next);
                }
            }
        }
        known
    }
}

/// What is collected on every path up to and including a node; nothing for a node there is not.
pub(crate) fn collected_after(graph: &Graph, spec: &AgentSpec, id: &str) -> BTreeSet<String> {
    let view = View::of(graph, spec);
    let known = view.on_every_path(|node| node.config.collects.iter().map(String::as_str).collect());
    let Some(at) = view.index.get(id).copied() else {
        return BTreeSet::new();
    };
    let before = known[at].iter().flatten().map(|name| (*name).to_owned());
    before.chain(graph.nodes[at].config.collects.iter().cloned()).collect()
}

fn title(node: &Node) -> String {
    format!("“{}” ({})", node.label, node.id)
}

fn reached(seeds: impl Iterator<Item = usize>, next: &[Vec<usize>]) -> Vec<bool> {
    let mut seen = vec![false; next.len()];
    let mut todo: Vec<usize> = seeds.collect();
    while let Some(at) = todo.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            todo.extend(&next[at]);
        }
    }
    seen
}

/// Ids are lower snake case, unique, and no word that a target keeps for itself.
fn ids(graph: &Graph) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for node in &graph.nodes {
        let id = node.id.as_str();
        let snake = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !snake {
            found.push(format!("The id “{id}” is not lower snake case."));
        }
        if WORDS.reserved_ids.contains(id) {
            found.push(format!("The id “{id}” is reserved."));
        }
        if !seen.insert(id) {
            found.push(format!("The id “{id}” is there twice."));
        }
    }
    found
}

fn dangling_edges(graph: &Graph) -> Vec<String> {
    let known: HashSet<&str> = graph.nodes.iter().map(|node| node.id.as_str()).collect();
    let ends = graph.edges.iter().flat_map(|edge| [(edge, edge.source.as_str()), (edge, edge.target.as_str())]);
    let lost = ends.filter(|(_, id)| !known.contains(id));
    lost.map(|(edge, id)| format!("The edge {} → {} names “{id}”, which is no node.", edge.source, edge.target))
        .collect()
}

fn one_start(view: &View<'_>) -> Vec<String> {
    let starts: Vec<usize> = view.of_kind(NodeType::Start).collect();
    let mut found = Vec::new();
    if starts.len() != 1 {
        found.push(format!("There are {} starts instead of one.", starts.len()));
    }
    let entered = starts.iter().filter(|at| !view.back[**at].is_empty());
    found.extend(entered.map(|at| format!("An edge leads back to the start {}.", title(&view.graph.nodes[*at]))));
    found
}

fn all_reachable(view: &View<'_>) -> Vec<String> {
    let seen = reached(view.of_kind(NodeType::Start), &view.out);
    let lost = view.graph.nodes.iter().zip(seen).filter(|(_, seen)| !seen);
    lost.map(|(node, _)| format!("Nothing leads to {}.", title(node))).collect()
}

fn all_can_end(view: &View<'_>) -> Vec<String> {
    let seen = reached(view.of_kind(NodeType::End), &view.back);
    let stuck = view.graph.nodes.iter().zip(seen).filter(|(_, seen)| !seen);
    let mut found: Vec<String> =
        stuck.map(|(node, _)| format!("No end can be reached from {}.", title(node))).collect();
    let leaving = view.of_kind(NodeType::End).filter(|at| !view.out[*at].is_empty());
    found.extend(leaving.map(|at| format!("Something follows the end {}.", title(&view.graph.nodes[at]))));
    found
}

/// A node with several ways on has a label on each, no label twice, and one default. A failed call is no choice: its
/// edge is labelled but stands beside the branches.
fn branches_are_labelled(view: &View<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (at, node) in view.graph.nodes.iter().enumerate() {
        let (failures, ways): (Vec<&Edge>, Vec<&Edge>) = view.edges_from(at).partition(|edge| edge.is_failure);
        let chooses = matches!(node.kind, NodeType::Condition | NodeType::Confirmation);
        if chooses && ways.len() < 2 {
            found.push(format!("{} decides nothing: only one way leads on.", title(node)));
        }
        let labels: Vec<&str> =
            ways.iter().filter_map(|edge| edge.label.as_deref()).filter(|l| !l.is_empty()).collect();
        if ways.len() > 1 && labels.len() < ways.len() {
            found.push(format!("A branch of {} has no label.", title(node)));
        }
        if labels.iter().collect::<HashSet<_>>().len() < labels.len() {
            found.push(format!("Two branches of {} have the same label.", title(node)));
        }
        let defaults = ways.iter().filter(|edge| edge.is_default).count();
        if ways.len() > 1 && defaults != 1 {
            found.push(format!("{} has {defaults} default branches instead of one.", title(node)));
        }
        if failures.iter().any(|edge| edge.label.as_deref().unwrap_or_default().is_empty()) {
            found.push(format!("The failure path of {} has no label.", title(node)));
        }
    }
    found
}

/// Two edges from one node to another would be the same choice twice; some targets refuse them.
fn one_edge_each_way(view: &View<'_>) -> Vec<String> {
    let mut seen = HashSet::new();
    let edges = view.graph.edges.iter();
    let double = edges.filter(|edge| edge.source == edge.target || !seen.insert((&edge.source, &edge.target)));
    double.map(|edge| format!("There is more than one edge {} → {}.", edge.source, edge.target)).collect()
}

fn tools_are_configured(view: &View<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for node in &view.graph.nodes {
        let calls = matches!(node.kind, NodeType::ToolCall | NodeType::KnowledgeLookup);
        match &node.config.tool {
            None if calls => found.push(format!("{} names no tool.", title(node))),
            Some(id) if view.tool_of(node).is_none() => {
                found.push(format!("{} names “{id}”, which is no tool of this agent.", title(node)));
            }
            _ => {}
        }
    }
    found
}

/// What a tool needs has been collected on every path before its call.
fn parameters_are_collected(view: &View<'_>) -> Vec<String> {
    let known = view.on_every_path(|node| node.config.collects.iter().map(String::as_str).collect());
    let mut found = Vec::new();
    for node in &view.graph.nodes {
        let (Some(tool), Some(known)) = (view.tool_of(node), &known[view.index[node.id.as_str()]]) else { continue };
        for name in tool.required_parameters().into_iter().filter(|name| !known.contains(name)) {
            found.push(format!("{} needs “{name}”, which is not collected on every path before it.", title(node)));
        }
    }
    found
}

/// A call that needs a yes has a confirmation on every path before it.
fn writes_are_confirmed(view: &View<'_>) -> Vec<String> {
    let confirms = |node: &'_ Node| node.kind == NodeType::Confirmation;
    let known = view.on_every_path(|node| if confirms(node) { vec!["yes"] } else { Vec::new() });
    let mut found = Vec::new();
    for node in view.graph.nodes.iter().filter(|node| node.kind == NodeType::ToolCall && !node.config.reads_only) {
        let confirmed = known[view.index[node.id.as_str()]].as_ref().is_none_or(|known| known.contains("yes"));
        if !confirmed && view.tool_of(node).is_some_and(|tool| tool.needs_confirmation) {
            found.push(format!("{} needs a yes, and nothing asks for it on every path before it.", title(node)));
        }
    }
    found
}

fn calls_have_failure_paths(view: &View<'_>) -> Vec<String> {
    let calls = |node: &&Node| matches!(node.kind, NodeType::ToolCall | NodeType::KnowledgeLookup);
    let mut found = Vec::new();
    for node in view.graph.nodes.iter().filter(calls) {
        let edges: Vec<&Edge> = view.graph.edges_from(&node.id).collect();
        if edges.iter().filter(|edge| edge.is_failure).count() != 1 {
            found.push(format!("{} has no failure path.", title(node)));
        }
        if edges.iter().all(|edge| edge.is_failure) {
            found.push(format!("{} leads nowhere when it works.", title(node)));
        }
    }
    let others = view.graph.edges.iter().filter(|edge| edge.is_failure);
    let misplaced = others.filter(|edge| view.graph.node(&edge.source).is_none_or(|node| !calls(&node)));
    found.extend(
        misplaced.map(|edge| format!("The failure path {} → {} belongs to no call.", edge.source, edge.target)),
    );
    found
}

/// Every goal has a node that serves it, every tool a node that uses it.
fn everything_is_served(view: &View<'_>) -> Vec<String> {
    let served: HashSet<usize> = view.graph.nodes.iter().flat_map(|node| node.config.goals.iter().copied()).collect();
    let goals = view.spec.items(FieldId::Goals);
    let mut found: Vec<String> = goals
        .iter()
        .enumerate()
        .filter(|(index, _)| !served.contains(index))
        .map(|(_, goal)| format!("No node serves the goal “{}”.", goal.value))
        .collect();
    if served.iter().any(|index| *index >= goals.len()) {
        found.push("A node serves a goal that is not there.".to_owned());
    }
    let used: HashSet<&str> = view.graph.nodes.iter().filter_map(|node| node.config.tool.as_deref()).collect();
    let idle = view.tools.iter().filter(|(id, _)| !used.contains(*id));
    found.extend(idle.map(|(_, tool)| format!("No node uses the tool “{}”.", tool.name)));
    found
}

#[cfg(test)]
mod tests;
