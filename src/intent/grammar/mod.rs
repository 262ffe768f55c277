//! One grammar per field: what a message says about it, where, and whether it adds, replaces or removes.

pub mod agent_type;
pub mod closed;
pub mod free;
pub mod goals;
pub mod name;
pub mod rules;

use std::ops::Range;

use super::models::{FieldId, Item};
use super::text::Text;
use super::tool_talk::ToolTalk;

/// What to do with a value that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Joins what is known of a list; replaces what is known of a single value.
    Add,
    /// Replaces all that is known of the field.
    Replace,
    /// Takes this value out of the field and keeps it out.
    Remove,
}

/// One value found in a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub field: FieldId,
    pub op: Op,
    pub item: Item,
}

/// A message as the grammars read it.
pub struct Reading<'a> {
    pub text: &'a Text<'a>,
    /// What the message says about tools.
    pub tools: &'a ToolTalk,
    /// The number of the message, for evidence.
    pub message: u32,
    /// Whether this is the first message: the person describes the whole agent.
    pub is_opening: bool,
    /// The field this message answers.
    pub answers: Option<FieldId>,
}

impl Reading<'_> {
    /// A value with the words it stands in as evidence.
    pub fn said(&self, value: impl Into<String>, at: Range<usize>) -> Item {
        Item::said(value, self.message, self.text.quote(at))
    }

    pub fn add(&self, field: FieldId, value: impl Into<String>, at: Range<usize>) -> Finding {
        Finding { field, op: Op::Add, item: self.said(value, at) }
    }

    pub fn whole(&self) -> Range<usize> {
        self.text.trim(0..self.text.tokens.len())
    }
}
