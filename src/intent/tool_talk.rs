//! What a message says about tools, as read by whoever knows the tools.

use std::ops::Range;

/// A tool that a message speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub id: String,
    /// The product's name as the user wrote it, where they named one.
    pub product: Option<String>,
    /// Where it stands.
    pub at: Range<usize>,
    /// Whether it was named as a system rather than implied by an activity.
    pub is_named: bool,
    /// Whether its clause does something with it: "pulls the topic from Google Classroom".
    pub is_used: bool,
}

/// What a message says about tools.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolTalk {
    pub wanted: Vec<Mention>,
    pub unwanted: Vec<Mention>,
    /// Whether the message only lists tools, wanted or not: "no email, only SMS".
    pub is_list: bool,
    /// The words that refuse tools altogether.
    pub refusal: Option<Range<usize>>,
}
