//! Rules about tools' settings and about style, and what one click does.

use serde_json::json;

use super::tests::{clinic, of, report, tells, with};
use super::*;
use crate::intent::models::{Item, Slot};
use crate::prompt::generator::generate;
use crate::tools::models::{Risk, ToolConfig};
use crate::workflow::synthesizer::synthesize;

fn with_tool(change: impl Fn(&mut ToolConfig)) -> AgentSpec {
    let mut spec = clinic();
    spec.tool_configs.values_mut().for_each(change);
    spec
}

/// The agent after one click on the first finding of a rule; the finding is gone then.
fn clicked(spec: &AgentSpec, rule: &str) -> AgentSpec {
    let graph = synthesize(spec, &[]).graph;
    let prompts = PromptFormat::ALL.map(|format| generate(spec, &graph, format));
    let found = check(spec, &graph, &prompts);
    let finding = of(&found, rule)[0];
    assert!(finding.can_fix, "{rule}");
    let mended = mended(spec, &graph, &prompts, rule, &finding.place).unwrap();
    let after = report(&mended);
    assert!(of(&after, rule).len() < of(&found, rule).len(), "{rule}: {after:#?}");
    mended
}

#[test]
fn payments_that_nobody_says_yes_to() {
    let bad = with_tool(|tool| (tool.risk, tool.needs_confirmation) = (Risk::Pay, false));
    assert_eq!(of(&report(&bad), "unconfirmed_write").len(), 3);
    assert!(of(&report(&clinic()), "unconfirmed_write").is_empty());
    let mended = clicked(&bad, "unconfirmed_write");
    assert_eq!(mended.tools().filter(|tool| tool.needs_confirmation).count(), 1);
}

#[test]
fn calls_that_fail_in_silence() {
    let bad = with_tool(|tool| tool.on_failure.clear());
    assert_eq!(of(&report(&bad), "silent_failure").len(), 3);
    assert!(of(&report(&clinic()), "silent_failure").is_empty());
    assert!(!clicked(&bad, "silent_failure").tools().next().unwrap().on_failure.is_empty());
}

#[test]
fn inputs_that_nobody_describes() {
    let bad = with_tool(|tool| {
        for property in tool.parameters["properties"].as_object_mut().unwrap().values_mut() {
            property["description"] = json!(" ");
        }
    });
    assert!(!of(&report(&bad), "undescribed_parameter").is_empty());
    assert!(of(&report(&clinic()), "undescribed_parameter").is_empty());
}

#[test]
fn what_is_said_twice() {
    let found = tells(
        "repetition",
        FieldId::AdditionalNotes,
        &["Never argue.", "never argue"],
        &["Never argue.", "Never shout."],
    );
    assert_eq!(found.place.item, Some(1));
    let spec = with(clinic(), FieldId::AdditionalNotes, &["Never argue.", "never argue"]);
    assert_eq!(clicked(&spec, "repetition").items(FieldId::AdditionalNotes).len(), 1);
}

#[test]
fn goals_that_could_be_anybodys() {
    tells("vague_goal", FieldId::Goals, &["Help people"], &["Help people find a plumber"]);
}

#[test]
fn instructions_that_are_shouted() {
    tells("shouting", FieldId::AdditionalNotes, &["NEVER EVER give a date!!"], &["Never give a date; use the CRM."]);
}

#[test]
fn lists_that_nobody_can_keep_in_mind() {
    let many = "Say: 'Hi, we do fillings, crowns, bridges, implants, whitening, braces and check-ups, among others'";
    tells("spoken_list", FieldId::GreetingStyle, &[many], &["Say: 'Hi, Brightside here'"]);
    let chat = with(with(clinic(), FieldId::Channel, &["chat"]), FieldId::GreetingStyle, &[many]);
    assert!(of(&report(&chat), "spoken_list").is_empty(), "only where it is spoken");
}

#[test]
fn greetings_that_keep_people_waiting() {
    let long = format!("Say: 'Hello {}'", "and thank you for calling us today ".repeat(8));
    tells("long_greeting", FieldId::GreetingStyle, &[&long], &["Say: 'Hi, Brightside here'"]);
}

#[test]
fn prompts_that_refuse_nothing() {
    let spec = clinic();
    let graph = synthesize(&spec, &[]).graph;
    let mut prompts = PromptFormat::ALL.map(|format| generate(&spec, &graph, format));
    assert!(of(&check(&spec, &graph, &prompts), "no_refusal").is_empty());
    prompts.iter_mut().for_each(|prompt| prompt.system_prompt = "You are Mia. Never shout. Say goodbye.".to_owned());
    assert_eq!(of(&check(&spec, &graph, &prompts), "no_refusal").len(), 7);
}

#[test]
fn clicks_change_what_they_are_about_and_nothing_else() {
    let spec = with(clinic(), FieldId::Tone, &["formal", "casual"]);
    let mended = clicked(&spec, "tone_contradiction");
    assert_eq!(mended.values(FieldId::Tone).collect::<Vec<_>>(), ["formal"]);
    assert_eq!(mended.items(FieldId::Goals), spec.items(FieldId::Goals));

    let spec = with(clinic(), FieldId::AdditionalNotes, &["Use the key sk-proj4bcd1234efgh5678ijkl for it."]);
    assert_eq!(clicked(&spec, "secret").text(FieldId::AdditionalNotes), Some("Use the key for it."));

    let mut spec = with(clinic(), FieldId::TargetUsers, &["They speak English, Spanish or Polish."]);
    spec.set(FieldId::Languages, Slot { items: ["en", "es"].map(Item::edited).to_vec() });
    assert_eq!(clicked(&spec, "missing_language").items(FieldId::Languages).len(), 3);

    let spec = with(clinic(), FieldId::Constraints, &["Always offer a refund.", "Never offer refunds"]);
    let left = clicked(&spec, "contradiction");
    assert_eq!(left.values(FieldId::Constraints).collect::<Vec<_>>(), ["Always offer a refund."]);
}

#[test]
fn a_click_on_nothing_does_nothing() {
    let spec = clinic();
    let graph = synthesize(&spec, &[]).graph;
    for rule in ["repetition", "placeholder", "no_such_rule"] {
        assert_eq!(mended(&spec, &graph, &[], rule, &Place::default()), None, "{rule}");
    }
}
