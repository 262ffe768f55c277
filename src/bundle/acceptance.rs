//! Acceptance tests for whoever runs the agent: what a user says, and what the agent must then do. Derived from goals,
//! limits, hand-over rules and tools; nothing in them is made up but the sentence around the owner's words.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::intent::models::{AgentSpec, FieldId};
use crate::prompt::texts::{Language, texts};
use crate::prompt::wording::{clean, fill, quoted, sentence, uncapitalised};
use crate::tools::models::ToolConfig;

use super::models::AcceptanceTest;
use super::own_tests::{Expectation, OwnTest};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wording {
    expects: Expects,
    situations: Situations,
    temptations: Temptations,
    words: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expects {
    goal: String,
    limit: String,
    hand_over: String,
    edge_case: String,
    confirmation: String,
    failure: String,
    calls: String,
    never_calls: String,
    says: String,
    never_says: String,
    hands_over: String,
    keeps: String,
    anything: String,
    failure_open: String,
    off_topic: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Situations {
    any: String,
    confirmation: String,
    failure: String,
    off_topic: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Temptations {
    deed: String,
    thing: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    forbidden_deed: Vec<String>,
    forbidden_thing: String,
    conditions: Vec<String>,
    marks: Vec<String>,
    orders: Vec<String>,
    openings: Vec<String>,
}

static WORDING: LazyLock<Wording> = LazyLock::new(|| {
    // Embedded and read by every test below, so this cannot fail in use.
    toml::from_str(include_str!("data/acceptance.toml")).expect("the embedded wording of tests is well formed")
});

impl AcceptanceTest {
    fn derived(name: String, user_says: String, expects: String, field: FieldId) -> AcceptanceTest {
        let field = Some(field);
        AcceptanceTest { name, user_says, expects, field, title: None, messages: Vec::new(), checks: None }
    }
}

impl From<&OwnTest> for AcceptanceTest {
    fn from(own: &OwnTest) -> AcceptanceTest {
        let sentences: Vec<String> = own.expects.each().map(in_a_sentence).collect();
        let expects = if sentences.is_empty() { WORDING.expects.anything.clone() } else { sentences.join(" ") };
        AcceptanceTest {
            name: own.name.clone(),
            user_says: own.turns().map(clean).collect::<Vec<_>>().join(" / "),
            expects,
            field: None,
            title: Some(own.title.clone()),
            messages: own.messages.clone(),
            checks: Some(own.expects.clone()),
        }
    }
}

/// What a run has to keep to, in a sentence.
pub fn in_a_sentence(expectation: Expectation<'_>) -> String {
    let templates = &WORDING.expects;
    let of = |template: &String, what: &str| fill(template, &[("what", what)]);
    match expectation {
        Expectation::Calls(tool) => of(&templates.calls, &format!("`{tool}`")),
        Expectation::NeverCalls(tool) => of(&templates.never_calls, &format!("`{tool}`")),
        Expectation::Says(words) => of(&templates.says, &quoted(words)),
        Expectation::NeverSays(words) => of(&templates.never_says, &quoted(words)),
        Expectation::HandsOver(true) => templates.hands_over.clone(),
        Expectation::HandsOver(false) => templates.keeps.clone(),
    }
}

/// All tests of an agent: those that follow from its description, goals first, then the owner's own.
pub fn tests(spec: &AgentSpec, own: &[OwnTest]) -> Vec<AcceptanceTest> {
    let language = language(spec);
    let mut tests = Vec::new();
    let of = |field: FieldId| spec.values(field).map(clean).filter(|text| !text.is_empty());
    tests.extend(of(FieldId::Goals).enumerate().map(|(at, goal)| goal_test(at, &goal, language)));
    tests.extend(of(FieldId::Constraints).enumerate().map(|(at, rule)| limit_test(at, &rule, language)));
    tests.extend(of(FieldId::EscalationRules).enumerate().map(|(at, rule)| hand_over_test(at, &rule)));
    tests.extend(of(FieldId::EdgeCases).enumerate().map(|(at, case)| edge_test(at, &case)));
    tests.extend(spec.tools().filter(|tool| tool.needs_confirmation).map(confirmation_test));
    tests.extend(spec.tools().map(failure_test));
    tests.extend(off_topic_test(spec));
    tests.extend(own.iter().map(AcceptanceTest::from));
    tests
}

/// The language the owner wrote in, as far as it is one the agent speaks: their words stand in the questions.
fn language(spec: &AgentSpec) -> &'static Language {
    let texts = texts();
    let words = spec.values(FieldId::Goals).chain(spec.values(FieldId::Constraints)).collect::<Vec<_>>().join(". ");
    let spoken = spec.values(FieldId::Languages).filter_map(|code| Some((code, detectable(code)?)));
    let mut candidates: Vec<(&str, whatlang::Lang)> = spoken.collect();
    if !candidates.iter().any(|(code, _)| *code == "en") {
        candidates.push(("en", whatlang::Lang::Eng));
    }
    let allowed = candidates.iter().map(|(_, lang)| *lang).collect();
    let found = whatlang::Detector::with_allowlist(allowed).detect_lang(&words);
    let code = candidates.iter().find(|(_, lang)| Some(*lang) == found).map_or("en", |(code, _)| code);
    texts.language(code)
}

fn detectable(code: &str) -> Option<whatlang::Lang> {
    use whatlang::Lang;
    let known = [
        ("en", Lang::Eng),
        ("es", Lang::Spa),
        ("ca", Lang::Cat),
        ("de", Lang::Deu),
        ("fr", Lang::Fra),
        ("it", Lang::Ita),
        ("pt", Lang::Por),
        ("nl", Lang::Nld),
        ("pl", Lang::Pol),
    ];
    known.into_iter().find(|(known, _)| *known == code.split('-').next().unwrap_or(code)).map(|(_, lang)| lang)
}

fn goal_test(at: usize, goal: &str, language: &Language) -> AcceptanceTest {
    let words = uncapitalised(goal.trim_end_matches(['.', '!']));
    let template = language.can_you.as_ref().or(texts().language("en").can_you.as_ref());
    AcceptanceTest::derived(
        format!("goal_{}", at + 1),
        template.map_or(words.clone(), |template| fill(template, &[("goal", &words)])),
        fill(&WORDING.expects.goal, &[("quote", &quoted(goal))]),
        FieldId::Goals,
    )
}

fn limit_test(at: usize, rule: &str, language: &Language) -> AcceptanceTest {
    let exception = || {
        let template = language.exception.as_ref().or(texts().language("en").exception.as_ref());
        let rule = rule.trim_end_matches('.');
        template.map_or(rule.to_owned(), |template| fill(template, &[("rule", rule)]))
    };
    AcceptanceTest::derived(
        format!("limit_{}", at + 1),
        temptation(rule).unwrap_or_else(exception),
        fill(&WORDING.expects.limit, &[("quote", &quoted(rule))]),
        FieldId::Constraints,
    )
}

/// What a user would say to make the agent break an English rule of a common shape; its first clause only.
fn temptation(rule: &str) -> Option<String> {
    let (words, phrases) = (&WORDING.words, &WORDING.temptations);
    let lower = rule.to_lowercase();
    let clause = |opening: &str| {
        let rest = rule.get(opening.len()..)?;
        let first = rest.split([',', ';', ':', '.', '(']).next().unwrap_or_default().trim();
        (first.chars().count() > 4).then_some(first)
    };
    if let Some(opening) = words.forbidden_deed.iter().find(|opening| lower.starts_with(opening.as_str())) {
        return Some(fill(&phrases.deed, &[("text", clause(opening)?)]));
    }
    let thing = clause(words.forbidden_thing.as_str()).filter(|_| lower.starts_with(&words.forbidden_thing))?;
    let padded = format!(" {thing} ");
    let conditional = words.conditions.iter().any(|word| padded.contains(word.as_str()));
    (!conditional).then(|| fill(&phrases.thing, &[("text", thing)]))
}

fn hand_over_test(at: usize, rule: &str) -> AcceptanceTest {
    AcceptanceTest::derived(
        format!("hand_over_{}", at + 1),
        fill(&WORDING.situations.any, &[("text", &sentence(situation(rule)))]),
        fill(&WORDING.expects.hand_over, &[("quote", &quoted(rule))]),
        FieldId::EscalationRules,
    )
}

/// The condition of a rule: what stands before the mark or the verb that begins its consequence.
fn situation(rule: &str) -> &str {
    let words = &WORDING.words;
    let mark = words.marks.iter().filter_map(|mark| rule.find(mark.as_str())).min();
    let order = rule.match_indices(", ").map(|(at, _)| at).find(|at| {
        let next = rule[at + 2..].split(' ').next().unwrap_or_default().to_lowercase();
        words.orders.contains(&next)
    });
    let cut = mark.or(order).or_else(|| rule.find(", "));
    let condition = cut.map_or(rule, |at| &rule[..at]);
    let lower = condition.to_lowercase();
    let opening = words.openings.iter().find(|word| lower.starts_with(word.as_str()));
    opening.and_then(|word| condition.get(word.len()..)).unwrap_or(condition)
}

fn edge_test(at: usize, case: &str) -> AcceptanceTest {
    AcceptanceTest::derived(
        format!("edge_case_{}", at + 1),
        fill(&WORDING.situations.any, &[("text", &sentence(situation(case)))]),
        fill(&WORDING.expects.edge_case, &[("quote", &quoted(case))]),
        FieldId::EdgeCases,
    )
}

fn confirmation_test(tool: &ToolConfig) -> AcceptanceTest {
    AcceptanceTest::derived(
        format!("confirms_before_{}", tool.id),
        fill(&WORDING.situations.confirmation, &[("tool", &tool.id)]),
        fill(&WORDING.expects.confirmation, &[("tool", &tool.id)]),
        FieldId::Tools,
    )
}

fn failure_test(tool: &ToolConfig) -> AcceptanceTest {
    let expects = match clean(&tool.on_failure).as_str() {
        "" => WORDING.expects.failure_open.clone(),
        said => fill(&WORDING.expects.failure, &[("quote", &quoted(said))]),
    };
    AcceptanceTest::derived(
        format!("survives_failing_{}", tool.id),
        fill(&WORDING.situations.failure, &[("tool", &tool.id)]),
        expects,
        FieldId::Tools,
    )
}

/// Something that is none of this agent's business; none before it has a goal.
fn off_topic_test(spec: &AgentSpec) -> Option<AcceptanceTest> {
    spec.has(FieldId::Goals).then(|| {
        let (situation, expects) = (WORDING.situations.off_topic.clone(), WORDING.expects.off_topic.clone());
        AcceptanceTest::derived("off_topic".to_owned(), situation, expects, FieldId::AgentType)
    })
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn a_rule_becomes_a_temptation() {
        assert_eq!(temptation("never ask for card numbers").as_deref(), Some("Just this once, ask for card numbers."));
        assert_eq!(temptation("no diet plans").as_deref(), Some("Just this once: diet plans, please."));
        assert_eq!(
            temptation("can't promise a delivery date, royal mail is royal mail").as_deref(),
            Some("Just this once, promise a delivery date.")
        );
        assert_eq!(temptation("no texts after 8 pm"), None);
        assert_eq!(temptation("máximo ocho butacas por persona"), None);
    }

    #[test]
    fn a_rule_starts_with_its_situation() {
        assert_eq!(situation("burst pipe or a gas smell, put it through to me"), "burst pipe or a gas smell");
        assert_eq!(situation("if a candle caused a burn or fire, ticket for Mia"), "a candle caused a burn or fire");
        assert_eq!(situation("bloat, seizures, hit by a car = strait thru"), "bloat, seizures, hit by a car");
        assert_eq!(
            situation("emergency, heavy bleeding or swelling, put them through"),
            "emergency, heavy bleeding or swelling"
        );
    }
}
