//! What every bundle keeps to, and one bundle as its owner opens it.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use crate::intent::models::AgentSpec;
use crate::prompt::polish::models::PolishedSections;
use crate::prompt::{fixtures, hostile};
use crate::session::models::{Message, Role};
use crate::workflow::models::{Graph, Unmet};

use super::export::{FileFormat, Source, document, file, file_name, view};
use super::models::ExportDocument;
use super::verified;

pub(super) fn source<'a>(spec: &'a AgentSpec, graph: &'a Graph, unmet: &'a [Unmet]) -> Source<'a> {
    static UNPOLISHED: PolishedSections = PolishedSections::new();
    let created_at = DateTime::<Utc>::from_timestamp(1_795_420_800, 0).unwrap();
    Source {
        session_id: "5f0c3d9e-0000-4000-8000-000000000001",
        spec,
        graph,
        unmet,
        polished: &UNPOLISHED,
        tests: &[],
        created_at,
        transcript: &[],
        picture: None,
    }
}

/// Name and text of every file in a zip.
fn unzip(bytes: Vec<u8>) -> Vec<(String, String)> {
    let mut files = unzip_bytes(bytes);
    // Pictures are no text.
    files.retain(|(name, _)| !name.ends_with(".png"));
    files.into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
}

fn unzip_bytes(bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let read = (0..archive.len()).map(|at| {
        let mut entry = archive.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        assert!(entry.enclosed_name().is_some(), "{name}");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (name, bytes)
    });
    read.collect()
}

#[test]
fn a_bundle_is_whole_and_every_file_of_it_parses() {
    for fixture in fixtures::ALL {
        let (spec, graph) = (fixture.spec(), fixture.graph());
        let source = source(&spec, &graph, &[]);
        let bytes = file(&source, FileFormat::Zip, &[], true);
        assert_eq!(bytes, file(&source, FileFormat::Zip, &[], true), "the same input gives the same bytes");
        let files = unzip(bytes);
        let names: HashSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), files.len());
        for expected in [
            "README.md",
            "assumptions.md",
            "spec.json",
            "tests.json",
            "workflow.svg",
            "elevenlabs/README.md",
            "elevenlabs/agent.json",
            "elevenlabs/agent_configs/agent.json",
            "vapi/squad.json",
            "retell/conversation_flow.json",
            "pipecat/flow.yaml",
            "livekit/agent.py",
            "deepgram/settings.json",
            "openai/chat_request.json",
            "openai/responses_request.json",
            "anthropic/messages_request.json",
            "gemini/request.json",
            "openai_realtime/session.json",
            "generic/prompt.md",
            "gemini/loss.md",
            "langgraph/graph.py",
            "open_agent_spec/flow.json",
            "claude/.claude-plugin/plugin.json",
            "n8n/workflow.json",
            "google_adk/agent/agent.py",
            "bpmn/workflow.bpmn",
            "promptfoo/promptfooconfig.yaml",
        ] {
            assert!(names.contains(expected), "{expected}");
        }
        for (name, text) in &files {
            if name.ends_with(".json") {
                serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            if name.ends_with(".yaml") {
                serde_yaml_ng::from_str::<serde_yaml_ng::Value>(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
        }
        let read: AgentSpec =
            serde_json::from_str(&files.iter().find(|(name, _)| name == "spec.json").unwrap().1).unwrap();
        assert_eq!(read, spec);
    }
}

#[test]
fn the_manifest_tells_every_file_with_its_checksum() {
    use sha2::{Digest, Sha256};
    let fixture = &fixtures::ALL[0];
    let (spec, graph) = (fixture.spec(), fixture.graph());
    let said =
        Message { seq: 0, role: Role::User, content: "# A *phone* agent".to_owned(), created_at: DateTime::UNIX_EPOCH };
    let (transcript, picture) = ([said], b"a picture".to_vec());
    let source = Source { transcript: &transcript, picture: Some(&picture), ..source(&spec, &graph, &[]) };
    let bytes = file(&source, FileFormat::Zip, &[], true);
    assert_eq!(bytes, file(&source, FileFormat::Zip, &[], true), "the same input gives the same bytes");
    let files = unzip_bytes(bytes);
    let (manifest, others): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| name == "manifest.json");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest[0].1).unwrap();
    let entries = manifest["files"].as_array().unwrap();
    assert_eq!(entries.len(), others.len());
    for ((name, bytes), entry) in others.iter().zip(entries) {
        let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((&entry["path"], &entry["sha256"]), (&(name.as_str().into()), &digest.into()), "{name}");
    }
    for expected in
        ["workflow.png", "transcript.md", "lint.md", "tests.md", "prompts/gemini.md", "tools/anthropic.json"]
    {
        assert!(others.iter().any(|(name, _)| name == expected), "{expected}");
    }
    let transcript = others.iter().find(|(name, _)| name == "transcript.md").unwrap();
    assert!(String::from_utf8_lossy(&transcript.1).contains("> A \\*phone\\* agent"));
}

#[test]
fn documents_survive_the_way_through_json_and_yaml() {
    for fixture in fixtures::ALL {
        let (spec, graph) = (fixture.spec(), fixture.graph());
        let source = source(&spec, &graph, &[]);
        let written = document(&source, true);
        let json: ExportDocument = serde_json::from_slice(&file(&source, FileFormat::Json, &[], true)).unwrap();
        assert_eq!(json, written);
        let yaml: ExportDocument = serde_yaml_ng::from_slice(&file(&source, FileFormat::Yaml, &[], true)).unwrap();
        assert_eq!(yaml, written);
    }
}

#[test]
fn a_choice_of_platforms_narrows_the_zip() {
    let fixture = &fixtures::ALL[0];
    let (spec, graph) = (fixture.spec(), fixture.graph());
    let files = unzip(file(&source(&spec, &graph, &[]), FileFormat::Zip, &["openai_chat".to_owned()], false));
    assert!(files.iter().any(|(name, _)| name == "openai/chat_request.json"));
    assert!(!files.iter().any(|(name, _)| name.starts_with("gemini/") || name.starts_with("workflow")));
}

#[test]
fn names_are_safe() {
    let mut spec = fixtures::ALL[0].spec();
    assert_eq!(file_name(&spec, FileFormat::Zip), "receptionist_agent.zip");
    use crate::intent::models::{FieldId, Item, Slot};
    spec.set(FieldId::AgentType, Slot::one(Item::edited("../a\"b\r\n")));
    assert_eq!(file_name(&spec, FileFormat::Markdown), "_a_b___agent.md");
    assert_eq!(file_name(&AgentSpec::default(), FileFormat::Json), "agent.json");
}

#[test]
fn the_clinic_bundle() {
    let fixture = &fixtures::ALL[0];
    let (spec, graph) = (fixture.spec(), fixture.graph());
    let unmet = [Unmet { need: "remember what a patient likes".to_owned(), reason: "no tool keeps notes".to_owned() }];
    let source = source(&spec, &graph, &unmet);
    let mut shown = view(&source);
    let files = shown.targets.iter_mut().flat_map(|target| &mut target.files);
    // Sizes change with every word of a prompt; that there is something in each file is enough.
    files.for_each(|file| file.bytes = u64::from(file.bytes > 2));
    // Checks go on without the files changing.
    shown.targets.iter_mut().for_each(|target| target.verified_with = None);
    insta::assert_yaml_snapshot!("clinic_view", shown);
    let files = unzip(file(&source, FileFormat::Zip, &[], true));
    let told = [
        "README.md",
        "assumptions.md",
        "tests.json",
        "elevenlabs/agent.json",
        "elevenlabs/README.md",
        "elevenlabs/loss.md",
        "pipecat/flow.yaml",
        "pipecat/handlers.py",
        "openai/responses_tools.json",
        "openai/chat_tools.json",
        "anthropic/tools.json",
        "gemini/tools.json",
        "openai_realtime/tools.json",
        "generic/agent.md",
        "generic/agent.txt",
    ];
    for (name, text) in files.iter().filter(|(name, _)| told.contains(&name.as_str())) {
        let target = name.split('/').next().unwrap_or_default();
        let text = text.replace(&verified::sentence(target), "(How they were checked.)");
        insta::assert_snapshot!(format!("clinic_{}", name.replace(['/', '.'], "_")), text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn hostile_words_never_break_a_file((spec, graph) in hostile::agent(), need in ".{0,20}") {
        let unmet = [Unmet { need: need.clone(), reason: need }];
        let source = source(&spec, &graph, &unmet);
        let files = unzip(file(&source, FileFormat::Zip, &[], true));
        let mut names = HashSet::new();
        for (name, text) in &files {
            let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
            prop_assert!(name.chars().all(safe) && names.insert(name.to_lowercase()), "{}", name);
            if name.ends_with(".json") {
                prop_assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{}", name);
            }
            if name.ends_with(".yaml") {
                prop_assert!(serde_yaml_ng::from_str::<serde_yaml_ng::Value>(text).is_ok(), "{}", name);
            }
        }
        let markdown = String::from_utf8(file(&source, FileFormat::Markdown, &[], true)).unwrap();
        prop_assert_eq!(markdown.lines().filter(|line| line.starts_with("## ")).count() >= 3, true);
        let written = file_name(&spec, FileFormat::Zip);
        prop_assert!(written.is_ascii() && !written.contains(['/', '"', ' ']));
    }
}
