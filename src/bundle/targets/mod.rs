//! The platforms a bundle serves, one file each, and what each of them cannot express.

mod a2a;
mod anthropic;
mod autogen;
mod bpmn;
mod branches;
mod claude;
mod crewai;
mod deepgram;
mod dify;
mod elevenlabs;
mod gemini;
mod generic;
mod google_adk;
mod langgraph;
mod livekit;
mod losses;
mod m365;
mod mcp;
mod n8n;
mod names;
mod open_agent_spec;
mod openai;
mod openai_agents;
mod openai_realtime;
mod pipecat;
mod promptfoo;
mod python;
mod retell;
mod sections;
#[cfg(test)]
mod structure;
mod target;
mod text;
mod vapi;

use std::sync::LazyLock;

pub(super) use target::Target;
pub(super) use text::yaml;

/// A platform: its id, its description in `data/targets/`, what writes its files.
macro_rules! platform {
    ($id:ident) => {
        Target::new(stringify!($id), include_str!(concat!("../data/targets/", stringify!($id), ".toml")), $id::files)
    };
}

/// All platforms, in the order of their cards.
static ALL: LazyLock<Vec<Target>> = LazyLock::new(|| {
    vec![
        platform!(elevenlabs),
        platform!(vapi),
        platform!(retell),
        platform!(pipecat),
        platform!(livekit),
        platform!(deepgram),
        platform!(openai),
        platform!(openai_realtime),
        platform!(anthropic),
        platform!(gemini),
        platform!(langgraph),
        platform!(open_agent_spec),
        platform!(claude),
        platform!(n8n),
        platform!(google_adk),
        platform!(openai_agents),
        platform!(autogen),
        platform!(crewai),
        platform!(dify),
        platform!(promptfoo),
        platform!(mcp),
        platform!(a2a),
        platform!(m365),
        platform!(bpmn),
        platform!(generic),
    ]
});

pub(super) fn all() -> &'static [Target] {
    &ALL
}

/// The platform with this id, or of the prompt format with it.
pub(super) fn named(id: &str) -> Option<&'static Target> {
    let id = if matches!(id, "openai_chat" | "openai_assistant") { "openai" } else { id };
    all().iter().find(|target| target.id == id)
}

/// The platforms asked for, each once and in the order of their cards; all for none.
pub(super) fn chosen(ids: &[String]) -> Vec<&'static Target> {
    let asked = |target: &&Target| ids.iter().any(|id| named(id).is_some_and(|named| named.id == target.id));
    if ids.is_empty() { all().iter().collect() } else { all().iter().filter(asked).collect() }
}
