//! A row of the table, measured by the test that passed it.

use serde_json::json;

use crate::load::Losses;

/// Writes the row into the folder that `make faults` names, then fails if anything acknowledged was lost.
///
/// `place` orders the rows; `fault` is what was injected, `seen` what the clients saw.
pub fn row(place: &str, fault: &str, seen: &str, losses: Losses) {
    let Losses { of, lost, duplicated } = losses;
    let lost_text = format!("{lost} lost, {duplicated} duplicated of {of}");
    println!("{fault}: {seen}; {lost_text}");
    if let Some(folder) = std::env::var_os("AGENTWRIGHT_FAULTS") {
        let row = json!({"fault": fault, "seen": seen, "lost": lost_text});
        std::fs::write(std::path::Path::new(&folder).join(format!("{place}.json")), row.to_string()).unwrap();
    }
    assert_eq!((lost, duplicated), (0, 0), "acknowledged turns");
}
