//! The workflow in words: what happens before any goal, and the steps of each goal. Pure.
//!
//! Read from the graph's shape, not from its ids. Where goals are branches, the node at which they part is the hub, and each
//! way out of it is one procedure, followed until it leads back or ends. Where they are steps, there is one procedure from
//! the greeting to the end. Side ways (a failed call, a "no") become words on the step they leave.

use crate::intent::models::FieldId;
use crate::workflow::models::{Edge, Node, NodeType};

use super::brief::{Brief, code};
use super::parts::{Mark, Piece};
use super::ways::Ways;
use super::wording::{clean, fill, in_words, listed, sentence, uncapitalised};

/// The longest title that still reads as the beginning of a step.
const LABEL: usize = 60;

/// The steps that serve one goal, or several that take the same way.
#[derive(Clone, Debug)]
pub(super) struct Procedure {
    /// Empty when it is the only one: the goals in their order.
    pub title: String,
    pub field: FieldId,
    pub steps: Vec<Piece>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    /// Steps between greeting and the first goal, where goals are branches.
    pub before: Vec<Piece>,
    /// Whether the agent has to find out which goal is meant.
    pub asks_for_goal: bool,
    /// Whether it asks for anything else after a goal.
    pub asks_for_more: bool,
    pub procedures: Vec<Procedure>,
}

pub(super) fn read(brief: &Brief<'_>) -> Flow {
    let ways = Ways::new(brief.graph);
    let Some(start) = ways.start() else { return Flow::default() };
    let opening = ways.main_way(start, None);
    let hub = opening.iter().copied().find(|at| ways.node(*at).kind == NodeType::IntentDetection);
    let reader = Reader { brief, ways: &ways, hub };
    let Some(hub) = hub else {
        let again = opening.iter().any(|at| ways.asks_again(*at));
        let steps = reader.procedure(None, &opening);
        return Flow { asks_for_more: again, procedures: steps.into_iter().collect(), ..Flow::default() };
    };
    let before = opening.iter().copied().take_while(|at| *at != hub).flat_map(|at| reader.steps(at, &opening));
    let branches = ways.out(hub).filter(|(edge, _)| !edge.is_failure);
    let procedures =
        branches.filter_map(|(edge, target)| reader.procedure(Some(edge), &ways.main_way(target, Some(hub))));
    Flow {
        before: before.collect(),
        asks_for_goal: true,
        asks_for_more: ways.asks_again_into(hub),
        procedures: merged(procedures.collect()),
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
    ways: &'g Ways<'g>,
    hub: Option<usize>,
}

impl<'g> Reader<'_, 'g> {
    fn node(&self, at: usize) -> &'g Node {
        self.ways.node(at)
    }

    /// The procedure along a way; none where nothing but answers happen, or only what the hand-over rules say anyway.
    fn procedure(&self, branch: Option<&Edge>, way: &[usize]) -> Option<Procedure> {
        use NodeType::{CollectInput, Condition, Confirmation, KnowledgeLookup, ToolCall};
        let of_goals = way.iter().any(|at| !self.node(*at).config.goals.is_empty());
        let acts = |at: &usize| match self.node(*at).kind {
            KnowledgeLookup | ToolCall => true,
            CollectInput => of_goals && self.asks_for_parameters(self.node(*at)),
            Confirmation => of_goals,
            // A check that the owner asked for; the usual ones add nothing where there is nothing to do.
            Condition => {
                matches!(self.node(*at).fields.first(), Some(FieldId::Constraints | FieldId::ConversationFlow))
            }
            _ => false,
        };
        if !way.iter().any(acts) {
            return None;
        }
        let steps: Vec<Piece> = way.iter().flat_map(|at| self.steps(*at, way)).collect();
        let (title, field) = branch.map_or((String::new(), FieldId::Goals), |edge| self.title(edge, way));
        (!steps.is_empty()).then_some(Procedure { title, field, steps })
    }

    /// The goals it serves; for a branch without one, when it is taken.
    fn title(&self, branch: &Edge, way: &[usize]) -> (String, FieldId) {
        let mut positions: Vec<usize> = way.iter().flat_map(|at| self.node(*at).config.goals.iter().copied()).collect();
        positions.sort_unstable();
        positions.dedup();
        let goals = self.brief.spec.items(FieldId::Goals);
        let titles: Vec<String> =
            positions.iter().filter_map(|at| goals.get(*at)).map(|goal| bare(&goal.value)).collect();
        if !titles.is_empty() {
            return (titles.join("; "), FieldId::Goals);
        }
        let first = way.first().map(|at| self.node(*at));
        let named = branch.condition.as_deref().or(branch.label.as_deref()).or(first.map(|node| node.label.as_str()));
        let field = first.and_then(|node| node.fields.first()).copied().unwrap_or(FieldId::Goals);
        (named.map(|text| bare(&sentence(text))).unwrap_or_default(), field)
    }

    /// Whether a node asks the questions that the hand-over rules pose.
    fn is_escalation(&self, at: usize) -> bool {
        let node = self.node(at);
        node.kind == NodeType::Condition && node.fields.first() == Some(&FieldId::EscalationRules)
    }

    /// The step of a node; none where other parts of the prompt say it already.
    fn steps(&self, at: usize, way: &[usize]) -> Option<Piece> {
        let node = self.node(at);
        let phrases = self.brief.phrases;
        let tool = node.config.tool.as_deref().filter(|id| self.brief.spec.tool_configs.contains_key(*id));
        let with_tool = |template: &str, tool: &str| fill(template, &[("tool", &code(tool))]);
        let text = match (node.kind, tool) {
            (NodeType::Start | NodeType::Greeting | NodeType::IntentDetection | NodeType::End, _) => return None,
            (NodeType::CollectInput, _) if self.asks_for_parameters(node) => self.get(node),
            (NodeType::Confirmation, _) if self.confirms_call(at) => match () {
                () if self.brief.is("api") => phrases.step_confirm_api.clone(),
                () if self.brief.voice => phrases.step_confirm_voice.clone(),
                () => phrases.step_confirm.clone(),
            },
            (NodeType::KnowledgeLookup | NodeType::ToolCall, Some(tool)) => self.call(node, tool),
            (NodeType::Handoff, Some(tool)) => with_tool(&phrases.step_hand_over, tool),
            (NodeType::Condition, _) => return self.check(at, way),
            (NodeType::Response | NodeType::Handoff, _) if self.said_elsewhere(node) => return None,
            _ => sentence(&self.whole(&node.label)),
        };
        let text = if clean(&text).is_empty() { return None } else { self.with_failure(at, text) };
        Some(Piece { mark: Mark::Step, text, field: node.fields.first().copied(), provenance: node.provenance })
    }

    /// Whether an input step is for a tool; one that is not says in its label what it gets.
    fn asks_for_parameters(&self, node: &Node) -> bool {
        let known = |name: &String| self.brief.spec.tools().any(|tool| tool.parameter_description(name).is_some());
        node.config.collects.iter().any(known)
    }

    fn call(&self, node: &Node, tool: &str) -> String {
        let (label, phrases) = (bare(&self.whole(&node.label)), self.brief.phrases);
        let name = self.brief.spec.tool_configs.get(tool).map(|tool| bare(&tool.name)).unwrap_or_default();
        let plain = label.is_empty() || label == name || label.contains(':') || label.chars().count() > LABEL;
        let template = if plain { &phrases.step_call } else { &phrases.step_call_for };
        fill(template, &[("label", &label), ("tool", &code(tool))])
    }

    fn get(&self, node: &Node) -> String {
        let phrases = self.brief.phrases;
        let names: Vec<String> = node.config.collects.iter().map(|name| self.input(node, name)).collect();
        let template = match names.len() {
            _ if self.brief.is("api") => &phrases.step_get_api,
            2.. if self.brief.voice => &phrases.step_get_voice,
            _ => &phrases.step_get,
        };
        fill(template, &[("inputs", &listed(&names, "and"))])
    }

    /// What a parameter asks for, in a few words of its description; its name where that is too long.
    fn input(&self, node: &Node, name: &str) -> String {
        let tools = self.brief.spec.tools().filter(|tool| node.config.tool.as_ref().is_none_or(|id| *id == tool.id));
        let described = tools.filter_map(|tool| tool.parameter_description(name)).next();
        let short =
            described.map(|text| uncapitalised(text.split([',', '.', ';', ':', '(']).next().unwrap_or_default()));
        short.filter(|text| !text.is_empty() && text.chars().count() <= 60).unwrap_or_else(|| in_words(name))
    }

    /// Whether a confirmation is the usual yes before a call, and not a step of the owner's own.
    fn confirms_call(&self, at: usize) -> bool {
        let own = self.node(at).fields.first() == Some(&FieldId::ConversationFlow);
        let acts = |(_, next): (&Edge, usize)| matches!(self.node(next).kind, NodeType::ToolCall | NodeType::Handoff);
        !own && self.ways.out(at).any(acts)
    }

    /// A title in full where it is the beginning of a goal: titles of nodes may be cut short.
    fn whole(&self, label: &str) -> String {
        let cut = bare(label).to_lowercase();
        let mut goals = self.brief.spec.values(FieldId::Goals).map(bare);
        let goal = goals.find(|goal| !cut.is_empty() && goal.to_lowercase().starts_with(&cut));
        goal.unwrap_or_else(|| clean(label))
    }

    /// An answer that only names its goal is the end of a branch, and what rules and edge cases say stands with them.
    fn said_elsewhere(&self, node: &Node) -> bool {
        let of_rule = matches!(node.fields.first(), Some(FieldId::EscalationRules | FieldId::EdgeCases));
        let whole = bare(&self.whole(&node.label));
        let of_goal = || self.brief.spec.values(FieldId::Goals).any(|goal| bare(goal).eq_ignore_ascii_case(&whole));
        of_rule || self.hub.is_some() && of_goal()
    }

    /// A question with what happens when its answer is no. Hand-over rules and "anything else?" are said elsewhere.
    fn check(&self, at: usize, way: &[usize]) -> Option<Piece> {
        let node = self.node(at);
        if self.is_escalation(at) || self.ways.asks_again(at) {
            return None;
        }
        let phrases = self.brief.phrases;
        let question = uncapitalised(&node.label);
        let question = if question.ends_with('?') { question } else { format!("{question}?") };
        let aside = self.ways.out(at).map(|(_, target)| target).find(|target| !follows(way, at, *target));
        let told_elsewhere = |aside: usize| self.is_escalation(aside) || self.ways.asks_again(aside);
        let text = match aside {
            Some(aside) if told_elsewhere(aside) => fill(&phrases.step_skip_rest, &[("question", &question)]),
            Some(aside) if way.contains(&aside) => {
                let next = uncapitalised(bare(&self.node(aside).label).trim_end_matches('?'));
                fill(&phrases.step_skip, &[("question", &question), ("text", &next)])
            }
            Some(aside) => fill(&phrases.step_check, &[("question", &question), ("text", &self.outcome(aside))]),
            None => question,
        };
        Some(Piece { mark: Mark::Step, text, field: node.fields.first().copied(), provenance: node.provenance })
    }

    /// A step with what to do when its call fails.
    fn with_failure(&self, at: usize, step: String) -> String {
        let failure = self.ways.out(at).find(|(edge, _)| edge.is_failure);
        let Some((_, target)) = failure else { return step };
        let own = self.node(at).config.tool.as_deref();
        let phrases = self.brief.phrases;
        match self.ways.remedy(target) {
            Some(remedy) if remedy.config.tool.as_deref() == own && own.is_some() => step,
            Some(remedy) => {
                let hand_over = remedy.kind == NodeType::Handoff;
                let tool = remedy.config.tool.as_deref().filter(|id| self.brief.spec.tool_configs.contains_key(*id));
                let tool = tool.or(self.brief.handoff_tool().filter(|_| hand_over).map(|tool| tool.id.as_str()));
                let template = if hand_over { &phrases.step_fails_hand_over } else { &phrases.step_fails_call };
                tool.map_or(step.clone(), |tool| fill(template, &[("step", &step), ("tool", &code(tool))]))
            }
            // What to say is with the tool; an answer that nobody asked for adds nothing to it.
            None if self.node(target).provenance == crate::intent::models::Provenance::Default => step,
            None => fill(&phrases.step_fails, &[("step", &step), ("text", &self.outcome(target))]),
        }
    }

    /// Where a side way leads, as an instruction.
    fn outcome(&self, at: usize) -> String {
        let tool = self.brief.handoff_tool().map(|tool| tool.id.as_str());
        match (self.ways.remedy(at).map(|node| node.kind), tool) {
            (Some(NodeType::Handoff), Some(tool)) => {
                uncapitalised(&fill(&self.brief.phrases.step_hand_over, &[("tool", &code(tool))]))
            }
            _ => uncapitalised(&sentence(&self.node(at).label)),
        }
    }
}

/// Whether `next` comes right after `at` on the way.
fn follows(way: &[usize], at: usize, next: usize) -> bool {
    way.windows(2).any(|pair| pair == [at, next])
}

fn bare(text: &str) -> String {
    clean(text).trim_end_matches(['.', ';', ',', ':']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::models::Provenance;
    use crate::prompt::fixtures;
    use crate::prompt::models::PromptFormat;
    use crate::workflow::models::{Graph, NodeConfig, StepEdit};
    use crate::workflow::synthesizer::synthesize;

    fn node(id: &str, kind: NodeType, label: &str, field: FieldId) -> Node {
        Node {
            id: id.to_owned(),
            kind,
            label: label.to_owned(),
            description: String::new(),
            config: NodeConfig::default(),
            fields: vec![field],
            provenance: Provenance::Said,
            position: Default::default(),
            width: 0.0,
            height: 0.0,
        }
    }

    fn texts(pieces: &[Piece]) -> Vec<&str> {
        pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn a_step_of_the_owners_before_the_choice_is_told_before_it() {
        let spec = fixtures::ALL[0].spec();
        let added = StepEdit::Insert {
            label: "Ask for the date of birth".to_owned(),
            kind: NodeType::Response,
            before: None,
            after: None,
            quote: "ask for the date of birth first".to_owned(),
        };
        let graph = synthesize(&spec, &[added]).graph;
        let brief = Brief::new(&spec, &graph, PromptFormat::Generic);
        let flow = read(&brief);
        assert_eq!(texts(&flow.before), ["Ask for the date of birth."]);
        assert!(flow.asks_for_goal && flow.asks_for_more);
        let booking = flow.procedures.iter().find(|procedure| procedure.title == "Book appointments").unwrap();
        let last = booking.steps.iter().rfind(|step| step.text.contains("`calendar`")).unwrap();
        assert!(last.text.ends_with("If it fails, say so and hand over with `call_transfer`."), "{}", last.text);
    }

    #[test]
    fn goals_in_a_row_are_one_procedure() {
        let spec = fixtures::ALL[2].spec();
        let mut query = node("query", NodeType::ToolCall, "Query the marts", FieldId::Tools);
        query.config.tool = Some("sql_database".to_owned());
        let graph = Graph {
            nodes: vec![
                node("start_node", NodeType::Start, "Request comes in", FieldId::Channel),
                node("sql", NodeType::Response, "Turn plain questions", FieldId::Goals),
                query,
                node("report", NodeType::Response, "State which metric definition it used", FieldId::Goals),
                node("end_node", NodeType::End, "Done", FieldId::Goals),
            ],
            edges: vec![
                Edge::plain("start_node", "sql"),
                Edge::plain("sql", "query"),
                Edge::plain("query", "report"),
                Edge::plain("report", "end_node"),
            ],
            ..Graph::default()
        };
        let brief = Brief::new(&spec, &graph, PromptFormat::Generic);
        let flow = read(&brief);
        let steps = texts(&flow.procedures[0].steps);
        let expected = [
            "Turn plain questions into SQL.",
            "Query the marts: call `sql_database`.",
            "State which metric definition it used.",
        ];
        assert_eq!(steps, expected);
        assert!(flow.procedures[0].title.is_empty() && !flow.asks_for_goal);
    }
}
