//! The page's texts. [`keys`] has a constant for each, by section and name as the data files have them.

use crate::intent::models::FieldId;

use super::Language;
use super::plural::form;

/// A text of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(pub u16);

/// A text with a form for each kind of number; the first of six places, one for each of the forms of CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plural(pub u16);

/// The place of the form that fits everything else.
const OTHER: usize = 5;

impl Text {
    /// Its words.
    pub fn words(self, language: Language) -> &'static str {
        all(language)[usize::from(self.0)]
    }
}

impl Plural {
    /// The words for a number, with `{n}` in its place.
    pub fn words(self, language: Language, number: usize) -> &'static str {
        self.pick(all(language), form(language, number))
    }

    /// One of the forms in a list of all texts; a form the language does not have is the last.
    pub fn pick<'a>(self, all: &[&'a str], form: usize) -> &'a str {
        let first = usize::from(self.0);
        match all[first + form] {
            "" => all[first + OTHER],
            words => words,
        }
    }
}

/// Puts values in the places of a text that bear their names.
pub fn fill(words: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    values.iter().fold(words.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &value.to_string()))
}

/// What a field is called.
pub fn field(field: FieldId) -> Text {
    match field {
        FieldId::AgentType => keys::field::agent_type,
        FieldId::Goals => keys::field::goals,
        FieldId::Tone => keys::field::tone,
        FieldId::UseTools => keys::field::use_tools,
        FieldId::Tools => keys::field::tools,
        FieldId::AgentName => keys::field::agent_name,
        FieldId::Channel => keys::field::channel,
        FieldId::Languages => keys::field::languages,
        FieldId::TargetUsers => keys::field::target_users,
        FieldId::GreetingStyle => keys::field::greeting_style,
        FieldId::ConversationFlow => keys::field::conversation_flow,
        FieldId::ExampleInteractions => keys::field::example_interactions,
        FieldId::KnowledgeSources => keys::field::knowledge_sources,
        FieldId::Constraints => keys::field::constraints,
        FieldId::EdgeCases => keys::field::edge_cases,
        FieldId::EscalationRules => keys::field::escalation_rules,
        FieldId::SuccessCriteria => keys::field::success_criteria,
        FieldId::BrandVoice => keys::field::brand_voice,
        FieldId::VerbosityLevel => keys::field::verbosity_level,
        FieldId::AdditionalNotes => keys::field::additional_notes,
    }
}

/// What a field is called inside a sentence.
pub fn field_inside(of: FieldId, language: Language) -> String {
    let name = field(of).words(language);
    if language.writes_nouns_large() { name.to_owned() } else { name.to_lowercase() }
}

/// All texts of a language, by number.
pub fn all(language: Language) -> &'static [&'static str] {
    // The files of the data folder are those of all languages, checked by the build.
    TEXTS.iter().find(|(code, _)| *code == language.code()).map_or(TEXTS[0].1, |(_, texts)| texts)
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const FILES: [(Language, &str); 3] = [
        (Language::En, include_str!("data/en.toml")),
        (Language::Es, include_str!("data/es.toml")),
        (Language::De, include_str!("data/de.toml")),
    ];

    /// The texts of a file by section, name and form.
    fn flat(file: &str) -> BTreeMap<String, String> {
        let sections: toml::Table = file.parse().expect("TOML");
        let mut found = BTreeMap::new();
        for (section, texts) in &sections {
            for (name, text) in texts.as_table().expect("a section") {
                match text {
                    toml::Value::Table(forms) => {
                        for (form, text) in forms {
                            found.insert(format!("{section}.{name}.{form}"), text.as_str().expect("a text").to_owned());
                        }
                    }
                    text => {
                        found.insert(format!("{section}.{name}"), text.as_str().expect("a text").to_owned());
                    }
                }
            }
        }
        found
    }

    fn places(text: &str) -> Vec<String> {
        let mut places: Vec<String> =
            text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect();
        places.sort();
        places
    }

    #[test]
    fn every_language_has_every_text_with_the_same_places() {
        let english = flat(FILES[0].1);
        for (language, file) in &FILES[1..] {
            let texts = flat(file);
            for (name, text) in &english {
                let own = texts.get(name).unwrap_or_else(|| panic!("{language:?} lacks {name}"));
                assert!(!own.trim().is_empty() || text.trim().is_empty(), "{language:?} {name} is empty");
                assert_eq!(places(own), places(text), "{language:?} {name}");
                let blanks = |text: &str| (text.starts_with(' '), text.ends_with(' '));
                assert_eq!(blanks(own), blanks(text), "{language:?} {name}: blanks at the ends");
            }
            let unknown: Vec<_> = texts.keys().filter(|name| !english.contains_key(*name)).collect();
            assert!(unknown.is_empty(), "{language:?} has texts that nothing shows: {unknown:?}");
        }
    }

    #[test]
    fn fields_are_called_in_english_what_the_api_calls_them() {
        for id in FieldId::ALL {
            assert_eq!(field(id).words(Language::En), id.label());
        }
    }

    #[test]
    fn the_form_of_a_text_fits_the_number() {
        let list = ["", "one", "", "", "", "{n} others"];
        let plural = Plural(0);
        assert_eq!(plural.pick(&list, 1), "one");
        assert_eq!(plural.pick(&list, 3), "{n} others");
        assert_eq!(fill("{n} of {all}", &[("n", &2), ("all", &"ten")]), "2 of ten");
    }
}
