//! The page's words: `t!(section.name)` is a text in the language the page is shown in, `plural!(section.name, number)` the
//! form of it that fits a number. Other values come by name: `t!(section.name, title = title)`.
//!
//! The server has the texts of all languages; the browser has those of one, which came with the page.

use std::fmt::Display;

use crate::error::AppError;
use crate::intent::models::{FieldId, Provenance};
use crate::language::texts::{Plural, Text, fill};
use crate::orchestrator::revisions::Maker;
use crate::session::models::{MAX_MESSAGE_CHARS, MAX_TURNS};
use crate::workflow::models::NodeType;

use super::{host, words};

/// The id of the element that brings the texts.
pub const ELEMENT: &str = "texts";

/// A text as the page has it.
macro_rules! t {
    ($section:ident.$name:ident) => {
        $crate::ui::texts::text($crate::language::texts::keys::$section::$name)
    };
    ($section:ident.$name:ident, $($place:ident = $value:expr),+) => {
        $crate::ui::texts::filled($crate::language::texts::keys::$section::$name, &[$((stringify!($place), &$value)),+])
    };
}

/// A text in the form for a number, which stands in its place `{n}`.
macro_rules! plural {
    ($section:ident.$name:ident, $number:expr) => {
        $crate::ui::texts::numbered($crate::language::texts::keys::$section::$name, $number)
    };
}

pub(crate) use {plural, t};

pub fn text(text: Text) -> &'static str {
    host::texts()[usize::from(text.0)]
}

/// All texts as JSON that may stand in a page.
pub fn json() -> String {
    // Texts always have JSON; in it, a smaller-than sign could end the element around it.
    serde_json::to_string(host::texts()).unwrap_or_default().replace('<', "\\u003c")
}

/// A text with values in its places.
pub fn filled(of: Text, values: &[(&str, &dyn Display)]) -> String {
    fill(text(of), values)
}

/// A text in the form for a number, with the number in its place.
pub fn numbered(text: Plural, number: usize) -> String {
    fill(text.pick(host::texts(), host::plural_form(number)), &[("n", &number)])
}

/// What the page calls a field.
pub fn label(field: FieldId) -> &'static str {
    text(crate::language::texts::field(field))
}

/// The same inside a sentence.
pub fn label_inside(field: FieldId) -> String {
    let name = label(field);
    if host::language().writes_nouns_large() { name.to_owned() } else { host::lower(name) }
}

/// Where a value comes from.
pub fn provenance(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Said => t!(provenance.said),
        Provenance::Inferred => t!(provenance.inferred),
        Provenance::Default => t!(provenance.default),
        Provenance::Edited => t!(provenance.edited),
    }
}

/// What made a revision.
pub fn maker(made: Maker) -> &'static str {
    match made {
        Maker::Said => t!(maker.said),
        Maker::Edited => t!(maker.edited),
        Maker::Generated => t!(maker.generated),
        Maker::Stepped => t!(maker.stepped),
        Maker::Decided => t!(maker.decided),
    }
}

/// What a step of the workflow does.
pub fn kind(kind: NodeType) -> &'static str {
    match kind {
        NodeType::Start => t!(kind.start),
        NodeType::Greeting => t!(kind.greeting),
        NodeType::IntentDetection => t!(kind.intent_detection),
        NodeType::CollectInput => t!(kind.collect_input),
        NodeType::KnowledgeLookup => t!(kind.knowledge_lookup),
        NodeType::ToolCall => t!(kind.tool_call),
        NodeType::Confirmation => t!(kind.confirmation),
        NodeType::Condition => t!(kind.condition),
        NodeType::Response => t!(kind.response),
        NodeType::Handoff => t!(kind.handoff),
        NodeType::End => t!(kind.end),
    }
}

/// What went wrong, what is safe and what to do.
pub fn trouble(error: &AppError) -> String {
    match error {
        AppError::NotFound => t!(error.not_found).to_owned(),
        AppError::TooLong => t!(error.too_long, most = words::thousands(MAX_MESSAGE_CHARS as u64)),
        AppError::Full => t!(error.full, most = MAX_TURNS),
        AppError::Conflict { version } => t!(error.conflict, version = version),
        AppError::Completed => t!(error.completed).to_owned(),
        AppError::NoModel => t!(error.no_model).to_owned(),
        AppError::ModelFailed { reason } => t!(error.model_failed, reason = reason),
        AppError::Forbidden => t!(error.forbidden).to_owned(),
        AppError::Unavailable => t!(error.unavailable).to_owned(),
        AppError::Offline => t!(error.offline).to_owned(),
        AppError::Internal => t!(error.internal).to_owned(),
        AppError::Invalid { message } | AppError::Nothing { message } | AppError::NotReady { message } => {
            message.clone()
        }
        AppError::InvalidFields { problems } => {
            let texts: Vec<String> = problems.iter().map(|it| format!("{}: {}", it.field, it.message)).collect();
            texts.join("; ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_errors_read_as_they_do_over_rest() {
        let reason = || "it is asleep".to_owned();
        let errors = [
            AppError::NotFound,
            AppError::TooLong,
            AppError::Full,
            AppError::Conflict { version: 7 },
            AppError::Completed,
            AppError::NoModel,
            AppError::ModelFailed { reason: reason() },
            AppError::Forbidden,
            AppError::Unavailable,
            AppError::Offline,
            AppError::Internal,
            AppError::invalid(reason()),
            AppError::field("name", "is taken"),
        ];
        for error in errors {
            assert_eq!(trouble(&error), error.to_string());
        }
    }
}
