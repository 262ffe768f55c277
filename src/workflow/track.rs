//! Where in its workflow a run of an agent is: read from who said what and which tools were called, by walking the graph.
//! Pure; the same run gives the same way. Reads `data/track.toml`.
//!
//! Calls are certain: they lead to the nearest step with that tool. Words are weighed: what the agent says against the
//! steps it can have come to without a call, what the user says against the branches that are open.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::intent::acts::{self, Act};
use crate::intent::models::{AgentSpec, FieldId};
use crate::intent::text::Text;

use super::models::{Edge, Graph, Node, NodeType};
use super::words::{content_stems, has_whole, humane, tokens};

/// How far ahead the words of the agent are looked for, in steps.
const AHEAD: usize = 6;
/// What a step has to score to be where the agent is.
const ENOUGH: f64 = 0.2;
/// What each step of distance costs.
const DISTANCE: f64 = 0.06;
/// How many steps one message of the user's can lead through.
const STEPS: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cues {
    end: Vec<String>,
    handoff: Vec<String>,
    confirmation: Vec<String>,
    again: Vec<String>,
    closing: Vec<String>,
}

static CUES: LazyLock<Cues> = LazyLock::new(|| {
    // Embedded and read by the tests below, so this cannot fail in use.
    toml::from_str(include_str!("data/track.toml")).expect("the embedded cues are well formed")
});

fn has_one(folded: &str, phrases: &[String]) -> bool {
    phrases.iter().any(|phrase| has_whole(folded, phrase))
}

/// Something that happens in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    UserSays(&'a str),
    AgentSays(&'a str),
    /// The agent calls the tool with this id.
    Calls {
        tool: &'a str,
        arguments: &'a Value,
    },
    /// The tool has answered.
    Answered {
        failed: bool,
    },
}

/// Where a run is and the steps it came through, each once in a row; the last one is where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub node: String,
    pub path: Vec<String>,
}

/// Follows a run from the start; `None` for a graph without one.
pub fn track<'a>(graph: &Graph, spec: &AgentSpec, events: impl IntoIterator<Item = Event<'a>>) -> Option<Place> {
    let mut tracker = Tracker::new(graph, spec)?;
    for event in events {
        match event {
            Event::UserSays(text) => tracker.user(text),
            Event::AgentSays(text) => tracker.agent(text),
            Event::Calls { tool, arguments } => tracker.call(tool, arguments),
            Event::Answered { failed } => tracker.failed = failed,
        }
    }
    let id = |at: &usize| graph.nodes[*at].id.clone();
    Some(Place { node: id(&tracker.at), path: tracker.path.iter().map(id).collect() })
}

struct Tracker<'g> {
    graph: &'g Graph,
    spec: &'g AgentSpec,
    /// Edges out of each step, with where they lead.
    out: Vec<Vec<(&'g Edge, usize)>>,
    at: usize,
    path: Vec<usize>,
    /// Whether the last call failed.
    failed: bool,
}

impl<'g> Tracker<'g> {
    fn new(graph: &'g Graph, spec: &'g AgentSpec) -> Option<Tracker<'g>> {
        let places: HashMap<&str, usize> = graph.nodes.iter().enumerate().map(|(at, node)| (&*node.id, at)).collect();
        let mut out = vec![Vec::new(); graph.nodes.len()];
        for edge in &graph.edges {
            if let (Some(from), Some(to)) = (places.get(&*edge.source), places.get(&*edge.target)) {
                out[*from].push((edge, *to));
            }
        }
        let at = graph.nodes.iter().position(|node| node.kind == NodeType::Start)?;
        Some(Tracker { graph, spec, out, at, path: vec![at], failed: false })
    }

    fn node(&self, at: usize) -> &'g Node {
        &self.graph.nodes[at]
    }

    fn kind(&self, at: usize) -> NodeType {
        self.node(at).kind
    }

    fn go(&mut self, to: usize) {
        if to != self.at {
            self.at = to;
            self.path.push(to);
        }
    }

    /// Where it goes on when nothing is chosen.
    fn next(&self, at: usize) -> Option<usize> {
        let ways = || self.out[at].iter().filter(|(edge, _)| !edge.is_failure);
        ways().find(|(edge, _)| edge.is_default).or_else(|| ways().next()).map(|(_, to)| *to)
    }

    /// Whether a step only asks for anything else: one answer ends the conversation.
    fn asks_again(&self, at: usize) -> bool {
        let ends = |(_, to): &(&Edge, usize)| self.kind(*to) == NodeType::End;
        self.kind(at) == NodeType::Condition && self.out[at].iter().any(ends) && !self.out[at].iter().all(ends)
    }

    fn calls(&self, at: usize) -> bool {
        let kind = self.kind(at);
        matches!(kind, NodeType::ToolCall | NodeType::KnowledgeLookup)
            || kind == NodeType::Handoff && self.node(at).config.tool.is_some()
    }

    fn user(&mut self, text: &str) {
        let stems = content_stems(text);
        let acts = acts::read(&Text::new(text));
        let leads = |act: Act| acts.has(act) || acts.lead.is_some_and(|(lead, _)| lead == act);
        let (yes, no) = (leads(Act::Affirm), leads(Act::Deny));
        let closes = no || leads(Act::Finish) || has_one(&tokens(text).join(" "), &CUES.closing);
        for step in 0..STEPS {
            let at = self.at;
            let to = match self.kind(at) {
                NodeType::Start | NodeType::Greeting => self.next(at),
                NodeType::IntentDetection => self.branch(at, &stems),
                NodeType::Condition if self.asks_again(at) => self.after_all(at, closes),
                NodeType::Condition => self.decided(at, yes, no, &stems),
                // After a yes the call shows that it goes on.
                NodeType::Confirmation if no => self.next(at),
                // After an answer, what is said next is something else.
                NodeType::Response | NodeType::Handoff if step == 0 => {
                    self.next(at).filter(|next| self.asks_again(*next))
                }
                _ => None,
            };
            // What the agent does is not the user's to say: a call or a hand-over shows by itself.
            match to.filter(|to| !self.calls(*to) && self.kind(*to) != NodeType::Handoff) {
                Some(to) => self.go(to),
                None => return,
            }
        }
    }

    /// The branch that shares the most words with what was said; none where none does.
    fn branch(&self, at: usize, stems: &BTreeSet<String>) -> Option<usize> {
        let ways = self.out[at].iter().filter(|(edge, _)| !edge.is_failure);
        let scored = ways.map(|(edge, to)| (self.branch_stems(edge, *to).intersection(stems).count(), *to));
        let best = scored.rev().max_by_key(|(shared, _)| *shared)?;
        (best.0 > 0).then_some(best.1)
    }

    /// What a branch is about: its label and condition, its first steps, the goals they serve.
    fn branch_stems(&self, edge: &Edge, to: usize) -> BTreeSet<String> {
        let mut text = [edge.label.as_deref(), edge.condition.as_deref()].map(Option::unwrap_or_default).join(" ");
        let goals: Vec<&str> = self.spec.values(FieldId::Goals).collect();
        let mut at = Some(to);
        for _ in 0..AHEAD {
            let Some(here) = at.filter(|here| !matches!(self.kind(*here), NodeType::IntentDetection | NodeType::End))
            else {
                break;
            };
            let node = self.node(here);
            let served = node.config.goals.iter().filter_map(|goal| goals.get(*goal).copied());
            for words in served.chain([node.label.as_str()]) {
                text.push(' ');
                text.push_str(words);
            }
            let ways: Vec<usize> =
                self.out[here].iter().filter(|(edge, _)| !edge.is_failure).map(|(_, to)| *to).collect();
            at = ways.first().copied().filter(|_| !self.asks_again(here));
        }
        content_stems(&text)
    }

    fn after_all(&self, at: usize, closes: bool) -> Option<usize> {
        let wanted = |(_, to): &&(&Edge, usize)| (self.kind(*to) == NodeType::End) == closes;
        self.out[at].iter().find(wanted).map(|(_, to)| *to)
    }

    /// The answer to a question: a yes, a no, or words that the question is about.
    fn decided(&self, at: usize, yes: bool, no: bool, stems: &BTreeSet<String>) -> Option<usize> {
        let node = self.node(at);
        let about = content_stems(&format!("{} {}", node.label, node.description));
        let holds = yes || !no && about.intersection(stems).count() >= 2.min(about.len().max(1));
        let way = self.out[at].iter().find(|(edge, _)| edge.is_default != holds && !edge.is_failure);
        way.map(|(_, to)| *to)
    }

    fn agent(&mut self, text: &str) {
        let (stems, folded) = (content_stems(text), tokens(text).join(" "));
        let asks = text.contains('?');
        let found = self.within_words(self.at);
        let scored = found.iter().map(|(at, way)| (self.score(*at, way.len(), &stems, &folded, asks), way));
        // The nearest of the best.
        let best = scored.rev().max_by(|(one, _), (other, _)| one.total_cmp(other));
        if let Some((score, way)) = best
            && score >= ENOUGH
        {
            way.clone().into_iter().for_each(|at| self.go(at));
            return;
        }
        if self.kind(self.at) == NodeType::Start || self.calls(self.at) {
            let failed = |edge: &Edge| edge.is_failure == self.failed;
            let way = self.out[self.at].iter().find(|(edge, _)| failed(edge)).map(|(_, to)| *to);
            if let Some(to) = way.or_else(|| self.next(self.at)).filter(|to| !self.calls(*to)) {
                self.go(to);
            }
        }
    }

    /// How well what the agent says fits a step.
    fn score(&self, at: usize, distance: usize, stems: &BTreeSet<String>, folded: &str, asks: bool) -> f64 {
        let node = self.node(at);
        let own = self.node_stems(node);
        let shared = own.intersection(stems).count() as f64 / own.len().clamp(1, 8) as f64;
        let cue = match node.kind {
            NodeType::Start => return -1.0,
            NodeType::Greeting if self.kind(self.at) == NodeType::Start => 0.6,
            NodeType::End if has_one(folded, &CUES.end) => 0.5,
            NodeType::Handoff if has_one(folded, &CUES.handoff) => 0.6,
            NodeType::Confirmation if asks && has_one(folded, &CUES.confirmation) => 0.5,
            NodeType::Condition if asks && has_one(folded, &CUES.again) && self.asks_again(at) => 0.7,
            NodeType::CollectInput if asks => 0.15,
            NodeType::IntentDetection if asks => 0.1,
            // Ends, questions and hand-overs are not come to by chance.
            NodeType::End | NodeType::Handoff | NodeType::Confirmation | NodeType::Condition => -0.3,
            _ => 0.0,
        };
        let stays = if distance == 0 { 0.12 } else { 0.0 };
        shared.min(1.0) + cue + stays - DISTANCE * distance as f64
    }

    fn node_stems(&self, node: &Node) -> BTreeSet<String> {
        let mut text = format!("{} {}", node.label, node.config.say.as_deref().unwrap_or_default());
        for name in &node.config.collects {
            text.push(' ');
            text.push_str(&humane(name));
        }
        content_stems(&text)
    }

    /// Steps that can be come to without a call, nearest first, each with the way to it.
    fn within_words(&self, from: usize) -> Vec<(usize, Vec<usize>)> {
        let mut found = vec![(from, Vec::new())];
        let mut seen = BTreeSet::from([from]);
        let mut at = 0;
        while let Some((here, way)) = found.get(at).cloned() {
            at += 1;
            if way.len() >= AHEAD || here != from && self.calls(here) {
                continue;
            }
            let called = here == from && self.calls(here);
            for (edge, to) in &self.out[here] {
                let open = if called { edge.is_failure == self.failed } else { !edge.is_failure };
                if open && seen.insert(*to) {
                    found.push((*to, [way.as_slice(), &[*to]].concat()));
                }
            }
        }
        found.retain(|(at, way)| way.is_empty() || !self.calls(*at) || self.kind(*at) == NodeType::Handoff);
        found
    }

    fn call(&mut self, tool: &str, arguments: &Value) {
        let mut words = String::new();
        words_of(arguments, &mut words);
        let call = (tool, content_stems(&words));
        let start = self.path[0];
        // After a failure the way for it is as good as any.
        let way = self.way_to_call(self.at, &call, self.failed);
        let way =
            way.or_else(|| self.way_to_call(self.at, &call, true)).or_else(|| self.way_to_call(start, &call, true));
        for at in way.unwrap_or_default() {
            self.go(at);
        }
        self.failed = false;
    }

    /// The shortest way to a step with this tool: of several, to the one that the call speaks of, else to the nearest.
    fn way_to_call(&self, from: usize, call: &(&str, BTreeSet<String>), through_failures: bool) -> Option<Vec<usize>> {
        let (tool, stems) = call;
        let mut before: HashMap<usize, usize> = HashMap::new();
        let mut found = vec![from];
        let mut next = 0;
        while let Some(at) = found.get(next).copied() {
            next += 1;
            for (edge, to) in &self.out[at] {
                if (through_failures || !edge.is_failure) && *to != from && !before.contains_key(to) {
                    before.insert(*to, at);
                    found.push(*to);
                }
            }
        }
        let serves = |at: &&usize| self.calls(**at) && self.node(**at).config.tool.as_deref() == Some(tool);
        let shared = |at: &&usize| content_stems(&self.node(**at).label).intersection(stems).count();
        let mut at = *found[1..].iter().filter(serves).rev().max_by_key(shared)?;
        let mut way = vec![at];
        while let Some(previous) = before.get(&at).filter(|at| **at != from) {
            at = *previous;
            way.push(at);
        }
        way.reverse();
        Some(way)
    }
}

/// The texts in a call's arguments.
fn words_of(arguments: &Value, words: &mut String) {
    match arguments {
        Value::String(text) => {
            words.push_str(text);
            words.push(' ');
        }
        Value::Array(values) => values.iter().for_each(|value| words_of(value, words)),
        Value::Object(fields) => fields.values().for_each(|value| words_of(value, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
