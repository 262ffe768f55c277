//! The rules, one function each; what they say is in `data/lint.toml`.

mod flow;
mod said;
mod style;
mod text;
mod tools;

use super::{Hit, Subject};

/// Finds where a rule is broken.
pub(super) type Look = fn(&Subject<'_>) -> Vec<Hit>;

/// Every rule there is, by its id.
pub(super) const ALL: [(&str, Look); 25] = [
    ("contradiction", said::contradiction),
    ("empty_greeting", text::empty_greeting),
    ("goal_without_node", flow::goal_without_node),
    ("long_greeting", style::long_greeting),
    ("missing_language", said::missing_language),
    ("no_escalation", said::no_escalation),
    ("no_limits", text::no_limits),
    ("no_refusal", text::no_refusal),
    ("no_stop_rule", text::no_stop_rule),
    ("parameter_not_collected", flow::parameter_not_collected),
    ("placeholder", text::placeholder),
    ("repetition", style::repetition),
    ("secret", text::secret),
    ("shouting", style::shouting),
    ("silent_failure", tools::silent_failure),
    ("spoken_list", style::spoken_list),
    ("spoken_markup", text::spoken_markup),
    ("tone_contradiction", said::tone_contradiction),
    ("too_long", text::too_long),
    ("unconfirmed_write", tools::unconfirmed_write),
    ("undescribed_parameter", tools::undescribed_parameter),
    ("unknown_tool", said::unknown_tool),
    ("untraceable_line", text::untraceable_line),
    ("unused_tool", flow::unused_tool),
    ("vague_goal", style::vague_goal),
];

pub(in crate::prompt) use said::forbids;

pub(super) fn named(id: &str) -> Option<Look> {
    ALL.iter().find(|(known, _)| *known == id).map(|(_, look)| *look)
}
