//! Second phase: from tools to chains of steps. A chain asks for what its tools need, looks up, reads back, acts, answers.

use std::collections::HashSet;

use crate::intent::models::{FieldId, Provenance};
use crate::workflow::flow::Role;
use crate::workflow::models::{Node, NodeConfig, NodeType, Point};
use crate::workflow::words::{self, WORDS};

use super::facts::{Facts, Goal, Tool};
use super::p1_assign::{Mode, ToolUse, fields_of};

/// A run of steps, one after another. Branching steps leave it on the side; drawing connects them.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    pub steps: Vec<Node>,
    /// Position of the goal in its field, where the chain is a goal's.
    pub goal: Option<usize>,
    /// What an edge into the chain is called.
    pub label: String,
    /// In full, when the chain is taken.
    pub condition: String,
    /// When the step is taken at all, for chains that follow one another.
    pub only_if: Option<String>,
}

impl Chain {
    /// Whether something is written, sent or kept in it.
    pub fn acts(&self) -> bool {
        self.steps.iter().any(|step| step.kind == NodeType::ToolCall && !step.config.reads_only)
    }
}

/// A step without a place yet: ids are given when all steps are known.
pub fn step(kind: NodeType, label: String, description: String, fields: Vec<FieldId>, provenance: Provenance) -> Node {
    let config = NodeConfig::default();
    let label = if label.is_empty() { words::sentence_case(kind.label()) } else { label };
    Node {
        id: String::new(),
        kind,
        label,
        description,
        config,
        fields,
        provenance,
        position: Point::default(),
        width: 0.0,
        height: 0.0,
    }
}

/// What the conversation has given already, by parameter name.
pub type Known = HashSet<String>;

pub struct Chains<'a, 'f> {
    pub facts: &'f Facts<'a>,
    pub gate: Option<usize>,
}

/// The tools of one chain by what they do in it.
struct Parts {
    gate: Option<usize>,
    looks: Vec<ToolUse>,
    acts: Vec<ToolUse>,
    handoff: Option<usize>,
}

impl<'a> Chains<'a, '_> {
    fn tool(&self, t: usize) -> &Tool<'a> {
        &self.facts.tools[t]
    }

    /// The chain of a goal, given what is known when it begins.
    pub fn for_goal(&self, goal: &Goal, uses: &[ToolUse], known: &Known) -> Chain {
        let mut steps = self.steps(Some(goal), uses, known);
        for step in &mut steps {
            step.config.goals = vec![goal.index];
        }
        Chain {
            steps,
            goal: Some(goal.index),
            label: words::edge_label(&goal.text),
            condition: words::sentence(&format!(
                "The {} wants: {}",
                self.facts.person(),
                words::lower_first(&goal.text)
            )),
            only_if: None,
        }
    }

    /// The chain of a tool that no goal asks for.
    pub fn for_tool(&self, use_: ToolUse, known: &Known) -> Chain {
        let tool = self.tool(use_.tool);
        Chain {
            steps: self.steps(None, &[use_], known),
            goal: None,
            label: words::edge_label(&tool.flow.own),
            condition: words::sentence(&tool.config.usage_context),
            only_if: None,
        }
    }

    fn steps(&self, goal: Option<&Goal>, uses: &[ToolUse], known: &Known) -> Vec<Node> {
        let parts = self.parts(uses);
        let titles = Titles::choose(self, goal, &parts);
        let mut steps = Vec::new();
        steps.extend(self.collect(goal, &parts, known, titles.collect));
        if let Some(gate) = parts.gate {
            steps.push(self.call(gate, None, true));
            steps.push(self.identity_condition(gate));
        }
        for (use_, title) in parts.looks.iter().zip(titles.looks) {
            steps.push(self.call(use_.tool, title, true));
        }
        steps.extend(self.confirmation(&parts.acts));
        for (use_, title) in parts.acts.iter().zip(titles.acts) {
            steps.push(self.call(use_.tool, title, false));
        }
        if let Some(handoff) = parts.handoff {
            // What was asked for under the goal's words is passed on under the tool's.
            steps.push(self.handoff(goal.filter(|goal| !goal.gathers), handoff));
        } else if let Some(title) = titles.response {
            steps.push(self.response(goal, &parts, title));
        }
        steps
    }

    fn parts(&self, uses: &[ToolUse]) -> Parts {
        let mut uses = uses.to_vec();
        uses.sort_by_key(|use_| self.tool(use_.tool).flow.role);
        let is_handoff = |use_: &ToolUse| self.tool(use_.tool).flow.role == Role::Handoff;
        let personal = uses.iter().any(|use_| self.tool(use_.tool).flow.personal);
        let is_gate = |use_: &ToolUse| self.tool(use_.tool).flow.role == Role::Gate;
        let named = uses.iter().find(|use_| is_gate(use_)).map(|use_| use_.tool);
        let handoff = uses.iter().find(|use_| is_handoff(use_)).map(|use_| use_.tool);
        uses.retain(|use_| !is_handoff(use_) && !is_gate(use_));
        Parts {
            gate: named.or(self.gate.filter(|_| personal)),
            looks: uses.iter().filter(|use_| use_.mode != Mode::Act).copied().collect(),
            acts: uses.iter().filter(|use_| use_.mode != Mode::Look).copied().collect(),
            handoff,
        }
    }

    /// One step that asks for everything the chain's tools need and nobody gave yet.
    fn collect(&self, goal: Option<&Goal>, parts: &Parts, known: &Known, title: String) -> Option<Node> {
        let tools = parts.gate.into_iter().chain(parts.looks.iter().chain(&parts.acts).map(|use_| use_.tool));
        let tools: Vec<usize> = tools.chain(parts.handoff).collect();
        let mut missing = self.missing(&tools, known);
        let gathers = goal.filter(|goal| goal.gathers);
        if missing.is_empty() {
            missing = gathers.map(|goal| gathered(&goal.text)).into_iter().collect();
        }
        if missing.is_empty() {
            return None;
        }
        let provenance = gathers.map_or(Provenance::Default, |goal| goal.provenance);
        let fields = fields_of(goal.is_some(), !tools.is_empty());
        let (composed, asked): (Vec<String>, Vec<String>) =
            missing.iter().cloned().partition(|name| WORDS.composed_parameters.contains(name));
        let mut node = step(NodeType::CollectInput, title, self.asks(&asked, &composed), fields, provenance);
        let spoken: Vec<String> = asked.iter().map(|name| self.spoken(name, &tools)).collect();
        node.config.say = (!spoken.is_empty() && gathers.is_none_or(|_| !tools.is_empty()))
            .then(|| self.facts.phrases.collect.replace("{list}", &words::list(&spoken, "and")));
        node.config.collects = missing;
        Some(node)
    }

    /// Required parameters of these tools that are not known, in the order of the tools.
    pub fn missing(&self, tools: &[usize], known: &Known) -> Vec<String> {
        let mut seen = known.clone();
        let required = tools.iter().flat_map(|t| self.tool(*t).config.required_parameters());
        required.filter(|name| seen.insert((*name).to_owned())).map(str::to_owned).collect()
    }

    fn asks(&self, asked: &[String], composed: &[String]) -> String {
        let humane = |names: &[String]| words::list(&names.iter().map(|n| words::humane(n)).collect::<Vec<_>>(), "and");
        let gets = format!("Gets {}, asking only for what was not said yet", humane(asked));
        let works_out = format!("works out {} from what was said", humane(composed));
        match (asked.is_empty(), composed.is_empty()) {
            (false, true) => format!("{gets}."),
            (true, _) => words::sentence(&works_out),
            (false, false) => format!("{gets}, and {works_out}."),
        }
    }

    /// A parameter as it is asked for: its description where that is short, else its name.
    fn spoken(&self, name: &str, tools: &[usize]) -> String {
        let described = tools.iter().find_map(|t| self.tool(*t).config.parameter_description(name));
        let short = described.map(words::clean).filter(|text| !text.is_empty() && text.chars().count() <= 40);
        short.map_or_else(|| words::humane(name), |text| words::lower_first(&text))
    }

    /// A look-up or an act.
    pub fn call(&self, t: usize, title: Option<String>, reads: bool) -> Node {
        let tool = self.tool(t);
        let kind = if tool.flow.role == Role::Knowledge { NodeType::KnowledgeLookup } else { NodeType::ToolCall };
        let title = title.unwrap_or_else(|| words::title(&tool.flow.act));
        let about = match words::clean(&tool.config.description) {
            text if text.is_empty() || reads => words::clean(&tool.config.usage_context),
            text => text,
        };
        let description = match about.is_empty() {
            true => format!("Calls {}.", tool.name()),
            false => format!("{} {}", words::sentence(&format!("Calls {}", tool.name())), words::sentence(&about)),
        };
        let mut node = step(kind, title, description, vec![FieldId::Tools], tool.provenance);
        node.config.say = Some(if reads { self.facts.phrases.lookup.clone() } else { self.facts.phrases.call.clone() });
        node.config.reads_only = reads;
        self.name_tool(&mut node, t);
        node
    }

    fn name_tool(&self, node: &mut Node, t: usize) {
        let tool = self.tool(t);
        node.config.tool = Some(tool.config.id.clone());
        node.config.tool_name = Some(tool.name());
    }

    /// Reads back what was collected, before the first tool that needs a yes.
    pub fn confirmation(&self, acts: &[ToolUse]) -> Option<Node> {
        let asking: Vec<&Tool<'_>> =
            acts.iter().map(|use_| self.tool(use_.tool)).filter(|tool| tool.config.needs_confirmation).collect();
        let first = asking.first()?;
        let names: Vec<String> = asking.iter().map(|tool| tool.name()).collect();
        let (title, description) = if self.facts.shape.headless {
            ("Get approval", format!("Waits for a person's yes before calling {}.", words::list(&names, "and")))
        } else {
            (
                "Read it back",
                format!("Reads back what was said and waits for a yes before calling {}.", words::list(&names, "and")),
            )
        };
        let mut node =
            step(NodeType::Confirmation, title.to_owned(), description, vec![FieldId::Tools], Provenance::Default);
        let own = words::clean(&first.config.confirmation);
        let known: Vec<String> = first.config.required_parameters().into_iter().map(words::humane).collect();
        node.config.say = Some(match own.is_empty() {
            true => self.facts.phrases.confirm.replace("{list}", &words::list(&known, "and")),
            false => own,
        });
        Some(node)
    }

    fn identity_condition(&self, gate: usize) -> Node {
        let description = "Goes on only when it is clear who is asking.".to_owned();
        let provenance = self.tool(gate).provenance;
        step(NodeType::Condition, "Identity confirmed?".to_owned(), description, vec![FieldId::Tools], provenance)
    }

    pub fn handoff(&self, goal: Option<&Goal>, t: usize) -> Node {
        let tool = self.tool(t);
        let title = goal.map_or_else(|| words::title(&tool.flow.act), Goal::title);
        let provenance = goal.map_or(tool.provenance, |goal| goal.provenance);
        let fields = fields_of(goal.is_some(), true);
        let description = format!("Passes the conversation on with {}, with what was said so far.", tool.name());
        let mut node = step(NodeType::Handoff, title, description, fields, provenance);
        node.config.say = Some(self.facts.phrases.handoff.replace("{target}", "a colleague"));
        self.name_tool(&mut node, t);
        node
    }

    fn response(&self, goal: Option<&Goal>, parts: &Parts, title: String) -> Node {
        let last = parts.acts.last().or(parts.looks.last()).map(|use_| self.tool(use_.tool));
        let described = last.map(|tool| words::clean(&tool.config.output_use)).filter(|text| !text.is_empty());
        let description = described.or_else(|| goal.map(|goal| goal.text.clone())).unwrap_or_else(|| title.clone());
        let provenance = goal.map_or(Provenance::Default, |goal| goal.provenance);
        let fields = fields_of(goal.is_some(), last.is_some());
        let mut node = step(NodeType::Response, title, words::sentence(&description), fields, provenance);
        let acted = parts.acts.iter().any(|use_| self.tool(use_.tool).flow.role != Role::Knowledge);
        let phrases = self.facts.phrases;
        node.config.say = last.map(|_| if acted { phrases.result.clone() } else { phrases.found.clone() });
        node
    }
}

/// A parameter name for what a goal without tools gathers: "ask how the visit went" → `how_the_visit_went`.
fn gathered(text: &str) -> String {
    let folded = words::fold(text);
    let verb = WORDS.gathers.iter().filter(|verb| folded.starts_with(verb.as_str())).max_by_key(|verb| verb.len());
    let object = verb.map_or(folded.as_str(), |verb| folded[verb.len()..].trim_start());
    let name = words::slug(&words::short(object, 32));
    if name.is_empty() { "answer".to_owned() } else { name }
}

/// Which step of a chain carries the goal's own words, and what the others are called.
struct Titles {
    collect: String,
    looks: Vec<Option<String>>,
    acts: Vec<Option<String>>,
    response: Option<String>,
}

impl Titles {
    fn choose(chains: &Chains<'_, '_>, goal: Option<&Goal>, parts: &Parts) -> Titles {
        let flow = |use_: &ToolUse| &chains.tool(use_.tool).flow;
        let find_title = |use_: &ToolUse| match use_.mode {
            Mode::FindAndAct if !flow(use_).find.is_empty() => Some(words::title(&flow(use_).find)),
            _ if use_.mode == Mode::Look && !flow(use_).find.is_empty() => Some(words::title(&flow(use_).find)),
            _ => None,
        };
        let main = parts.acts.first().or(parts.looks.last());
        let mut titles = Titles {
            collect: main.map_or_else(String::new, |use_| words::title(&flow(use_).collect)),
            looks: parts.looks.iter().map(find_title).collect(),
            acts: parts.acts.iter().map(|_| None).collect(),
            response: main.map(|use_| words::title(&flow(use_).result)).filter(|title| !title.is_empty()),
        };
        if let Some(gate) = parts.gate.filter(|_| main.is_none()) {
            titles.collect = words::title(&chains.tool(gate).flow.collect);
        }
        if titles.collect.is_empty() {
            titles.collect = chains.facts.channel.reads.clone();
        }
        let ends_with_message = parts.acts.last().is_some_and(|use_| flow(use_).role == Role::Notify);
        if ends_with_message || chains.facts.shape.steps && main.is_some() {
            titles.response = None;
        }
        if let Some(goal) = goal {
            titles.give_goal(chains, goal, parts);
        }
        titles
    }

    /// Gives the goal's words to the step that does it.
    fn give_goal(&mut self, chains: &Chains<'_, '_>, goal: &Goal, parts: &Parts) {
        let title = goal.title();
        let role = |use_: &ToolUse| chains.tool(use_.tool).flow.role;
        let writes = parts.acts.iter().position(|use_| matches!(role(use_), Role::Write | Role::Fallback));
        // Where nothing is written, the call that the goal asks for most plainly.
        let looks = parts.looks.iter().enumerate().filter(|(_, use_)| role(use_) != Role::Knowledge);
        let looks = looks.map(|(at, use_)| (use_.score, false, at));
        let acts = parts.acts.iter().enumerate().map(|(at, use_)| (use_.score, true, at));
        let plainest = looks.chain(acts).reduce(|best, next| if next.0 >= best.0 { next } else { best });
        let main = writes.map(|at| (0.0, true, at)).or(plainest).filter(|_| !goal.informs && parts.handoff.is_none());
        match main {
            _ if goal.gathers => self.collect = title,
            Some((_, true, at)) => self.acts[at] = Some(title),
            Some((_, false, at)) => self.looks[at] = Some(title),
            None => self.response = Some(title),
        }
    }
}
