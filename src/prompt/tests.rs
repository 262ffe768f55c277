//! The prompts of six agents, as their owners would read them, and what every prompt keeps to.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;

use crate::intent::models::FieldId;
use crate::workflow::models::Graph;

use super::generator::generate;
use super::models::{PlatformPrompt, PromptFormat};
use super::texts::{Markup, texts};
use super::{fixtures, hostile};

#[test]
fn prompts_of_six_agents() {
    for fixture in fixtures::ALL {
        let (spec, graph) = (fixture.spec(), fixture.graph());
        for format in PromptFormat::ALL {
            let prompt = generate(&spec, &graph, format);
            let document = format!("first message: {}\n---\n{}", prompt.first_message, prompt.system_prompt);
            insta::assert_snapshot!(format!("{}_{}", fixture.name, format.as_str()), document);
            check(&prompt);
            says_nothing_twice(&prompt);
            assert!(!prompt.system_prompt.contains('{'), "a placeholder is left in {}", prompt.system_prompt);
        }
    }
}

/// Only tags, numbered steps and the lines of tools may come again.
fn says_nothing_twice(prompt: &PlatformPrompt) {
    let mut seen = HashSet::new();
    let lines = prompt.system_prompt.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('<'));
    for line in lines.filter(|line| !line.starts_with(|first: char| first.is_ascii_digit())) {
        assert!(seen.insert(line), "{:?} says twice: {line}", prompt.format);
    }
}

/// An interview that has only begun has prompts, too.
#[test]
fn nothing_said_yet_is_a_prompt_without_gaps() {
    for format in PromptFormat::ALL {
        let prompt = generate(&Default::default(), &Graph::default(), format);
        check(&prompt);
        assert!(prompt.system_prompt.contains("You are an assistant."));
    }
}

#[test]
fn the_owners_words_are_in_every_prompt() {
    let words = [
        "Tell callers our hours and prices",
        "warm",
        "Brightside, this is Mia. How can I help?",
        "patients, many of them elderly",
        "No medical advice.",
        "Emergency, heavy bleeding or swelling, put them through to the front desk right away.",
        "take the cancellation and don't argue",
        "Our price list.",
        "Google Calendar",
    ];
    let (spec, graph) = (fixtures::ALL[0].spec(), fixtures::ALL[0].graph());
    for format in PromptFormat::ALL {
        let prompt = generate(&spec, &graph, format);
        for text in words {
            assert!(prompt.system_prompt.contains(text), "{format:?} lacks {text}");
        }
    }
}

#[test]
fn voice_rules_are_for_voice() {
    for fixture in fixtures::ALL {
        let spec = fixture.spec();
        for format in PromptFormat::ALL {
            let prompt = generate(&spec, &fixture.graph(), format);
            let spoken = prompt.system_prompt.contains("Everything you say is spoken");
            assert_eq!(spoken, spec.is_voice(), "{} {format:?}", fixture.name);
        }
    }
}

/// What holds for any prompt of any agent.
fn check(prompt: &PlatformPrompt) {
    sources_cover(prompt);
    for section in &prompt.sections {
        assert!(!section.lines.is_empty() && section.tokens > 0, "{} is empty", section.id);
    }
    let mut rules = HashSet::new();
    assert!(prompt.instructions.iter().all(|rule| !rule.trim().is_empty() && rules.insert(rule)));
    match texts().format(prompt.format).style {
        Markup::Xml => xml_is_ours(prompt),
        Markup::Markdown => markdown_is_ours(prompt),
        Markup::Plain => {}
    }
}

/// Every line that is not blank has one source, a field or `default`.
fn sources_cover(prompt: &PlatformPrompt) {
    let sources: BTreeMap<u32, &str> =
        prompt.sources.iter().map(|source| (source.line, source.field.as_str())).collect();
    assert_eq!(sources.len(), prompt.sources.len());
    let lines: Vec<&str> = prompt.system_prompt.split('\n').collect();
    for (at, line) in lines.iter().enumerate() {
        assert_eq!(sources.contains_key(&(at as u32 + 1)), !line.trim().is_empty(), "line {}: {line:?}", at + 1);
    }
    assert!(sources.values().all(|field| *field == "default" || FieldId::parse(field).is_some()));
}

/// Tags stand on lines of their own, nest and close; nothing else is markup.
fn xml_is_ours(prompt: &PlatformPrompt) {
    let plan = texts().format(prompt.format);
    let mut open: Vec<&str> = Vec::new();
    for line in prompt.system_prompt.lines() {
        if let Some(name) = line.strip_prefix("</") {
            assert_eq!(open.pop(), name.strip_suffix('>'), "{line}");
        } else if let Some(tag) = line.strip_prefix('<') {
            let tag = tag.strip_suffix('>').unwrap_or_else(|| panic!("{line}"));
            let (name, attribute) = tag.split_once(' ').unwrap_or((tag, "name=\"\""));
            let known = plan.sections.iter().any(|section| section.id == name);
            assert!(known || ["tool", "procedure", "example"].contains(&name), "{line}");
            let value = attribute.strip_prefix("name=\"").and_then(|value| value.strip_suffix('"')).unwrap();
            assert!(!value.contains(['<', '>', '"']), "{line}");
            open.push(name);
        } else {
            assert!(!line.contains(['<', '>', '"']), "{line}");
        }
        for after in line.split('&').skip(1) {
            assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|entity| after.starts_with(entity)), "{line}");
        }
    }
    assert!(open.is_empty());
}

/// Only our sections and groups are headings, and no list item or paragraph opens a block of its own.
fn markdown_is_ours(prompt: &PlatformPrompt) {
    let titles = &texts().format(prompt.format).sections;
    for line in prompt.system_prompt.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            assert!(titles.iter().any(|section| section.title == title), "{line}");
            continue;
        }
        let item = line
            .strip_prefix("- ")
            .or_else(|| line.split_once(". ").filter(|(n, _)| n.parse::<u32>().is_ok()).map(|(_, rest)| rest));
        let content = item.unwrap_or_else(|| line.strip_prefix("## ").unwrap_or(line));
        let first = content.split(' ').next().unwrap_or_default();
        let marker = ["#", "##", "###", "-", "*", "+", "---", "***", "===", "|"].contains(&first);
        assert!(
            !marker && !content.starts_with(['>', '|']) && !content.starts_with("```") && !content.starts_with("~~~"),
            "{line}"
        );
    }
    assert!(!prompt.system_prompt.contains("{{") || prompt.format != PromptFormat::ElevenLabs);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn hostile_words_never_become_structure((spec, graph) in hostile::agent()) {
        for format in PromptFormat::ALL {
            let prompt = generate(&spec, &graph, format);
            check(&prompt);
            prop_assert!(!prompt.first_message.contains('\n'));
        }
    }
}
