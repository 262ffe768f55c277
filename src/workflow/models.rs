//! The workflow graph: nodes, edges, where they stand. Pure types, shared with the page.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intent::models::{FieldId, Provenance};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeType {
    Start,
    Greeting,
    IntentDetection,
    CollectInput,
    KnowledgeLookup,
    ToolCall,
    Confirmation,
    Condition,
    Response,
    Handoff,
    End,
}

impl NodeType {
    pub fn as_str(self) -> &'static str {
        match self {
            NodeType::Start => "start",
            NodeType::Greeting => "greeting",
            NodeType::IntentDetection => "intent_detection",
            NodeType::CollectInput => "collect_input",
            NodeType::KnowledgeLookup => "knowledge_lookup",
            NodeType::ToolCall => "tool_call",
            NodeType::Confirmation => "confirmation",
            NodeType::Condition => "condition",
            NodeType::Response => "response",
            NodeType::Handoff => "handoff",
            NodeType::End => "end",
        }
    }

    /// The kind in words, under a node's title.
    pub fn label(self) -> &'static str {
        match self {
            NodeType::Start => "start",
            NodeType::Greeting => "greeting",
            NodeType::IntentDetection => "intent",
            NodeType::CollectInput => "collect input",
            NodeType::KnowledgeLookup => "look up",
            NodeType::ToolCall => "tool call",
            NodeType::Confirmation => "confirmation",
            NodeType::Condition => "condition",
            NodeType::Response => "response",
            NodeType::Handoff => "hand-over",
            NodeType::End => "end",
        }
    }
}

/// In pixels of the drawing, from its top left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// What a node does; only what its type needs is there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NodeConfig {
    /// Id of the tool that a `tool_call`, `knowledge_lookup` or `handoff` node uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// That tool's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_name: Option<String>,
    /// Positions in the `goals` field of the goals this node serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<usize>,
    /// Parameter names a `collect_input` node gets from the conversation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub collects: Vec<String>,
    /// The call only looks something up: nothing is changed by it, and no yes is needed first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reads_only: bool,
    /// What the agent says here, or the sense of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Node {
    /// Lowercase snake case, unique in the graph, no reserved word of a target.
    pub id: String,
    #[serde(rename = "type")]
    pub kind: NodeType,
    pub label: String,
    pub description: String,
    pub config: NodeConfig,
    /// The fields this node exists for, the most important first.
    pub fields: Vec<FieldId>,
    /// Of the field it mainly rests on.
    pub provenance: Provenance,
    /// Centre of the node.
    pub position: Point,
    pub width: f64,
    pub height: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Edge {
    pub source: String,
    pub target: String,
    /// Short text on the line; every edge out of a branching node has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// When this edge is taken, in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Taken when no other edge of a branching node fits.
    #[serde(default)]
    pub is_default: bool,
    /// Taken when a tool fails.
    #[serde(default)]
    pub is_failure: bool,
    /// The line: start, bends, end.
    #[serde(default)]
    pub points: Vec<Point>,
    /// Where the label's centre stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_at: Option<Point>,
}

impl Edge {
    /// An edge that is always taken and has no place yet.
    pub fn plain(source: &str, target: &str) -> Edge {
        Edge {
            source: source.to_owned(),
            target: target.to_owned(),
            label: None,
            condition: None,
            is_default: false,
            is_failure: false,
            points: Vec::new(),
            label_at: None,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Graph {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    /// Size of the drawing.
    pub width: f64,
    pub height: f64,
}

impl Graph {
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    pub fn edges_from<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Edge> {
        self.edges.iter().filter(move |edge| edge.source == id)
    }
}

/// A change the user asked for that the spec's fields alone cannot say. Kept in the interview and applied again after
/// every synthesis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum StepEdit {
    /// A step of the user's own, before or after an existing one (or, without an anchor, after the greeting).
    Insert {
        label: String,
        kind: NodeType,
        #[serde(default)]
        before: Option<String>,
        #[serde(default)]
        after: Option<String>,
        /// The user's words.
        quote: String,
    },
    /// Leave a step out.
    Remove {
        node: String,
        quote: String,
    },
    Rename {
        node: String,
        label: String,
    },
}

/// Something of the goals that no tool or step covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unmet {
    /// What is needed, in the user's words.
    pub need: String,
    /// Why nothing covers it and what to do.
    pub reason: String,
}

/// The difference between two graphs, in plain words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GraphDiff {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    pub changed: Vec<String>,
}

impl GraphDiff {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}
