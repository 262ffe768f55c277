//! The workflow in words: what happens before any goal, and the steps of each goal. Pure.
//!
//! Read from the graph's shape, not from its ids: the branching node after the greeting is where goals part; each way out
//! of it is one procedure, followed until it leads back or ends. Failure edges become the words on a failed call.

use crate::intent::models::FieldId;
use crate::workflow::models::{Edge, Graph, Node, NodeType};

use super::brief::{Brief, code};
use super::parts::{Mark, Piece};
use super::wording::{clean, fill, in_words, listed, sentence, uncapitalised};

/// The steps that serve one goal, or several that take the same way.
#[derive(Clone, Debug)]
pub(super) struct Procedure {
    pub title: String,
    pub field: FieldId,
    pub steps: Vec<Piece>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    /// Steps of the owner's between greeting and the first goal.
    pub before: Vec<Piece>,
    /// Whether the agent has to find out which goal is meant.
    pub asks_for_goal: bool,
    /// Whether it asks for anything else after a goal.
    pub asks_for_more: bool,
    pub procedures: Vec<Procedure>,
}

pub(super) fn read(brief: &Brief<'_>) -> Flow {
    let graph = brief.graph;
    let Some(start) = graph.nodes.iter().find(|node| node.kind == NodeType::Start) else { return Flow::default() };
    let (prefix, hub) = to_hub(graph, start);
    let reader = Reader { brief, graph, hub };
    let before = prefix.iter().filter(|node| !matches!(node.kind, NodeType::Start | NodeType::Greeting));
    let Some(hub) = hub else {
        // No place where goals part: one way through, told as one procedure.
        return Flow { procedures: reader.procedure(start).into_iter().collect(), ..Flow::default() };
    };
    let ways = graph.edges_from(&hub.id).filter(|edge| !edge.is_failure);
    let procedures = ways.filter_map(|edge| reader.procedure(graph.node(&edge.target)?)).collect();
    let back =
        graph.edges.iter().any(|edge| edge.target == hub.id && !prefix.iter().any(|node| node.id == edge.source));
    Flow {
        before: before.flat_map(|node| reader.steps(node)).collect(),
        asks_for_goal: true,
        asks_for_more: back && !brief.is("api"),
        procedures: merged(procedures),
    }
}

/// The nodes from the start to the one where goals part, and that node.
fn to_hub<'g>(graph: &'g Graph, start: &'g Node) -> (Vec<&'g Node>, Option<&'g Node>) {
    let mut prefix = vec![start];
    let mut at = start;
    loop {
        let next = graph.edges_from(&at.id).find(|edge| !edge.is_failure).and_then(|edge| graph.node(&edge.target));
        match next {
            Some(next) if next.kind == NodeType::IntentDetection => return (prefix, Some(next)),
            Some(next) if !prefix.iter().any(|known| known.id == next.id) => {
                prefix.push(next);
                at = next;
            }
            _ => return (prefix, None),
        }
    }
}

/// Goals that take the same steps share one procedure.
fn merged(procedures: Vec<Procedure>) -> Vec<Procedure> {
    let mut result: Vec<Procedure> = Vec::new();
    for procedure in procedures {
        let same = |known: &&mut Procedure| {
            known.steps.len() == procedure.steps.len()
                && known.steps.iter().zip(&procedure.steps).all(|(one, other)| one.text == other.text)
        };
        match result.iter_mut().find(same) {
            Some(known) if known.title != procedure.title => {
                known.title = format!("{}; {}", known.title, procedure.title)
            }
            Some(_) => {}
            None => result.push(procedure),
        }
    }
    result
}

struct Reader<'b, 'g> {
    brief: &'b Brief<'b>,
    graph: &'g Graph,
    hub: Option<&'g Node>,
}

impl<'g> Reader<'_, 'g> {
    /// The procedure that begins at a node; none for a hand-over, and none where nothing but an answer happens.
    fn procedure(&self, first: &'g Node) -> Option<Procedure> {
        if matches!(first.kind, NodeType::Handoff | NodeType::End) {
            return None;
        }
        let path = self.path(first);
        let acts = |node: &&Node| {
            use NodeType::{CollectInput, Condition, Confirmation, KnowledgeLookup, ToolCall};
            matches!(node.kind, CollectInput | Condition | Confirmation | KnowledgeLookup | ToolCall)
        };
        if !path.iter().any(acts) {
            return None;
        }
        let steps: Vec<Piece> = path.iter().flat_map(|node| self.steps(node)).collect();
        let (title, field) = self.title(&path);
        (!steps.is_empty()).then_some(Procedure { title, field, steps })
    }

    /// The main way from a node: forward along ordinary edges until it returns, closes or ends.
    fn path(&self, first: &'g Node) -> Vec<&'g Node> {
        let mut path: Vec<&Node> = Vec::new();
        let mut at = Some(first);
        while let Some(node) = at {
            let known = path.iter().any(|known| known.id == node.id);
            if known || node.kind == NodeType::End || self.is_hub(node) || !path.is_empty() && self.closes(node) {
                break;
            }
            path.push(node);
            let ways = self.graph.edges_from(&node.id).filter(|edge| !edge.is_failure);
            let mut next = ways.filter_map(|edge| self.graph.node(&edge.target));
            at = next.find(|next| !path.iter().any(|known| known.id == next.id) && next.kind != NodeType::Handoff);
        }
        path
    }

    fn is_hub(&self, node: &Node) -> bool {
        self.hub.is_some_and(|hub| hub.id == node.id)
    }

    /// Whether a node only asks for anything else: it leads straight back to where goals part.
    fn closes(&self, node: &Node) -> bool {
        let back = |edge: &Edge| self.hub.is_some_and(|hub| hub.id == edge.target);
        matches!(node.kind, NodeType::Condition | NodeType::IntentDetection)
            && self.graph.edges_from(&node.id).any(back)
    }

    fn title(&self, path: &[&Node]) -> (String, FieldId) {
        let mut positions: Vec<usize> = path.iter().flat_map(|node| node.config.goals.iter().copied()).collect();
        positions.sort_unstable();
        positions.dedup();
        let goals = self.brief.spec.items(FieldId::Goals);
        let titles: Vec<String> =
            positions.iter().filter_map(|at| goals.get(*at)).map(|goal| bare(&goal.value)).collect();
        if !titles.is_empty() {
            return (titles.join("; "), FieldId::Goals);
        }
        let first = path.first();
        let field = first.and_then(|node| node.fields.first()).copied().unwrap_or(FieldId::Goals);
        (first.map(|node| bare(&node.label)).unwrap_or_default(), field)
    }

    fn steps(&self, node: &Node) -> Vec<Piece> {
        let phrases = self.brief.phrases;
        let voice = self.brief.voice;
        let tool = node.config.tool.as_deref().filter(|id| self.brief.spec.tool_configs.contains_key(*id));
        let with_tool = |template: &str, tool: &str| fill(template, &[("tool", &code(tool))]);
        let text = match (node.kind, tool) {
            (NodeType::Start | NodeType::Greeting | NodeType::IntentDetection | NodeType::End, _) => return Vec::new(),
            (NodeType::CollectInput, _) if !node.config.collects.is_empty() => {
                let names: Vec<String> = node.config.collects.iter().map(|name| self.input(node, name)).collect();
                let template = match () {
                    () if self.brief.is("api") => &phrases.step_get_api,
                    () if voice && names.len() > 1 => &phrases.step_get_voice,
                    () => &phrases.step_get,
                };
                fill(template, &[("inputs", &listed(&names, "and"))])
            }
            (NodeType::Confirmation, _) if self.confirms_tool(node) => {
                if voice {
                    phrases.step_confirm_voice.clone()
                } else {
                    phrases.step_confirm.clone()
                }
            }
            (NodeType::KnowledgeLookup, Some(tool)) => with_tool(&phrases.step_look_up, tool),
            (NodeType::ToolCall, Some(tool)) => with_tool(&phrases.step_call, tool),
            (NodeType::Handoff, Some(tool)) => with_tool(&phrases.step_hand_over, tool),
            // An answer that only names the goal says nothing a step could add.
            (NodeType::Response, _) if self.is_goal(says(node)) => return Vec::new(),
            _ => sentence(says(node)),
        };
        let text = self.with_failure(node, text);
        let piece =
            |text| Piece { mark: Mark::Step, text, field: node.fields.first().copied(), provenance: node.provenance };
        let hand_overs = self.hand_overs(node).into_iter();
        std::iter::once(text).chain(hand_overs).map(piece).collect()
    }

    fn is_goal(&self, text: &str) -> bool {
        self.brief.spec.values(FieldId::Goals).any(|goal| bare(goal).eq_ignore_ascii_case(&bare(text)))
    }

    /// What a parameter asks for, in a few words of its description; its name where that is too long.
    fn input(&self, node: &Node, name: &str) -> String {
        let tools = self.brief.spec.tools().filter(|tool| node.config.tool.as_ref().is_none_or(|id| *id == tool.id));
        let described = tools.filter_map(|tool| tool.parameter_description(name)).next();
        let short =
            described.map(|text| uncapitalised(text.split([',', '.', ';', ':', '(']).next().unwrap_or_default()));
        short.filter(|text| !text.is_empty() && text.chars().count() <= 60).unwrap_or_else(|| in_words(name))
    }

    /// Whether a confirmation stands right before a tool call, and so is the usual yes and not a step of the owner's.
    fn confirms_tool(&self, node: &Node) -> bool {
        let mut next = self.graph.edges_from(&node.id).filter_map(|edge| self.graph.node(&edge.target));
        next.any(|next| matches!(next.kind, NodeType::ToolCall | NodeType::Handoff))
    }

    /// A step with what to do when its call fails.
    fn with_failure(&self, node: &Node, step: String) -> String {
        let failure = self.graph.edges_from(&node.id).find(|edge| edge.is_failure);
        let Some(target) = failure.and_then(|edge| self.graph.node(&edge.target)) else { return step };
        let phrases = self.brief.phrases;
        match (target.kind, self.brief.handoff_tool()) {
            (NodeType::Handoff, Some(tool)) if node.config.tool.as_deref() != Some(&tool.id) => {
                fill(&phrases.step_fails_hand_over, &[("step", &step), ("tool", &code(&tool.id))])
            }
            // What to say is with the tool; without anyone to hand over to there is nothing to add.
            (NodeType::Handoff, _) => step,
            _ => fill(&phrases.step_fails, &[("step", &step), ("text", &sentence(says(target)))]),
        }
    }

    /// The answers of a condition that lead to a person.
    fn hand_overs(&self, node: &Node) -> Vec<String> {
        if node.kind != NodeType::Condition {
            return Vec::new();
        }
        let ways = self.graph.edges_from(&node.id).filter(|edge| !edge.is_failure);
        let to_person = ways.filter_map(|edge| Some((edge, self.graph.node(&edge.target)?)));
        let to_person = to_person.filter(|(_, target)| target.kind == NodeType::Handoff);
        let texts = to_person.filter_map(|(edge, target)| {
            let condition = edge.condition.as_deref().or(edge.label.as_deref()).map(sentence)?;
            let text = match self.brief.handoff_tool() {
                Some(tool) => fill(&self.brief.phrases.step_hand_over, &[("tool", &code(&tool.id))]),
                None => sentence(says(target)),
            };
            Some(fill(&self.brief.phrases.step_condition, &[("condition", &bare(&condition)), ("text", &text)]))
        });
        texts.collect()
    }
}

/// What a node is about, in its own words.
fn says(node: &Node) -> &str {
    let described = if clean(&node.description).is_empty() { &node.label } else { &node.description };
    match node.kind {
        NodeType::Response | NodeType::Handoff => described,
        _ => &node.label,
    }
}

fn bare(text: &str) -> String {
    clean(text).trim_end_matches(['.', ';', ',', ':']).to_owned()
}
