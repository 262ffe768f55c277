use super::super::draw;
use super::*;
use crate::workflow::fixtures::clinic;
use crate::workflow::validator;

fn graph() -> Graph {
    compose(&clinic(), &[]).graph
}

/// What is drawn by a gesture that is legal.
fn done(gesture: Gesture) -> Graph {
    let spec = clinic();
    let edits = edits_of(&spec, &[], &gesture).unwrap_or_else(|refused| panic!("{gesture:?}: {refused:?}"));
    let kept = draw(&spec, &[], &edits).unwrap();
    let graph = compose(&spec, &kept).graph;
    assert_eq!(validator::problems(&graph, &spec), Vec::<String>::new());
    graph
}

fn leads(graph: &Graph, source: &str) -> Vec<(String, String)> {
    graph.edges_from(source).map(|edge| (edge.label.clone().unwrap_or_default(), edge.target.clone())).collect()
}

fn insert_after_greeting(kind: NodeType, label: &str) -> Gesture {
    Gesture::Insert {
        source: "greet_the_caller".to_owned(),
        target: "what_do_they_need".to_owned(),
        kind,
        label: label.to_owned(),
        tool: None,
    }
}

#[test]
fn a_question_put_on_an_edge_has_two_answers() {
    let graph = done(insert_after_greeting(NodeType::Condition, "May I record?"));
    assert_eq!(
        leads(&graph, "may_i_record"),
        [("yes".to_owned(), "what_do_they_need".to_owned()), ("no".to_owned(), "end_node".to_owned())]
    );
}

#[test]
fn a_hand_over_in_the_middle_asks_first() {
    let graph = done(insert_after_greeting(NodeType::Handoff, "Pass to Ana"));
    let asked = leads(&graph, "greet_the_caller").remove(0).1;
    let kinds: Vec<NodeType> = leads(&graph, &asked).into_iter().map(|(_, to)| graph.node(&to).unwrap().kind).collect();
    assert_eq!(kinds, [NodeType::Handoff, NodeType::IntentDetection]);
}

#[test]
fn an_input_is_collected_under_its_name() {
    let graph = done(insert_after_greeting(NodeType::CollectInput, "Order number"));
    assert_eq!(graph.node("order_number").unwrap().config.collects, ["order_number"]);
}

#[test]
fn a_step_moves_with_the_flow_closed_behind_it() {
    let spec = clinic();
    let insert = edits_of(&spec, &[], &insert_after_greeting(NodeType::Response, "Say the hours")).unwrap();
    let mut kept = draw(&spec, &[], &insert).unwrap();
    let before = compose(&spec, &kept).graph;
    let end = before.edges.iter().find(|edge| edge.target == END_ID && edge.source != "say_the_hours").unwrap();
    let shifted =
        Gesture::Move { node: "say_the_hours".to_owned(), source: end.source.clone(), target: END_ID.to_owned() };
    kept.extend(draw(&spec, &kept, &edits_of(&spec, &kept, &shifted).unwrap()).unwrap());
    let after = compose(&spec, &kept).graph;
    assert_eq!(leads(&after, "greet_the_caller")[0].1, "what_do_they_need");
    assert_eq!(leads(&after, "say_the_hours"), [(String::new(), END_ID.to_owned())]);
    assert!(leads(&after, &end.source).iter().any(|(_, to)| to == "say_the_hours"));
}

#[test]
fn a_second_way_makes_a_choice_and_its_end_takes_it_back() {
    let spec = clinic();
    let join = Gesture::Connect {
        source: "greet_the_caller".to_owned(),
        target: END_ID.to_owned(),
        label: "wrong number".to_owned(),
    };
    let mut kept = draw(&spec, &[], &edits_of(&spec, &[], &join).unwrap()).unwrap();
    let ways = leads(&compose(&spec, &kept).graph, "greet_the_caller");
    assert_eq!(ways.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>(), ["otherwise", "wrong number"]);
    let part = Gesture::Disconnect { source: "greet_the_caller".to_owned(), target: END_ID.to_owned() };
    kept.extend(draw(&spec, &kept, &edits_of(&spec, &kept, &part).unwrap()).unwrap());
    let ways = leads(&compose(&spec, &kept).graph, "greet_the_caller");
    assert_eq!(ways, [(String::new(), "what_do_they_need".to_owned())]);
}

#[test]
fn a_refusal_names_the_rule_and_offers_what_is_legal() {
    let spec = clinic();
    let graph = graph();
    let asks = graph.nodes.iter().find(|node| node.kind == NodeType::Confirmation).unwrap();
    let refused = edits_of(&spec, &[], &Gesture::Remove { node: asks.id.clone() }).unwrap_err();
    assert!(refused.reasons[0].contains("needs a yes"), "{refused:?}");
    assert!(!refused.reasons[0].contains(&format!("({})", graph.nodes[1].id)), "{refused:?}");
    for source in ["greet_the_caller", "what_do_they_need"] {
        let edge = graph.edges_from(source).next().unwrap();
        let part = Gesture::Disconnect { source: source.to_owned(), target: edge.target.clone() };
        let refused = edits_of(&spec, &[], &part).unwrap_err();
        for offer in &refused.offers {
            assert!(edits_of(&spec, &[], &offer.gesture).is_ok(), "{offer:?}");
        }
    }
}

#[test]
fn every_offer_can_be_taken() {
    let spec = clinic();
    let graph = graph();
    let mut offered = 0;
    for node in &graph.nodes {
        for edge in &graph.edges {
            let gesture =
                Gesture::Reconnect { source: edge.source.clone(), target: edge.target.clone(), to: node.id.clone() };
            let Err(refused) = edits_of(&spec, &[], &gesture) else { continue };
            assert!(!refused.reasons.is_empty(), "{gesture:?}");
            offered += refused.offers.len();
            for offer in refused.offers {
                assert!(edits_of(&spec, &[], &offer.gesture).is_ok(), "{gesture:?}: {offer:?}");
            }
        }
    }
    assert!(offered > 20, "{offered}");
}
