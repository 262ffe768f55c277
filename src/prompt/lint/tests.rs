use super::data::DATA;
use super::*;
use crate::intent::models::{Item, Slot};
use crate::prompt::fixtures;
use crate::prompt::generator::generate;
use crate::prompt::models::LineSource;
use crate::workflow::synthesizer::synthesize;

pub(super) fn clinic() -> AgentSpec {
    fixtures::ALL[0].spec()
}

pub(super) fn with(mut spec: AgentSpec, field: FieldId, values: &[&str]) -> AgentSpec {
    spec.set(field, Slot { items: values.iter().map(|value| Item::edited(*value)).collect() });
    spec
}

pub(super) fn report(spec: &AgentSpec) -> LintReport {
    generated(spec, &synthesize(spec, &[]).graph)
}

/// The report on the prompts as they are generated.
fn generated(spec: &AgentSpec, graph: &Graph) -> LintReport {
    check(spec, graph, &PromptFormat::ALL.map(|format| generate(spec, graph, format)))
}

/// The findings of one rule.
pub(super) fn of<'a>(report: &'a LintReport, rule: &str) -> Vec<&'a Finding> {
    report.findings.iter().filter(|finding| finding.rule == rule).collect()
}

/// Fires with the one text in a field, and not with the other.
pub(super) fn tells(rule: &str, field: FieldId, bad: &[&str], good: &[&str]) -> Finding {
    let (bad, good) = (report(&with(clinic(), field, bad)), report(&with(clinic(), field, good)));
    assert!(of(&good, rule).is_empty(), "{rule}: {:?}", of(&good, rule));
    let found = of(&bad, rule);
    assert!(!found.is_empty(), "{rule} does not fire");
    assert!(bad.score < good.score, "{rule} costs nothing");
    found[0].clone()
}

/// The report on prompts that were changed after they were written.
fn doctored(change: impl Fn(&mut PlatformPrompt)) -> LintReport {
    let spec = clinic();
    let graph = synthesize(&spec, &[]).graph;
    let mut prompts = PromptFormat::ALL.map(|format| generate(&spec, &graph, format));
    prompts.iter_mut().for_each(change);
    check(&spec, &graph, &prompts)
}

#[test]
fn every_rule_is_described_once() {
    let mut described: Vec<&str> = DATA.rules.iter().map(|rule| rule.id.as_str()).collect();
    described.sort_unstable();
    assert_eq!(described, rules::ALL.map(|(id, _)| id));
    assert!(DATA.rules.is_sorted_by_key(|rule| rule.severity as u8), "the gravest first");
    assert!(PromptFormat::ALL.iter().all(|format| DATA.lengths.contains_key(format)));
}

#[test]
fn six_sound_agents_have_no_errors() {
    for fixture in fixtures::ALL {
        let report = generated(&fixture.spec(), &fixture.graph());
        assert!(report.score >= 80, "{}: {report:#?}", fixture.name);
        let errors: Vec<_> = report.findings.iter().filter(|it| it.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", fixture.name);
        assert_eq!(generated(&fixture.spec(), &fixture.graph()), report, "the same agent, the same report");
        let unfilled = report.findings.iter().find(|finding| finding.message.contains('{'));
        assert_eq!(unfilled, None);
    }
}

#[test]
fn instructions_that_contradict_each_other() {
    let bad = ["Always offer a refund.", "Never offer refunds"];
    let good = ["Always offer a refund.", "Never offer refunds after thirty days", "Never give medical advice"];
    let found = tells("contradiction", FieldId::Constraints, &bad, &good);
    assert_eq!(found.place.field, Some(FieldId::Constraints));
    assert!(
        found.message.contains("“Always offer a refund") && found.message.contains("“Never offer refunds”"),
        "{found:?}"
    );
}

#[test]
fn tones_that_pull_apart() {
    tells("tone_contradiction", FieldId::Tone, &["formal", "casual"], &["formal", "calm"]);
}

#[test]
fn tools_that_are_named_and_not_there() {
    let found = tells(
        "unknown_tool",
        FieldId::AdditionalNotes,
        &["Log every call in Salesforce."],
        &["Write it in the calendar."],
    );
    assert!(found.message.starts_with("Salesforce is named"), "{found:?}");
    tells("unknown_tool", FieldId::AdditionalNotes, &["Then call `payments`."], &["Then call `calendar`."]);
}

#[test]
fn people_that_are_asked_for_and_not_reached() {
    let calm = |text: &str| {
        let mut spec = with(clinic(), FieldId::AdditionalNotes, &[text]);
        spec.remove(FieldId::EscalationRules);
        with(spec, FieldId::Tools, &[])
    };
    let asks = report(&calm("Angry people want a manager."));
    assert_eq!(of(&asks, "no_escalation").len(), 1, "{asks:#?}");
    assert!(of(&report(&calm("Angry people want an apology.")), "no_escalation").is_empty());
    let ruled =
        with(calm("Angry people want a manager."), FieldId::EscalationRules, &["Angry: tell them Ann calls back"]);
    assert!(of(&report(&ruled), "no_escalation").is_empty());
}

#[test]
fn languages_that_are_named_and_not_spoken() {
    let both = with(clinic(), FieldId::Languages, &["en", "es"]);
    let (two, three) = ("They speak English or Spanish.", "They speak English, Spanish or Polish.");
    assert!(of(&report(&with(both.clone(), FieldId::TargetUsers, &[two])), "missing_language").is_empty());
    let report = report(&with(both, FieldId::TargetUsers, &[three]));
    assert_eq!(
        of(&report, "missing_language")[0].message,
        "Polish is named, but it is not among the agent's languages."
    );
}

#[test]
fn secrets_are_found_and_never_repeated() {
    let key = "sk-proj4bcd1234efgh5678ijkl";
    let found =
        tells("secret", FieldId::AdditionalNotes, &[&format!("Use the key {key} for it.")], &["Use the key sk-1."]);
    assert!(!serde_json::to_string(&found).unwrap().contains("4bcd"), "{found:?}");
    assert_eq!(found.place.field, Some(FieldId::AdditionalNotes));
    assert!(found.place.line.is_some() && found.place.format.is_some());
    let random = "Token 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";
    tells(
        "secret",
        FieldId::Constraints,
        &[random],
        &["Call 0041446681800 or mail a.long.address.of.somebody@example-practice.ch"],
    );
}

#[test]
fn placeholders_nobody_filled_in() {
    let found = tells("placeholder", FieldId::AdditionalNotes, &["We are [company name]."], &["We are at dock [7]."]);
    assert!(found.message.contains("[company name]"), "{found:?}");
    tells("placeholder", FieldId::Constraints, &["Never quote TBD"], &["Never quote prices"]);
}

#[test]
fn what_cannot_be_said_aloud() {
    let found = tells(
        "spoken_markup",
        FieldId::GreetingStyle,
        &["Say: 'Hi, see https://brightside.example'"],
        &["Say: 'Hi, Brightside here'"],
    );
    assert!(found.message.contains("a web address"), "{found:?}");
    let chat = with(
        with(clinic(), FieldId::Channel, &["chat"]),
        FieldId::GreetingStyle,
        &["Say: 'Hi, see https://b.example'"],
    );
    assert!(of(&report(&chat), "spoken_markup").is_empty(), "only where it is spoken");
}

#[test]
fn prompts_without_an_end_or_limits_or_source() {
    let sound = doctored(|_| {});
    for rule in ["no_stop_rule", "no_limits", "empty_greeting", "untraceable_line", "too_long"] {
        assert!(of(&sound, rule).is_empty(), "{rule}");
    }
    let bare = doctored(|prompt| prompt.system_prompt = "You are Mia.\nHelp people.".to_owned());
    assert_eq!((of(&bare, "no_stop_rule").len(), of(&bare, "no_limits").len()), (7, 7));
    let silent = doctored(|prompt| prompt.first_message.clear());
    assert_eq!(of(&silent, "empty_greeting").len(), 1);
    let added = doctored(|prompt| prompt.system_prompt.push_str("\nAnd one more thing.\n"));
    assert!(of(&added, "untraceable_line")[0].message.contains("And one more thing"), "{added:#?}");
    let odd = doctored(|prompt| {
        prompt.sources[1] = LineSource { line: prompt.sources[1].line, field: "who_knows".to_owned(), provenance: None }
    });
    assert_eq!(of(&odd, "untraceable_line")[0].place.format, Some(PromptFormat::ElevenLabs));
    let long = doctored(|prompt| prompt.tokens = 9000);
    let formats: Vec<_> = of(&long, "too_long").iter().filter_map(|finding| finding.place.format).collect();
    assert_eq!(
        formats,
        [PromptFormat::ElevenLabs, PromptFormat::OpenAiChat, PromptFormat::OpenAiAssistant, PromptFormat::Generic]
    );
    assert!(bare.score < sound.score && sound.score <= 100);
}

#[test]
fn goals_tools_and_inputs_without_a_step() {
    let spec = clinic();
    let mut graph = synthesize(&spec, &[]).graph;
    for rule in ["goal_without_node", "unused_tool", "parameter_not_collected"] {
        assert!(of(&generated(&spec, &graph), rule).is_empty(), "{rule}");
    }
    graph.nodes.iter_mut().for_each(|node| node.config.collects.clear());
    let uncollected = generated(&spec, &graph);
    let found = of(&uncollected, "parameter_not_collected");
    assert!(found[0].place.node.is_some() && found[0].message.contains("without ever having asked for"), "{found:?}");
    for node in &mut graph.nodes {
        (node.config.goals, node.config.tool) = (Vec::new(), None);
    }
    let idle = generated(&spec, &graph);
    assert_eq!(of(&idle, "goal_without_node").len(), spec.items(FieldId::Goals).len());
    assert_eq!(of(&idle, "unused_tool").len(), spec.tools().count());
    assert_eq!(idle.score, 100 - 40 - 24, "the most that one rule takes off is 40: {idle:#?}");
}
