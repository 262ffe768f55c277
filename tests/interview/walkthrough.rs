//! The shortest interview there is, as the project promises it.

use agentwright::intent::models::FieldId;
use agentwright::orchestrator::turn;
use agentwright::session::models::Stage;
use agentwright::workflow::models::NodeType;
use agentwright::workflow::synthesizer::synthesize;
use agentwright::workflow::validator;

#[test]
fn four_messages_reach_review() {
    let (mut interview, _) = turn::open();
    for message in [
        "I want a customer support agent",
        "Help customers track orders and process returns",
        "Friendly and empathetic",
        "No, I don't need external tools",
    ] {
        interview = turn::apply(interview, message).interview;
    }
    let spec = &interview.spec;
    assert_eq!(spec.agent_type(), Some("customer_support"));
    assert_eq!(spec.values(FieldId::Goals).collect::<Vec<_>>(), ["Help customers track orders", "Process returns"]);
    assert_eq!(spec.values(FieldId::Tone).collect::<Vec<_>>(), ["friendly", "empathetic"]);
    assert_eq!(spec.use_tools(), Some(false));
    assert_eq!(turn::progress(&interview).stage, Stage::ReviewingWorkflow);

    let graph = synthesize(spec, &interview.step_edits).graph;
    assert_eq!(validator::problems(&graph, spec), Vec::<String>::new());
    let intent = graph.nodes.iter().find(|node| node.kind == NodeType::IntentDetection).expect("an intent step");
    let branches: Vec<String> =
        graph.edges_from(&intent.id).filter_map(|edge| edge.label.clone()).map(|label| label.to_lowercase()).collect();
    assert!(branches.iter().any(|label| label.contains("track")), "{branches:?}");
    assert!(branches.iter().any(|label| label.contains("return")), "{branches:?}");
}
