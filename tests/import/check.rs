//! One target's check: its file in `checks/`, and how it is carried out.

use std::path::Path;

use agentwright::bundle::File;
use serde::Deserialize;

use crate::agents::{self, Agent};
use crate::broken::Broken;
use crate::loader::{Case, Found, Loader};
use crate::table;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    loaders: Vec<Loader>,
    broken: Vec<Broken>,
}

/// The fewest broken variants of a target.
const BROKEN: usize = 3;

/// Writes the target's files for every agent, broken ones for the first that has what is to be broken, and holds what the
/// loaders say against what they must say.
pub fn run(target: &str) {
    let (found, all) = run_on(target, |agent| agent.files(target));
    table::note(target, &found, all);
}

/// The same for other files of an agent than a target's. What the loaders found, and whether all of them ran.
pub fn run_on(target: &str, files: impl Fn(&Agent) -> Vec<File>) -> (Vec<Found>, bool) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/import/checks/{target}.toml"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let check: Check = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(check.broken.len() >= BROKEN, "{target} has {} broken variants", check.broken.len());
    let place = tempfile::tempdir().unwrap();
    let written: Vec<(String, Vec<File>)> =
        agents::all().into_iter().map(|agent| (agent.name.clone(), files(&agent))).collect();
    assert!(written.len() >= 6, "only {} agents", written.len());
    let mut cases: Vec<Case> =
        written.iter().map(|(name, files)| Case::write(place.path(), name, files, false)).collect();
    for broken in &check.broken {
        let breakable = written
            .iter()
            .filter(|(name, _)| broken.agent.as_ref().is_none_or(|only| only == name))
            .find_map(|(_, files)| broken.of(files));
        let files = breakable.unwrap_or_else(|| panic!("{target}: no agent has what “{}” breaks", broken.name));
        cases.push(Case::write(place.path(), &format!("broken {}", broken.name), &files, true));
    }
    let heavy = std::env::var_os("AGENTWRIGHT_IMPORT_HEAVY").is_some();
    let loaders: Vec<&Loader> = check.loaders.iter().filter(|loader| heavy || !loader.heavy).collect();
    assert!(!loaders.is_empty(), "{target} has nothing but heavy loaders");
    let found: Vec<_> = loaders.iter().map(|loader| loader.run(&cases)).collect();
    let mut wrong = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        let problems: Vec<&String> = found.iter().flat_map(|found| &found.problems[at]).collect();
        match (case.broken, problems.as_slice()) {
            (false, []) | (true, [_, ..]) => {}
            (false, problems) => wrong.push(format!("{}: {problems:#?}", case.name)),
            (true, []) => wrong.push(format!("{} is taken as it is", case.name)),
        }
    }
    assert!(wrong.is_empty(), "{target}:\n{}", wrong.join("\n"));
    (found, loaders.len() == check.loaders.len())
}
