//! A walk through the workflow, one step at a time, without a model. Pure.

use crate::error::AppError;
use crate::intent::models::AgentSpec;
use crate::orchestrator::outputs::synthesis;
use crate::orchestrator::service::TurnService;
use crate::prompt::tool_schemas::tool_name;
use crate::session::models::SessionId;
use crate::session::ports::Caller;
use crate::tools::simulate;
use crate::workflow::models::{Edge, Graph, Node, NodeType};
use crate::workflow::words::humane;

use super::models::{WalkAnswer, WalkCall, WalkChoice};

impl TurnService {
    /// The step with this id, or the first one, with the ways on from it.
    pub async fn walk(&self, caller: &Caller, id: &SessionId, at: Option<&str>) -> Result<WalkAnswer, AppError> {
        let session = self.load(caller, id).await?;
        let graph = synthesis(&session).graph;
        let node = match at {
            Some(id) => graph.node(id).ok_or_else(|| AppError::field("at", "is no step of this workflow")),
            // A draft exists from the start, and it has one.
            None => graph.nodes.iter().find(|node| node.kind == NodeType::Start).ok_or(AppError::Internal),
        };
        Ok(step(&session.interview.spec, &graph, node?))
    }
}

fn step(spec: &AgentSpec, graph: &Graph, node: &Node) -> WalkAnswer {
    let config = &node.config;
    let tool = config.tool.as_deref().and_then(|id| spec.tools().find(|tool| tool.id == id));
    let calls = matches!(node.kind, NodeType::ToolCall | NodeType::KnowledgeLookup | NodeType::Handoff);
    let tool_call = tool.filter(|_| calls).map(|tool| {
        let arguments = simulate::arguments(tool);
        WalkCall {
            tool: tool.id.clone(),
            title: tool.name.clone(),
            name: tool_name(&tool.id),
            simulated: simulate::result(tool, &arguments),
            arguments,
        }
    });
    let choice = |edge: &Edge| {
        let target = graph.node(&edge.target)?;
        Some(WalkChoice {
            label: edge.label.clone(),
            condition: edge.condition.clone(),
            target: target.id.clone(),
            target_label: target.label.clone(),
            is_failure: edge.is_failure,
        })
    };
    WalkAnswer {
        node: node.id.clone(),
        kind: node.kind,
        label: node.label.clone(),
        description: node.description.clone(),
        says: config.say.clone(),
        asks_for: config.collects.iter().map(|name| humane(name)).collect(),
        tool_call,
        choices: graph.edges_from(&node.id).filter_map(choice).collect(),
    }
}
