//! The files of every platform, loaded by the platform's own library: for several agents of different kinds each target
//! writes its files, a program with the vendor's package reads them, and variants broken on purpose must be refused.
//!
//! `checks/<target>.toml` names the programs (in `loaders/`), what they run in (in `environments/`, set up by
//! `.ci/importers`) and the broken variants. AGENTWRIGHT_IMPORT_HEAVY=1 runs the programs marked heavy as well;
//! AGENTWRIGHT_TARGETS_TABLE=1 writes what was found into `src/bundle/data/verified.toml` and `docs/targets.md`.

mod agents;
mod broken;
mod check;
mod environment;
mod loader;
mod table;

use std::collections::BTreeMap;

use agentwright::bundle::export;
use agentwright::bundle::models::ExportDocument;

use loader::Found;

/// A test for each target, so that they run side by side and fail by name.
macro_rules! targets {
    ($($id:ident),* $(,)?) => {
        $(#[test]
        fn $id() {
            check::run(stringify!($id));
        })*

        const CHECKED: &[&str] = &[$(stringify!($id)),*];
    };
}

targets![
    a2a,
    anthropic,
    autogen,
    bpmn,
    claude,
    crewai,
    deepgram,
    dify,
    elevenlabs,
    gemini,
    google_adk,
    langgraph,
    livekit,
    m365,
    mcp,
    n8n,
    open_agent_spec,
    openai,
    openai_agents,
    openai_realtime,
    pipecat,
    promptfoo,
    retell,
    vapi,
];

/// Targets that are ours alone.
const OWN: [&str; 1] = ["generic"];

/// No vendor has a program for these: our own documents are read back.
#[test]
fn generic() {
    for agent in agents::all() {
        let files = agent.files("generic");
        let document = files.iter().find(|file| file.path == "agent.json").unwrap();
        let read: ExportDocument = serde_json::from_slice(&document.bytes).unwrap();
        assert_eq!(read.spec, agent.spec, "{}", agent.name);
        for prompt in read.prompts.values() {
            assert!(!prompt.system_prompt.is_empty(), "{}", agent.name);
        }
    }
    let found = Found { level: "read".to_owned(), with: BTreeMap::new(), problems: Vec::new() };
    table::note("generic", &[found], true);
}

/// The workflow's drawings, which every bundle has.
#[test]
fn diagrams() {
    check::run_on("diagrams", agents::Agent::bundle);
}

#[test]
fn every_target_is_checked() {
    for target in export::target_ids() {
        assert!(CHECKED.contains(&target) || OWN.contains(&target), "nothing loads the files of {target}");
    }
}

#[test]
fn the_table_tells_what_was_found() {
    table::is_current();
}
