//! The workflow graph: nodes, edges, where they stand. Pure types, shared with the page.

use std::collections::BTreeMap;

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
    /// What was drawn by hand: done together or, where something it needs is gone, not at all.
    Graph {
        edits: Vec<GraphEdit>,
        /// The kinds of the steps they were drawn on, by id: what is found again by its kind when its id changes.
        #[serde(default)]
        kinds: BTreeMap<String, NodeType>,
    },
}

/// The longest title of a step, in characters: what a node of the drawing holds.
pub const MAX_LABEL: usize = 32;
/// The longest label of an edge, in characters.
pub const MAX_EDGE_LABEL: usize = 28;
/// The longest description, condition or line to say, in characters.
pub const MAX_TEXT: usize = 500;
/// The longest id and the longest name of an input, in characters.
pub const MAX_NAME: usize = 40;
/// The most inputs one step collects.
pub const MAX_COLLECTS: usize = 20;

/// One change of the graph itself. An edge is named by the steps it joins: there is one at most each way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum GraphEdit {
    /// A new step. Edges of the same request have to lead to it and on from it.
    AddNode {
        /// Lowercase snake case and not taken; made from the label if it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 40, pattern = "^[a-z][a-z0-9_]*$")]
        id: Option<String>,
        #[serde(rename = "type")]
        kind: NodeType,
        #[schema(min_length = 1, max_length = 32)]
        label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 500)]
        description: Option<String>,
        #[serde(default)]
        config: NodeSettings,
    },
    /// Other words or settings for a step; what is left out stays as it is.
    UpdateNode {
        id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(min_length = 1, max_length = 32)]
        label: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 500)]
        description: Option<String>,
        #[serde(default)]
        config: NodeSettings,
    },
    /// Leaves a step out: what led to it leads to what follows it, and what only it led to goes with it.
    RemoveNode {
        id: String,
    },
    AddEdge {
        source: String,
        target: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 28)]
        label: Option<String>,
        /// When it is taken, in one sentence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 500)]
        condition: Option<String>,
        /// Taken when no other fits; takes that over from the other edges of its source.
        #[serde(default)]
        is_default: bool,
        /// Taken when the call fails.
        #[serde(default)]
        is_failure: bool,
    },
    /// Other words or other ends for an edge; what is left out stays as it is, an empty text clears.
    UpdateEdge {
        source: String,
        target: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_source: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_target: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 28)]
        label: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 500)]
        condition: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        is_default: Option<bool>,
    },
    RemoveEdge {
        source: String,
        target: String,
    },
}

impl GraphEdit {
    /// The ids of the steps it refers to; not that of a new one.
    pub fn refers_to(&mut self) -> Vec<&mut String> {
        match self {
            GraphEdit::AddNode { .. } => Vec::new(),
            GraphEdit::UpdateNode { id, .. } | GraphEdit::RemoveNode { id } => vec![id],
            GraphEdit::AddEdge { source, target, .. } | GraphEdit::RemoveEdge { source, target } => {
                vec![source, target]
            }
            GraphEdit::UpdateEdge { source, target, new_source, new_target, .. } => {
                [source, target].into_iter().chain(new_source).chain(new_target).collect()
            }
        }
    }
}

/// What an edit sets of a step; what is left out stays as it is, an empty text clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeSettings {
    /// Id of one of the agent's tools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// Names of the inputs it gets from the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub collects: Option<Vec<String>>,
    /// What the agent says here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub say: Option<String>,
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
