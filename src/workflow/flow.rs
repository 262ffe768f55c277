//! What is usual: where each tool stands in a conversation, how each kind of agent's conversation runs, what is said.
//! Reads `data/tools.toml`, `data/agents.toml`, `data/phrases.toml`. Pure.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::tools::models::{Risk, ToolConfig};

use super::words::{self, Phrase};

/// Where a tool's step stands in a flow; the order is the order inside a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Gate,
    Memory,
    Knowledge,
    Lookup,
    Write,
    Fallback,
    Record,
    Notify,
    Handoff,
}

/// A tool as `data/tools.toml` describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolFlow {
    pub id: String,
    pub role: Role,
    #[serde(default)]
    pub words: Vec<Phrase>,
    #[serde(default)]
    pub looks: Vec<Phrase>,
    #[serde(default)]
    pub finds: Vec<Phrase>,
    #[serde(default)]
    pub collect: String,
    #[serde(default)]
    pub find: String,
    pub act: String,
    #[serde(default)]
    pub result: String,
    pub own: String,
    #[serde(default)]
    pub personal: bool,
}

/// How a kind of agent's conversation runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentFlow {
    types: Vec<String>,
    #[serde(default)]
    pub steps: bool,
    #[serde(default)]
    pub again: bool,
    #[serde(default)]
    pub outbound: Outbound,
    pub person: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outbound {
    #[default]
    Never,
    Words,
    Always,
}

/// Titles by channel.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelFlow {
    id: String,
    pub opens: String,
    pub goes_out: String,
    pub closes: String,
    pub passed_on: String,
    pub person: Option<String>,
    pub reads: String,
    pub again_later: String,
    pub may_i: String,
    pub within_hours: String,
}

/// What is said, in one manner.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    pub greeting: String,
    pub greeting_named: String,
    pub outbound: String,
    pub outbound_named: String,
    pub intent: String,
    pub collect: String,
    pub confirm: String,
    pub call: String,
    pub lookup: String,
    pub result: String,
    pub found: String,
    pub unknown: String,
    pub unknown_open: String,
    pub apology: String,
    pub handoff: String,
    pub again: String,
    pub later: String,
    pub goodbye: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgentsFile {
    outbound_words: Vec<String>,
    headless_channels: Vec<String>,
    headless_types: Vec<String>,
    chosen_types: Vec<String>,
    agent: Vec<AgentFlow>,
    channel: Vec<ChannelFlow>,
}

#[derive(Deserialize)]
struct ToolsFile {
    tool: Vec<ToolFlow>,
}

#[derive(Deserialize)]
struct PhrasesFile {
    manners: HashMap<String, Vec<String>>,
    #[serde(flatten)]
    phrases: HashMap<String, Phrases>,
}

static AGENTS: LazyLock<AgentsFile> =
    LazyLock::new(|| toml::from_str(include_str!("data/agents.toml")).expect("data/agents.toml is tested"));
static TOOLS: LazyLock<Vec<ToolFlow>> = LazyLock::new(|| {
    toml::from_str::<ToolsFile>(include_str!("data/tools.toml")).expect("data/tools.toml is tested").tool
});
static PHRASES: LazyLock<PhrasesFile> =
    LazyLock::new(|| toml::from_str(include_str!("data/phrases.toml")).expect("data/phrases.toml is tested"));

/// Every tool that has an entry of its own.
pub fn known_tools() -> &'static [ToolFlow] {
    &TOOLS
}

/// A tool's entry; for the owner's own tools one made from their configuration.
pub fn tool(config: &ToolConfig) -> Cow<'static, ToolFlow> {
    match TOOLS.iter().find(|flow| flow.id == config.id) {
        Some(flow) => Cow::Borrowed(flow),
        None => Cow::Owned(own_tool(config)),
    }
}

fn own_tool(config: &ToolConfig) -> ToolFlow {
    let role = match (config.category.as_str(), config.risk) {
        ("handover", _) => Role::Handoff,
        ("knowledge", _) => Role::Knowledge,
        (_, Risk::Read) => Role::Lookup,
        ("messaging", Risk::Write) => Role::Notify,
        _ => Role::Write,
    };
    let name = match words::clean(&config.name) {
        name if name.is_empty() => words::humane(&config.id),
        name => name,
    };
    ToolFlow {
        id: config.id.clone(),
        role,
        words: Vec::new(),
        looks: Vec::new(),
        finds: Vec::new(),
        collect: format!("Details for {name}"),
        find: name.clone(),
        act: name.clone(),
        result: "Tell the outcome".to_owned(),
        own: name,
        personal: false,
    }
}

/// How the conversation of a kind of agent runs; an unknown kind runs like `general`.
pub fn agent(agent_type: &str) -> &'static AgentFlow {
    let find = |id: &str| AGENTS.agent.iter().find(|agent| agent.types.iter().any(|known| known == id));
    find(agent_type).or_else(|| find("general")).expect("`general` is in the table; tested")
}

/// Titles of a channel; an unknown one is `unspecified`.
pub fn channel(id: &str) -> &'static ChannelFlow {
    let find = |id: &str| AGENTS.channel.iter().find(|channel| channel.id == id);
    find(id).or_else(|| find("unspecified")).expect("`unspecified` is in the table; tested")
}

/// Whether nobody is greeted: what comes in is worked off.
pub fn is_headless(agent_type: &str, channel: &str) -> bool {
    let spoken = matches!(channel, "voice" | "chat" | "sms");
    AGENTS.headless_channels.iter().any(|id| id == channel)
        || (!spoken && AGENTS.headless_types.iter().any(|id| id == agent_type))
}

/// Whether what comes in to an agent without dialogue is of several kinds, each with a branch of its own.
pub fn is_chosen(agent_type: &str) -> bool {
    AGENTS.chosen_types.iter().any(|id| id == agent_type)
}

/// Whether a description (folded) speaks of an agent that calls or writes to people first.
pub fn speaks_of_outbound(folded: &str) -> bool {
    let whole = |word: &str, at: usize| {
        let end = at + word.len();
        let before = folded[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        before && folded[end..].chars().next().is_none_or(|c| !c.is_alphanumeric())
    };
    AGENTS.outbound_words.iter().any(|word| folded.match_indices(word.as_str()).any(|(at, _)| whole(word, at)))
}

/// What is said in the manner of the first known tone.
pub fn phrases<'a>(mut tones: impl Iterator<Item = &'a str>) -> &'static Phrases {
    let manner = tones.find_map(|tone| {
        let known = |(_, tones): &(&String, &Vec<String>)| tones.iter().any(|known| known == tone);
        PHRASES.manners.iter().find(known).map(|(manner, _)| manner.as_str())
    });
    let plain = || PHRASES.phrases.get("plain");
    manner.and_then(|manner| PHRASES.phrases.get(manner)).or_else(plain).expect("`plain` is in the table; tested")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::workflow::words::{EDGE_LABEL, NODE_TITLE};

    #[test]
    fn tables_read_and_titles_fit() {
        let mut ids = HashSet::new();
        for tool in known_tools() {
            assert!(ids.insert(&tool.id), "{} is there twice", tool.id);
            for title in [&tool.collect, &tool.find, &tool.act, &tool.result] {
                assert!(title.chars().count() <= NODE_TITLE, "{title}");
            }
            assert!(!tool.act.is_empty() && !tool.own.is_empty(), "{}", tool.id);
            assert!(tool.own.chars().count() <= EDGE_LABEL, "{}", tool.own);
            let finds = !tool.finds.is_empty() || !tool.looks.is_empty();
            assert!(tool.role == Role::Handoff || !tool.collect.is_empty(), "{}", tool.id);
            assert!(!finds || !tool.find.is_empty(), "{} finds without a title", tool.id);
        }
        assert_eq!(agent("no such kind").person, "user");
        assert_eq!(channel("no such channel").opens, "Conversation opens");
        for manner in PHRASES.manners.keys() {
            assert!(PHRASES.phrases.contains_key(manner), "{manner} has no phrases");
        }
        assert!(phrases(["friendly"].into_iter()).collect.contains("{list}"));
    }

    #[test]
    fn outbound_is_read_from_whole_words() {
        assert!(speaks_of_outbound("an outbound sdr"));
        assert!(!speaks_of_outbound("purchases and returns"));
    }
}
