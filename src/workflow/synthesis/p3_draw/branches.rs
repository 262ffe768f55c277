//! Goals as branches: people say what they need, and the agent takes the branch that fits.

use crate::intent::models::{FieldId, Provenance};
use crate::workflow::models::{Node, NodeType};
use crate::workflow::words;

use super::super::draft::At;
use super::super::p1_assign::{Mode, ToolUse};
use super::super::p2_chains::{Chain, Known, step};
use super::super::rules;
use super::{Drawing, EDGE_CASES, WORDS};

impl Drawing<'_, '_> {
    pub(super) fn branches(&mut self) -> At {
        let known = self.heard_with_the_request();
        let mut chains = self.all_chains(&known);
        let fails = chains.iter().any(may_fail);
        if !fails {
            self.ticket_chain(&mut chains, &known);
        }
        chains.extend(self.edge_case_chains());
        if chains.len() == 1 && self.escalations.rules.is_empty() {
            return self.single();
        }
        let intent = self.intent(&known);
        let intent = self.draft.add(intent);
        let next = if self.facts.shape.again { self.again() } else { self.end };
        let trouble = self.trouble_of(&chains, fails, next, &known);
        self.chosen(intent, &chains, next, trouble);
        if chains.is_empty() && self.escalations.rules.is_empty() {
            self.nothing_known(intent, next);
        } else {
            self.something_else(intent, &chains);
        }
        for rule in 0..self.escalations.rules.len() {
            let entry = self.escalate(rule, &known);
            let rule = &self.escalations.rules[rule];
            self.draft.branch(intent, entry, &rule.label, &rule.condition);
        }
        if self.facts.shape.again {
            self.close_again(next, intent);
        }
        self.open(intent)
    }

    fn chosen(&mut self, intent: At, chains: &[Chain], next: At, trouble: At) {
        for chain in chains {
            let entry = self.draft.lay(chain.steps.clone(), self.exits(next, trouble, next));
            self.draft.branch(intent, entry, &chain.label, &chain.condition);
        }
    }

    /// Where these chains go when something goes wrong; a ticket is opened only if a call of theirs can fail.
    pub(super) fn trouble_of(&mut self, chains: &[Chain], fails: bool, after: At, known: &Known) -> At {
        if chains.iter().any(needs_trouble) { self.trouble(after, known, fails) } else { after }
    }

    /// One thing only: there is nothing to choose from.
    fn single(&mut self) -> At {
        let known = Known::new();
        let mut chains = self.all_chains(&known);
        let fails = chains.iter().any(may_fail);
        if !fails {
            self.ticket_chain(&mut chains, &known);
        }
        chains.extend(self.edge_case_chains());
        let next = if self.facts.shape.again { self.again() } else { self.end };
        let trouble = self.trouble_of(&chains, fails, next, &known);
        let steps = chains.into_iter().next().unwrap_or_default().steps;
        let entry = self.draft.lay(steps, self.exits(next, trouble, next));
        if self.facts.shape.again {
            self.close_again(next, entry);
        }
        self.open(entry)
    }

    /// Parameters that are the request itself: whoever says what they need has said them. What comes in by mail or API
    /// says everything at once.
    fn heard_with_the_request(&self) -> Known {
        let needed = self.facts.tools.iter().flat_map(|tool| tool.config.required_parameters());
        let heard = |name: &&str| self.facts.shape.headless || WORDS.request_parameters.contains(*name);
        needed.filter(heard).map(str::to_owned).collect()
    }

    fn intent(&self, known: &Known) -> Node {
        let headless = self.facts.shape.headless;
        let label = if headless { "What is it about?" } else { "What do they need?" };
        let provenance = self.facts.provenance(FieldId::Goals);
        let description = format!("Listens for what the {} needs and takes the branch that fits.", self.facts.person());
        let fields = vec![FieldId::Goals];
        let mut node = step(NodeType::IntentDetection, label.to_owned(), description, fields, provenance);
        node.config.say = (!headless).then(|| self.facts.phrases.intent.clone());
        node.config.collects = known.iter().cloned().collect();
        node.config.collects.sort();
        node
    }

    /// Before anything is known of the agent.
    fn nothing_known(&mut self, intent: At, next: At) {
        let node = self.text(NodeType::Response, "Answer", "Answers in the agent's own words.", "");
        let answer = self.draft.add(node);
        self.draft.link(intent, answer);
        self.draft.link(answer, next);
    }

    fn something_else(&mut self, intent: At, chains: &[Chain]) {
        let offers: Vec<&str> =
            chains.iter().filter(|chain| chain.goal.is_some()).map(|chain| chain.label.as_str()).collect();
        let phrases = self.facts.phrases;
        let say = match offers.is_empty() {
            true => phrases.unknown_open.clone(),
            false => phrases.unknown.replace("{list}", &words::list(&offers[..offers.len().min(5)], "or")),
        };
        let (label, description) = match self.facts.shape.headless {
            true => ("Report what is unclear", "Says what came in and why nothing was done with it."),
            false => ("Say what it can do", "Says what it can help with and asks again."),
        };
        let mut node =
            self.text(NodeType::Response, label, description, if self.facts.shape.headless { "" } else { &say });
        node.fields = vec![FieldId::Goals];
        let other = self.draft.add(node);
        self.draft.default_branch(intent, other, "something else", "None of the others fits");
        self.draft.link(other, if self.facts.shape.headless { self.end } else { intent });
    }

    /// A ticket that no failure leads to is something people can ask for.
    pub(super) fn ticket_chain(&self, chains: &mut Vec<Chain>, known: &Known) {
        let in_rule = |tool: &usize| self.escalations.rules.iter().any(|rule| rule.tool == Some(*tool));
        if let Some(tool) = self.assignment.fallback.filter(|tool| !in_rule(tool)) {
            chains.push(self.chains.for_tool(ToolUse::plain(tool, Mode::Act), known));
        }
    }

    /// "Somebody asks for a discount code: there is none."
    fn edge_case_chains(&self) -> Vec<Chain> {
        let items = self.facts.spec.items(FieldId::EdgeCases).iter();
        let told = items.filter_map(|item| {
            let rule = rules::read(&item.value);
            let title = rules::action_title(&rule).filter(|_| rule.target.is_none() && !rule.condition.is_empty())?;
            let description = words::sentence(&rule.text);
            let fields = vec![FieldId::EdgeCases];
            let steps = vec![step(NodeType::Response, title, description, fields, item.provenance)];
            Some(Chain { steps, goal: None, label: rule.label, condition: rule.condition, only_if: None })
        });
        told.take(EDGE_CASES).collect()
    }
}

/// Whether the chain calls something that may fail.
pub(super) fn may_fail(chain: &Chain) -> bool {
    chain.steps.iter().any(|step| matches!(step.kind, NodeType::ToolCall | NodeType::KnowledgeLookup))
}

/// Whether the chain has steps that lead out of it when something goes wrong.
pub(super) fn needs_trouble(chain: &Chain) -> bool {
    may_fail(chain) || chain.steps.iter().any(|step| step.kind == NodeType::Condition)
}

/// The provenance of steps that nobody asked for.
pub(super) const USUAL: Provenance = Provenance::Default;
