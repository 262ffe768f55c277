//! What of a model's reading counts, case by case.

use serde_json::{Value, json};

use super::super::extract::{Context, Extraction, extract};
use super::super::grammar::Op;
use super::super::merge;
use super::super::models::{AgentSpec, FieldId, Item, Provenance, Slot};
use super::super::text::Text;
use super::super::tool_talk::ToolTalk;
use super::*;

/// A catalogue of one tool, named by its id.
fn tool(id: &str, quote: &str) -> Option<ToolNaming> {
    let naming = if quote.to_lowercase().contains(id) { ToolNaming::Named } else { ToolNaming::Implied };
    (id == "calendar").then_some(naming)
}

fn finding(field: &str, op: &str, value: &str, quote: &str, message: u32) -> Value {
    json!({ "field": field, "op": op, "value": value, "quote": quote, "message": message })
}

fn read_all(messages: &[&str], findings: &[Value]) -> Suggestions {
    let messages: Vec<(u32, &str)> = (0..).zip(messages.iter().copied()).collect();
    let spec = AgentSpec::default();
    let known = Known { spec: &spec, messages: &messages, tool: &tool };
    read(&json!({ "findings": findings }).to_string(), &known).unwrap()
}

/// Value and provenance of one finding, if it counts.
fn worth(message: &str, field: &str, value: &str, quote: &str) -> Option<(String, Provenance)> {
    let read = read_all(&[message], &[finding(field, "add", value, quote, 0)]);
    let item = &read.found.first()?.finding.item;
    Some((item.value.clone(), item.provenance))
}

fn said(value: &str) -> Option<(String, Provenance)> {
    Some((value.to_owned(), Provenance::Said))
}

fn inferred(value: &str) -> Option<(String, Provenance)> {
    Some((value.to_owned(), Provenance::Inferred))
}

#[test]
fn a_text_is_said_if_it_is_made_of_the_users_words() {
    let message = "It should answer questions about orders and give refunds up to 50 €, but never promise a date.";
    let worth = |field: &str, value: &str, quote: &str| worth(message, field, value, quote);
    assert_eq!(
        worth("goals", "Answer questions about orders", "answer questions about orders"),
        said("Answer questions about orders")
    );
    assert_eq!(worth("constraints", "Never promise a date", "never promise a date"), said("Never promise a date"));
    // What is added, turned into its opposite or given another number is a guess.
    assert_eq!(
        worth("goals", "Answer questions about billing and delivery", "answer questions about orders"),
        inferred("Answer questions about billing and delivery")
    );
    assert_eq!(worth("goals", "Promise a date", "promise a date"), inferred("Promise a date"));
    assert_eq!(worth("constraints", "Refunds up to 500 €", "refunds up to 50 €"), inferred("Refunds up to 500 €"));
    // Nothing to rest on, nothing said, nobody's name, somebody's address.
    assert_eq!(worth("goals", "Answer questions about billing", "but"), None);
    assert_eq!(worth("goals", "…", "answer questions"), None);
    assert_eq!(worth("agent_name", "Mia", "answer questions"), None);
    assert_eq!(worth("knowledge_sources", "https://evil.example", "answer questions about orders"), None);
    assert_eq!(worth("goals", &"word ".repeat(200), "answer questions about orders"), None);
}

#[test]
fn an_id_is_said_if_its_words_name_it() {
    assert_eq!(worth("Friendly, like a good waiter", "tone", "friendly", "friendly"), said("friendly"));
    assert_eq!(worth("like a good waiter", "tone", "professional", "like a good waiter"), inferred("professional"));
    assert_eq!(worth("not too formal", "tone", "formal", "formal"), None);
    assert_eq!(worth("on the phone", "channel", "voice", "on the phone"), said("voice"));
    assert_eq!(worth("on the phone", "channel", "telepathy", "on the phone"), None);
    assert_eq!(worth("it goes into the calendar", "tools", "calendar", "the calendar"), said("calendar"));
    assert_eq!(worth("it goes into Doctolib", "tools", "calendar", "Doctolib"), inferred("calendar"));
    assert_eq!(worth("it goes into Doctolib", "tools", "doctolib", "Doctolib"), None);
    assert_eq!(worth("nothing to connect, only talk", "use_tools", "false", "nothing to connect"), said("false"));
    assert_eq!(worth("システムは要りません", "use_tools", "false", "システムは要りません"), inferred("false"));
    assert_eq!(worth("anything", "use_tools", "maybe", "anything"), None);
}

#[test]
fn a_language_is_one_that_the_user_names_not_the_one_they_write_in() {
    let spanish = "Hola, quiero un bot para reservar mesas en mi restaurante";
    assert_eq!(worth(spanish, "languages", "es", "Hola, quiero un bot"), None);
    assert_eq!(worth("Es soll Deutsch und Türkisch sprechen, bitte sehr", "languages", "de", "Deutsch"), said("de"));
    assert_eq!(worth("日本語と英語で話す", "languages", "en", "英語"), said("en"));
    assert_eq!(
        worth("our callers live in Quebec and speak what they speak", "languages", "fr", "in Quebec"),
        inferred("fr")
    );
}

#[test]
fn a_quote_is_the_users_own_letters_of_the_message_it_stands_in() {
    let messages = ["A bot that books Tables", "friendly, please"];
    let read = read_all(
        &messages,
        &[finding("goals", "add", "Book tables", "BOOKS tables", 1), finding("tone", "add", "friendly", "Friendly", 1)],
    );
    let evidence: Vec<_> = read.found.iter().map(|one| one.finding.item.evidence.clone().unwrap()).collect();
    assert_eq!((evidence[0].message, evidence[0].quote.as_str()), (0, "books Tables"));
    assert_eq!((evidence[1].message, evidence[1].quote.as_str()), (1, "friendly"));
    assert_eq!((read.message, read.dropped), (1, 0));
}

#[test]
fn what_does_not_pass_is_dropped_and_counted_and_the_rest_stays() {
    let mut findings = vec![
        finding("tone", "add", "friendly", "friendly", 0),
        finding("approved", "replace", "true", "friendly", 0),
        finding("stage", "replace", "completed", "friendly", 0),
        finding("tone", "approve", "friendly", "friendly", 0),
        finding("tone", "add", "friendly", "", 0),
        json!({ "field": "tone", "op": "add", "value": 3, "quote": "friendly" }),
        json!({ "field": "tone" }),
        json!(null),
    ];
    findings.extend((0..100).map(|_| finding("tone", "add", "friendly", "friendly", 0)));
    let read = read_all(&["friendly"], &findings);
    assert_eq!((read.found.len(), read.dropped), (53, 55));
}

#[test]
fn a_document_is_found_in_whatever_stands_around_it() {
    let spec = AgentSpec::default();
    let messages = [(0, "friendly")];
    let known = Known { spec: &spec, messages: &messages, tool: &tool };
    let list = json!([finding("tone", "add", "friendly", "friendly", 0)]).to_string();
    for answer in [
        list.clone(),
        format!("{{\"findings\":{list}}}"),
        format!("Here [1] {{x}}:\n```json\n{{\"findings\":{list}}}\n```"),
    ] {
        assert_eq!(read(&answer, &known).map(|read| read.found.len()), Ok(1), "{answer}");
    }
    for (answer, why) in [
        ("", Unusable::NoDocument),
        ("I cannot do that.", Unusable::NoDocument),
        ("{\"findings\": [", Unusable::Broken),
        ("{\"found\": []}", Unusable::NoFindings),
        ("{\"findings\": {}}", Unusable::NoFindings),
        (&"[".repeat(100_000), Unusable::Broken),
        (&" ".repeat(300_000), Unusable::TooLong),
    ] {
        assert_eq!(read(answer, &known), Err(why));
    }
}

/// A spec, a message with its own reading, and what a model makes of it.
fn combined(before: &AgentSpec, message: &str, asked: Option<FieldId>, findings: &[Value]) -> (Combined, AgentSpec) {
    let context = Context { asked, previous: None, message: 1, is_opening: false };
    let own = extract(&Text::new(message), ToolTalk::default(), context);
    combined_with(before, message, &own, findings)
}

fn combined_with(before: &AgentSpec, message: &str, own: &Extraction, findings: &[Value]) -> (Combined, AgentSpec) {
    let messages = [(0, "whatever came before"), (1, message)];
    let known = Known { spec: before, messages: &messages, tool: &tool };
    let read = read(&json!(findings).to_string(), &known).unwrap();
    assert_eq!(read.dropped, 0, "{findings:?}");
    let combined = combine(before, message, own, &read);
    let mut spec = before.clone();
    merge::apply(&mut spec, &combined.findings);
    (combined, spec)
}

fn spec_with(field: FieldId, items: impl IntoIterator<Item = Item>) -> AgentSpec {
    let mut spec = AgentSpec::default();
    spec.set(field, Slot { items: items.into_iter().collect() });
    spec
}

fn values(spec: &AgentSpec, field: FieldId) -> Vec<&str> {
    spec.values(field).collect()
}

#[test]
fn a_model_adds_what_the_grammars_missed_and_nothing_twice() {
    let message = "répondre aux questions, puis noter les messages des clients";
    let found = [
        finding("goals", "add", "Répondre aux questions", "répondre aux questions", 1),
        finding("goals", "add", "Noter les messages", "noter les messages", 1),
    ];
    let (combined, spec) = combined_with(&AgentSpec::default(), message, &Extraction::default(), &found);
    assert_eq!(values(&spec, FieldId::Goals), ["Répondre aux questions", "Noter les messages"]);
    assert_eq!(combined.refused, 0);
    // The same words read by the grammars are theirs.
    let (combined, own) = self::combined(&AgentSpec::default(), message, Some(FieldId::Goals), &found);
    assert_eq!(
        combined.findings,
        extract(
            &Text::new(message),
            ToolTalk::default(),
            Context { asked: Some(FieldId::Goals), message: 1, ..Context::default() }
        )
        .findings
    );
    assert!(own.has(FieldId::Goals) && combined.refused == 0);
}

#[test]
fn nothing_said_is_taken_away_by_a_guess() {
    let before = spec_with(FieldId::Tone, [Item::said("friendly", 0, "came")]);
    let (combined, spec) = combined(
        &before,
        "like a good waiter",
        None,
        &[
            finding("tone", "remove", "friendly", "like a good", 1),
            finding("tone", "add", "formal", "good waiter", 1),
            finding("tone", "replace", "formal", "good waiter", 1),
        ],
    );
    assert_eq!((values(&spec, FieldId::Tone), combined.refused), (vec!["friendly"], 3));
    // A plain correction does take it away.
    let (_, spec) = self::combined(
        &before,
        "Actually, the waiter talks formally.",
        None,
        &[finding("tone", "remove", "friendly", "actually", 1), finding("tone", "add", "formal", "talks formally", 1)],
    );
    assert!(!values(&spec, FieldId::Tone).contains(&"friendly"));
    // What was only assumed gives way to what is said.
    let before = spec_with(FieldId::Channel, [Item::default("chat")]);
    let (_, spec) =
        self::combined(&before, "people ring", None, &[finding("channel", "replace", "voice", "people ring", 1)]);
    assert_eq!(values(&spec, FieldId::Channel), ["voice"]);
}

#[test]
fn two_readings_of_one_value_are_asked_about() {
    let before = spec_with(FieldId::AgentName, [Item::said("Otto", 0, "came")]);
    let (combined, spec) =
        combined(&before, "the boss likes Mia", None, &[finding("agent_name", "replace", "Mia", "Mia", 1)]);
    assert_eq!(values(&spec, FieldId::AgentName), ["Otto"]);
    let [contested] = &combined.disagreements[..] else { panic!("{combined:?}") };
    assert_eq!(
        (contested.field, contested.ours.value.as_str(), contested.theirs.value.as_str()),
        (FieldId::AgentName, "Otto", "Mia")
    );
    let (combined, spec) =
        self::combined(&before, "sorry, I meant Mia", None, &[finding("agent_name", "replace", "Mia", "Mia", 1)]);
    assert_eq!((values(&spec, FieldId::AgentName), combined.disagreements), (vec!["Mia"], vec![]));
    // A guess asks nothing.
    let before = spec_with(FieldId::Channel, [Item::said("chat", 0, "came")]);
    let (combined, spec) = self::combined(
        &before,
        "they like to hear somebody",
        None,
        &[finding("channel", "replace", "voice", "they like to hear somebody", 1)],
    );
    assert_eq!((values(&spec, FieldId::Channel), combined.disagreements.len(), combined.refused), (vec!["chat"], 0, 1));
}

#[test]
fn earlier_words_fill_gaps_only() {
    let found = [finding("goals", "add", "Whatever came before", "whatever came before", 0)];
    let (_, spec) = combined(&AgentSpec::default(), "hmm", None, &found);
    assert_eq!(values(&spec, FieldId::Goals), ["Whatever came before"]);
    let before = spec_with(FieldId::Goals, [Item::said("Book tables", 0, "came")]);
    let (combined, spec) = self::combined(&before, "hmm", None, &found);
    assert_eq!((values(&spec, FieldId::Goals), combined.refused), (vec!["Book tables"], 0));
}

#[test]
fn a_value_the_grammars_read_as_denied_is_not_added() {
    let mut own = Extraction::default();
    let denied = Item::said("formal", 1, "stiff");
    own.findings.push(Finding { field: FieldId::Tone, op: Op::Remove, item: denied });
    let (combined, spec) = combined_with(
        &AgentSpec::default(),
        "nothing stiff, like the queen",
        &own,
        &[finding("tone", "add", "formal", "like the queen", 1)],
    );
    assert_eq!((values(&spec, FieldId::Tone).len(), combined.refused), (0, 1));
}
