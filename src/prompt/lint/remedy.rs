//! What one click does about a finding: a change of the spec, to be kept as a revision. Pure.
//!
//! Which remedy a rule has is in `data/lint.toml`; a rule without one needs somebody to think.

use serde::Deserialize;
use serde_json::Value;

use crate::intent::models::{AgentSpec, FieldId, Item, Slot};
use crate::intent::vocabulary;
use crate::tools::catalogue;
use crate::tools::models::ToolConfig;

use super::models::Place;
use super::{Hit, secrets};

#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Remedy {
    /// Takes the value out that the finding is about.
    Remove,
    /// Adds a text to a field.
    Add { field: FieldId, text: String },
    /// Adds the language that is named.
    Speak,
    /// Sets something of the tool that the finding is about.
    Tool { key: String, value: Value },
    /// Takes something of the tool from the catalogue, or this where the catalogue does not know it.
    Catalogue { key: String, value: Value },
    /// Takes secrets out of the field's texts.
    Redact,
}

/// Whether there is something that the remedy could do here.
pub(super) fn can(remedy: &Remedy, place: &Place) -> bool {
    match remedy {
        Remedy::Remove | Remedy::Tool { .. } | Remedy::Catalogue { .. } => place.item.is_some(),
        Remedy::Add { .. } | Remedy::Speak => true,
        Remedy::Redact => place.field.is_some_and(|field| field != FieldId::Tools),
    }
}

/// Mends a spec; what it was before where nothing could be done.
pub(super) fn mend(spec: &mut AgentSpec, remedy: &Remedy, hit: &Hit) {
    match remedy {
        Remedy::Remove => remove(spec, &hit.place),
        Remedy::Add { field, text } => add(spec, *field, text),
        Remedy::Speak => {
            let named = hit.words.iter().find(|(name, _)| *name == "language").map(|(_, text)| text.as_str());
            let options = vocabulary::options(FieldId::Languages);
            let code = options.into_iter().find(|(_, name)| Some(*name) == named).map(|(code, _)| code);
            if let Some(code) = code {
                add(spec, FieldId::Languages, code);
            }
        }
        Remedy::Tool { key, value } => set(spec, &hit.place, key, |_| value.clone()),
        Remedy::Catalogue { key, value } => set(spec, &hit.place, key, |tool| {
            let usual = catalogue::configure(&tool.id, None).and_then(|tool| serde_json::to_value(tool).ok());
            let known = usual.and_then(|tool| tool.get(key).cloned());
            known.filter(|text| text.as_str().is_none_or(|text| !text.is_empty())).unwrap_or_else(|| value.clone())
        }),
        Remedy::Redact => {
            let Some(slot) = hit.place.field.and_then(|field| Some((field, spec.get(field)?.clone()))) else { return };
            let (field, slot) = slot;
            let mended = slot.items.into_iter().map(|item| match secrets::redacted(&item.value) {
                Some(text) => Item::edited(text),
                None => item,
            });
            spec.set(field, Slot { items: mended.filter(|item| !item.value.trim().is_empty()).collect() });
        }
    }
}

fn add(spec: &mut AgentSpec, field: FieldId, value: &str) {
    let mut items = spec.items(field).to_vec();
    items.push(Item::edited(value));
    spec.set(field, Slot { items });
}

fn remove(spec: &mut AgentSpec, place: &Place) {
    let (Some(field), Some(position)) = (place.field, place.item) else { return };
    let mut items = spec.items(field).to_vec();
    if (position as usize) < items.len() {
        let removed = items.remove(position as usize);
        if field == FieldId::Tools {
            spec.tool_configs.remove(&removed.value);
            if items.is_empty() {
                spec.set(FieldId::UseTools, Slot::one(Item::edited("false")));
            }
        }
        spec.set(field, Slot { items });
    }
}

fn set(spec: &mut AgentSpec, place: &Place, key: &str, value: impl Fn(&ToolConfig) -> Value) {
    let position = place.item.map(|position| position as usize);
    let id = position.and_then(|position| spec.items(FieldId::Tools).get(position)).map(|item| item.value.clone());
    let Some(tool) = id.and_then(|id| spec.tool_configs.get_mut(&id)) else { return };
    let Ok(mut document) = serde_json::to_value(&*tool) else { return };
    document[key] = value(tool);
    if let Ok(mended) = serde_json::from_value(document) {
        *tool = mended;
    }
}
