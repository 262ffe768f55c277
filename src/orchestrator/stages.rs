//! How far an interview is: computed from the spec, never stepped through.

use crate::intent::models::FieldId;
use crate::session::models::Stage;

use super::models::{Interview, Progress};

/// Of the way to completion, the share that the required fields make up, in percent.
const REQUIRED_SHARE: usize = 70;
/// Optional questions a user is asked unless they want more.
pub const OPTIONAL_LIMIT: u32 = 5;

/// Required fields that nobody has answered yet, in the order of the interview.
pub fn missing_required(interview: &Interview) -> Vec<FieldId> {
    let spec = &interview.spec;
    let needs_tools = spec.use_tools() == Some(true);
    FieldId::ALL
        .into_iter()
        .filter(|field| field.is_required() && (*field != FieldId::Tools || needs_tools))
        .filter(|field| !spec.has(*field) && !interview.settled.contains(field))
        .collect()
}

/// Optional fields that are neither known nor settled.
pub fn missing_optional(interview: &Interview) -> Vec<FieldId> {
    FieldId::ALL
        .into_iter()
        .filter(|field| !field.is_required() && !interview.spec.has(*field) && !interview.settled.contains(field))
        .collect()
}

/// The stage an interview is in.
pub fn stage(interview: &Interview) -> Stage {
    let missing = missing_required(interview);
    let basics = [FieldId::AgentType, FieldId::Goals, FieldId::Tone];
    if interview.approved {
        Stage::Completed
    } else if interview.user_messages == 0 && interview.spec.filled().next().is_none() {
        Stage::Initial
    } else if missing.iter().any(|field| basics.contains(field)) {
        Stage::CollectingBasics
    } else if missing.contains(&FieldId::UseTools) {
        Stage::ExploringTools
    } else if missing.contains(&FieldId::Tools) {
        Stage::ConfiguringTools
    } else if interview.asking.is_some() {
        Stage::ReviewingWorkflow
    } else {
        Stage::Finalizing
    }
}

/// What every answer of the API reports.
pub fn progress(interview: &Interview) -> Progress {
    let missing_required = missing_required(interview);
    let spec = &interview.spec;
    let required = 4 + usize::from(spec.use_tools() == Some(true));
    let done = required - missing_required.len().min(required);
    let optional =
        (interview.optional_asked.min(OPTIONAL_LIMIT) as usize) * (100 - REQUIRED_SHARE - 5) / OPTIONAL_LIMIT as usize;
    let percentage = match stage(interview) {
        Stage::Completed => 100,
        Stage::Finalizing => 95,
        Stage::ReviewingWorkflow => REQUIRED_SHARE + optional,
        _ => REQUIRED_SHARE * done / required,
    };
    Progress {
        stage: stage(interview),
        asking: interview.asking.clone(),
        missing_optional: missing_optional(interview),
        collected_fields: spec.filled().map(|(field, _)| field).collect(),
        progress_percentage: u8::try_from(percentage).unwrap_or(100),
        missing_required,
    }
}
