//! Random conversations with random readings of a model: whatever it answers, the interview holds.

use agentwright::intent::models::{AgentSpec, FieldId, Provenance};
use agentwright::intent::vocabulary;
use agentwright::orchestrator::consult;
use agentwright::orchestrator::models::{Interview, TurnOutcome};
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

/// An interview after some messages, read without a model.
fn after(said: &[&str]) -> Interview {
    said.iter().fold(turn::open().0, |interview, text| turn::apply(interview, text).interview)
}

/// Takes a message with findings of a model: field, what to do with it, value and quote, all of this message.
fn take(interview: &Interview, text: &str, findings: &[[&str; 4]]) -> TurnOutcome {
    let number = interview.user_messages;
    let finding = |[field, op, value, quote]: &[&str; 4]| json!({ "field": field, "op": op, "value": value, "quote": quote, "message": number });
    let findings: Vec<Value> = findings.iter().map(finding).collect();
    let read = consult::read(&json!(findings).to_string(), interview, &[], text).unwrap();
    assert_eq!(read.dropped, 0, "{findings:?}");
    turn::apply_with(interview.clone(), text, Some(&read))
}

#[test]
fn a_model_reads_what_the_grammars_cannot() {
    let text = "電話で予約を受けて、伝言を残すボットがほしい。丁寧に話してほしい。";
    let outcome = take(
        &after(&[]),
        text,
        &[
            ["goals", "add", "電話で予約を受ける", "電話で予約を受けて"],
            ["goals", "add", "伝言を残す", "伝言を残す"],
            ["tone", "add", "formal", "丁寧に話してほしい"],
            ["channel", "replace", "voice", "電話で"],
            ["agent_type", "replace", "receptionist", "電話で予約を受けて"],
        ],
    );
    let spec = &outcome.interview.spec;
    assert_eq!(spec.values(FieldId::Goals).collect::<Vec<_>>(), ["電話で予約を受ける", "伝言を残す"]);
    assert!(spec.items(FieldId::Goals).iter().all(|item| item.provenance == Provenance::Said));
    assert_eq!((spec.text(FieldId::Channel), spec.agent_type()), (Some("voice"), Some("receptionist")));
    assert_eq!(spec.items(FieldId::Tone)[0].provenance, Provenance::Inferred);
    assert!(!outcome.plan.overruled && outcome.plan.heard_is_free && outcome.plan.question_is_free);
}

#[test]
fn two_readings_become_the_next_question_and_its_answer_settles_it() {
    let known = after(&["A phone receptionist for our clinic. Call her Mia.", "Book visits", "friendly", "no tools"]);
    assert_eq!(known.spec.text(FieldId::AgentName), Some("Mia"));
    let outcome = take(&known, "The last one we had was Otto", &[["agent_name", "replace", "Otto", "Otto"]]);
    let asking = outcome.interview.asking.clone().unwrap();
    let choices: Vec<&str> = asking.choices.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!((asking.field, choices), (FieldId::AgentName, vec!["Mia", "Otto"]));
    assert_eq!(outcome.interview.spec.text(FieldId::AgentName), Some("Mia"));
    assert!(!outcome.plan.question_is_free && outcome.reply.ends_with(&asking.question), "{}", outcome.reply);
    let settled = turn::apply(outcome.interview, "Otto").interview;
    assert_eq!(settled.spec.text(FieldId::AgentName), Some("Otto"));
    assert_ne!(settled.asking.map(|asking| asking.field), Some(FieldId::AgentName));
}

#[test]
fn what_was_taken_back_or_refused_stays_so() {
    let told = after(&["A bot that books tables.", "on the phone", "undo"]);
    let history = [
        line(0, Role::User, "A bot that books tables."),
        line(1, Role::User, "on the phone"),
        line(2, Role::User, "undo"),
    ];
    let answer = json!([{ "field": "channel", "op": "add", "value": "voice", "quote": "on the phone", "message": 1 }]);
    let read = consult::read(&answer.to_string(), &told, &history, "It should be calm").unwrap();
    assert_eq!(read.found.len(), 1);
    assert!(!turn::apply_with(told, "It should be calm", Some(&read)).interview.spec.has(FieldId::Channel));
    let told = after(&["A bot that books tables.", "no email, only SMS"]);
    let outcome = take(&told, "write to them by email", &[["tools", "add", "email_send", "email"]]);
    assert_eq!(outcome.interview.refused_tools, told.refused_tools);
}

#[test]
fn a_reading_of_another_message_is_left_out() {
    let known = after(&["A bot that books tables."]);
    let read =
        consult::read(r#"[{"field":"tone","op":"add","value":"calm","quote":"calm"}]"#, &known, &[], "calm").unwrap();
    assert_eq!(read.found.len(), 1);
    let later = turn::apply(known, "And it takes orders").interview;
    assert_eq!(turn::apply_with(later.clone(), "purple", Some(&read)), turn::apply(later, "purple"));
}

#[test]
fn a_command_a_choice_and_a_plain_change_need_no_reading() {
    let known = after(&["A phone receptionist for our clinic. Call her Mia.", "Book visits"]);
    let choice = known.asking.as_ref().unwrap().choices[0].value.clone();
    for text in ["skip", "undo", "finish now", "yes", "why?", "change the name to Otto", "thanks", &choice] {
        assert!(!turn::needs_reading(&known, text), "{text}");
    }
    for text in ["calm, like a good waiter", "Elle doit être polie", "no email, only SMS", "電話で予約を受ける"]
    {
        assert!(turn::needs_reading(&known, text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

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
            let is_at_odds = |spec: &AgentSpec| spec.use_tools() == Some(false) && spec.has(FieldId::Tools);
            prop_assert!(is_at_odds(&own.interview.spec) || !is_at_odds(&interview.spec));
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
