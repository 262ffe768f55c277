//! The agents whose files are loaded: all of `tests/fixtures/specs`.

use std::path::Path;

use chrono::{DateTime, Utc};

use agentwright::bundle::File;
use agentwright::bundle::export::{Source, neutral_files, target_files};
use agentwright::intent::models::AgentSpec;
use agentwright::prompt::polish::models::PolishedSections;
use agentwright::workflow::synthesizer::{Synthesis, synthesize};
use agentwright::workflow::{raster, render, validator};

pub struct Agent {
    pub name: String,
    pub spec: AgentSpec,
}

pub fn all() -> Vec<Agent> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/specs");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let agent = |path: &std::path::PathBuf| Agent {
        name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
        spec: serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap(),
    };
    paths.iter().map(agent).collect()
}

impl Agent {
    /// The files that every bundle has.
    pub fn bundle(&self) -> Vec<File> {
        let drawn = synthesize(&self.spec, &[]);
        let picture = raster::png(&render::svg(&drawn.graph)).unwrap();
        assert_eq!(picture, raster::png(&render::svg(&drawn.graph)).unwrap(), "the same picture has the same bytes");
        let source = Source { picture: Some(&picture), ..source(&self.spec, &drawn) };
        neutral_files(&source)
    }

    /// The files of a target for this agent.
    pub fn files(&self, target: &str) -> Vec<File> {
        let drawn = synthesize(&self.spec, &[]);
        assert_eq!(validator::problems(&drawn.graph, &self.spec), Vec::<String>::new(), "{}", self.name);
        target_files(&source(&self.spec, &drawn), target).unwrap()
    }
}

/// Nobody took a model's words.
static UNPOLISHED: PolishedSections = PolishedSections::new();

fn source<'a>(spec: &'a AgentSpec, drawn: &'a Synthesis) -> Source<'a> {
    Source {
        session_id: "5f0c3d9e-0000-4000-8000-000000000001",
        spec,
        graph: &drawn.graph,
        unmet: &drawn.unmet,
        polished: &UNPOLISHED,
        tests: &[],
        created_at: DateTime::<Utc>::from_timestamp(1_795_420_800, 0).unwrap(),
        transcript: &[],
        picture: None,
    }
}
