//! Everything a prompt is written from: the spec, the graph, the platform, and what follows from them.

use std::cell::OnceCell;

use crate::intent::models::{AgentSpec, FieldId, Item, Provenance};
use crate::tools::models::{Risk, ToolConfig};
use crate::workflow::models::{Graph, NodeType};

use super::models::PromptFormat;
use super::parts::{Mark, Piece};
use super::procedures::{self, Flow};
use super::texts::{AgentType, FormatPlan, Grounding, Phrases, Rule, Texts, texts};
use super::tool_schemas::tool_name;
use super::wording::{clean, fill};

/// The conditions a rule in the data files can name.
#[cfg(test)]
pub(super) const FLAGS: [&str; 14] = [
    "voice",
    "text",
    "api",
    "written",
    "tools",
    "no_tools",
    "writes",
    "pays",
    "confirm",
    "collects",
    "handoff",
    "knowledge",
    "escalation",
    "fiction",
];

pub(super) struct Brief<'a> {
    pub spec: &'a AgentSpec,
    pub graph: &'a Graph,
    pub texts: &'static Texts,
    pub phrases: &'static Phrases,
    pub plan: &'static FormatPlan,
    pub kind: &'static AgentType,
    /// Whether people hear the agent.
    pub voice: bool,
    /// Id of the channel; empty when it is not known.
    pub channel: &'a str,
    flags: Vec<&'static str>,
    /// The owner's own rules in lower case, to see what they have spoken about.
    owner_rules: String,
    flow: OnceCell<Flow>,
}

impl<'a> Brief<'a> {
    pub fn new(spec: &'a AgentSpec, graph: &'a Graph, format: PromptFormat) -> Brief<'a> {
        let texts = texts();
        let plan = texts.format(format);
        let channel = spec.text(FieldId::Channel).filter(|id| texts.style.channels.contains_key(*id)).unwrap_or("");
        let voice = spec.is_voice() || channel.is_empty() && plan.spoken;
        let mut brief = Brief {
            spec,
            graph,
            texts,
            phrases: &texts.phrases,
            plan,
            kind: texts.agent_type(spec.agent_type()),
            voice,
            channel,
            flags: Vec::new(),
            owner_rules: owner_rules(spec),
            flow: OnceCell::new(),
        };
        brief.flags = brief.read_flags();
        brief
    }

    fn read_flags(&self) -> Vec<&'static str> {
        let tools: Vec<&ToolConfig> = self.spec.tools().collect();
        let api = self.channel == "api";
        let any = |test: fn(&ToolConfig) -> bool| tools.iter().any(|tool| test(tool));
        [
            ("voice", self.voice),
            ("text", !self.voice && !api),
            ("api", api),
            ("written", !self.voice),
            ("tools", !tools.is_empty()),
            ("no_tools", tools.is_empty()),
            ("writes", any(|tool| tool.risk != Risk::Read)),
            ("pays", any(|tool| tool.risk == Risk::Pay)),
            ("confirm", any(|tool| tool.needs_confirmation)),
            ("collects", any(|tool| !tool.required_parameters().is_empty())),
            ("handoff", self.handoff_tool().is_some()),
            ("knowledge", self.spec.has(FieldId::KnowledgeSources)),
            ("escalation", self.spec.has(FieldId::EscalationRules)),
            ("fiction", self.kind.grounding == Grounding::Fiction),
        ]
        .into_iter()
        .filter_map(|(flag, holds)| holds.then_some(flag))
        .collect()
    }

    /// The tool that puts a person on the line: the one the graph hands over with, else the first of its kind.
    pub fn handoff_tool(&self) -> Option<&'a ToolConfig> {
        let used = self.graph.nodes.iter().filter(|node| node.kind == NodeType::Handoff);
        let used = used.filter_map(|node| node.config.tool.as_deref());
        let usual = self.texts.rules.handoff_tools.iter().map(String::as_str);
        let configured = |id: &str| self.spec.tools().find(|tool| tool.id == id);
        used.chain(usual).find_map(configured)
    }

    /// The workflow in words.
    pub fn flow(&self) -> &Flow {
        self.flow.get_or_init(|| procedures::read(self))
    }

    pub fn is(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }

    /// Whether a rule of ours belongs into this prompt.
    pub fn applies(&self, rule: &Rule) -> bool {
        let fits = rule.when.iter().all(|flag| match flag.strip_prefix('!') {
            Some(flag) => !self.is(flag),
            None => self.is(flag),
        });
        fits && !rule.unless.iter().any(|stem| self.owner_rules.contains(stem.as_str()))
    }

    /// The rules of ours that apply, as list items.
    pub fn rules(&self, rules: &[Rule], mark: Mark, field: Option<FieldId>) -> Vec<Piece> {
        let handoff = self.handoff_tool().map(|tool| code(&tool.id)).unwrap_or_default();
        let apply = rules.iter().filter(|rule| self.applies(rule));
        apply.map(|rule| Piece::ours(mark, fill(&rule.text, &[("handoff", &handoff)]), field)).collect()
    }

    /// The field's texts as the owner put them, each with its source; blank ones are left out.
    pub fn texts_of(&self, field: FieldId) -> impl Iterator<Item = (String, &'a Item)> {
        let items = self.spec.items(field).iter().map(|item| (clean(&item.value), item));
        items.filter(|(text, _)| !text.is_empty())
    }

    pub fn provenance(&self, field: FieldId) -> Provenance {
        self.spec.get(field).and_then(|slot| slot.provenance()).unwrap_or(Provenance::Default)
    }

    /// The key under which style texts are kept for the channel.
    pub fn channel_style(&self) -> &'a str {
        match self.channel {
            _ if self.voice => "voice",
            channel @ ("email" | "sms" | "api") => channel,
            _ => "written",
        }
    }
}

/// A tool's name as a prompt mentions it.
pub(super) fn code(tool: &str) -> String {
    format!("`{}`", tool_name(tool))
}

/// How the owner put a value that is stored as an id, where that says more than the id's name, misspelt or not.
pub(super) fn own_words(item: &Item, name: &str) -> Option<String> {
    let words = clean(item.label.as_deref()?);
    let lower = words.to_lowercase();
    let same = |known: &str| strsim::jaro_winkler(&lower, &known.to_lowercase()) > 0.93;
    (!words.is_empty() && !same(&item.value) && !same(name)).then_some(words)
}

fn owner_rules(spec: &AgentSpec) -> String {
    use FieldId::{AdditionalNotes, Constraints, ConversationFlow, EdgeCases, EscalationRules, GreetingStyle};
    let mut words = String::new();
    for field in [Constraints, EscalationRules, EdgeCases, ConversationFlow, GreetingStyle, AdditionalNotes] {
        for text in spec.values(field) {
            words.push_str(&text.to_lowercase());
            words.push('\n');
        }
    }
    words
}
