//! Runs of agents, followed.

use super::*;
use crate::workflow::fixtures;
use crate::workflow::synthesizer::synthesize;

/// The steps that a run of the clinic's receptionist comes through, by their titles.
fn way(events: &[Event<'_>]) -> Vec<String> {
    let spec = fixtures::clinic();
    let graph = synthesize(&spec, &[]).graph;
    let place = track(&graph, &spec, events.iter().copied()).unwrap();
    assert_eq!(place.path.last(), Some(&place.node));
    assert_eq!(track(&graph, &spec, events.iter().copied()).unwrap(), place, "the same run, the same way");
    place.path.iter().map(|id| graph.node(id).unwrap().label.clone()).collect()
}

use Event::{AgentSays, Answered, UserSays};

static NOTHING: Value = Value::Null;

fn calls(tool: &str) -> Event<'_> {
    Event::Calls { tool, arguments: &NOTHING }
}

const OPENING: [Event<'_>; 2] =
    [AgentSays("Hello, this is Mia. How can I help you today?"), UserSays("I'd like to book an appointment")];
const OPENED: [&str; 4] = ["Call comes in", "Greet the caller", "What do they need?", "Appointment details"];

fn after_opening(events: &[Event<'_>]) -> Vec<String> {
    let way = way(&[&OPENING[..], events].concat());
    assert_eq!(way[..4], OPENED);
    way[4..].to_vec()
}

#[test]
fn a_booking_goes_from_greeting_to_goodbye() {
    assert_eq!(way(&OPENING[..1]), OPENED[..2]);
    assert_eq!(way(&OPENING), OPENED);
    let whole = [
        AgentSays("Gladly. Could you give me your name and the day?"),
        UserSays("Ann, on Friday"),
        calls("calendar"),
        Answered { failed: false },
        AgentSays("Friday at ten is free for you, Ann. Shall I go ahead?"),
        UserSays("yes please"),
        calls("calendar"),
        Answered { failed: false },
        calls("sms"),
        Answered { failed: false },
        AgentSays("Done! Is there anything else I can do for you?"),
        UserSays("No, that's all."),
        AgentSays("Take care. Goodbye!"),
    ];
    let steps =
        ["Find free times", "Read it back", "Book appointments", "Send a text", "Anything else?", "Say goodbye"];
    let reached = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 6];
    for (said, steps_reached) in (1..=whole.len()).zip(reached) {
        assert_eq!(after_opening(&whole[..said]), steps[..steps_reached], "after {:?}", whole[said - 1]);
    }
}

#[test]
fn a_no_goes_back_to_what_was_asked_for() {
    let events = [
        calls("calendar"),
        Answered { failed: false },
        AgentSays("So Friday at ten. Shall I go ahead?"),
        UserSays("No, Monday"),
    ];
    assert_eq!(after_opening(&events), ["Find free times", "Read it back", "Appointment details"]);
}

#[test]
fn a_failed_call_takes_its_own_way() {
    let failed = [calls("calendar"), Answered { failed: true }, AgentSays("I cannot reach it just now.")];
    assert_eq!(after_opening(&failed)[..1], ["Find free times"]);
    let events = [&failed[..], &[calls("call_transfer")]].concat();
    assert_eq!(after_opening(&events).last().map(String::as_str), Some("Front desk"));
}

#[test]
fn a_hand_over_is_the_agents_to_make() {
    let opening = [OPENING[0], UserSays("This is an emergency, I am bleeding heavily!")];
    assert_eq!(way(&opening).last().map(String::as_str), Some("What do they need?"));
    let called = [&opening[..], &[calls("call_transfer")]].concat();
    assert_eq!(way(&called).last().map(String::as_str), Some("Front desk"));
}

#[test]
fn another_request_begins_again_and_a_foreign_call_leads_nowhere() {
    let events = [
        calls("calendar"),
        Answered { failed: false },
        calls("calendar"),
        calls("sms"),
        AgentSays("Anything else?"),
        UserSays("What are your prices?"),
    ];
    let last = |events: &[Event<'_>]| after_opening(events).last().cloned();
    assert_eq!(last(&events).as_deref(), Some("Tell callers hours and prices"));
    assert_eq!(last(&[&events[..], &[calls("payments")]].concat()).as_deref(), Some("Tell callers hours and prices"));
}

#[test]
fn every_kind_of_agent_can_be_followed() {
    for spec in [fixtures::order_support(), fixtures::vet_survey(), AgentSpec::default()] {
        let graph = synthesize(&spec, &[]).graph;
        let tools: Vec<String> = spec.tools().map(|tool| tool.id.clone()).collect();
        let called = tools.iter().map(|tool| calls(tool));
        let events: Vec<Event<'_>> = [AgentSays("Hello?"), UserSays("Hello, yes")].into_iter().chain(called).collect();
        let place = track(&graph, &spec, events).unwrap();
        let joined = place
            .path
            .windows(2)
            .all(|pair| graph.edges.iter().any(|it| [&it.source, &it.target] == [&pair[0], &pair[1]]));
        assert!(joined || place.path.len() == 1, "{:?}", place.path);
        if let Some(last) = tools.last() {
            assert_eq!(graph.node(&place.node).unwrap().config.tool.as_ref(), Some(last));
        }
    }
    assert_eq!(track(&Graph::default(), &AgentSpec::default(), []), None);
}

#[test]
fn a_call_leads_to_the_step_it_speaks_of() {
    let arguments = serde_json::json!({"action": "book", "date": "2027-01-02", "guests": [{"name": "Ann"}]});
    let booked = [Event::Calls { tool: "calendar", arguments: &arguments }];
    assert_eq!(after_opening(&booked), ["Find free times", "Read it back", "Book appointments"]);
}
