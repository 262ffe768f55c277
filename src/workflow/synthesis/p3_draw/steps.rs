//! Goals as steps: the agent goes through them one after another.

use crate::intent::models::FieldId;
use crate::workflow::models::{Node, NodeType};
use crate::workflow::words;

use super::super::draft::At;
use super::super::p2_chains::{Chain, Known, step};
use super::Drawing;
use super::branches::{USUAL, may_fail};

impl Drawing<'_, '_> {
    pub(super) fn steps(&mut self) -> At {
        let reading = self.reading();
        let known = reading.iter().flat_map(|step| step.config.collects.iter().cloned()).collect();
        let mut chains = self.all_chains(&known);
        if chains.is_empty() {
            chains.push(self.first_step());
        }
        let fails = chains.iter().any(may_fail);
        if !fails {
            self.ticket_chain(&mut chains, &known);
        }
        let closing = self.closing(&chains);
        let trouble = self.trouble_of(&chains, fails, closing, &known);
        let check_before = self.check_before(&chains);
        let mut next = closing;
        for (position, chain) in chains.iter().enumerate().rev() {
            if position + 1 == check_before {
                next = self.stop_signs(next, &known);
            }
            next = self.one_of_several(chain, next, trouble);
        }
        if check_before == 0 {
            next = self.stop_signs(next, &known);
        }
        if self.facts.shape.again {
            self.close_again(closing, next);
        }
        if let Some(reading) = reading {
            let at = self.draft.add(reading);
            self.draft.link(at, next);
            next = at;
        }
        self.open(next)
    }

    /// What comes in by mail or API says everything at once: it is read first, for all steps.
    fn reading(&self) -> Option<Node> {
        let tools: Vec<usize> = (0..self.facts.tools.len()).collect();
        let needed = self.chains.missing(&tools, &Known::new());
        if !self.facts.shape.headless || needed.is_empty() {
            return None;
        }
        let fields = vec![FieldId::Channel, FieldId::Tools];
        let names: Vec<String> = needed.iter().map(|name| words::humane(name)).collect();
        let description = format!("Finds {} in what came in.", words::list(&names, "and"));
        let mut node = step(NodeType::CollectInput, self.facts.channel.reads.clone(), description, fields, USUAL);
        node.config.collects = needed;
        Some(node)
    }

    /// A chain, or the next one where its condition does not hold.
    fn one_of_several(&mut self, chain: &Chain, next: At, trouble: At) -> At {
        let entry = self.draft.lay(chain.steps.clone(), self.exits(next, trouble, next));
        let Some(question) = &chain.only_if else {
            return entry;
        };
        let mut node =
            step(NodeType::Condition, question.clone(), chain.condition.clone(), vec![FieldId::Goals], USUAL);
        node.config.goals = chain.goal.into_iter().collect();
        node.provenance = chain.goal.map_or(USUAL, |goal| self.facts.goals[goal].provenance);
        let at = self.draft.add(node);
        self.draft.branch(at, entry, "yes", "It holds");
        self.draft.default_branch(at, next, "no", "It does not hold");
        at
    }

    /// Nothing is known yet: it asks what is needed and answers.
    fn first_step(&self) -> Chain {
        let reads = self.facts.channel.reads.clone();
        let mut ask =
            step(NodeType::CollectInput, reads, "Gets what is needed.".to_owned(), vec![FieldId::AgentType], USUAL);
        ask.config.collects = vec!["request".to_owned()];
        let answer = self.text(NodeType::Response, "Answer", "Answers in the agent's own words.", "");
        Chain { steps: vec![ask, answer], ..Chain::default() }
    }

    fn closing(&mut self, chains: &[Chain]) -> At {
        if self.facts.shape.again {
            return self.again();
        }
        let answered = chains.last().filter(|chain| chain.only_if.is_none()).and_then(|chain| chain.steps.last());
        if answered.is_some_and(|step| step.kind == NodeType::Response) {
            return self.end;
        }
        let (label, description, say) = match self.facts.shape.headless {
            true => ("Report the outcome", "Says what was done and what is left.", ""),
            false => ("Thank them", "Thanks them and says what happens next.", self.facts.phrases.result.as_str()),
        };
        let node = self.text(NodeType::Response, label, description, say);
        let at = self.draft.add(node);
        self.draft.link(at, self.end);
        at
    }

    /// The position before which the escalation rules are looked at: before the first act, but never before somebody who
    /// was called has said anything.
    fn check_before(&self, chains: &[Chain]) -> usize {
        let first_act = chains.iter().position(Chain::acts).unwrap_or(chains.len());
        first_act.max(usize::from(self.facts.shape.outbound))
    }

    /// One condition with a branch for each escalation rule, in front of `next`.
    fn stop_signs(&mut self, next: At, known: &Known) -> At {
        if self.escalations.rules.is_empty() {
            return next;
        }
        let urgent = self.escalations.ways.iter().all(|way| way.advice);
        let label = if urgent { "Anything that stops it?" } else { "Needs a person?" };
        let provenance = self.escalations.rules.iter().map(|rule| rule.provenance).max().unwrap_or(USUAL);
        let description = "Looks for what the owner wants somebody else to handle.".to_owned();
        let fields = vec![FieldId::EscalationRules];
        let at = self.draft.add(step(NodeType::Condition, label.to_owned(), description, fields, provenance));
        for rule in 0..self.escalations.rules.len() {
            let entry = self.escalate(rule, known);
            let rule = &self.escalations.rules[rule];
            self.draft.branch(at, entry, &rule.label, &rule.condition);
        }
        self.draft.default_branch(at, next, "no", "Nothing of the kind came up");
        at
    }
}
