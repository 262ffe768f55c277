//! What holds for every spec, sensible or not.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::intent::models::{AgentSpec, FieldId, Item, Slot};
use crate::tools::models::{Risk, ToolConfig};

use super::edit;
use super::fixtures::tool;
use super::models::{Graph, GraphEdit, Node, NodeSettings, NodeType, Point, StepEdit};
use super::synthesizer::{compose, synthesize};
use super::words::{EDGE_LABEL, NODE_TITLE};
use super::{flow, render, validator};

/// Words that goals, rules and requests are made of, and some that nobody should write.
fn text() -> impl Strategy<Value = String> {
    let sensible = [
        "Track orders",
        "Process returns",
        "Book appointments",
        "Ask how the visit went",
        "Take a message",
        "Answer questions about prices",
        "remind them if they forget",
        "put urgent calls through to my mobile",
        "text them a summary",
        "prendre des nouvelles du patient",
        "if they are angry, transfer to a manager",
        "Chest pain: tell them to ring the ambulance",
        "ticket for Mia",
        "no calls after 9 pm",
        "always verify the date of birth before booking",
        "check the age before selling",
        "予約を取る",
        "reservar butacas",
        "end",
        "start",
        "default",
        "a very long goal that goes on and on about many things, none of which fits in a title, and then some more of them",
    ];
    let odd = [
        "",
        " ",
        "\"",
        "<script>alert(1)</script>",
        "]]>",
        "a\nb",
        "--",
        "\u{0}\u{7}",
        "İ ẞ ǅ",
        "😀😀😀",
        "{{x}}",
        "%%",
        "end end",
        "if",
        "to",
        "''",
        "\\",
    ];
    prop_oneof![
        6 => select(sensible.to_vec()).prop_map(str::to_owned),
        1 => select(odd.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,60}",
        1 => any::<String>().prop_map(|text| text.chars().take(80).collect()),
    ]
}

fn tools() -> impl Strategy<Value = Vec<ToolConfig>> {
    let ids: Vec<String> = flow::known_tools().iter().map(|tool| tool.id.clone()).collect();
    let parameters = ["name", "date", "question", "reason", "message", "phone", "answers", "user id", "günther", ""];
    let one = (
        text(),
        subsequence(parameters.to_vec(), 0..4),
        any::<bool>(),
        select(vec!["knowledge", "data", "messaging", "handover", "own"]),
    );
    let set_up = move |(id, (name, required, confirm, category)): (String, (String, Vec<&str>, bool, &str))| {
        let risk = if confirm { Risk::Write } else { Risk::Read };
        ToolConfig { needs_confirmation: confirm, ..tool(&id, &name, category, risk, &required) }
    };
    let own = select(vec!["loyalty_points", "Über Tool!", "end", ""]).prop_map(str::to_owned);
    (subsequence(ids, 0..6), vec(own, 0..2), vec(one, 8))
        .prop_map(move |(known, own, settings)| known.into_iter().chain(own).zip(settings).map(&set_up).collect())
}

prop_compose! {
    fn spec()(
        kind in select(vec!["customer_support", "receptionist", "survey_interviewer", "lead_qualification", "operations_automation", "tutor", "order_taking", "finance_assistant", "no_such_type"]),
        channel in select(vec!["voice", "chat", "sms", "email", "api", "unspecified", "pigeon"]),
        goals in vec(text(), 0..6),
        tools in tools(),
        rules in vec(text(), 0..4),
        edge_cases in vec(text(), 0..3),
        constraints in vec(text(), 0..3),
        greeting in text(),
        use_tools in any::<Option<bool>>(),
    ) -> AgentSpec {
        let mut spec = AgentSpec::default();
        let slot = |values: &[String]| Slot { items: values.iter().map(|value| Item::said(value.clone(), 0, value.clone())).collect() };
        spec.set(FieldId::AgentType, slot(&[kind.to_owned()]));
        spec.set(FieldId::Channel, slot(&[channel.to_owned()]));
        spec.set(FieldId::Goals, slot(&goals));
        spec.set(FieldId::EscalationRules, slot(&rules));
        spec.set(FieldId::EdgeCases, slot(&edge_cases));
        spec.set(FieldId::Constraints, slot(&constraints));
        spec.set(FieldId::GreetingStyle, slot(&[greeting]));
        if let Some(flag) = use_tools {
            spec.set(FieldId::UseTools, slot(&[flag.to_string()]));
        }
        let ids: Vec<String> = tools.iter().map(|tool| tool.id.clone()).collect();
        spec.set(FieldId::Tools, slot(&ids));
        spec.tool_configs = tools.into_iter().map(|tool| (tool.id.clone(), tool)).collect();
        spec
    }
}

fn edits() -> impl Strategy<Value = Vec<StepEdit>> {
    let ids = [
        "what_do_they_need",
        "greet_the_caller",
        "greet_the_customer",
        "anything_else",
        "end_node",
        "start_node",
        "read_it_back",
        "track_orders",
        "no_such_step",
        "call_passed_on",
        "thank_them",
    ];
    let id = || select(ids.to_vec()).prop_map(str::to_owned);
    let kinds = [
        NodeType::Condition,
        NodeType::Confirmation,
        NodeType::CollectInput,
        NodeType::Response,
        NodeType::Handoff,
        NodeType::ToolCall,
        NodeType::KnowledgeLookup,
        NodeType::Greeting,
        NodeType::End,
        NodeType::Start,
        NodeType::IntentDetection,
    ];
    let insert = (text(), select(kinds.to_vec()), proptest::option::of(id()), proptest::option::of(id()));
    let insert = insert.prop_map(|(label, kind, before, after)| StepEdit::Insert {
        quote: label.clone(),
        label,
        kind,
        before,
        after,
    });
    let remove = id().prop_map(|node| StepEdit::Remove { node, quote: "drop it".to_owned() });
    let rename = (id(), text()).prop_map(|(node, label)| StepEdit::Rename { node, label });
    vec(prop_oneof![3 => insert, 1 => remove, 1 => rename], 0..4)
}

/// A change by hand in terms of whatever graph it meets: what to do, which steps or edge it concerns, a text.
type Stroke = (u8, prop::sample::Index, prop::sample::Index, String);

fn strokes() -> impl Strategy<Value = Vec<Stroke>> {
    vec((0..8u8, any::<prop::sample::Index>(), any::<prop::sample::Index>(), text()), 1..5)
}

/// The edits that a stroke is on this graph.
fn edits_of(stroke: &Stroke, graph: &Graph, number: usize) -> Vec<GraphEdit> {
    let (what, one, other, text) = stroke;
    let edge = one.get(&graph.edges);
    let (source, target) = (edge.source.clone(), edge.target.clone());
    let (id, to) = (one.get(&graph.nodes).id.clone(), other.get(&graph.nodes).id.clone());
    let label: String = text.chars().take(EDGE_LABEL).collect();
    let config = NodeSettings { say: Some(label.clone()), ..NodeSettings::default() };
    let own = format!("own_{number}");
    let relink = |new_target: &str| GraphEdit::UpdateEdge {
        source: source.clone(),
        target: target.clone(),
        new_source: None,
        new_target: Some(new_target.to_owned()),
        label: None,
        condition: None,
        is_default: None,
    };
    let add = |source: &str, target: &str, label: Option<String>, is_default: bool| GraphEdit::AddEdge {
        source: source.to_owned(),
        target: target.to_owned(),
        label,
        condition: None,
        is_default,
        is_failure: false,
    };
    let node = |kind| GraphEdit::AddNode {
        id: Some(own.clone()),
        kind,
        label: label.clone(),
        description: Some(text.clone()),
        config: config.clone(),
    };
    match what {
        0 => vec![GraphEdit::RemoveNode { id }],
        1 => vec![GraphEdit::RemoveEdge { source, target }],
        2 => vec![add(&id, &to, Some(label), other.index(2) == 0)],
        3 => vec![relink(&to)],
        4 => vec![GraphEdit::UpdateNode { id, label: Some(label.clone()), description: None, config: config.clone() }],
        5 => {
            vec![
                node(NodeType::Condition),
                relink(&own),
                add(&own, &target, Some("yes".to_owned()), false),
                add(&own, "end_node", Some("no".to_owned()), true),
            ]
        }
        _ => vec![node(NodeType::Response), relink(&own), add(&own, &target, None, false)],
    }
}

fn apart(a: &Node, b: &Node) -> bool {
    let overlap = |a: f64, a_size: f64, b: f64, b_size: f64| (a - b).abs() < (a_size + b_size) / 2.0;
    !(overlap(a.position.x, a.width, b.position.x, b.width) && overlap(a.position.y, a.height, b.position.y, b.height))
}

/// Whether a right-angled stretch of a line runs through the inside of a node.
fn through(node: &Node, a: Point, b: Point) -> bool {
    let inside = |low: f64, high: f64, centre: f64, size: f64| {
        high > centre - size / 2.0 + 1.0 && low < centre + size / 2.0 - 1.0
    };
    inside(a.x.min(b.x), a.x.max(b.x), node.position.x, node.width)
        && inside(a.y.min(b.y), a.y.max(b.y), node.position.y, node.height)
}

fn check_layout(graph: &Graph) -> Result<(), TestCaseError> {
    for (at, node) in graph.nodes.iter().enumerate() {
        let (left, top) = (node.position.x - node.width / 2.0, node.position.y - node.height / 2.0);
        prop_assert!(
            left >= 0.0 && top >= 0.0 && left + node.width <= graph.width && top + node.height <= graph.height
        );
        for other in &graph.nodes[at + 1..] {
            prop_assert!(apart(node, other), "{} and {} overlap", node.id, other.id);
        }
    }
    for edge in &graph.edges {
        prop_assert!(edge.points.len() >= 2, "{} → {} has no line", edge.source, edge.target);
        for point in edge.points.iter().chain(&edge.label_at) {
            prop_assert!(point.x.is_finite() && point.y.is_finite());
            prop_assert!(point.x >= 0.0 && point.y >= 0.0 && point.x <= graph.width && point.y <= graph.height);
        }
        for pair in edge.points.windows(2) {
            prop_assert!(
                pair[0].x == pair[1].x || pair[0].y == pair[1].y,
                "{} → {} is slanted",
                edge.source,
                edge.target
            );
            for node in &graph.nodes {
                prop_assert!(
                    !through(node, pair[0], pair[1]),
                    "{} → {} runs through {}",
                    edge.source,
                    edge.target,
                    node.id
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_flow_is_sound(spec in spec(), edits in edits()) {
        let synthesis = compose(&spec, &edits);
        let graph = &synthesis.graph;
        prop_assert_eq!(validator::problems(graph, &spec), Vec::<String>::new());
        for node in &graph.nodes {
            prop_assert!(!node.label.trim().is_empty() && node.label.chars().count() <= NODE_TITLE + 1, "{:?}", node.label);
        }
        let labels = graph.edges.iter().filter_map(|edge| edge.label.as_deref());
        for label in labels {
            prop_assert!(label.chars().count() <= EDGE_LABEL + 4, "{label:?}");
        }
        prop_assert_eq!(&compose(&spec, &edits), &synthesis);
    }

    #[test]
    fn what_is_drawn_is_sound_now_and_later(
        first in spec(),
        later in spec(),
        worded in edits(),
        drawn in vec(strokes(), 1..5),
    ) {
        let mut kept = worded;
        for (at, strokes) in drawn.iter().enumerate() {
            let graph = compose(&first, &kept).graph;
            let edits: Vec<GraphEdit> =
                strokes.iter().enumerate().flat_map(|(n, stroke)| edits_of(stroke, &graph, 10 * at + n)).collect();
            let Ok(groups) = edit::draw(&first, &kept, &edits) else { continue };
            kept.extend(groups);
            // Nothing that was taken on is lost again at once.
            let graph = compose(&first, &kept).graph;
            for edit in &edits {
                let removes = edits.iter().any(|it| matches!(it, GraphEdit::RemoveNode { .. }));
                if let GraphEdit::AddNode { id: Some(id), .. } | GraphEdit::UpdateNode { id, .. } = edit {
                    prop_assert!(graph.node(id).is_some() || removes, "{id} is lost");
                }
            }
        }
        for spec in [&first, &later, &AgentSpec::default()] {
            let graph = compose(spec, &kept).graph;
            prop_assert_eq!(validator::problems(&graph, spec), Vec::<String>::new());
            prop_assert!(graph.nodes.iter().all(|node| node.label.chars().count() <= NODE_TITLE + 1));
        }
        check_layout(&synthesize(&later, &kept).graph)?;
    }

    #[test]
    fn every_layout_is_clear(spec in spec(), edits in edits()) {
        check_layout(&synthesize(&spec, &edits).graph)?;
    }

    #[test]
    fn every_drawing_is_well_formed(spec in spec()) {
        let graph = synthesize(&spec, &[]).graph;
        let svg = render::svg(&graph);
        prop_assert!(!svg.contains("<script"));
        prop_assert_eq!(svg.matches('<').count(), svg.matches('>').count());
        let mermaid = render::mermaid(&graph);
        prop_assert_eq!(mermaid.lines().count(), 1 + graph.nodes.len() + graph.edges.len());
        let dot = render::dot(&graph);
        prop_assert_eq!(dot.lines().count(), 5 + graph.nodes.len() + graph.edges.len());
        render::text_summary(&graph);
    }

    #[test]
    fn every_request_is_read_without_panic(text in any::<String>()) {
        let spec = super::fixtures::clinic();
        let graph = compose(&spec, &[]).graph;
        super::edit::read_request(&text, &graph, &spec);
    }
}
