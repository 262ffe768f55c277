//! The workflow as platforms hold it: steps with what to do in each, and ways on with when they are taken. Pure.
//!
//! Whatever the graph is, the flow begins with its start, has only steps that can be reached, at most one way from one
//! step to another, and an end after every step that nothing follows.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::intent::models::{AgentSpec, FieldId, Provenance};
use crate::prompt::tool_schemas::tool_name;
use crate::prompt::wording::{clean, fill, in_words, listed, quoted, sentence, uncapitalised};
use crate::tools::models::ToolConfig;
use crate::workflow::models::{Edge, Graph, Node, NodeConfig, NodeType};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wording {
    tasks: HashMap<String, String>,
    ways: Ways,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ways {
    collected: String,
    done: String,
    greeted: String,
    works: String,
    fails: String,
    otherwise: String,
}

static WORDING: LazyLock<Wording> = LazyLock::new(|| {
    // Embedded and read by the tests of every target, so this cannot fail in use.
    toml::from_str(include_str!("data/flow.toml")).expect("the embedded wording of flows is well formed")
});

/// When a way is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WayKind {
    /// The only way on.
    Always,
    /// One of several.
    Chosen,
    /// The one of several for when none of the others fits.
    Default,
    /// A call has worked.
    Works,
    /// A call has failed.
    Fails,
}

#[derive(Clone, Debug)]
pub(super) struct Way {
    /// Position of the step it leads to.
    pub to: usize,
    pub kind: WayKind,
    /// A few words for the line.
    pub label: String,
    /// When it is taken, in one sentence.
    pub when: String,
}

#[derive(Clone, Debug)]
pub(super) struct Step<'a> {
    pub node: Node,
    /// The agent's tool that the step uses.
    pub tool: Option<&'a ToolConfig>,
    pub ways: Vec<Way>,
    /// What to do here, in plain sentences.
    pub task: String,
}

impl Step<'_> {
    pub fn kind(&self) -> NodeType {
        self.node.kind
    }

    /// Whether the step is nothing but the call of a tool.
    pub fn calls(&self) -> bool {
        matches!(self.node.kind, NodeType::ToolCall | NodeType::KnowledgeLookup) && self.tool.is_some()
    }

    /// The step's title, never empty.
    pub fn title(&self) -> String {
        let title = clean(&self.node.label);
        if title.is_empty() { in_words(&self.node.id) } else { title }
    }
}

/// The steps, the start first, in the order of the graph.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow<'a> {
    pub steps: Vec<Step<'a>>,
}

impl<'a> Flow<'a> {
    pub fn new(spec: &'a AgentSpec, graph: &Graph) -> Flow<'a> {
        let mut nodes: Vec<Node> = graph.nodes.clone();
        let start = nodes.iter().position(|node| node.kind == NodeType::Start);
        match start {
            Some(at) => nodes.swap(0, at),
            None => nodes.insert(0, spare(NodeType::Start, &nodes)),
        }
        let mut ends = joined(&nodes, &graph.edges);
        if start.is_none() && nodes.len() > 1 {
            ends.push((0, 1, Edge::plain("", "")));
        }
        closed(&mut nodes, &mut ends);
        let (nodes, ends) = reachable(nodes, ends);
        let tool_of = |node: &Node| node.config.tool.as_deref().and_then(|id| spec.tools().find(|tool| tool.id == id));
        let tools: Vec<Option<&ToolConfig>> = nodes.iter().map(tool_of).collect();
        let reader = Reader { spec, nodes: &nodes, ends: &ends };
        let ways: Vec<Vec<Way>> = (0..nodes.len()).map(|at| reader.ways(at, tools[at])).collect();
        let tasks: Vec<String> = (0..nodes.len()).map(|at| reader.task(at, tools[at], &ways[at])).collect();
        let parts = nodes.into_iter().zip(tools).zip(ways).zip(tasks);
        Flow { steps: parts.map(|(((node, tool), ways), task)| Step { node, tool, ways, task }).collect() }
    }

    /// The step right after the start, where a platform has no step of its own for it.
    pub fn first(&self) -> usize {
        self.steps.first().and_then(|start| start.ways.first()).map_or(0, |way| way.to)
    }

    /// Which steps can be reached when only some of them go on.
    pub fn reached(&self, goes_on: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut seen = vec![false; self.steps.len()];
        let mut todo = vec![0];
        while let Some(at) = todo.pop() {
            if !std::mem::replace(&mut seen[at], true) && goes_on(at) {
                todo.extend(self.steps[at].ways.iter().map(|way| way.to));
            }
        }
        seen
    }

    /// The inputs that a step gets, each with what it is.
    pub fn inputs(&self, spec: &AgentSpec, at: usize) -> Vec<(String, String)> {
        inputs(spec, &self.steps[at].node)
    }
}

fn inputs(spec: &AgentSpec, node: &Node) -> Vec<(String, String)> {
    let described = |name: &String| {
        let own = spec.tools().filter(|tool| node.config.tool.as_ref().is_none_or(|id| *id == tool.id));
        let text = own.chain(spec.tools()).find_map(|tool| tool.parameter_description(name));
        (name.clone(), text.map(clean).filter(|text| !text.is_empty()).unwrap_or_else(|| in_words(name)))
    };
    node.config.collects.iter().map(described).collect()
}

/// Edges between steps there are, as positions; none from a step to itself, none after an end, no two between the same.
fn joined(nodes: &[Node], edges: &[Edge]) -> Vec<(usize, usize, Edge)> {
    let places: HashMap<&str, usize> = nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
    let mut seen = HashSet::new();
    let place = |edge: &Edge| Some((*places.get(edge.source.as_str())?, *places.get(edge.target.as_str())?));
    let known = edges.iter().filter_map(|edge| place(edge).map(|(from, to)| (from, to, edge.clone())));
    known
        .filter(|(from, to, _)| from != to && *to != 0 && nodes[*from].kind != NodeType::End)
        .filter(|(from, to, _)| seen.insert((*from, *to)))
        .collect()
}

/// Leads every step that nothing follows to an end; makes one if there is none.
fn closed(nodes: &mut Vec<Node>, ends: &mut Vec<(usize, usize, Edge)>) {
    let followed: HashSet<usize> = ends.iter().map(|(from, _, _)| *from).collect();
    let stuck = |at: &usize| nodes[*at].kind != NodeType::End && !followed.contains(at);
    let stuck: Vec<usize> = (0..nodes.len()).filter(stuck).collect();
    if stuck.is_empty() {
        return;
    }
    let end = nodes.iter().position(|node| node.kind == NodeType::End).unwrap_or_else(|| {
        nodes.push(spare(NodeType::End, nodes));
        nodes.len() - 1
    });
    ends.extend(stuck.into_iter().map(|at| (at, end, Edge::plain("", ""))));
}

/// What the start leads to, with positions made anew.
fn reachable(nodes: Vec<Node>, ends: Vec<(usize, usize, Edge)>) -> (Vec<Node>, Vec<(usize, usize, Edge)>) {
    let mut seen = vec![false; nodes.len()];
    let mut todo = vec![0];
    while let Some(at) = todo.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            todo.extend(ends.iter().filter(|(from, _, _)| *from == at).map(|(_, to, _)| *to));
        }
    }
    let places: Vec<usize> = (0..seen.len()).map(|at| seen[..at].iter().filter(|seen| **seen).count()).collect();
    let kept = nodes.into_iter().zip(&seen).filter(|(_, seen)| **seen).map(|(node, _)| node);
    let ways = ends.into_iter().filter(|(from, to, _)| seen[*from] && seen[*to]);
    (kept.collect(), ways.map(|(from, to, edge)| (places[from], places[to], edge)).collect())
}

/// A step that the graph should have had.
fn spare(kind: NodeType, nodes: &[Node]) -> Node {
    let taken: HashSet<&str> = nodes.iter().map(|node| node.id.as_str()).collect();
    let wanted = format!("{}_node", kind.as_str());
    // Ids are finitely many, so one of the numbered ones is free.
    let numbered = (2..).map(|number| format!("{wanted}_{number}"));
    let id = std::iter::once(wanted.clone()).chain(numbered).find(|id| !taken.contains(id.as_str())).unwrap_or(wanted);
    Node {
        id,
        kind,
        label: crate::prompt::wording::capitalised(kind.label()),
        description: String::new(),
        config: NodeConfig::default(),
        fields: vec![FieldId::Goals],
        provenance: Provenance::Default,
        position: Default::default(),
        width: 0.0,
        height: 0.0,
    }
}

struct Reader<'r, 'a> {
    spec: &'a AgentSpec,
    nodes: &'r [Node],
    ends: &'r [(usize, usize, Edge)],
}

impl Reader<'_, '_> {
    fn ways(&self, at: usize, tool: Option<&ToolConfig>) -> Vec<Way> {
        let out: Vec<(usize, &Edge)> =
            self.ends.iter().filter(|(from, _, _)| *from == at).map(|(_, to, edge)| (*to, edge)).collect();
        let calls = tool.is_some() && matches!(self.nodes[at].kind, NodeType::ToolCall | NodeType::KnowledgeLookup);
        let fails = |edge: &Edge| edge.is_failure && calls;
        let others = out.iter().filter(|(_, edge)| !fails(edge)).count();
        let default = out.iter().rposition(|(_, edge)| edge.is_default && !fails(edge));
        let default = default.or_else(|| out.iter().rposition(|(_, edge)| !fails(edge)));
        let way = |(position, (to, edge)): (usize, &(usize, &Edge))| {
            let kind = match () {
                () if fails(edge) => WayKind::Fails,
                () if others == 1 && calls => WayKind::Works,
                () if others == 1 => WayKind::Always,
                () if Some(position) == default => WayKind::Default,
                () => WayKind::Chosen,
            };
            let label = edge.label.as_deref().map(clean).filter(|label| !label.is_empty());
            let label = label.unwrap_or_else(|| clean(&self.nodes[*to].label));
            Way { to: *to, kind, label, when: self.when(at, tool, kind, edge) }
        };
        out.iter().enumerate().map(way).collect()
    }

    fn when(&self, at: usize, tool: Option<&ToolConfig>, kind: WayKind, edge: &Edge) -> String {
        let words = &WORDING.ways;
        let tool = tool.map(|tool| clean(&tool.name)).unwrap_or_default();
        let said = edge.condition.as_deref().or(edge.label.as_deref()).map(sentence).filter(|text| !text.is_empty());
        match kind {
            WayKind::Works => fill(&words.works, &[("tool", &tool)]),
            WayKind::Fails => fill(&words.fails, &[("tool", &tool)]),
            WayKind::Chosen | WayKind::Always if said.is_some() => said.unwrap_or_default(),
            WayKind::Default => said.unwrap_or_else(|| words.otherwise.clone()),
            WayKind::Chosen => sentence(&self.nodes[at].label),
            WayKind::Always => match self.nodes[at].kind {
                NodeType::CollectInput if !self.nodes[at].config.collects.is_empty() => {
                    let names: Vec<String> = self.nodes[at].config.collects.iter().map(|name| in_words(name)).collect();
                    fill(&words.collected, &[("inputs", &listed(&names, "and"))])
                }
                NodeType::Greeting | NodeType::Start => words.greeted.clone(),
                _ => words.done.clone(),
            },
        }
    }

    fn task(&self, at: usize, tool: Option<&ToolConfig>, ways: &[Way]) -> String {
        let node = &self.nodes[at];
        let said = node.config.say.as_deref().map(clean).filter(|say| !say.is_empty());
        let asked = tool.map(|tool| clean(&tool.confirmation)).filter(|text| !text.is_empty());
        let say = if node.kind == NodeType::Confirmation { asked.or(said) } else { said };
        let open = match node.kind {
            NodeType::CollectInput => node.config.collects.is_empty(),
            NodeType::ToolCall | NodeType::KnowledgeLookup => tool.is_none(),
            NodeType::Greeting | NodeType::Confirmation | NodeType::Response | NodeType::Handoff => say.is_none(),
            _ => false,
        };
        let key = match (node.kind, open) {
            (NodeType::CollectInput, true) => "collect_open",
            (NodeType::Greeting, true) => "greeting_open",
            (NodeType::Confirmation, true) => "confirmation_open",
            (NodeType::Response | NodeType::ToolCall | NodeType::KnowledgeLookup, true) => "response_open",
            (NodeType::Handoff, true) => "handoff_open",
            (kind, _) => kind.as_str(),
        };
        let text = sentence(if clean(&node.description).is_empty() { &node.label } else { &node.description });
        let inputs = inputs(self.spec, node).into_iter();
        let inputs: Vec<String> = inputs
            .map(|(name, text)| format!("{} ({})", in_words(&name), uncapitalised(text.trim_end_matches('.'))))
            .collect();
        let labels: Vec<String> = ways.iter().map(|way| way.label.clone()).collect();
        let tool = tool.map(|tool| tool_name(&tool.id)).unwrap_or_default();
        let label = sentence(&node.label);
        let say = say.map(|say| quoted(&say)).unwrap_or_default();
        let values = [
            ("text", text.as_str()),
            ("say", &say),
            ("inputs", &inputs.join("; ")),
            ("ways", &labels.join("; ")),
            ("tool", &tool),
            ("label", &label),
        ];
        // Every kind of step has its row; a test looks.
        clean(&fill(WORDING.tasks.get(key).map_or("{text}", String::as_str), &values))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::prompt::{fixtures, hostile};

    fn sound(flow: &Flow<'_>) -> Result<(), TestCaseError> {
        prop_assert_eq!(flow.steps[0].kind(), NodeType::Start);
        let mut led_to = vec![false; flow.steps.len()];
        led_to[0] = true;
        for (at, step) in flow.steps.iter().enumerate() {
            prop_assert_eq!(step.ways.is_empty(), step.kind() == NodeType::End, "{}", step.node.id);
            let mut seen = HashSet::new();
            for way in &step.ways {
                prop_assert!(way.to != at && way.to != 0 && way.to < flow.steps.len() && seen.insert(way.to));
                led_to[way.to] = true;
            }
            let others = step.ways.iter().filter(|way| way.kind != WayKind::Fails).count();
            let defaults = step.ways.iter().filter(|way| way.kind == WayKind::Default).count();
            prop_assert_eq!(defaults, usize::from(others > 1));
        }
        prop_assert!(led_to.into_iter().all(|led_to| led_to));
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_graph_becomes_a_sound_flow((spec, graph) in hostile::agent()) {
            sound(&Flow::new(&spec, &graph))?;
        }
    }

    #[test]
    fn nothing_at_all_is_a_start_and_an_end() {
        let spec = AgentSpec::default();
        let flow = Flow::new(&spec, &Graph::default());
        let kinds: Vec<NodeType> = flow.steps.iter().map(Step::kind).collect();
        assert_eq!(kinds, [NodeType::Start, NodeType::End]);
    }

    #[test]
    fn every_kind_of_step_has_its_words() {
        for fixture in fixtures::ALL {
            let (spec, graph) = (fixture.spec(), fixture.graph());
            let flow = Flow::new(&spec, &graph);
            assert_eq!(flow.steps.len(), graph.nodes.len());
            for step in &flow.steps {
                assert!(WORDING.tasks.contains_key(step.kind().as_str()), "{}", step.node.id);
                assert!(!step.task.is_empty() && step.ways.iter().all(|way| !way.when.is_empty()));
            }
        }
        let spec = fixtures::ALL[0].spec();
        let graph = fixtures::ALL[0].graph();
        let told: Vec<String> = Flow::new(&spec, &graph)
            .steps
            .iter()
            .map(|step| {
                let ways = step.ways.iter().map(|way| format!("\n  {:?} {}: {}", way.kind, way.to, way.when));
                format!("{}{}", step.task, ways.collect::<String>())
            })
            .collect();
        insta::assert_snapshot!("clinic_flow", told.join("\n"));
    }
}
