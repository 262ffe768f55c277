//! What may stand in a section and what may not, on a clinic's receptionist.

use std::collections::BTreeMap;

use super::apply::{body, with_sections};
use super::models::{Polished, PolishedSections};
use super::*;
use crate::intent::models::{AgentSpec, FieldId, Item, Provenance, Slot};
use crate::prompt::fixtures;
use crate::prompt::generator::generate;
use crate::prompt::lint;
use crate::prompt::models::{PlatformPrompt, PromptFormat};
use crate::workflow::models::Graph;

fn clinic() -> (AgentSpec, Graph) {
    (fixtures::ALL[0].spec(), fixtures::ALL[0].graph())
}

/// The verdict on a section whose text was changed like this.
fn verdict(format: PromptFormat, section: &str, change: impl Fn(String) -> String) -> Result<(), String> {
    let (spec, graph) = clinic();
    let generated = generate(&spec, &graph, format);
    let examiner = Examiner::new(&spec, &graph, &generated);
    let section = examiner.section(section).unwrap();
    let text = examiner.tidy(section, &change(examiner.base(section)));
    assert_ne!(text, examiner.base(section), "nothing was changed");
    let polished =
        BTreeMap::from([(section.id.clone(), Polished { base: examiner.base(section), text: text.clone() })]);
    examiner.examine(section, &text).and(examiner.lint(&polished).1).map_err(|Refused(reason)| reason)
}

fn refused(format: PromptFormat, section: &str, reason: &str, change: impl Fn(String) -> String) {
    let verdict = verdict(format, section, change);
    assert!(verdict.as_ref().is_err_and(|told| told.contains(reason)), "{section}: {reason}: {verdict:?}");
}

fn replace(from: &'static str, to: &'static str) -> impl Fn(String) -> String {
    move |text| {
        assert!(text.contains(from), "{from} is not in\n{text}");
        text.replacen(from, to, 1)
    }
}

const XML: PromptFormat = PromptFormat::Anthropic;
const MARKDOWN: PromptFormat = PromptFormat::ElevenLabs;

#[test]
fn every_generated_section_may_stand_as_it_is() {
    for fixture in fixtures::ALL {
        let (spec, graph) = (fixture.spec(), fixture.graph());
        for format in PromptFormat::ALL {
            let generated = generate(&spec, &graph, format);
            let examiner = Examiner::new(&spec, &graph, &generated);
            for section in &generated.sections {
                let base = examiner.base(section);
                assert_eq!(examiner.tidy(section, &base), base, "{} {format:?} {}", fixture.name, section.id);
                assert_eq!(examiner.examine(section, &base), Ok(()), "{} {format:?} {}", fixture.name, section.id);
            }
        }
    }
}

#[test]
fn plainer_words_for_the_same_may_stand() {
    let calmer = replace(
        "Stay even and unhurried whatever the other person's mood: one thought at a time.",
        "Whatever the other person's mood, stay even and unhurried. One thought at a time.",
    );
    assert_eq!(verdict(XML, "tone", calmer), Ok(()));
    let rules = replace("- No medical advice.", "- Never give medical advice.");
    assert_eq!(verdict(XML, "rules", rules), Ok(()));
    assert_eq!(
        verdict(
            MARKDOWN,
            "guardrails",
            replace(
                "Ask only for the details the task at hand needs.",
                "Ask for the details that the task at hand needs, and for no others."
            )
        ),
        Ok(())
    );
    assert_eq!(
        verdict(MARKDOWN, "tone", |text| text.replace("- ", "* ").replacen(
            "Ask one question at a time",
            "Ask one question, then wait:",
            1
        )),
        Ok(())
    );
}

#[test]
fn what_is_invented_is_refused() {
    refused(
        XML,
        "rules",
        "a number that nobody gave",
        replace("No medical advice.", "No medical advice for 48 hours."),
    );
    refused(
        XML,
        "rules",
        "a number that nobody gave: seven",
        replace("No medical advice.", "No medical advice in the first seven calls."),
    );
    refused(XML, "rules", "a number that nobody gave: $20", replace("on the list.", "on the list; a visit is $20."));
    refused(XML, "context", "an address", replace("Opening hours.", "Opening hours, see brightside-dental.com."));
    refused(
        XML,
        "context",
        "an address",
        replace("Opening hours.", "Opening hours; write to desk@brightside.example."),
    );
    refused(XML, "tools", "`refund`", |text| format!("{text}\n- Call `refund` where it is called for."));
    refused(XML, "tone", "does not have: Salesforce", replace("everyday words", "everyday words from Salesforce"));
    refused(
        XML,
        "role",
        "a name that nobody gave: Henderson",
        replace("a receptionist.", "a receptionist for Henderson."),
    );
    refused(XML, "role", "a name that nobody gave: DentaPlus", replace("You answer first", "DentaPlus answers first"));
    refused(MARKDOWN, "tone", "description is about what it adds", |text| {
        format!("{text}\n- Praise the governor's bakery and sell umbrellas.")
    });
    refused(MARKDOWN, "tone", "a placeholder or a variable", |text| format!("{text}\n- Say {{{{name}}}} often."));
}

#[test]
fn what_is_lost_is_refused() {
    refused(XML, "rules", "loses what this line says: “No medical advice”", replace("- No medical advice.\n", ""));
    refused(
        XML,
        "rules",
        "loses what this line says: “No medical advice”",
        replace("No medical advice.", "Give medical advice."),
    );
    refused(XML, "escalation", "no longer names `call_transfer`", replace("`call_transfer`", "the transfer"));
    refused(XML, "tools", "no longer names Google Calendar", replace("Google Calendar: Reads", "It reads"));
    refused(XML, "tools", "word for word", replace("Shall I book that for you?", "May I book that?"));
    refused(XML, "goals", "much shorter", |_| "- Book.".to_owned());
    refused(XML, "goals", "leaves nothing", |_| " \n\u{200b}\n".to_owned());
    refused(XML, "goals", "much longer", |text| [text.clone(), text].join("\n"));
    refused(XML, "context", "loses what this line says", replace("- Our price list.\n", ""));
}

#[test]
fn structure_is_ours() {
    refused(XML, "workflow", "headings or tags", replace("</procedure>", "</procedures>"));
    refused(XML, "tools", "headings or tags", replace("<tool name=\"sms\">\n", ""));
    refused(XML, "goals", "headings or tags", |text| format!("{text}\n</goals>\n<rules>"));
    refused(MARKDOWN, "goal", "headings or tags", replace("## Book appointments", "## Book visits"));
    refused(MARKDOWN, "goal", "headings or tags", |text| format!("# Rules\n{text}"));
    refused(MARKDOWN, "tools", "headings or tags", |text| format!("{text}\n```"));
}

#[test]
fn a_worse_prompt_is_refused() {
    let stop = replace("say what happens next and say goodbye", "say what happens next, as it stands");
    let (spec, graph) = clinic();
    let generated = generate(&spec, &graph, MARKDOWN);
    assert_eq!(generated.system_prompt.matches("goodbye").count(), 1);
    // The only line that says when to stop, in words that the lint does not take for it.
    refused(MARKDOWN, "goal", "does not say when to stop", move |text| {
        stop(text).replace("When to stop", "When it is settled")
    });
    refused(MARKDOWN, "tone", "cannot be said aloud", replace("everyday words", "**everyday** words"));
}

#[test]
fn hidden_letters_and_doubled_lines_do_not_get_in() {
    let (spec, graph) = clinic();
    let generated = generate(&spec, &graph, XML);
    let examiner = Examiner::new(&spec, &graph, &generated);
    let goals = examiner.section("goals").unwrap();
    let tidied =
        examiner.tidy(goals, "\n\n- Say <b>\"yes\"</b> &amp; no\u{202e}\u{7}  \r\n\n\n\n* And\u{2028}then\n\n");
    assert_eq!(tidied, "- Say &lt;b&gt;&quot;yes&quot;&lt;/b&gt; &amp; no\n\n- And then");
}

/// Every section of a prompt in other words that may stand.
fn polished(prompt: &PlatformPrompt) -> BTreeMap<String, Polished> {
    let one = |section: &crate::prompt::models::Section| {
        let base = body(prompt, section);
        let first = base.lines().position(|line| line.ends_with('.')).unwrap_or(0);
        let lines = base.lines().enumerate().map(|(at, line)| match at == first {
            true => format!("{line}\n\n{line} Always."),
            false => line.to_owned(),
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        (section.id.clone(), Polished { base, text })
    };
    prompt.sections.iter().map(one).collect()
}

#[test]
fn polished_sections_stand_in_the_prompt_with_every_line_traced() {
    let (spec, graph) = clinic();
    for format in PromptFormat::ALL {
        let generated = generate(&spec, &graph, format);
        let sections = polished(&generated);
        let prompt = with_sections(generated.clone(), &sections);
        assert_eq!(prompt.sections.len(), generated.sections.len());
        for section in &prompt.sections {
            assert_eq!(body(&prompt, section), sections[&section.id].text, "{format:?}");
            let added = section
                .lines
                .iter()
                .filter(|line| line.provenance == Provenance::Inferred && line.text.ends_with("Always."));
            assert_eq!(added.count(), 1, "{format:?} {}", section.id);
            assert!(section.tokens > 0);
        }
        let inferred = prompt.sources.iter().filter(|source| source.provenance == Some(Provenance::Inferred)).count();
        assert_eq!(inferred, sections.len());
        let report = lint::check(&spec, &graph, std::slice::from_ref(&prompt));
        assert!(report.findings.iter().all(|finding| finding.rule != "untraceable_line"), "{report:#?}");
        assert_eq!(prompt.metadata["polished"]["sections"].as_array().unwrap().len(), sections.len());
        // The way back is exact.
        assert_eq!(with_sections(generated.clone(), &BTreeMap::new()).system_prompt, generated.system_prompt);
        assert_eq!(with_sections(generated.clone(), &BTreeMap::new()).sources, generated.sources);
    }
}

#[test]
fn a_section_lapses_when_what_it_was_made_from_changes() {
    let (mut spec, graph) = clinic();
    let sections = polished(&generate(&spec, &graph, XML));
    let all = PolishedSections::from([(XML, sections)]);
    spec.set(FieldId::Constraints, Slot { items: vec![Item::edited("no prices by phone")] });
    let prompt = shown(&spec, &graph, XML, &all);
    let generated = generate(&spec, &graph, XML);
    let rules = prompt.sections.iter().find(|section| section.id == "rules").unwrap();
    assert_eq!(body(&prompt, rules), body(&generated, generated.sections.iter().find(|it| it.id == "rules").unwrap()));
    assert_eq!(prompt.metadata["polished"]["lapsed"], serde_json::json!(["rules"]));
    let other = shown(&spec, &graph, MARKDOWN, &all);
    assert_eq!(other, generate(&spec, &graph, MARKDOWN), "another format is as generated");
}

#[test]
fn rules_one_by_one_follow_their_lines() {
    let (spec, graph) = clinic();
    let generated = generate(&spec, &graph, MARKDOWN);
    let section = generated.sections.iter().find(|section| section.id == "guardrails").unwrap();
    let base = body(&generated, section);
    let text = base.replace("No medical advice.", "Never give medical advice.");
    let sections = BTreeMap::from([("guardrails".to_owned(), Polished { base, text })]);
    let prompt = with_sections(generated.clone(), &sections);
    assert_eq!(prompt.instructions.len(), generated.instructions.len());
    assert!(prompt.instructions.contains(&"Never give medical advice.".to_owned()));
    assert!(!prompt.instructions.contains(&"No medical advice.".to_owned()));
}
