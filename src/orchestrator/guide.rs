//! What the interview is made of, for whoever drives it by program: stages, where they lead, and the questions.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intent::models::FieldId;
use crate::language::Language;
use crate::session::models::Stage;

use super::data;
use super::models::Choice;
use super::wording;

/// Where a stage leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    pub stage: Stage,
    pub when: String,
}

/// A stage as the data file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct StageData {
    description: String,
    fields: Vec<FieldId>,
    to: Vec<Transition>,
}

/// A stage of the interview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StageGuide {
    pub id: Stage,
    pub description: String,
    /// The fields it collects.
    pub fields: Vec<FieldId>,
    pub transitions: Vec<Transition>,
}

/// How one field is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuestionGuide {
    pub field: FieldId,
    pub label: String,
    /// Whether an interview can end without it; `tools` is required only with `use_tools`.
    pub required: bool,
    /// Wordings that take turns; `{agent}`, `{people}` and `{known}` stand for what is known by then.
    pub wordings: Vec<String>,
    /// Wordings when part of it is known.
    pub more: Vec<String>,
    /// The wording at the second try.
    pub again: String,
    /// Why it is asked, where that is not obvious.
    pub why: Option<String>,
    /// Whether several values may be given together.
    pub several: bool,
    /// Every value it can have; empty for free text and tools.
    pub options: Vec<Choice>,
}

/// The interview as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Guide {
    /// In order.
    pub stages: Vec<StageGuide>,
    /// One for each field, in the order in which people read them.
    pub questions: Vec<QuestionGuide>,
}

static STAGES: LazyLock<BTreeMap<Stage, StageData>> =
    LazyLock::new(|| toml::from_str(include_str!("data/stages.toml")).expect("embedded data, parsed by a test"));

/// The whole of it.
pub fn guide() -> Guide {
    let stage = |(id, data): (&Stage, &StageData)| StageGuide {
        id: *id,
        description: data.description.clone(),
        fields: data.fields.clone(),
        transitions: data.to.clone(),
    };
    Guide { stages: STAGES.iter().map(stage).collect(), questions: FieldId::ALL.into_iter().map(question).collect() }
}

fn question(field: FieldId) -> QuestionGuide {
    let data = data::question(Language::default(), field);
    // The catalogue lists the tools.
    let options = if field == FieldId::Tools { Vec::new() } else { wording::options(field) };
    QuestionGuide {
        field,
        label: field.label().to_owned(),
        required: field.is_required(),
        wordings: data.ask.clone(),
        more: data.more.clone().unwrap_or_default(),
        again: data.again.clone(),
        why: data.why.clone(),
        several: data.several,
        options: options.into_iter().map(|(id, name)| Choice::new(id, name)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_is_there_in_order_and_every_field_once() {
        let guide = guide();
        let ids: Vec<Stage> = guide.stages.iter().map(|stage| stage.id).collect();
        assert_eq!(ids, Stage::ALL);
        let mut fields: Vec<FieldId> = guide.stages.iter().flat_map(|stage| stage.fields.clone()).collect();
        fields.sort();
        assert_eq!(fields, FieldId::ALL);
        for stage in &guide.stages {
            assert!(stage.transitions.iter().all(|transition| transition.stage != stage.id), "{:?}", stage.id);
            assert!(!stage.transitions.is_empty(), "{:?}", stage.id);
        }
        assert_eq!(guide.questions.len(), FieldId::ALL.len());
    }
}
