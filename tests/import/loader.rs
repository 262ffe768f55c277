//! Programs that load files with a vendor's library. One process takes all cases of a target, since such libraries are
//! slow to start.
//!
//! It is called with a file of cases, `[{"name", "folder"}]`, and prints JSON, one object a line: first
//! `{"level": "schema", "with": {"package": "version"}}`, then `{"name", "problems": […]}` for each case.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use agentwright::bundle::File;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::environment::{Environment, Kind};

/// One agent's files of a target, in a folder.
pub struct Case {
    pub name: String,
    folder: PathBuf,
    /// Whether they must be refused.
    pub broken: bool,
}

impl Case {
    pub fn write(place: &Path, name: &str, files: &[File], broken: bool) -> Case {
        let folder = place.join(name.replace(' ', "_"));
        for file in files {
            let path = folder.join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &file.bytes).unwrap();
        }
        Case { name: name.to_owned(), folder, broken }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loader {
    /// File in `loaders/`.
    program: String,
    /// Name of an environment.
    environment: String,
    /// A second environment it takes something from; its place is in the variable ALSO.
    also: Option<String>,
    /// Too large for every run of the tests.
    #[serde(default)]
    pub heavy: bool,
}

/// What a loader said.
pub struct Found {
    /// `schema`, `built` or `executed`; `read` for a program of ours that no vendor's package is in.
    pub level: String,
    /// Version of each package of the vendor's.
    pub with: BTreeMap<String, String>,
    /// Problems of each case, in the order of the cases.
    pub problems: Vec<Vec<String>>,
}

#[derive(Deserialize)]
struct Head {
    level: String,
    with: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Line {
    name: String,
    problems: Vec<String>,
}

impl Loader {
    pub fn run(&self, cases: &[Case]) -> Found {
        let environment = Environment::named(&self.environment);
        let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/loaders");
        let list: Vec<Value> = cases.iter().map(|case| json!({ "name": case.name, "folder": case.folder })).collect();
        let work = tempfile::tempdir().unwrap();
        let cases_file = work.path().join("cases.json");
        std::fs::write(&cases_file, serde_json::to_vec(&list).unwrap()).unwrap();
        let mut command = match environment.kind {
            Kind::Python => Command::new(environment.place.join("bin/python")),
            Kind::Npm => Command::new("node"),
        };
        command.arg(programs.join(&self.program)).arg(&cases_file).current_dir(work.path());
        command.env("ENVIRONMENT", &environment.place).env("PYTHONDONTWRITEBYTECODE", "1").env("NO_COLOR", "1");
        if let Some(also) = &self.also {
            command.env("ALSO", Environment::named(also).place);
        }
        let output = command.output().unwrap_or_else(|error| panic!("{}: {error}", self.program));
        let (said, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{} ended with {}:\n{said}\n{complaint}", self.program, output.status);
        let mut lines = said.lines().filter(|line| line.starts_with('{'));
        let head: Head = lines
            .next()
            .and_then(|line| serde_json::from_str(line).ok())
            .unwrap_or_else(|| panic!("{} said:\n{said}\n{complaint}", self.program));
        let lines: Vec<Line> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
        let asked: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(told, asked, "{} did not answer for every case:\n{complaint}", self.program);
        Found { level: head.level, with: head.with, problems: lines.into_iter().map(|line| line.problems).collect() }
    }
}
