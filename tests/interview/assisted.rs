//! Random conversations with random readings of a model: whatever it answers, the interview holds.

use agentwright::intent::models::{FieldId, Provenance};
use agentwright::intent::vocabulary;
use agentwright::orchestrator::consult;
use agentwright::orchestrator::turn;
use agentwright::session::models::{Message, Role};
use agentwright::tools::catalogue;
use agentwright::workflow::synthesizer::synthesize;
use agentwright::workflow::validator;
use chrono::DateTime;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::property::REPLIES;

/// What a model might answer to a message: a field, what to do with it, a value, and where the quote is cut from the text.
#[derive(Clone, Debug)]
struct Answer {
    field: usize,
    op: usize,
    value: usize,
    from: usize,
    words: usize,
    message: u32,
    invents: bool,
}

fn answer() -> impl Strategy<Value = Answer> {
    (0usize..22, 0usize..4, 0usize..40, 0usize..12, 0usize..8, 0u32..6, prop::bool::weighted(0.2)).prop_map(
        |(field, op, value, from, words, message, invents)| Answer { field, op, value, from, words, message, invents },
    )
}

fn written(answer: &Answer, text: &str) -> Value {
    let words: Vec<&str> = text.split_whitespace().skip(answer.from).take(answer.words + 1).collect();
    let quote = if answer.invents { "words of nobody".to_owned() } else { words.join(" ") };
    let fields: Vec<&str> = FieldId::ALL.iter().map(|field| field.as_str()).chain(["approved", "stage"]).collect();
    let field = fields[answer.field];
    let ids: Vec<&str> = match FieldId::parse(field) {
        Some(FieldId::Tools) => catalogue::catalogue().iter().map(|tool| tool.id.as_str()).collect(),
        Some(field) => vocabulary::options(field).into_iter().map(|(id, _)| id).collect(),
        None => vec!["true"],
    };
    let value = match ids.len() {
        0 if answer.value % 3 == 0 => "Something that nobody said at all".to_owned(),
        0 => quote.clone(),
        count => ids[answer.value % count].to_owned(),
    };
    let op = ["add", "replace", "remove", "approve"][answer.op];
    json!({ "field": field, "op": op, "value": value, "quote": quote, "message": answer.message })
}

fn line(seq: usize, role: Role, content: &str) -> Message {
    Message { seq: seq as u32, role, content: content.to_owned(), created_at: DateTime::UNIX_EPOCH }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn any_reading_leaves_the_interview_sound(
        turns in prop::collection::vec((0..REPLIES.len(), prop::collection::vec(answer(), 0..6)), 1..12)
    ) {
        let (mut interview, greeting) = turn::open();
        let mut history = vec![line(0, Role::Assistant, &greeting)];
        let mut said: Vec<&str> = Vec::new();
        for (pick, answers) in turns {
            let text = REPLIES[pick];
            let findings: Vec<Value> = answers.iter().map(|answer| written(answer, text)).collect();
            let read = consult::read(&json!({ "findings": findings }).to_string(), &interview, &history, text).unwrap();
            prop_assert_eq!(read.found.len() + read.dropped as usize, findings.len());
            let own = turn::apply(interview.clone(), text);
            let outcome = turn::apply_with(interview, text, Some(&read));
            said.push(text);
            prop_assert_eq!(own.is_complete, outcome.is_complete, "{}", text);
            prop_assert!(!outcome.reply.trim().is_empty() && outcome.reply == outcome.plan.text());
            interview = outcome.interview;
            for (field, slot) in interview.spec.filled() {
                for item in slot.items.iter().filter(|item| item.provenance == Provenance::Said) {
                    let evidence = item.evidence.as_ref().expect("what is said has its words");
                    prop_assert!(said[evidence.message as usize].contains(&evidence.quote), "{field}: {item:?}");
                }
            }
            prop_assert!(interview.spec.use_tools() != Some(false) || !interview.spec.has(FieldId::Tools));
            let graph = synthesize(&interview.spec, &interview.step_edits).graph;
            prop_assert_eq!(validator::problems(&graph, &interview.spec), Vec::<String>::new());
            history.push(line(history.len(), Role::User, text));
            history.push(line(history.len(), Role::Assistant, &outcome.reply));
            if interview.approved {
                interview = turn::reopen(interview);
            }
        }
        prop_assert!(turn::apply(interview, "finish now").is_complete);
    }

    #[test]
    fn any_answer_is_read_or_refused(answer in "\\PC{0,200}", text in "\\PC{1,80}") {
        let (interview, _) = turn::open();
        if let Ok(read) = consult::read(&answer, &interview, &[], &text) {
            turn::apply_with(interview, &text, Some(&read));
        }
    }
}
