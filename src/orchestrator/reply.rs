//! What the interviewer says: what was understood, what changed, one question. Plain and short.

use crate::intent::models::{Change, FieldId};

use crate::language::Language;
use crate::language::texts::{field, field_inside};

use super::data::{named, phrasing};
use super::models::Interview;
use super::wording::{self, clip, in_a_sentence, upper_first};

/// Values longer than this are not read back in full.
const LONGEST_ECHO: usize = 60;
/// Values up to this are read back even in passing.
const SHORT_ECHO: usize = 30;
/// Fields whose values are read back in a sentence of their own.
const ECHOED: usize = 3;

/// A sentence for each of the first few changes; empty when nothing changed.
pub fn acknowledge(language: Language, changes: &[Change], turn: u32) -> String {
    let worth: Vec<&Change> = changes.iter().filter(|change| worth_saying(change, changes)).collect();
    let mut sentences: Vec<String> = worth.iter().take(ECHOED).map(|change| heard(language, change, turn)).collect();
    if worth.len() > ECHOED {
        let rest: Vec<String> = worth[ECHOED..].iter().map(|change| noted(language, change)).collect();
        sentences.push(phrasing(language, "also_noted", turn).replace("{what}", &rest.join(", ")));
    }
    sentences.join(" ")
}

/// "channel (voice)"; the label alone when the value is long or gone.
fn noted(language: Language, change: &Change) -> String {
    let (label, value) = (field_inside(change.field, language), brief(language, change.field, &change.after));
    let is_short = (1..=SHORT_ECHO).contains(&value.chars().count());
    if is_short { format!("{label} ({value})") } else { label }
}

fn heard(language: Language, change: &Change, turn: u32) -> String {
    let label = field(change.field).words(language);
    let is_new = change.before.is_empty() && !change.after.is_empty();
    let added: Vec<String> = change.after.iter().filter(|value| !change.before.contains(value)).cloned().collect();
    if !is_new && change.before.iter().all(|value| change.after.contains(value)) {
        return phrasing(language, "now_also", turn)
            .replace("{label}", label)
            .replace("{what}", &brief(language, change.field, &added));
    }
    if !is_new {
        return upper_first(&phrasing(language, "corrected", turn).replace("{what}", &describe(language, change)));
    }
    let wording = match phrasing(language, &format!("heard_{}", change.field), turn) {
        "" => phrasing(language, "heard_other", turn),
        wording => wording,
    };
    let value = match change.field {
        FieldId::AgentType => super::ask::role(language, &change.after[0]),
        _ => brief(language, change.field, &change.after),
    };
    let article = if value.to_lowercase().starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let text = wording.replace("{what}", value.trim_end_matches('.')).replace("{a}", article).replace("{label}", label);
    upper_first(&text)
}

/// "Uses tools: yes" says nothing beside the tools themselves.
fn worth_saying(change: &Change, all: &[Change]) -> bool {
    change.field != FieldId::UseTools || !all.iter().any(|other| other.field == FieldId::Tools)
}

/// `tone: calm → formal`, or the new values alone.
pub fn describe(language: Language, change: &Change) -> String {
    let brief = |values: &[String]| brief(language, change.field, values);
    let say = |name: &str, what: &str, before: &str| {
        let text = phrasing(language, name, 0).replace("{label}", &field_inside(change.field, language));
        text.replace("{what}", what).replace("{before}", before)
    };
    let after = brief(&change.after);
    match (change.before.is_empty(), change.after.is_empty()) {
        (_, true) => say("described_cleared", "", ""),
        (true, false) => say("described_new", &after, ""),
        (false, false) => {
            let added: Vec<String> =
                change.after.iter().filter(|value| !change.before.contains(value)).cloned().collect();
            let gone: Vec<String> =
                change.before.iter().filter(|value| !change.after.contains(value)).cloned().collect();
            match (added.is_empty(), gone.is_empty()) {
                (false, true) => say("described_more", &brief(&added), ""),
                (true, false) => say("described_less", &brief(&gone), ""),
                _ if change.field.kind().is_list() => say("described_instead", &brief(&added), &brief(&gone)),
                _ => say("described_other", &after, &brief(&change.before)),
            }
        }
    }
}

/// As many of the values as fit, and how many more there are.
fn brief(language: Language, field: FieldId, values: &[String]) -> String {
    let mut shown: Vec<String> = Vec::new();
    let mut chars = 0;
    for value in values {
        let value = in_a_sentence(language, field, &clip(&named(language, value), LONGEST_ECHO));
        chars += value.chars().count();
        if !shown.is_empty() && chars > LONGEST_ECHO {
            break;
        }
        shown.push(value);
    }
    let joined = shown.join(", ");
    match values.len() - shown.len() {
        0 => joined,
        rest => phrasing(language, "and_more", 0).replace("{what}", &joined).replace("{count}", &rest.to_string()),
    }
}

/// "One field is assumed".
pub fn assumed(language: Language, count: usize) -> String {
    counted(language, "assumed", count)
}

/// A phrasing that has two forms, for one and for several.
fn counted(language: Language, name: &str, count: usize) -> String {
    let form = if count == 1 { "one" } else { "several" };
    phrasing(language, &format!("{name}_{form}"), 0).replace("{count}", &count.to_string())
}

/// All that is known, a line a field, with what is assumed marked so.
pub fn summary(interview: &Interview) -> String {
    let language = interview.language;
    let lines: Vec<String> = interview
        .spec
        .filled()
        .map(|(field, slot)| {
            let values: Vec<String> =
                slot.items.iter().map(|item| named(language, &wording::display(field, item)).into_owned()).collect();
            let assumed = slot.provenance().is_some_and(|provenance| provenance.is_assumption());
            let mark = if assumed { phrasing(language, "is_assumed", 0) } else { "" };
            format!("- {}: {}{mark}", crate::language::texts::field(field).words(language), values.join("; "))
        })
        .collect();
    lines.join("\n")
}

/// What the person reviews once nothing required is missing: what it is, what is assumed.
pub fn review(interview: &Interview) -> String {
    let spec = &interview.spec;
    let goals = spec.items(FieldId::Goals).len();
    let tools = spec.items(FieldId::Tools).len();
    let language = interview.language;
    let with = match tools {
        0 => phrasing(language, "no_tools", 0).to_owned(),
        count => counted(language, "tools", count),
    };
    let check = match super::defaults::assumption_count(spec) {
        0 => String::new(),
        count => phrasing(language, "please_check", 0).replace("{assumed}", &self::assumed(language, count)),
    };
    phrasing(language, "review", 0)
        .replace("{agent}", &upper_first(&super::ask::agent(language, spec)))
        .replace("{goals}", &counted(language, "goals", goals))
        .replace("{tools}", &with)
        .replace("{check}", &check)
}
