//! What a person does to the drawing in one go, and what becomes of it. Pure types, shared with the page.

use serde::{Deserialize, Serialize};

use super::models::{GraphDiff, NodeType};

/// One thing done to the drawing; it takes one graph edit or several. An edge is named by the steps it joins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Gesture {
    /// Another title for a step.
    Rename { node: String, label: String },
    /// Leaves a step out.
    Remove { node: String },
    /// Puts a new step on an edge, with what its kind needs around it.
    Insert {
        source: String,
        target: String,
        kind: NodeType,
        label: String,
        /// Id of the tool that a call uses.
        #[serde(default)]
        tool: Option<String>,
    },
    /// Takes a step from where it stands and puts it on an edge.
    Move { node: String, source: String, target: String },
    /// Leads an edge to another step.
    Reconnect { source: String, target: String, to: String },
    /// Joins two steps; named after where it leads if the label is empty.
    Connect { source: String, target: String, label: String },
    /// Takes an edge away.
    Disconnect { source: String, target: String },
    /// Other words on an edge.
    Label { source: String, target: String, label: String },
}

/// Something legal that can be done instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// In plain words.
    pub says: String,
    pub gesture: Gesture,
}

/// Why something cannot be done, and what can.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The rules it would break, a sentence or two each.
    pub reasons: Vec<String>,
    pub offers: Vec<Offer>,
}

/// What changes asked for in words would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreseen {
    /// The version of the session it was read against.
    pub version: u64,
    pub diff: GraphDiff,
    /// Fields of the agent that change with the graph, in plain words.
    pub fields: Vec<String>,
    /// Why what was asked for is not done, where it is not.
    pub refused: Option<String>,
}
