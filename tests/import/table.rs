//! What loaded which target's files: kept in `src/bundle/data/verified.toml`, shown by page and API, and in
//! `docs/targets.md` for people.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use agentwright::bundle::export;
use serde::{Deserialize, Serialize};

use crate::loader::Found;

/// From the least to the most that a check can do.
const LEVELS: [&str; 4] = ["read", "schema", "built", "executed"];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Row {
    level: String,
    with: BTreeMap<String, String>,
    date: String,
}

type Table = BTreeMap<String, Row>;

/// Tests run side by side, and each has a row of the same file.
static WRITING: LazyLock<Mutex<()>> = LazyLock::new(Mutex::default);

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bundle/data/verified.toml")
}

fn shown() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/targets.md")
}

fn table() -> Table {
    toml::from_str(&std::fs::read_to_string(recorded()).unwrap()).unwrap()
}

fn is_written() -> bool {
    std::env::var_os("AGENTWRIGHT_TARGETS_TABLE").is_some()
}

fn rank(level: &str) -> usize {
    LEVELS.iter().position(|known| *known == level).unwrap_or_else(|| panic!("there is no level {level}"))
}

/// Writes a target's row, or holds what is recorded against what was found.
pub fn note(target: &str, found: &[Found], whole: bool) {
    let _held = WRITING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let level = found.iter().map(|found| found.level.as_str()).max_by_key(|level| rank(level)).unwrap_or("read");
    let mut with: BTreeMap<String, String> = found.iter().flat_map(|found| found.with.clone()).collect();
    let mut level = level.to_owned();
    let mut rows = table();
    if let Some(row) = rows.get(target).filter(|_| !whole) {
        // Of what was left out this time, the last word stands.
        with.extend(row.with.clone().into_iter().filter(|(name, _)| !with.contains_key(name)).collect::<Vec<_>>());
        level = LEVELS[rank(&level).max(rank(&row.level))].to_owned();
    }
    if is_written() {
        rows.insert(target.to_owned(), Row { level, with, date: today() });
        std::fs::write(recorded(), HEAD.to_owned() + &toml::to_string(&rows).unwrap()).unwrap();
        std::fs::write(shown(), page(&rows)).unwrap();
        return;
    }
    let row = rows.get(target).map(|row| (row.level.as_str(), &row.with));
    let again = "run the import tests with AGENTWRIGHT_TARGETS_TABLE=1";
    assert_eq!(row, Some((level.as_str(), &with)), "{target} was checked with something else: {again}");
}

const HEAD: &str = "# Written by the import tests (AGENTWRIGHT_TARGETS_TABLE=1): what loaded files of each target, and how far it went.\n\n";

/// The page for people is the one that belongs to the record.
pub fn is_current() {
    let _held = WRITING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if is_written() {
        return;
    }
    let written = std::fs::read_to_string(shown()).unwrap_or_default();
    assert_eq!(written, page(&table()), "docs/targets.md is not that of the record");
    for target in export::targets() {
        let row = table().remove(&target.id).unwrap_or_else(|| panic!("{} has not been checked", target.id));
        let told = target.verified_with.unwrap_or_default();
        assert!(told.ends_with(&format!("({}, {})", row.level, row.date)), "{told}");
        assert!(row.with.iter().all(|(name, version)| told.contains(&format!("{name} {version}"))), "{told}");
    }
}

fn page(rows: &Table) -> String {
    let mut text = String::from(
        "# Targets\n\n\
        What loaded the files of each target when they were last checked: for several agents each, with variants broken \
        on purpose that had to be refused. Written by the import tests (`AGENTWRIGHT_TARGETS_TABLE=1 cargo test --features ssr --test import`); the \
        checks are in `tests/import/`.\n\n\
        - **executed**: the vendor's own program ran the agents against a scripted model.\n\
        - **built**: the vendor's own library built the agents from the files.\n\
        - **schema**: the files were held against the vendor's own schema or types.\n\
        - **read**: only a program of ours has read the files, not the vendor's.\n\n\
        | target | platform | level | checked with | on |\n|---|---|---|---|---|\n",
    );
    for target in export::targets() {
        let Some(row) = rows.get(&target.id) else { continue };
        let with: Vec<String> = row.with.iter().map(|(name, version)| format!("{name} {version}")).collect();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            target.id,
            target.platform,
            row.level,
            with.join(", "),
            row.date
        );
    }
    text
}

#[expect(clippy::disallowed_methods, reason = "the day of a check is the day it runs")]
fn today() -> String {
    let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now());
    now.format("%Y-%m-%d").to_string()
}
