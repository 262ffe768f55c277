//! Changes of the flow, asked for in words or drawn by hand, and the difference between two graphs.

mod by_hand;
mod difference;
mod gestures;
mod request;
mod target;

pub use by_hand::{Refusal, draw};
pub use difference::diff;
pub use gestures::{edits_of, told};
pub use request::read_request;

use super::models::StepEdit;

/// What a request such as "add a check of the caller's identity before the booking" does.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A step edit to keep with the interview.
    Step(StepEdit),
    /// A tool to add to the spec.
    AddTool { id: String, quote: String },
    /// A tool to take out of the spec.
    RemoveTool { id: String },
    /// A goal (position in the field) to take out of the spec.
    RemoveGoal { index: usize },
}
