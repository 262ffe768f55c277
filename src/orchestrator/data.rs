//! Questions, phrasings and what is usual for each kind of agent, read from the data files.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::intent::models::FieldId;

/// How one field is asked about.
#[derive(Debug, Deserialize)]
pub struct Question {
    pub ask: Vec<String>,
    /// When part of the field is known already.
    pub more: Option<Vec<String>>,
    pub again: String,
    pub why: Option<String>,
    #[serde(default)]
    pub several: bool,
}

/// What is usual for one kind of agent.
#[derive(Debug, Deserialize)]
pub struct Kind {
    /// Whom it talks to.
    pub people: String,
    pub tone: Vec<String>,
    pub channel: String,
    pub goals: Vec<String>,
    pub tools: Vec<String>,
    /// Whether talk alone is hardly ever enough.
    #[serde(default)]
    pub needs_tools: bool,
    pub constraints: Vec<String>,
    pub escalation: Vec<String>,
    pub optional: Option<Vec<FieldId>>,
}

#[derive(Debug, Deserialize)]
struct Kinds {
    default_optional: Vec<FieldId>,
    types: HashMap<String, Kind>,
}

static QUESTIONS: LazyLock<HashMap<FieldId, Question>> =
    LazyLock::new(|| toml::from_str(include_str!("data/questions.toml")).expect("embedded data, parsed by a test"));
static KINDS: LazyLock<Kinds> =
    LazyLock::new(|| toml::from_str(include_str!("data/agent_types.toml")).expect("embedded data, parsed by a test"));
static PHRASINGS: LazyLock<HashMap<String, Vec<String>>> =
    LazyLock::new(|| toml::from_str(include_str!("data/phrasings.toml")).expect("embedded data, parsed by a test"));

pub fn question(field: FieldId) -> &'static Question {
    QUESTIONS.get(&field).expect("every field has a question, checked by a test")
}

/// What is usual for a kind of agent; for one not known yet, what is usual in general.
pub fn kind(agent_type: Option<&str>) -> &'static Kind {
    let types = &KINDS.types;
    agent_type
        .and_then(|id| types.get(id))
        .or_else(|| types.get("general"))
        .expect("`general` is there, checked by a test")
}

/// The optional fields by value for a kind of agent.
pub fn optional_order(agent_type: Option<&str>) -> &'static [FieldId] {
    kind(agent_type).optional.as_deref().unwrap_or(&KINDS.default_optional)
}

/// One of the wordings of a reply; `turn` makes them alternate.
pub fn phrasing(name: &str, turn: u32) -> &'static str {
    match PHRASINGS.get(name) {
        Some(wordings) if !wordings.is_empty() => &wordings[turn as usize % wordings.len()],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::vocabulary;

    #[test]
    fn every_field_has_a_question_and_every_kind_its_defaults() {
        for field in FieldId::ALL {
            assert!(!question(field).ask.is_empty(), "{field}");
        }
        let tones: Vec<_> = vocabulary::options(FieldId::Tone).into_iter().map(|(id, _)| id).collect();
        for (id, _) in vocabulary::options(FieldId::AgentType) {
            let kind = KINDS.types.get(id).unwrap_or_else(|| panic!("{id} is missing"));
            assert!(kind.tone.iter().all(|tone| tones.contains(&tone.as_str())), "{id}");
        }
        assert_eq!(phrasing("thanks", 7), "You're welcome.");
    }
}
