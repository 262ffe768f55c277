//! Values typed into a field by hand or sent by PATCH: checked, then set.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::intent::models::{FieldId, FieldKind, Slot};
use crate::intent::tool_config::ToolConfig;
use crate::tools::catalogue;
use crate::tools::custom::endpoint_problem;

use super::models::Interview;
use super::wording;
use super::{defaults, turn};

/// The longest text a field takes, in characters.
pub(super) const LONGEST: usize = 2_000;
/// The longest configuration of a tool, in bytes of JSON.
pub(super) const LONGEST_TOOL: usize = 20_000;
/// The most values a list takes.
pub(super) const MOST: usize = 50;

/// Sets or clears a field.
///
/// # Errors
/// Says in one sentence what is wrong with the value.
pub fn set(interview: &mut Interview, field: FieldId, value: Option<Value>) -> Result<(), String> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        clear(interview, field);
        return Ok(());
    };
    let values = values(interview, field, &value)?;
    let mut slot = turn::edited(values);
    if field == FieldId::Tools {
        name_own(interview, &mut slot);
        let kept = |id: &String| slot.items.iter().any(|item| &item.value == id);
        interview.spec.tool_configs.retain(|id, _| kept(id));
        defaults::configure(&mut interview.spec, &slot);
        interview.spec.set(FieldId::UseTools, turn::edited(vec![(!slot.items.is_empty()).to_string()]));
        for tool in value.as_array().into_iter().flatten().filter_map(Value::as_object) {
            adjust(&mut interview.spec.tool_configs, tool)?;
        }
    }
    if field == FieldId::UseTools && slot.items.first().is_some_and(|item| item.value == "false") {
        clear(interview, FieldId::Tools);
    }
    interview.settled.remove(&field);
    interview.spec.set(field, slot);
    Ok(())
}

fn clear(interview: &mut Interview, field: FieldId) {
    interview.spec.remove(field);
    interview.settled.remove(&field);
    interview.asked.remove(&field);
    if field == FieldId::Tools {
        interview.spec.tool_configs.clear();
    }
}

/// Tools of the owner's own keep their names, which no catalogue has.
fn name_own(interview: &Interview, slot: &mut Slot) {
    for item in &mut slot.items {
        let before = interview.spec.items(FieldId::Tools).iter().find(|before| before.value == item.value);
        item.label = before.and_then(|before| before.label.clone()).filter(|_| is_own(interview, &item.value));
    }
}

/// Whether the interview has this tool without the catalogue knowing it.
fn is_own(interview: &Interview, id: &str) -> bool {
    interview.spec.tool_configs.contains_key(id) && catalogue::get(id).is_none()
}

fn values(interview: &Interview, field: FieldId, value: &Value) -> Result<Vec<String>, String> {
    let element = |field, kind, value: &Value| element(interview, field, kind, value);
    match (field.kind(), value) {
        (FieldKind::Flag, Value::Bool(flag)) => Ok(vec![flag.to_string()]),
        (FieldKind::Flag, _) => Err("must be true or false".to_owned()),
        (FieldKind::Text, Value::String(text)) => Ok(vec![checked(text)?]),
        (FieldKind::Text, _) => Err("must be a text".to_owned()),
        (FieldKind::Id, Value::String(id)) => Ok(vec![known(field, id)?]),
        (FieldKind::Id, _) => Err("must be one id of the vocabulary".to_owned()),
        (kind, Value::Array(list)) if list.len() <= MOST => list.iter().map(|one| element(field, kind, one)).collect(),
        (_, Value::Array(_)) => Err(format!("must have at most {MOST} values")),
        (kind, Value::String(_)) => Ok(vec![element(field, kind, value)?]),
        _ => Err("must be a list of texts".to_owned()),
    }
}

fn element(interview: &Interview, field: FieldId, kind: FieldKind, value: &Value) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text,
        Value::Object(tool) if kind == FieldKind::Tools => match tool.get("id") {
            Some(Value::String(id)) => id,
            _ => return Err("a tool needs an id".to_owned()),
        },
        _ => return Err("must be a list of texts".to_owned()),
    };
    match kind {
        FieldKind::Texts => checked(text),
        FieldKind::Tools if is_own(interview, text) => Ok(text.clone()),
        _ => known(field, text),
    }
}

/// Lays what a tool sent as an object says over its configuration.
fn adjust(configs: &mut BTreeMap<String, ToolConfig>, sent: &Map<String, Value>) -> Result<(), String> {
    let id = sent.get("id").and_then(Value::as_str).unwrap_or_default();
    let Some(config) = configs.get_mut(id) else { return Ok(()) };
    let unreadable = |error: serde_json::Error| format!("the tool {id} cannot be read: {error}");
    let mut whole = serde_json::to_value(&*config).map_err(unreadable)?;
    for (key, value) in sent {
        // Only an endpoint may be absent.
        if whole.get(key).is_none() && key != "endpoint" {
            return Err(format!("a tool has no “{key}”"));
        }
        if key == "endpoint" && !value.is_null() {
            let endpoint = serde_json::from_value(value.clone()).map_err(unreadable)?;
            endpoint_problem(&endpoint).map_or(Ok(()), |problem| Err(format!("of the tool {id}, {problem}")))?;
        }
        whole[key] = printable(value);
    }
    if whole.to_string().len() > LONGEST_TOOL {
        return Err(format!("the tool {id} must have at most {LONGEST_TOOL} bytes"));
    }
    *config = serde_json::from_value(whole).map_err(unreadable)?;
    Ok(())
}

/// The value without control characters: not every store takes them.
fn printable(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_controls(text)),
        Value::Array(list) => list.iter().map(printable).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (without_controls(key), printable(value))).collect(),
        other => other.clone(),
    }
}

fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn checked(text: &str) -> Result<String, String> {
    let text = without_controls(text.trim());
    match text.chars().count() {
        0 => Err("must not be empty; send null to clear the field".to_owned()),
        length if length > LONGEST => Err(format!("must have at most {LONGEST} characters, has {length}")),
        _ => Ok(text),
    }
}

/// An id of the vocabulary, given by id or by name.
pub(super) fn known(field: FieldId, text: &str) -> Result<String, String> {
    let wanted = text.trim().to_lowercase();
    let found = wording::options(field).into_iter().find(|(id, name)| *id == wanted || name.to_lowercase() == wanted);
    found.map(|(id, _)| id.to_owned()).ok_or_else(|| format!("“{}” is none of the known values", text.trim()))
}
