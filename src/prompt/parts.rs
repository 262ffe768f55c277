//! What a prompt is made of before it has a platform's form: parts of blocks of pieces. Pure.

use serde::Deserialize;

use crate::intent::models::{FieldId, Item, Provenance};

/// A subject that a prompt speaks about. Formats decide where each stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PartId {
    Identity,
    Channel,
    Audience,
    Knowledge,
    Notes,
    Goals,
    Success,
    Tone,
    Brand,
    Language,
    Length,
    Speech,
    Writing,
    Constraints,
    Guardrails,
    EdgeCases,
    Escalation,
    Plan,
    Opening,
    Flow,
    Method,
    Stop,
    Tools,
    ToolRules,
    Examples,
}

impl PartId {
    /// The parts that carry what the owner said; the others are advice of ours, which a format may leave out.
    #[cfg(test)]
    pub const OWNERS: [PartId; 22] = [
        PartId::Identity,
        PartId::Channel,
        PartId::Audience,
        PartId::Knowledge,
        PartId::Notes,
        PartId::Goals,
        PartId::Success,
        PartId::Tone,
        PartId::Brand,
        PartId::Language,
        PartId::Length,
        PartId::Speech,
        PartId::Writing,
        PartId::Constraints,
        PartId::Guardrails,
        PartId::EdgeCases,
        PartId::Escalation,
        PartId::Opening,
        PartId::Flow,
        PartId::Stop,
        PartId::Tools,
        PartId::Examples,
    ];

    /// Whether its list items are rules, which the API also gives one by one.
    pub fn is_rule(self) -> bool {
        use PartId::{Constraints, EdgeCases, Escalation, Guardrails, Length, Speech, Stop, ToolRules, Writing};
        matches!(self, Constraints | EdgeCases | Escalation | Guardrails | Length | Speech | Stop | ToolRules | Writing)
    }
}

/// How a piece stands in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A sentence of its own.
    Text,
    Bullet,
    /// The next number.
    Step,
}

/// One line to be, without markup.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub mark: Mark,
    pub text: String,
    pub field: Option<FieldId>,
    pub provenance: Provenance,
}

impl Piece {
    /// A line of ours that rests on a field or, without one, on nothing but custom.
    pub fn ours(mark: Mark, text: impl Into<String>, field: Option<FieldId>) -> Piece {
        Piece { mark, text: text.into(), field, provenance: Provenance::Default }
    }

    /// A line made of an owner's value.
    pub fn of(mark: Mark, text: impl Into<String>, field: FieldId, provenance: Provenance) -> Piece {
        Piece { mark, text: text.into(), field: Some(field), provenance }
    }

    pub fn of_item(mark: Mark, text: impl Into<String>, field: FieldId, item: &Item) -> Piece {
        Piece::of(mark, text, field, item.provenance)
    }
}

/// A block with a name of its own: one tool, one procedure, one example.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The element's name where blocks are elements.
    pub tag: &'static str,
    /// Empty for a group that has no name, only bounds.
    pub name: String,
    pub field: FieldId,
}

/// Lines that belong together, under an optional line that announces them.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub group: Option<Group>,
    /// Falls away when nothing is left below it.
    pub lead: Option<Piece>,
    pub pieces: Vec<Piece>,
}

impl Block {
    pub fn plain(pieces: Vec<Piece>) -> Block {
        Block { group: None, lead: None, pieces: non_blank(pieces) }
    }

    pub fn list(lead: Piece, pieces: Vec<Piece>) -> Block {
        Block { group: None, lead: Some(lead), pieces: non_blank(pieces) }
    }

    pub fn group(tag: &'static str, name: String, field: FieldId, pieces: Vec<Piece>) -> Block {
        Block { group: Some(Group { tag, name, field }), lead: None, pieces: non_blank(pieces) }
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

fn non_blank(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.retain(|piece| !piece.text.trim().is_empty());
    pieces
}
