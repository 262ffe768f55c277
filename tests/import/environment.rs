//! What loaders run in: a Python or npm environment of pinned packages under the cache, made by `.ci/importers`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// `environments/<name>.txt` (Python) or `environments/<name>/package.json` (npm).
pub struct Environment {
    /// The folder it is installed in.
    pub place: PathBuf,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Python,
    Npm,
}

#[derive(Deserialize)]
struct Package {
    version: String,
}

fn cache() -> PathBuf {
    std::env::var_os("CACHE").map(PathBuf::from).unwrap_or_else(|| {
        let home = std::env::var_os("HOME").expect("HOME is set");
        Path::new(&home).join(".cache/agentwright")
    })
}

impl Environment {
    /// The environment of this name.
    ///
    /// # Panics
    /// If it is not there, or was set up for other versions: a check that cannot run has failed.
    pub fn named(name: &str) -> Environment {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/environments");
        let python = folder.join(format!("{name}.txt"));
        let (wanted, kind) =
            if python.exists() { (python, Kind::Python) } else { (folder.join(name).join("package.json"), Kind::Npm) };
        let wanted = std::fs::read_to_string(&wanted).unwrap_or_else(|error| panic!("{}: {error}", wanted.display()));
        let version = match kind {
            Kind::Python => {
                wanted.lines().find_map(|line| line.split_once("==")).map(|(_, version)| version.to_owned())
            }
            Kind::Npm => serde_json::from_str::<Package>(&wanted).ok().map(|package| package.version),
        };
        let version = version.unwrap_or_else(|| panic!("the environment {name} names no version"));
        let place = cache().join("import").join(format!("{name}-{version}"));
        let installed = std::fs::read_to_string(place.join(".installed")).unwrap_or_default();
        assert_eq!(installed, wanted, "{} is not set up as it should be: run .ci/importers", place.display());
        Environment { place, kind }
    }
}
