//! Third phase: the whole graph, from the opening over branches or steps to the end.

use crate::intent::models::{FieldId, Provenance};
use crate::workflow::flow::Role;
use crate::workflow::models::{Graph, Node, NodeType};
use crate::workflow::words::{self, WORDS};

use super::draft::{At, Draft, Exits};
use super::escalation::{Escalations, Way};
use super::facts::{Facts, Goal};
use super::p1_assign::{Assignment, Mode, ToolUse};
use super::p2_chains::{Chain, Chains, Known, step};
use super::rules;

/// Edge cases that get a branch of their own, at most.
const EDGE_CASES: usize = 3;

pub fn draw(facts: &Facts<'_>, assignment: &Assignment) -> Graph {
    let mut drawing = Drawing::new(facts, assignment);
    let start = if facts.shape.steps { drawing.steps() } else { drawing.branches() };
    drawing.draft.finish(start)
}

struct Drawing<'a, 'f> {
    facts: &'f Facts<'a>,
    assignment: &'f Assignment,
    chains: Chains<'a, 'f>,
    escalations: Escalations,
    draft: Draft,
    end: At,
    passed_on: At,
}

impl<'a, 'f> Drawing<'a, 'f> {
    fn new(facts: &'f Facts<'a>, assignment: &'f Assignment) -> Drawing<'a, 'f> {
        let mut draft = Draft::default();
        let channel = facts.provenance(FieldId::Channel);
        let mut end =
            step(NodeType::End, facts.channel.closes.clone(), "Ends.".to_owned(), vec![], Provenance::Default);
        end.config.say = (!facts.shape.headless).then(|| facts.phrases.goodbye.clone());
        let fields = vec![FieldId::Channel];
        let description = "Ends here: somebody else carries on.".to_owned();
        let passed_on = step(NodeType::End, facts.channel.passed_on.clone(), description, fields, channel);
        let (end, passed_on) = (draft.add_end(end), draft.add(passed_on));
        Drawing {
            facts,
            assignment,
            chains: Chains { facts, gate: assignment.gate },
            escalations: Escalations::read(facts, assignment),
            draft,
            end,
            passed_on,
        }
    }

    fn text(&self, kind: NodeType, label: &str, description: &str, say: &str) -> Node {
        let mut node = step(kind, label.to_owned(), description.to_owned(), vec![], Provenance::Default);
        node.config.say = (!say.is_empty()).then(|| say.to_owned());
        node
    }

    fn exits(&self, next: At, trouble: At, declined: At) -> Exits {
        Exits { next, trouble, declined, passed_on: self.passed_on }
    }

    // ---- chains of goals and tools

    /// The chains of all goals and of the tools with a place of their own. In steps, what one chain gets is known to the
    /// next unless it may be left out.
    fn all_chains(&self, known: &Known) -> Vec<Chain> {
        let mut known = known.clone();
        let mut chains = Vec::new();
        let steps = self.facts.shape.steps;
        let leading = |use_: &&ToolUse| steps && self.facts.tools[use_.tool].flow.role <= Role::Lookup;
        let (before, after): (Vec<&ToolUse>, Vec<&ToolUse>) = self.assignment.own.iter().partition(leading);
        for use_ in before {
            let chain = self.chains.for_tool(*use_, &known);
            self.learn(&mut known, &chain);
            chains.push(chain);
        }
        let goals = self.facts.goals.iter().zip(&self.assignment.by_goal);
        for (goal, uses) in goals.filter(|(goal, _)| !self.facts.is_opening(goal)) {
            let mut chain = self.chains.for_goal(goal, uses, &known);
            if steps {
                chain.only_if = only_if(goal, &chain);
            }
            self.learn(&mut known, &chain);
            chains.extend(if steps { apart_from_handoff(chain) } else { vec![chain] });
        }
        for use_ in after {
            if steps {
                self.work_out_earlier(use_.tool, &mut known, &mut chains);
            }
            let chain = self.chains.for_tool(*use_, &known);
            self.learn(&mut known, &chain);
            chains.push(chain);
        }
        self.lone_gate(&mut chains);
        self.add_checks(&mut chains);
        chains
    }

    fn learn(&self, known: &mut Known, chain: &Chain) {
        if self.facts.shape.steps && chain.only_if.is_none() {
            known.extend(chain.steps.iter().flat_map(|step| step.config.collects.iter().cloned()));
        }
    }

    /// What a closing tool needs and the agent words itself is worked out with the last answer: no step of its own.
    fn work_out_earlier(&self, tool: usize, known: &mut Known, chains: &mut [Chain]) {
        let missing = self.chains.missing(&[tool], known);
        if !missing.iter().all(|name| WORDS.composed_parameters.contains(name)) {
            return;
        }
        let always = chains.iter_mut().rev().filter(|chain| chain.only_if.is_none());
        let mut steps = always.flat_map(|chain| chain.steps.iter_mut().rev());
        if let Some(collect) = steps.find(|step| step.kind == NodeType::CollectInput) {
            known.extend(missing.iter().cloned());
            collect.config.collects.extend(missing);
        }
    }

    /// An identity check that no personal tool calls for goes before the chain that its owner named, or the first act.
    fn lone_gate(&self, chains: &mut Vec<Chain>) {
        let Some(gate) = self.assignment.gate else { return };
        let tool = &self.facts.tools[gate];
        let used = |chain: &Chain| chain.steps.iter().any(|step| step.config.tool.as_ref() == Some(&tool.config.id));
        if chains.iter().any(used) {
            return;
        }
        let named = words::content_stems(tool.quote);
        let goal = |chain: &Chain| chain.goal.map(|g| &self.facts.goals[g]);
        let mut hosts = chains.iter_mut();
        let by_name = hosts.position(|chain| goal(chain).is_some_and(|goal| !goal.stems.is_disjoint(&named)));
        let host = by_name.or_else(|| chains.iter().position(Chain::acts));
        let alone = self.chains.for_tool(ToolUse::plain(gate, Mode::Look), &Known::new());
        match host {
            Some(host) => {
                let chain = &mut chains[host];
                let mut steps = alone.steps;
                steps.retain(|step| step.kind != NodeType::Response);
                for step in &mut steps {
                    step.config.goals = chain.goal.into_iter().collect();
                }
                steps.append(&mut chain.steps);
                chain.steps = steps;
            }
            None => chains.push(alone),
        }
    }

    /// "Verify the age before selling": a condition in the chain it is about.
    fn add_checks(&self, chains: &mut [Chain]) {
        for item in self.facts.spec.items(FieldId::Constraints) {
            let Some((title, before)) = rules::check(&item.value) else { continue };
            let what = words::content_stems(&title);
            let covered = |chain: &Chain| {
                chain.steps.iter().any(|step| {
                    let identity = step.label == "Identity confirmed?" && what.contains(&words::stem("identity"));
                    identity || step.kind == NodeType::Confirmation && title.starts_with("Confirm")
                })
            };
            let anchor = before.map(|text| words::content_stems(&text)).unwrap_or_default();
            let about = |chain: &Chain| {
                let goal = chain.goal.is_some_and(|g| !self.facts.goals[g].stems.is_disjoint(&anchor));
                goal || chain.steps.iter().any(|step| !words::content_stems(&step.label).is_disjoint(&anchor))
            };
            let host = chains.iter().position(about).or_else(|| chains.iter().position(Chain::acts));
            let Some(chain) = host.map(|host| &mut chains[host]).filter(|chain| !covered(chain)) else { continue };
            let act = |step: &Node| step.kind == NodeType::ToolCall && !step.config.reads_only;
            let at = chain.steps.iter().position(|step| step.kind == NodeType::Confirmation || act(step)).unwrap_or(0);
            let fields = vec![FieldId::Constraints];
            let mut node = step(NodeType::Condition, title, words::sentence(&item.value), fields, item.provenance);
            node.config.goals = chain.goal.into_iter().collect();
            chain.steps.insert(at, node);
        }
    }

    // ---- ways out

    /// Where failed calls lead: a ticket, a person, or an apology.
    fn trouble(&mut self, after: At, known: &Known, may_fail: bool) -> At {
        let person = self.escalations.first_person();
        let person = person.map(|way| self.hand_over(way, known));
        let last_resort = |drawing: &mut Self| {
            let description = "Says that it did not work and what is possible instead.";
            let say = drawing.failure_words();
            let node = drawing.text(NodeType::Response, "Say what went wrong", description, &say);
            let at = drawing.draft.add(node);
            drawing.draft.link(at, after);
            at
        };
        let Some(ticket) = self.assignment.fallback.filter(|_| may_fail) else {
            return person.unwrap_or_else(|| last_resort(self));
        };
        let beyond = person.unwrap_or_else(|| last_resort(self));
        let use_ = ToolUse::plain(ticket, Mode::Act);
        let chain = self.chains.for_tool(use_, known);
        self.draft.lay(chain.steps, self.exits(after, beyond, after))
    }

    /// What the agent says when a call fails: the tools' own words where they agree.
    fn failure_words(&self) -> String {
        let mut own =
            self.facts.tools.iter().map(|tool| words::clean(&tool.config.on_failure)).filter(|t| !t.is_empty());
        match (own.next(), own.next()) {
            (Some(one), None) => words::sentence(&one),
            _ => self.facts.phrases.apology.clone(),
        }
    }

    /// The entry of a hand-over: what its tool needs is asked first, unless it is known.
    fn hand_over(&mut self, way: usize, known: &Known) -> At {
        if let Some(at) = self.escalations.ways[way].at {
            return at;
        }
        let Way { node, tool, .. } = &self.escalations.ways[way];
        let (node, tool, advice) = (node.clone(), *tool, self.escalations.ways[way].advice);
        let missing = tool.map(|tool| self.chains.missing(&[tool], known)).unwrap_or_default();
        let exits = Exits {
            passed_on: if advice { self.end } else { self.passed_on },
            ..self.exits(self.end, self.end, self.end)
        };
        let mut steps = vec![node];
        if !missing.is_empty() {
            let description = format!(
                "Takes down {} for whoever takes over.",
                words::list(&missing.iter().map(|n| words::humane(n)).collect::<Vec<_>>(), "and")
            );
            let mut note = step(
                NodeType::CollectInput,
                "Note what it is about".to_owned(),
                description,
                vec![FieldId::EscalationRules],
                Provenance::Default,
            );
            note.config.collects = missing;
            steps.insert(0, note);
        }
        let at = self.draft.lay(steps, exits);
        self.escalations.ways[way].at = Some(at);
        at
    }

    /// The entry of an escalation rule: its own tool first ("ticket for Mia"), then the hand-over.
    fn escalate(&mut self, rule: usize, known: &Known) -> At {
        let way = self.escalations.rules[rule].way;
        let at = self.hand_over(way, known);
        let Some(tool) = self.escalations.rules[rule].tool else { return at };
        let chain = self.chains.for_tool(ToolUse::plain(tool, Mode::Act), known);
        self.lay_or_go_on(chain, at)
    }

    /// Steps that the conversation can do without: when they fail, it goes on to `next`.
    fn lay_or_go_on(&mut self, chain: Chain, next: At) -> At {
        let steps = chain.steps.into_iter().filter(|step| step.kind != NodeType::Response).collect();
        let without = self.text(NodeType::Response, "Go on without it", "Says that it did not work and goes on.", "");
        let without = self.draft.add(without);
        self.draft.link(without, next);
        self.draft.lay(steps, self.exits(next, without, next))
    }

    fn again(&mut self) -> At {
        let say = &self.facts.phrases.again;
        let node = self.text(NodeType::Condition, "Anything else?", "Asks whether there is anything else.", say);
        self.draft.add(node)
    }

    fn close_again(&mut self, again: At, back: At) {
        self.draft.branch(again, back, "yes", "There is something else");
        self.draft.default_branch(again, self.end, "no", "There is nothing else, or no answer");
    }
}

/// In steps, what comes before a hand-over is always done, the hand-over itself only where it is called for.
fn apart_from_handoff(mut chain: Chain) -> Vec<Chain> {
    let works = |step: &Node| matches!(step.kind, NodeType::ToolCall | NodeType::KnowledgeLookup);
    let hands_over = chain.steps.last().is_some_and(|step| step.kind == NodeType::Handoff);
    if !hands_over || !chain.steps.iter().any(works) {
        return vec![chain];
    }
    let handoff = chain.steps.pop();
    let only_if = Some("Hand over now?".to_owned());
    let last = Chain { steps: handoff.into_iter().collect(), only_if, ..chain.clone() };
    chain.only_if = None;
    vec![chain, last]
}

/// When a step of several is taken at all: "… if they hesitate", and every step that passes the conversation on.
fn only_if(goal: &Goal, chain: &Chain) -> Option<String> {
    let lowered = goal.text.to_ascii_lowercase();
    let markers = [" if ", " when ", " unless ", " for anything "];
    let marked = markers.iter().find_map(|marker| {
        let at = lowered.find(marker)?;
        let before = lowered[..at].split_whitespace().next_back().unwrap_or_default();
        let asks = goal.gathers || WORDS.asking.contains(before);
        (!asks).then(|| goal.text[at + marker.len()..].trim()).filter(|text| !text.is_empty())
    });
    let hands_over = chain.steps.last().is_some_and(|step| step.kind == NodeType::Handoff);
    marked.or_else(|| hands_over.then_some(goal.text.as_str())).map(words::question)
}

mod branches;
mod opening;
mod steps;
