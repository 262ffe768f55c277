use super::*;
use crate::intent::models::FieldId;
use crate::workflow::fixtures::{clinic, said};
use crate::workflow::models::NodeType;

fn edits(json: serde_json::Value) -> Vec<GraphEdit> {
    serde_json::from_value(json).unwrap()
}

fn refused(json: serde_json::Value) -> Vec<Refusal> {
    draw(&clinic(), &[], &edits(json)).unwrap_err()
}

/// A consent question between the greeting and the choice.
fn consent() -> Vec<GraphEdit> {
    edits(serde_json::json!([
        {"op": "add_node", "type": "condition", "label": "May I record this call?"},
        {"op": "update_edge", "source": "greet_the_caller", "target": "what_do_they_need",
            "new_target": "may_i_record_this_call"},
        {"op": "add_edge", "source": "may_i_record_this_call", "target": "what_do_they_need", "label": "yes"},
        {"op": "add_edge", "source": "may_i_record_this_call", "target": "end_node", "label": "no", "is_default": true},
    ]))
}

#[test]
fn a_step_is_drawn_between_two_others() {
    let spec = clinic();
    let kept = draw(&spec, &[], &consent()).unwrap();
    assert_eq!(kept.len(), 1, "one group: {kept:?}");
    let graph = compose(&spec, &kept).graph;
    assert_eq!(validator::problems(&graph, &spec), Vec::<String>::new());
    let ids: Vec<&str> = graph.nodes.iter().map(|node| node.id.as_str()).collect();
    assert_eq!(ids[1..4], ["greet_the_caller", "may_i_record_this_call", "what_do_they_need"]);
    let labels: Vec<_> = graph.edges_from("may_i_record_this_call").map(|edge| edge.label.as_deref()).collect();
    assert_eq!(labels, [Some("yes"), Some("no")]);
}

#[test]
fn what_stands_alone_is_kept_alone() {
    let both = edits(serde_json::json!([
        {"op": "update_node", "id": "greet_the_caller", "label": "Say hello"},
        {"op": "update_node", "id": "what_do_they_need", "description": "ask it openly",
            "config": {"say": "How can I help?"}},
    ]));
    let kept = draw(&clinic(), &[], &both).unwrap();
    assert_eq!(kept.len(), 2);
    let graph = compose(&clinic(), &kept).graph;
    assert_eq!(graph.node("greet_the_caller").unwrap().label, "Say hello");
    let asks = graph.node("what_do_they_need").unwrap();
    assert_eq!((asks.description.as_str(), asks.config.say.as_deref()), ("Ask it openly.", Some("How can I help?")));
}

#[test]
fn an_edit_goes_with_what_it_was_drawn_around() {
    let mut spec = clinic();
    let graph = compose(&spec, &[]).graph;
    let serves = |goal: usize| graph.nodes.iter().find(|node| node.config.goals == [goal]).unwrap().id.clone();
    let rename = edits(serde_json::json!([
        {"op": "update_node", "id": serves(0), "label": "Read the price list"},
        {"op": "update_node", "id": "greet_the_caller", "label": "Say hello"},
    ]));
    let kept = draw(&spec, &[], &rename).unwrap();
    said(&mut spec, FieldId::Goals, &["Book appointments"]);
    let synthesis = compose(&spec, &kept);
    assert_eq!(validator::problems(&synthesis.graph, &spec), Vec::<String>::new());
    assert!(!synthesis.graph.nodes.iter().any(|node| node.label == "Read the price list"));
    assert_eq!(synthesis.graph.node("greet_the_caller").unwrap().label, "Say hello");
    assert_eq!(synthesis.skipped, Vec::<String>::new(), "it falls away quietly");
}

#[test]
fn what_was_drawn_is_found_again_when_the_flow_around_it_changes() {
    let mut spec = clinic();
    let kept = draw(&spec, &[], &consent()).unwrap();
    // One goal has no choice to make, and on a chat nobody calls: both ends of the edge are others now.
    said(&mut spec, FieldId::Goals, &["Book appointments"]);
    said(&mut spec, FieldId::EscalationRules, &[]);
    said(&mut spec, FieldId::Tools, &["calendar"]);
    said(&mut spec, FieldId::Channel, &["chat"]);
    let plain = compose(&spec, &[]).graph;
    assert!(plain.node("what_do_they_need").is_none() && plain.node("greet_the_caller").is_none(), "{plain:?}");
    let graph = compose(&spec, &kept).graph;
    assert_eq!(graph.nodes[2].id, "may_i_record_this_call");
    assert_eq!(validator::problems(&graph, &spec), Vec::<String>::new());
    let next = graph.edges_from("may_i_record_this_call").next().unwrap();
    assert_eq!(next.target, plain.nodes[2].id);
}

#[test]
fn another_step_under_the_same_id_is_not_meant() {
    let spec = clinic();
    let rename = edits(serde_json::json!([{"op": "update_node", "id": "greet_the_caller", "label": "Say hello"}]));
    let StepEdit::Graph { edits, .. } = draw(&spec, &[], &rename).unwrap().remove(0) else { panic!("drawn by hand") };
    let kinds = BTreeMap::from([("greet_the_caller".to_owned(), NodeType::Handoff)]);
    let graph = compose(&spec, &[StepEdit::Graph { edits, kinds }]).graph;
    assert_eq!(graph, compose(&spec, &[]).graph);
}

#[test]
fn an_id_drawn_by_hand_stays_when_another_step_wants_it() {
    let mut spec = clinic();
    let add = edits(serde_json::json!([
        {"op": "add_node", "id": "track_orders", "type": "response", "label": "Mine"},
        {"op": "update_edge", "source": "greet_the_caller", "target": "what_do_they_need", "new_target": "track_orders"},
        {"op": "add_edge", "source": "track_orders", "target": "what_do_they_need"},
    ]));
    let kept = draw(&spec, &[], &add).unwrap();
    said(&mut spec, FieldId::Goals, &["Book appointments", "Track orders"]);
    let before = compose(&spec, &[]).graph;
    assert!(before.node("track_orders").is_some(), "{before:?}");
    let graph = compose(&spec, &kept).graph;
    assert_eq!(graph.node("track_orders").unwrap().label, "Mine");
    assert_eq!(validator::problems(&graph, &spec), Vec::<String>::new());
}

#[test]
fn each_refusal_names_its_edit_and_the_rule() {
    let lost = refused(serde_json::json!([
        {"op": "update_node", "id": "greet_the_caller", "label": "Hello"},
        {"op": "add_node", "type": "response", "label": "Nobody comes here"},
    ]));
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].at, 1);
    assert!(lost[0].reason.contains("Nothing leads to “Nobody comes here”"), "{}", lost[0].reason);
    assert!(lost[0].reason.contains("Add an edge to it"), "{}", lost[0].reason);
    for (edit, says) in [
        (serde_json::json!({"op": "remove_node", "id": "start_node"}), "holds the flow together"),
        (serde_json::json!({"op": "remove_node", "id": "nowhere"}), "there is start_node, greet_the_caller"),
        (
            serde_json::json!({"op": "remove_edge", "source": "greet_the_caller", "target": "end_node"}),
            "there is what_do_they_need",
        ),
        (
            serde_json::json!({"op": "remove_edge", "source": "greet_the_caller", "target": "what_do_they_need"}),
            "No end can be reached",
        ),
        (serde_json::json!({"op": "add_edge", "source": "greet_the_caller", "target": "greet_the_caller"}), "itself"),
        (serde_json::json!({"op": "add_edge", "source": "greet_the_caller", "target": "end_node"}), "no label"),
        (serde_json::json!({"op": "add_node", "id": "end_node", "type": "end", "label": "x"}), "taken"),
        (serde_json::json!({"op": "add_node", "id": "No Id", "type": "end", "label": "x"}), "lower snake case"),
        (serde_json::json!({"op": "update_node", "id": "greet_the_caller", "label": " . "}), "empty"),
        (serde_json::json!({"op": "update_node", "id": "greet_the_caller", "label": "x".repeat(33)}), "at most 32"),
        (
            serde_json::json!({"op": "update_node", "id": "greet_the_caller", "config": {"tool": "fax"}}),
            "there is calendar, sms, call_transfer",
        ),
    ] {
        let found = refused(serde_json::json!([edit]));
        assert!(found[0].reason.contains(says), "{edit}: {found:?}");
    }
}

#[test]
fn a_call_that_needs_a_yes_cannot_lose_it() {
    let graph = compose(&clinic(), &[]).graph;
    let asks = graph.nodes.iter().find(|node| node.kind == NodeType::Confirmation).unwrap();
    let found = refused(serde_json::json!([{"op": "remove_node", "id": asks.id}]));
    assert!(found[0].reason.contains("needs a yes") && found[0].reason.contains("Put a confirmation"), "{found:?}");
}

#[test]
fn every_advice_is_about_a_rule_there_is() {
    let rules = include_str!("../../validator.rs");
    for advice in ADVICE.iter() {
        assert!(rules.contains(&advice.rule), "{}", advice.rule);
    }
}
