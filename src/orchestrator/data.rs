//! Questions, phrasings and what is usual for each kind of agent, read from the data files. What is said is there in each
//! language; what is usual is kept in English, and `names.*.toml` has the other languages' words for it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::intent::models::FieldId;
use crate::language::Language;

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

type Questions = HashMap<FieldId, Question>;
type Phrasings = HashMap<String, Vec<String>>;

/// What the interviewer says in one language.
struct Speech {
    questions: Questions,
    phrasings: Phrasings,
    /// What names and choices are called, by their English words; empty for English.
    names: HashMap<String, String>,
    /// The English words for each of them.
    english: HashMap<String, String>,
}

impl Speech {
    fn read(questions: &str, phrasings: &str, names: &str) -> Speech {
        let names: HashMap<String, HashMap<String, String>> = parse(names);
        let names: HashMap<String, String> = names.into_values().flatten().collect();
        let english = names.iter().map(|(english, own)| (own.clone(), english.clone())).collect();
        Speech { questions: parse(questions), phrasings: parse(phrasings), names, english }
    }
}

fn parse<T: serde::de::DeserializeOwned>(file: &str) -> T {
    toml::from_str(file).expect("embedded data, parsed by a test")
}

static ENGLISH: LazyLock<Speech> =
    LazyLock::new(|| Speech::read(include_str!("data/questions.toml"), include_str!("data/phrasings.toml"), ""));
static SPANISH: LazyLock<Speech> = LazyLock::new(|| {
    Speech::read(
        include_str!("data/es/questions.toml"),
        include_str!("data/es/phrasings.toml"),
        include_str!("data/es/names.toml"),
    )
});
static GERMAN: LazyLock<Speech> = LazyLock::new(|| {
    Speech::read(
        include_str!("data/de/questions.toml"),
        include_str!("data/de/phrasings.toml"),
        include_str!("data/de/names.toml"),
    )
});

fn speech(language: Language) -> &'static Speech {
    match language {
        Language::En => &ENGLISH,
        Language::Es => &SPANISH,
        Language::De => &GERMAN,
    }
}
static KINDS: LazyLock<Kinds> =
    LazyLock::new(|| toml::from_str(include_str!("data/agent_types.toml")).expect("embedded data, parsed by a test"));

pub fn question(language: Language, field: FieldId) -> &'static Question {
    speech(language).questions.get(&field).expect("every field has a question, checked by a test")
}

/// The words of a language for a name or a choice that the data have in English, also with a product behind it in
/// brackets; anything else stays as it is.
pub fn named(language: Language, english: &str) -> Cow<'_, str> {
    let names = &speech(language).names;
    if let Some(own) = names.get(english) {
        return Cow::Borrowed(own);
    }
    let with_product = english.split_once(" (").and_then(|(name, rest)| Some((names.get(name)?, rest)));
    with_product.map_or(Cow::Borrowed(english), |(own, rest)| Cow::Owned(format!("{own} ({rest}")))
}

/// A message in the words that are understood: where it is one of the choices of a language, or several, in English.
pub fn understood(language: Language, message: &str) -> Cow<'_, str> {
    let english = &speech(language).english;
    let text = message.trim();
    if let Some(known) = english.get(text) {
        return Cow::Borrowed(known);
    }
    let parts: Option<Vec<&str>> = text.split(", ").map(|part| english.get(part).map(String::as_str)).collect();
    parts.map_or(Cow::Borrowed(message), |parts| Cow::Owned(parts.join(", ")))
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
pub fn phrasing(language: Language, name: &str, turn: u32) -> &'static str {
    match speech(language).phrasings.get(name) {
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
            for language in Language::ALL {
                assert!(!question(language, field).ask.is_empty(), "{language:?} {field}");
            }
        }
        let tones: Vec<_> = vocabulary::options(FieldId::Tone).into_iter().map(|(id, _)| id).collect();
        for (id, _) in vocabulary::options(FieldId::AgentType) {
            let kind = KINDS.types.get(id).unwrap_or_else(|| panic!("{id} is missing"));
            assert!(kind.tone.iter().all(|tone| tones.contains(&tone.as_str())), "{id}");
        }
        assert_eq!(phrasing(Language::En, "thanks", 7), "You're welcome.");
    }

    fn places(text: &str) -> Vec<&str> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }

    /// A translation may leave a value out, and may not name one that is never put in.
    fn has_known_places(own: &[String], english: &[String]) -> bool {
        let known: Vec<&str> = english.iter().flat_map(|text| places(text)).collect();
        own.iter().flat_map(|text| places(text)).all(|place| known.contains(&place))
    }

    #[test]
    fn every_language_says_everything_with_the_same_places() {
        for language in [Language::Es, Language::De] {
            let own = speech(language);
            for (name, english) in &ENGLISH.phrasings {
                let texts = own.phrasings.get(name).unwrap_or_else(|| panic!("{language:?} lacks {name}"));
                assert!(!texts.is_empty() && has_known_places(texts, english), "{language:?} {name}");
            }
            assert_eq!(own.phrasings.len(), ENGLISH.phrasings.len(), "{language:?} says what is never said");
            for (field, english) in &ENGLISH.questions {
                let texts = question(language, *field);
                assert!(has_known_places(&texts.ask, &english.ask), "{language:?} {field}");
                let more = [&texts.more, &english.more].map(|more| more.clone().unwrap_or_default());
                assert!(has_known_places(&more[0], &more[1]), "{language:?} {field}: more");
                let same = (texts.more.is_some(), texts.why.is_some(), texts.several);
                assert_eq!(
                    same,
                    (english.more.is_some(), english.why.is_some(), english.several),
                    "{language:?} {field}"
                );
            }
        }
    }

    #[test]
    fn every_language_has_a_name_for_all_that_is_offered() {
        let fields = [FieldId::AgentType, FieldId::Tone, FieldId::Channel, FieldId::VerbosityLevel, FieldId::Tools];
        let options =
            fields.into_iter().flat_map(crate::orchestrator::wording::options).map(|(_, name)| name.to_owned());
        let usual = KINDS.types.values().flat_map(|kind| {
            let texts = [&kind.goals, &kind.constraints, &kind.escalation].into_iter().flatten();
            texts.chain([&kind.people]).cloned().collect::<Vec<_>>()
        });
        let all: Vec<String> = options.chain(usual).collect();
        for language in [Language::Es, Language::De] {
            let names = &speech(language).names;
            let missing: Vec<&String> = all.iter().filter(|name| !names.contains_key(*name)).collect();
            assert!(missing.is_empty(), "{language:?} lacks {missing:?}");
        }
    }

    #[test]
    fn choices_are_understood_in_their_own_words() {
        for language in [Language::Es, Language::De] {
            for english in ["Friendly", "You decide", "Finish now", "No, talking is enough"] {
                assert_eq!(understood(language, &named(language, english)), english);
            }
            let two = [named(language, "Friendly"), named(language, "Direct")].join(", ");
            assert_eq!(understood(language, &two), "Friendly, Direct");
        }
        assert_eq!(understood(Language::De, "Friendly, really"), "Friendly, really");
        assert_eq!(named(Language::De, "Calendar (Google Calendar)"), "Kalender (Google Calendar)");
    }
}
