//! Requests as people make them, read and applied.

use super::*;
use crate::intent::models::{FieldId, Item};
use crate::tools::models::Risk;
use crate::workflow::fixtures::{clinic, order_support, tool, vet_survey, with_tools};
use crate::workflow::models::StepEdit;
use crate::workflow::synthesizer::{Synthesis, synthesize};
use crate::workflow::validator;

fn ask(spec: &AgentSpec, text: &str) -> Option<Request> {
    read_request(text, &synthesize(spec, &[]).graph, spec)
}

/// The request as a step edit, applied: nothing may be left out, and the graph must be sound.
fn applied(spec: &AgentSpec, text: &str) -> (StepEdit, Synthesis) {
    let Some(Request::Step(edit)) = ask(spec, text) else { panic!("no step edit: {text}: {:?}", ask(spec, text)) };
    let after = synthesize(spec, std::slice::from_ref(&edit));
    assert_eq!(after.skipped, Vec::<String>::new(), "{text}");
    assert_eq!(validator::problems(&after.graph, spec), Vec::<String>::new(), "{text}");
    (edit, after)
}

fn follows(after: &Synthesis, source: &str, target: &str) -> bool {
    let id = |label: &str| after.graph.nodes.iter().find(|node| node.label == label).map(|node| node.id.clone());
    let (source, target) = (id(source), id(target));
    after.graph.edges.iter().any(|edge| Some(&edge.source) == source.as_ref() && Some(&edge.target) == target.as_ref())
}

#[test]
fn tools_that_are_not_there_are_added() {
    let id = |text: &str| match ask(&clinic(), text) {
        Some(Request::AddTool { id, quote }) if quote == text => id,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(id("add a check of the caller's identity before the booking"), "identity_verification");
    assert_eq!(id("after booking, email them the details"), "email_send");
    assert_eq!(id("also open a ticket when something fails"), "ticketing");
}

#[test]
fn an_identity_check_goes_where_it_was_asked_for() {
    let text = "add a check of the caller's identity before the booking";
    let mut spec = clinic();
    let mut tools: Vec<_> = spec.tool_configs.values().cloned().collect();
    tools.push(tool("identity_verification", "Identity check", "customers", Risk::Read, &["identifier", "secret"]));
    with_tools(&mut spec, tools);
    let mut slot = spec.get(FieldId::Tools).cloned().expect("tools are set");
    for item in slot.items.iter_mut().filter(|item| item.value == "identity_verification") {
        *item = Item::said("identity_verification", 4, text);
    }
    spec.set(FieldId::Tools, slot);
    let after = synthesize(&spec, &[]);
    assert_eq!(validator::problems(&after.graph, &spec), Vec::<String>::new());
    assert!(follows(&after, "Identity confirmed?", "Appointment details"));
}

#[test]
fn steps_are_put_where_they_were_asked_for() {
    let (edit, after) = applied(&clinic(), "Put a consent question first, please");
    assert!(matches!(edit, StepEdit::Insert { kind: NodeType::Condition, before: None, after: None, .. }));
    assert!(follows(&after, "Greet the caller", "Consent question"));

    let (_, after) = applied(&clinic(), "after booking, send them a text");
    assert!(after.graph.nodes.iter().filter(|node| node.config.tool.as_deref() == Some("sms")).count() == 2);

    let (_, after) = applied(&clinic(), "ask for the insurance number before the booking");
    assert!(follows(&after, "Ask for the insurance number", "Book appointments"));

    let (_, after) = applied(&clinic(), "and ask for a rating at the end");
    assert!(follows(&after, "Anything else?", "Ask for a rating"));
    assert!(follows(&after, "Ask for a rating", "Say goodbye"));

    let (_, after) = applied(&vet_survey(), "at the end, ask for the pet's age");
    assert!(follows(&after, "Ask for the pet's age", "Thank them"));

    let (_, after) = applied(&clinic(), "also let it take messages");
    assert!(follows(&after, "What do they need?", "Take messages"));

    let (_, after) = applied(&order_support(), "Could you also mention the shipping costs before processing a return?");
    assert!(follows(&after, "Mention the shipping costs", "Process returns"));
}

#[test]
fn things_are_left_out() {
    let spec = clinic();
    assert_eq!(ask(&spec, "drop the SMS step"), Some(Request::RemoveTool { id: "sms".to_owned() }));
    assert_eq!(ask(&spec, "we don't need the text"), Some(Request::RemoveTool { id: "sms".to_owned() }));
    assert_eq!(ask(&spec, "remove hours and prices"), Some(Request::RemoveGoal { index: 0 }));
    let (edit, _) = applied(&spec, "Please leave out finding free times");
    assert!(matches!(edit, StepEdit::Remove { node, .. } if node == "find_free_times"));
    assert_eq!(ask(&spec, "drop the karaoke step"), None);
}

#[test]
fn what_breaks_the_flow_is_left_out_with_a_reason() {
    let spec = clinic();
    let Some(Request::Step(edit)) = ask(&spec, "skip reading it back") else { panic!("a step edit") };
    let before = synthesize(&spec, &[]).graph;
    let after = synthesize(&spec, &[edit]);
    assert_eq!(after.graph, before);
    assert_eq!(after.skipped.len(), 1);
    assert!(after.skipped[0].contains("needs a yes"), "{}", after.skipped[0]);
}

#[test]
fn steps_are_renamed() {
    let (_, after) = applied(&clinic(), "rename the appointment details to Visit details");
    assert!(after.graph.nodes.iter().any(|node| node.id == "appointment_details" && node.label == "Visit details"));
}

#[test]
fn other_talk_is_no_request() {
    for text in [
        "looks good",
        "yes",
        "thanks!",
        "make it more formal",
        "what happens when the calendar is down?",
        "",
        "no",
        "put simply, I like it",
    ] {
        assert_eq!(ask(&clinic(), text), None, "{text}");
    }
}
