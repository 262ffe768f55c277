//! The product's own sentences: data files read once. What every agent of a kind gets, how tones sound, how each platform
//! wants its prompt laid out.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::models::PromptFormat;
use super::parts::PartId;

/// A line every agent in the same position gets, unless `unless` says that its owner has spoken about the matter.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "RuleEntry")]
pub(super) struct Rule {
    pub text: String,
    /// Flags that must all hold; `!` negates.
    pub when: Vec<String>,
    /// Stems; one of them in the owner's own words leaves the rule out.
    pub unless: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RuleEntry {
    Plain(String),
    #[serde(rename_all = "snake_case")]
    Full {
        text: String,
        #[serde(default)]
        when: Vec<String>,
        #[serde(default)]
        unless: Vec<String>,
    },
}

impl From<RuleEntry> for Rule {
    fn from(entry: RuleEntry) -> Rule {
        match entry {
            RuleEntry::Plain(text) => Rule { text, when: Vec::new(), unless: Vec::new() },
            RuleEntry::Full { text, when, unless } => Rule { text, when, unless },
        }
    }
}

/// Where an agent of a type may take its facts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Grounding {
    Closed,
    Open,
    Fiction,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LanguageUse {
    /// The languages it answers in.
    #[default]
    Answer,
    /// The languages it teaches or translates.
    Subject,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentType {
    pub role: String,
    pub duty: String,
    pub grounding: Grounding,
    pub offer: String,
    #[serde(default)]
    pub languages: LanguageUse,
    pub temperature: f64,
    pub method: Vec<Rule>,
    pub guardrails: Vec<Rule>,
    pub stop: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tone {
    pub name: String,
    pub behaviour: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Channel {
    pub place: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Style {
    pub conflicts: Vec<(String, String)>,
    pub tones: BTreeMap<String, Tone>,
    /// By verbosity id, then by channel.
    pub verbosity: BTreeMap<String, BTreeMap<String, String>>,
    pub channels: BTreeMap<String, Channel>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroundingRules {
    closed: Vec<Rule>,
    open: Vec<Rule>,
    fiction: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    /// Ids of the tools that put a person on the line.
    pub handoff_tools: Vec<String>,
    pub guardrails: Vec<Rule>,
    pub tools: Vec<Rule>,
    pub escalation: Vec<Rule>,
    pub speech: Vec<Rule>,
    /// The numbered instructions of formats that want a plan.
    pub plan: Vec<Rule>,
    /// By channel.
    pub writing: BTreeMap<String, Vec<Rule>>,
    pub grounding: GroundingRules,
}

impl Rules {
    pub fn grounding(&self, grounding: Grounding) -> &[Rule] {
        match grounding {
            Grounding::Closed => &self.grounding.closed,
            Grounding::Open => &self.grounding.open,
            Grounding::Fiction => &self.grounding.fiction,
        }
    }
}

/// First messages and test questions of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Language {
    pub hello: String,
    pub hello_written: Option<String>,
    pub hello_named: String,
    pub hello_named_written: Option<String>,
    pub offer: String,
    pub offer_formal: Option<String>,
    pub can_you: Option<String>,
    pub exception: Option<String>,
}

/// How headings and blocks of a prompt are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Markup {
    Markdown,
    Xml,
    Plain,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionPlan {
    pub id: String,
    pub title: String,
    pub parts: Vec<PartId>,
    /// Whether the title says what the first list is, so that the list needs no line that announces it.
    #[serde(default)]
    pub titled: bool,
}

/// One platform's recommended structure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormatPlan {
    pub style: Markup,
    /// Whether the platform speaks, so that an agent without a channel is heard.
    #[serde(default)]
    pub spoken: bool,
    /// Whether the platform says the first message by itself.
    #[serde(default)]
    pub speaks_first: bool,
    /// Whether `{{name}}` in a prompt is a variable to the platform.
    #[serde(default)]
    pub variables: bool,
    pub sections: Vec<SectionPlan>,
}

macro_rules! phrases {
    ($($name:ident),* $(,)?) => {
        /// Sentences around the owner's words, by what they are for; the wording is in `data/phrases.toml`.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Phrases { $(pub $name: String),* }
    };
}

phrases!(
    identity,
    identity_named,
    owner_description,
    owner_voice,
    audience,
    audience_api,
    goal,
    goals,
    success,
    knowledge,
    knowledge_tool,
    knowledge_given,
    notes,
    brand,
    tone_words,
    tone_conflict,
    language_one,
    language_many,
    language_subject,
    language_any,
    language_words,
    language_only,
    language_note,
    language_quotes,
    length_words,
    constraints,
    guardrails,
    guardrails_alone,
    edge_cases,
    edge_cases_close,
    edge_cases_close_api,
    escalation,
    method,
    stop,
    opening_said,
    opening_spoken,
    opening_style,
    opening_style_spoken,
    opening_goal,
    before,
    order,
    steps,
    more,
    step_get,
    step_get_api,
    step_get_voice,
    step_confirm,
    step_confirm_api,
    step_confirm_voice,
    step_call,
    step_call_for,
    step_hand_over,
    step_fails,
    step_fails_hand_over,
    step_fails_call,
    step_check,
    step_skip,
    step_skip_rest,
    tool_when,
    tool_triggers,
    tool_inputs,
    tool_optional,
    tool_confirm,
    tool_after,
    tool_failed,
    examples,
);

/// All of the above.
pub(crate) struct Texts {
    pub(super) types: BTreeMap<String, AgentType>,
    pub(super) style: Style,
    pub(super) rules: Rules,
    pub(super) phrases: Phrases,
    pub(super) formats: BTreeMap<PromptFormat, FormatPlan>,
    pub(crate) languages: BTreeMap<String, Language>,
}

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts {
    types: read(include_str!("data/agent_types.toml")),
    style: read(include_str!("data/style.toml")),
    rules: read(include_str!("data/rules.toml")),
    phrases: read(include_str!("data/phrases.toml")),
    formats: read(include_str!("data/formats.toml")),
    languages: read(include_str!("data/languages.toml")),
});

/// The texts, read at first use.
pub(crate) fn texts() -> &'static Texts {
    &TEXTS
}

/// Whether this tool puts a person on the line.
pub(crate) fn puts_a_person_on(tool: &str) -> bool {
    texts().rules.handoff_tools.iter().any(|id| id == tool)
}

fn read<T: serde::de::DeserializeOwned>(document: &'static str) -> T {
    // The files are part of the binary and a test reads each of them, so this cannot fail in use.
    toml::from_str(document).expect("an embedded text file is well formed")
}

impl Texts {
    /// What is usual for an agent type; for one that is not known yet, what is usual for any agent.
    pub(super) fn agent_type(&self, id: Option<&str>) -> &AgentType {
        // The test below makes sure that `general` is there.
        id.and_then(|id| self.types.get(id)).unwrap_or_else(|| &self.types["general"])
    }

    pub(super) fn format(&self, format: PromptFormat) -> &FormatPlan {
        // The test below makes sure that every format is there.
        &self.formats[&format]
    }

    /// The texts of a language, by its code; English for one that is not there.
    pub(crate) fn language(&self, code: &str) -> &Language {
        let base = code.split('-').next().unwrap_or(code);
        // The test below makes sure that `en` is there.
        self.languages.get(base).unwrap_or_else(|| &self.languages["en"])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::intent::models::FieldId;
    use crate::intent::vocabulary;
    use crate::prompt::brief::FLAGS;

    fn ids(field: FieldId) -> Vec<String> {
        vocabulary::options(field).into_iter().map(|(id, _)| id.to_owned()).collect()
    }

    #[test]
    fn every_id_of_the_vocabulary_has_its_texts() {
        let texts = texts();
        let same = |known: Vec<&String>, field| {
            let wanted: BTreeSet<String> = ids(field).into_iter().collect();
            assert_eq!(known.into_iter().cloned().collect::<BTreeSet<_>>(), wanted);
        };
        same(texts.types.keys().collect(), FieldId::AgentType);
        same(texts.style.tones.keys().collect(), FieldId::Tone);
        same(texts.style.verbosity.keys().collect(), FieldId::VerbosityLevel);
        for format in PromptFormat::ALL {
            assert!(texts.formats.contains_key(&format), "no structure for {format:?}");
        }
        for (verbosity, by_channel) in &texts.style.verbosity {
            for channel in ["voice", "written", "email", "sms", "api"] {
                assert!(by_channel.contains_key(channel), "{verbosity} says nothing for {channel}");
            }
        }
        for (one, other) in &texts.style.conflicts {
            assert!(texts.style.tones.contains_key(one) && texts.style.tones.contains_key(other), "{one}, {other}");
        }
        assert!(texts.languages.contains_key("en"));
    }

    #[test]
    fn rules_use_flags_that_exist_and_lower_case_stems() {
        let texts = texts();
        let rules = &texts.rules;
        let of_types = texts.types.values().flat_map(|kind| [&kind.method, &kind.guardrails, &kind.stop]);
        let common = [&rules.guardrails, &rules.tools, &rules.escalation, &rules.speech, &rules.plan];
        for rule in of_types.chain(common).chain(rules.writing.values()).flatten() {
            for flag in &rule.when {
                assert!(FLAGS.contains(&flag.trim_start_matches('!')), "{flag} in {:?}", rule.text);
            }
            assert!(rule.unless.iter().all(|stem| *stem == stem.to_lowercase()), "{:?}", rule.text);
            assert!(rule.text.ends_with('.'), "{:?}", rule.text);
        }
    }

    /// Parts that carry the owner's words: no platform may drop one.
    #[test]
    fn every_format_has_every_part_of_the_owner() {
        for (format, plan) in &texts().formats {
            let used: Vec<PartId> = plan.sections.iter().flat_map(|section| section.parts.iter().copied()).collect();
            for part in PartId::OWNERS {
                assert!(used.contains(&part), "{format:?} has no {part:?}");
            }
            let mut once = used.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), used.len(), "{format:?} has a part twice");
        }
    }
}
