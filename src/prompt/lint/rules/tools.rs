//! Rules about the tools' own settings.

use crate::intent::models::FieldId;
use crate::prompt::lint::{Hit, Place, Subject};
use crate::prompt::wording::{clean, in_words};
use crate::tools::models::{Risk, ToolConfig};

/// Where a tool stands among the agent's.
fn at(position: usize) -> Place {
    // A spec holds a few dozen tools at most, so it fits.
    Place { field: Some(FieldId::Tools), item: Some(position as u32), ..Place::default() }
}

fn broken(subject: &Subject<'_>, breaks: impl Fn(&ToolConfig) -> bool) -> Vec<Hit> {
    let items = subject.spec.values(FieldId::Tools).enumerate();
    let tools = items.filter_map(|(position, id)| Some((position, subject.spec.tool_configs.get(id)?)));
    let hit =
        |(position, tool): (usize, &ToolConfig)| Hit { place: at(position), words: vec![("tool", clean(&tool.name))] };
    tools.filter(|(_, tool)| breaks(tool)).map(hit).collect()
}

pub(super) fn unconfirmed_write(subject: &Subject<'_>) -> Vec<Hit> {
    broken(subject, |tool| tool.risk == Risk::Pay && !tool.needs_confirmation)
}

pub(super) fn silent_failure(subject: &Subject<'_>) -> Vec<Hit> {
    broken(subject, |tool| clean(&tool.on_failure).is_empty())
}

pub(super) fn undescribed_parameter(subject: &Subject<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (position, id) in subject.spec.values(FieldId::Tools).enumerate() {
        let Some(tool) = subject.spec.tool_configs.get(id) else { continue };
        let bare = |name: &&str| tool.parameter_description(name).is_none_or(|text| clean(text).is_empty());
        for name in tool.required_parameters().into_iter().filter(bare) {
            let words = vec![("tool", clean(&tool.name)), ("parameter", in_words(name))];
            hits.push(Hit { place: at(position), words });
        }
    }
    hits
}
