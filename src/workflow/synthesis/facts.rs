//! What the synthesis needs to know of a spec, read once.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use crate::intent::models::{AgentSpec, FieldId, Item, Provenance};
use crate::tools::models::ToolConfig;
use crate::workflow::flow::{self, AgentFlow, ChannelFlow, Outbound, Phrases, ToolFlow};
use crate::workflow::words;

/// One goal and its words.
pub struct Goal {
    /// Position in the field.
    pub index: usize,
    pub text: String,
    pub provenance: Provenance,
    pub tokens: Vec<String>,
    pub stems: BTreeSet<String>,
    /// It gets something from the person: "ask…", "take…", "collect…".
    pub gathers: bool,
    /// It is done by talking: "answer…", "offer…".
    pub talks: bool,
    /// The answer is the goal itself: "explain…", "tell…".
    pub informs: bool,
}

impl Goal {
    pub fn title(&self) -> String {
        words::title(&self.text)
    }
}

/// One configured tool and its place in a flow.
pub struct Tool<'a> {
    pub config: &'a ToolConfig,
    pub flow: Cow<'static, ToolFlow>,
    pub provenance: Provenance,
    pub quote: &'a str,
    /// Whether `data/tools.toml` knows it.
    pub known: bool,
}

impl Tool<'_> {
    /// What people call it.
    pub fn name(&self) -> String {
        match words::clean(&self.config.name) {
            name if name.is_empty() => words::humane(&self.config.id),
            name => name,
        }
    }
}

/// How the whole conversation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The goals are done one after another; otherwise each is a branch.
    pub steps: bool,
    /// It asks at the end whether there is anything else.
    pub again: bool,
    /// The agent comes to the person.
    pub outbound: bool,
    /// There is nobody to greet.
    pub headless: bool,
}

pub struct Facts<'a> {
    pub spec: &'a AgentSpec,
    pub goals: Vec<Goal>,
    pub tools: Vec<Tool<'a>>,
    pub agent: &'static AgentFlow,
    pub channel: &'static ChannelFlow,
    pub phrases: &'static Phrases,
    pub shape: Shape,
}

/// The tools that count: those configured, each once, and none when the agent is to use none.
pub fn active_tools(spec: &AgentSpec) -> impl Iterator<Item = &ToolConfig> {
    let mut seen = HashSet::new();
    let wanted = spec.use_tools() != Some(false);
    spec.tools().filter(move |tool| wanted && seen.insert(tool.id.as_str()))
}

/// What names the agent and its work in the owner's words, folded: where "outbound" and the like are looked for.
fn description(spec: &AgentSpec) -> String {
    let fields = [FieldId::AgentType, FieldId::Goals, FieldId::ConversationFlow, FieldId::AdditionalNotes];
    let items = fields.into_iter().flat_map(|field| spec.items(field));
    let texts = items.flat_map(|item| {
        let quote = item.evidence.as_ref().map(|evidence| evidence.quote.as_str());
        [Some(item.value.as_str()), item.label.as_deref(), quote]
    });
    words::fold(&texts.flatten().collect::<Vec<_>>().join(" · "))
}

impl<'a> Facts<'a> {
    pub fn read(spec: &'a AgentSpec) -> Facts<'a> {
        let kind = spec.agent_type().unwrap_or("general");
        let channel_id = spec.text(FieldId::Channel).unwrap_or("unspecified");
        let agent = flow::agent(kind);
        let tools: Vec<Tool<'a>> = active_tools(spec).map(|config| Tool::read(spec, config)).collect();
        let headless = flow::is_headless(kind, channel_id);
        let comes = match agent.outbound {
            Outbound::Never => false,
            Outbound::Words => flow::speaks_of_outbound(&description(spec)),
            Outbound::Always => true,
        };
        let outbound = comes && !headless && channel_id != "chat";
        let steps = agent.steps || outbound || headless && !flow::is_chosen(kind);
        let shape = Shape { steps, again: agent.again && !outbound && !headless, outbound, headless };
        Facts {
            spec,
            goals: spec.items(FieldId::Goals).iter().enumerate().map(|(index, item)| Goal::read(index, item)).collect(),
            tools,
            agent,
            channel: flow::channel(channel_id),
            phrases: flow::phrases(spec.values(FieldId::Tone)),
            shape,
        }
    }

    /// Who the agent talks to, as titles call them.
    pub fn person(&self) -> &str {
        let inbound = self.channel.person.as_deref().filter(|_| !self.shape.outbound);
        inbound.unwrap_or(&self.agent.person)
    }

    /// Whether a goal is the call itself: "call new leads", where the agent comes to people.
    pub fn is_opening(&self, goal: &Goal) -> bool {
        let shape = self.shape;
        shape.outbound
            && goal.index == 0
            && self.goals.len() > 1
            && words::opens_with(&goal.text, &words::WORDS.contacts)
    }

    /// The provenance of a field; `Default` when nobody filled it.
    pub fn provenance(&self, field: FieldId) -> Provenance {
        self.spec.get(field).and_then(|slot| slot.provenance()).unwrap_or(Provenance::Default)
    }
}

impl Goal {
    fn read(index: usize, item: &Item) -> Goal {
        let text = match words::clean(&item.value) {
            text if text.is_empty() => format!("Goal {}", index + 1),
            text => text,
        };
        let gathers = words::opens_with(&text, &words::WORDS.gathers);
        Goal {
            index,
            provenance: item.provenance,
            tokens: words::tokens(&text),
            stems: words::content_stems(&text),
            gathers,
            talks: !gathers && words::opens_with(&text, &words::WORDS.talks),
            informs: !gathers && words::opens_with(&text, &words::WORDS.informs),
            text,
        }
    }
}

impl<'a> Tool<'a> {
    fn read(spec: &'a AgentSpec, config: &'a ToolConfig) -> Tool<'a> {
        let item = spec.items(FieldId::Tools).iter().find(|item| item.value == config.id);
        let flow = flow::tool(config);
        Tool {
            config,
            known: matches!(flow, Cow::Borrowed(_)),
            flow,
            provenance: item.map_or(Provenance::Default, |item| item.provenance),
            quote: item.and_then(|item| item.evidence.as_ref()).map_or("", |evidence| evidence.quote.as_str()),
        }
    }
}
