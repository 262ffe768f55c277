//! Who takes over, and when: the escalation rules, edge cases that name a person, and the tools that pass people on.

use crate::intent::models::{FieldId, Provenance};
use crate::workflow::flow::Role;
use crate::workflow::models::{Node, NodeType};
use crate::workflow::words::{self, EDGE_LABEL};

use super::draft::At;
use super::facts::Facts;
use super::p1_assign::Assignment;
use super::p2_chains::step;
use super::rules::{self, Rule};

/// One way to pass the conversation on; several rules may share it.
#[derive(Clone)]
pub struct Way {
    pub node: Node,
    /// Position of the tool that does it.
    pub tool: Option<usize>,
    /// Nobody takes over: the agent says what to do.
    pub advice: bool,
    /// Where the draft has it, once it is laid.
    pub at: Option<At>,
}

/// When a way is taken.
pub struct Escalation {
    pub label: String,
    pub condition: String,
    pub provenance: Provenance,
    /// Position in [`Escalations::ways`].
    pub way: usize,
    /// A tool that the rule names: "ticket for Mia".
    pub tool: Option<usize>,
    /// How many further rules it speaks for.
    more: usize,
}

#[derive(Default)]
pub struct Escalations {
    pub ways: Vec<Way>,
    pub rules: Vec<Escalation>,
}

impl Escalations {
    pub fn read(facts: &Facts<'_>, assignment: &Assignment) -> Escalations {
        let mut result = Escalations::default();
        let claimed = |t: usize| assignment.by_goal.iter().flatten().any(|use_| use_.tool == t);
        for (field, needs_target) in [(FieldId::EscalationRules, false), (FieldId::EdgeCases, true)] {
            for item in facts.spec.items(field) {
                let rule = rules::read(&item.value);
                if !needs_target || rule.target.is_some() {
                    result.add(facts, assignment, rule, field, item.provenance);
                }
            }
        }
        let used = |result: &Escalations, t: usize| result.ways.iter().any(|way| way.tool == Some(t));
        for t in assignment.handoffs.iter().copied() {
            if !claimed(t) && !used(&result, t) {
                result.add_tool(facts, t);
            }
        }
        result
    }

    /// The way that failures take: the first where a person takes over, with a tool if there is one.
    pub fn first_person(&self) -> Option<usize> {
        let people = || (0..self.ways.len()).filter(|way| !self.ways[*way].advice);
        people().find(|way| self.ways[*way].tool.is_some()).or_else(|| people().next())
    }

    fn add(&mut self, facts: &Facts<'_>, assignment: &Assignment, rule: Rule, field: FieldId, provenance: Provenance) {
        let tokens = words::tokens(&rule.text);
        let speaks_of = |t: &usize| facts.tools[*t].flow.words.iter().any(|phrase| phrase.holds(&tokens));
        let handoffs = &assignment.handoffs;
        let tool = handoffs.iter().copied().find(speaks_of).or(handoffs.first().copied()).filter(|_| !rule.advice);
        let messengers = |t: &usize| matches!(facts.tools[*t].flow.role, Role::Fallback | Role::Notify);
        let with = (0..facts.tools.len()).filter(messengers).find(speaks_of);
        let label = match (&rule.target, rule.advice) {
            (Some(target), _) => target.clone(),
            (None, true) => words::title(&rule.action),
            (None, false) => {
                tool.map_or("Hand over to a person".to_owned(), |t| words::title(&facts.tools[t].flow.act))
            }
        };
        let condition = words::sentence(&rule.text);
        let way = self.way(facts, label, tool, rule.advice, (field, provenance), &condition);
        self.push(Escalation { label: rule.label, condition, provenance, way, tool: with, more: 0 });
    }

    /// Rules that lead the same way share an edge: "angry customers", then "angry customers or 1 more".
    fn push(&mut self, rule: Escalation) {
        let same = self.rules.iter_mut().find(|known| known.way == rule.way && known.tool == rule.tool);
        let Some(known) = same else {
            self.rules.push(rule);
            return;
        };
        let first = known.label.split(" or ").next().unwrap_or_default();
        let both = format!("{} or {}", known.label, rule.label);
        known.more += 1;
        known.label = match known.more {
            1 if both.chars().count() <= EDGE_LABEL => both,
            more => words::short(first, EDGE_LABEL - " or 99 more".len()) + &format!(" or {more} more"),
        };
        known.condition = format!("{} {}", known.condition, rule.condition);
        known.provenance = known.provenance.max(rule.provenance);
        let way = &mut self.ways[known.way].node;
        way.description.clone_from(&known.condition);
    }

    /// A tool that passes people on, and no rule says when: when they ask for it.
    fn add_tool(&mut self, facts: &Facts<'_>, t: usize) {
        let tool = &facts.tools[t];
        let label = words::title(&tool.flow.act);
        let condition = format!("The {} asks for a person, or it does not get any further.", facts.person());
        let way = self.way(facts, label, Some(t), false, (FieldId::Tools, tool.provenance), &condition);
        let label = words::edge_label(&tool.flow.own);
        self.push(Escalation { label, condition, provenance: tool.provenance, way, tool: None, more: 0 });
    }

    fn way(
        &mut self,
        facts: &Facts<'_>,
        label: String,
        tool: Option<usize>,
        advice: bool,
        source: (FieldId, Provenance),
        description: &str,
    ) -> usize {
        let same = |way: &Way| way.node.label == label && way.tool == tool && way.advice == advice;
        if let Some(known) = self.ways.iter().position(same) {
            return known;
        }
        let mut fields = vec![source.0];
        if tool.is_some() && source.0 != FieldId::Tools {
            fields.push(FieldId::Tools);
        }
        let target = match label.split_once(' ') {
            Some(("Hand" | "Put", _)) => "a colleague".to_owned(),
            _ => words::lower_first(&label),
        };
        let mut node = step(NodeType::Handoff, label, description.to_owned(), fields, source.1);
        node.config.say = Some(match advice {
            true => words::sentence(&node.label),
            false => facts.phrases.handoff.replace("{target}", &target),
        });
        if let Some(t) = tool {
            node.config.tool = Some(facts.tools[t].config.id.clone());
            node.config.tool_name = Some(facts.tools[t].name());
        }
        self.ways.push(Way { node, tool, advice, at: None });
        self.ways.len() - 1
    }
}
