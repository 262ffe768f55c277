//! What the interviewer says: what was understood, what changed, one question. Plain and short.

use crate::intent::models::{Change, FieldId};

use super::data::phrasing;
use super::models::Interview;
use super::wording::{self, clip, in_a_sentence, upper_first};

/// Values longer than this are not read back in full.
const LONGEST_ECHO: usize = 60;
/// Values up to this are read back even in passing.
const SHORT_ECHO: usize = 30;
/// Fields whose values are read back in a sentence of their own.
const ECHOED: usize = 3;

/// A sentence for each of the first few changes; empty when nothing changed.
pub fn acknowledge(changes: &[Change], turn: u32) -> String {
    let worth: Vec<&Change> = changes.iter().filter(|change| worth_saying(change, changes)).collect();
    let mut sentences: Vec<String> = worth.iter().take(ECHOED).map(|change| heard(change, turn)).collect();
    if worth.len() > ECHOED {
        let rest: Vec<String> = worth[ECHOED..].iter().map(|change| noted(change)).collect();
        sentences.push(format!("Also noted: {}.", rest.join(", ")));
    }
    sentences.join(" ")
}

/// "channel (voice)"; the label alone when the value is long or gone.
fn noted(change: &Change) -> String {
    let (label, value) = (change.field.label().to_lowercase(), brief(change.field, &change.after));
    let is_short = (1..=SHORT_ECHO).contains(&value.chars().count());
    if is_short { format!("{label} ({value})") } else { label }
}

fn heard(change: &Change, turn: u32) -> String {
    let is_new = change.before.is_empty() && !change.after.is_empty();
    let added: Vec<String> = change.after.iter().filter(|value| !change.before.contains(value)).cloned().collect();
    if !is_new && change.before.iter().all(|value| change.after.contains(value)) {
        return format!("{} now also: {}.", change.field.label(), brief(change.field, &added));
    }
    if !is_new {
        return upper_first(&phrasing("corrected", turn).replace("{what}", &describe(change)));
    }
    let named = format!("heard_{}", change.field);
    let wording = match phrasing(&named, turn) {
        "" => phrasing("heard_other", turn),
        wording => wording,
    };
    let value = match change.field {
        FieldId::AgentType => super::ask::role(&change.after[0]),
        _ => brief(change.field, &change.after),
    };
    let article = if value.to_lowercase().starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let text = wording
        .replace("{what}", value.trim_end_matches('.'))
        .replace("{a}", article)
        .replace("{label}", change.field.label());
    upper_first(&text)
}

/// "Uses tools: yes" says nothing beside the tools themselves.
fn worth_saying(change: &Change, all: &[Change]) -> bool {
    change.field != FieldId::UseTools || !all.iter().any(|other| other.field == FieldId::Tools)
}

/// `tone: calm → formal`, or the new values alone.
pub fn describe(change: &Change) -> String {
    let label = change.field.label().to_lowercase();
    let after = brief(change.field, &change.after);
    match (change.before.is_empty(), change.after.is_empty()) {
        (_, true) => format!("{label} cleared"),
        (true, false) => format!("{label} {after}"),
        (false, false) => {
            let added: Vec<String> =
                change.after.iter().filter(|value| !change.before.contains(value)).cloned().collect();
            let gone: Vec<String> =
                change.before.iter().filter(|value| !change.after.contains(value)).cloned().collect();
            match (added.is_empty(), gone.is_empty()) {
                (false, true) => format!("{label} also {}", brief(change.field, &added)),
                (true, false) => format!("{label} without {}", brief(change.field, &gone)),
                _ if change.field.kind().is_list() => {
                    format!("{label} {}, no longer {}", brief(change.field, &added), brief(change.field, &gone))
                }
                _ => format!("{label} {} → {after}", brief(change.field, &change.before)),
            }
        }
    }
}

/// As many of the values as fit, and how many more there are.
fn brief(field: FieldId, values: &[String]) -> String {
    let mut shown: Vec<String> = Vec::new();
    let mut chars = 0;
    for value in values {
        let value = in_a_sentence(field, &clip(value, LONGEST_ECHO));
        chars += value.chars().count();
        if !shown.is_empty() && chars > LONGEST_ECHO {
            break;
        }
        shown.push(value);
    }
    let joined = shown.join(", ");
    match values.len() - shown.len() {
        0 => joined,
        rest => format!("{joined} and {rest} more"),
    }
}

/// "One field is assumed".
pub fn assumed(count: usize) -> String {
    if count == 1 { "One field is assumed".to_owned() } else { format!("{count} fields are assumed") }
}

/// All that is known, a line a field, with what is assumed marked so.
pub fn summary(interview: &Interview) -> String {
    let lines: Vec<String> = interview
        .spec
        .filled()
        .map(|(field, slot)| {
            let values: Vec<String> = slot.items.iter().map(|item| wording::display(field, item)).collect();
            let assumed = slot.provenance().is_some_and(|provenance| provenance.is_assumption());
            format!("- {}: {}{}", field.label(), values.join("; "), if assumed { " (assumed)" } else { "" })
        })
        .collect();
    lines.join("\n")
}

/// What the person reviews once nothing required is missing: what it is, what is assumed.
pub fn review(interview: &Interview) -> String {
    let spec = &interview.spec;
    let goals = spec.items(FieldId::Goals).len();
    let tools = spec.items(FieldId::Tools).len();
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let with = if tools == 0 { "no tools".to_owned() } else { plural(tools, "tool") };
    let assumed = super::defaults::assumption_count(spec);
    let check = if assumed == 0 { String::new() } else { format!(" {}, please check.", self::assumed(assumed)) };
    let kind = upper_first(&super::ask::agent(spec));
    let summary = format!("{kind} has {} and {with}; the workflow is drawn.{check}", plural(goals, "goal"));
    phrasing("review", 0).replace("{summary}", &summary)
}
