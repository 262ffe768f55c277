//! Six agents of different kinds, and graphs for them in the shape a synthesizer draws. For tests only.

use crate::intent::models::{AgentSpec, FieldId, Provenance};
use crate::workflow::models::{Edge, Graph, Node, NodeConfig, NodeType};

/// One of the specs in `tests/fixtures/specs`, with the goals that a tool serves.
pub(crate) struct Fixture {
    pub name: &'static str,
    document: &'static str,
    /// Position of the goal, id of its tool.
    served: &'static [(usize, &'static str)],
}

pub(crate) const ALL: [Fixture; 6] = [
    Fixture {
        name: "clinic",
        document: include_str!("../../tests/fixtures/specs/clinic.json"),
        served: &[(1, "calendar"), (2, "sms")],
    },
    Fixture { name: "orders", document: include_str!("../../tests/fixtures/specs/orders.json"), served: &[] },
    Fixture {
        name: "analyst",
        document: include_str!("../../tests/fixtures/specs/analyst.json"),
        served: &[(0, "sql_database"), (1, "code_interpreter")],
    },
    Fixture {
        name: "cinema",
        document: include_str!("../../tests/fixtures/specs/cinema.json"),
        served: &[(1, "reservations"), (2, "whatsapp")],
    },
    Fixture { name: "dragon", document: include_str!("../../tests/fixtures/specs/dragon.json"), served: &[] },
    Fixture { name: "tutor", document: include_str!("../../tests/fixtures/specs/tutor.json"), served: &[] },
];

impl Fixture {
    pub fn spec(&self) -> AgentSpec {
        serde_json::from_str(self.document).unwrap()
    }

    pub fn graph(&self) -> Graph {
        graph(&self.spec(), self.served)
    }
}

/// Start, greeting, a branch for each goal with its tool's inputs, confirmation, call and failure, "anything else?", end.
pub(crate) fn graph(spec: &AgentSpec, served: &[(usize, &str)]) -> Graph {
    let mut graph = Graph::default();
    let mut add = |id: &str, kind, label: &str, config: NodeConfig, field| {
        graph.nodes.push(Node {
            id: id.to_owned(),
            kind,
            label: label.to_owned(),
            description: String::new(),
            config,
            fields: vec![field],
            provenance: Provenance::Said,
            position: Default::default(),
            width: 0.0,
            height: 0.0,
        });
    };
    let empty = NodeConfig::default;
    add("start", NodeType::Start, "Start", empty(), FieldId::AgentType);
    add("greet", NodeType::Greeting, "Greet", empty(), FieldId::GreetingStyle);
    add("intent", NodeType::IntentDetection, "What is it about?", empty(), FieldId::Goals);
    add("anything_else", NodeType::Condition, "Anything else?", empty(), FieldId::Goals);
    add("hand_over", NodeType::Handoff, "Hand over", empty(), FieldId::EscalationRules);
    add("end_conversation", NodeType::End, "End", empty(), FieldId::Goals);
    let mut edges =
        vec![("start", "greet", false), ("greet", "intent", false)].into_iter().map(owned).collect::<Vec<_>>();
    for (at, goal) in spec.values(FieldId::Goals).enumerate() {
        let config = |tool: Option<&str>| NodeConfig { goals: vec![at], tool: tool.map(str::to_owned), ..empty() };
        let answer = format!("answer_{at}");
        add(&answer, NodeType::Response, goal, config(None), FieldId::Goals);
        edges.push(owned((&answer, "anything_else", false)));
        let tool = served.iter().find(|(goal, _)| *goal == at).and_then(|(_, tool)| spec.tool_configs.get(*tool));
        let Some(tool) = tool else {
            edges.push(owned(("intent", &answer, false)));
            continue;
        };
        let mut way = vec!["intent".to_owned()];
        let collects = tool.required_parameters().into_iter().map(str::to_owned).collect();
        add(
            &format!("get_{at}"),
            NodeType::CollectInput,
            "Get",
            NodeConfig { collects, ..config(None) },
            FieldId::Tools,
        );
        way.push(format!("get_{at}"));
        if tool.needs_confirmation {
            add(&format!("confirm_{at}"), NodeType::Confirmation, "Confirm", config(Some(&tool.id)), FieldId::Tools);
            way.push(format!("confirm_{at}"));
        }
        add(&format!("call_{at}"), NodeType::ToolCall, goal, config(Some(&tool.id)), FieldId::Tools);
        way.push(format!("call_{at}"));
        edges.push(owned((&format!("call_{at}"), "hand_over", true)));
        way.push(answer);
        edges.extend(way.windows(2).map(|pair| owned((&pair[0], &pair[1], false))));
    }
    edges.extend([("intent", "hand_over", false), ("anything_else", "intent", false)].map(owned));
    edges.extend([("anything_else", "end_conversation", false), ("hand_over", "end_conversation", false)].map(owned));
    let edge = |(source, target, is_failure)| Edge {
        source,
        target,
        label: None,
        condition: None,
        is_default: false,
        is_failure,
        points: Vec::new(),
        label_at: None,
    };
    graph.edges = edges.into_iter().map(edge).collect();
    graph
}

fn owned((source, target, is_failure): (&str, &str, bool)) -> (String, String, bool) {
    (source.to_owned(), target.to_owned(), is_failure)
}
